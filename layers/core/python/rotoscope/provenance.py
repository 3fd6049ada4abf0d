"""One line that says how a result was made. Every finished file carries it, for people and for programs."""

import json

from rotoscope.contracts import JobPlan
from rotoscope.engines.catalog import ENGINES

MADE_WITH = "Made with Rotoscope"
LONGEST_PROMPT = 2_000
"""Characters: a GIF's comment is read by players that expect a line."""


def provenance(plan: JobPlan, *, simulated: bool) -> str:
    """The engine and all that it was told, as JSON behind a sentence. `simulated` says that no model was called."""
    style, engine = plan.settings.style, plan.settings.engines()[0]
    facts = {
        "job": plan.job.id,
        "engine": engine,
        "model": ENGINES[engine].model_id,
        "preset": style.preset,
        "prompt": plan.prompt[:LONGEST_PROMPT],
        "seed": plan.seed,
        "simulated": simulated or None,
    }
    said = {name: fact for name, fact in facts.items() if fact is not None}
    return f"{MADE_WITH}: {json.dumps(said, ensure_ascii=False)}"
