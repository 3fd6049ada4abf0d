"""Settings of the design that nothing stands behind yet: refused with a sentence rather than ignored."""

import json
from typing import Any

from rotoscope.errors import SettingNotBuilt
from rotoscope.settings import Settings

_NOT_BUILT: tuple[tuple[str, Any, str], ...] = (
    ("style.prompt", lambda prompt: isinstance(prompt, dict), "give one text for the whole video"),
    ("style.negative_prompt", lambda prompt: isinstance(prompt, dict), "give one text for the whole video"),
    ("style.denoise", lambda denoise: isinstance(denoise, dict), "give one number for the whole video"),
    ("motion.slow", lambda factor: factor != 1, "leave it out, or change output.fps"),
    ("motion.fps", lambda rate: rate != "source", "leave it out"),
    ("motion.engine", lambda engine: engine != "flow", "leave it out"),
    ("review", lambda review: review != "none", "leave it out"),
)


def refuse_unbuilt(settings: Settings) -> None:
    """Raises SettingNotBuilt for a setting of the design that nothing stands behind yet."""
    for path, asked_for, instead in _NOT_BUILT:
        value: Any = settings
        for name in path.split("."):
            value = getattr(value, name)
        if asked_for(value):
            raise SettingNotBuilt(f"The setting {path} = {json.dumps(value)} is not available yet: {instead}.")
