"""`rotoscope estimate` and `engines`: what a job would need, and what there is to choose from; nothing is called."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table

from local.cli import rehearsal, uploading, wishes
from local.cli.bars import duration
from local.cli.errors import JobFailed
from local.cli.options import AsJson, Set, SettingsFile, Video
from local.cli.terminal import failure_as_json, say, say_json, stdout
from rotoscope import budgeting
from rotoscope.contracts import Budget, SourceVideo
from rotoscope.engines.catalog import CHECKED, ENGINES, EngineFacts
from rotoscope.errors import JobError
from rotoscope.settings import EngineName, Settings

STACKS_ENGINE: EngineName = "control-structure"
"""What a stack uses where neither it nor the job says otherwise."""
OWN_ENDPOINT = "The stack needs sdxl_endpoint for it: an endpoint of your own, whose hours are the price."


def estimate(video: Video, settings: SettingsFile = None, set_: Set = None, as_json: AsJson = False) -> None:
    """Say what a video would cost: frames, calls, dollars, minutes. No cloud, no paid call."""
    uploading.require_video(video)
    wanted = wishes.asked(settings, set_ or [])
    with failure_as_json(as_json):
        source = _probe(video)
        engine = ENGINES[(wanted.engines() or [STACKS_ENGINE])[0]]
        forecast, refusal = plan(source, wanted, engine), _refusal(video, source, wanted, settings)
        if not as_json:
            say(in_words(video.name, source, forecast, engine))
        if refusal:
            raise _refused(refusal, **_document(source, forecast, engine))
        if as_json:
            say_json({**_document(source, forecast, engine), "refused": None})


def engines(as_json: AsJson = False) -> None:
    """List who can redraw frames: price, pace, Regions."""
    if as_json:
        say_json({"checked": CHECKED, "engines": [asdict(facts) for facts in ENGINES.values()]})
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1))
    for name in ("engine", "per picture", "a minute", "what it does"):
        table.add_column(name, no_wrap=name != "what it does")
    for facts in ENGINES.values():
        table.add_row(facts.name, _price(facts), _pace(facts), facts.note)
    stdout().print(table)
    say(f"\nAWS's list prices and default quotas, checked on {CHECKED}. rotoscope doctor asks your account.")


def plan(source: SourceVideo, settings: Settings, engine: EngineFacts) -> Budget:
    """What BudgetCalls will find, as far as the file's index tells: its frames are taken to be evenly spaced."""
    stamps = rehearsal.even_stamps(source)
    taken = budgeting.take(settings.frames, stamps, source.time_base)
    keys = budgeting.choose(settings.frames, taken)
    return Budget(
        entered="",
        source_frames=source.frame_count,
        frames=len(taken),
        keys=len(keys),
        estimated_usd=round(len(keys) * engine.price_usd, 4),
        estimated_minutes=budgeting.minutes(len(keys), engine.name, engine.requests_per_minute),
        last_duration=1,
    )


def in_words(name: str, source: SourceVideo, budget: Budget, engine: EngineFacts) -> str:
    """A few lines."""
    minutes = budget.estimated_minutes
    sound = ", with sound" if source.audio else ", no sound"
    lines = [
        f"{name}: {source.width}x{source.height}, {source.frame_count} frames in {source.duration_s:.2f} s{sound}",
        f"{budget.frames} frames would be taken, and {budget.keys} of them redrawn by {engine.name}.",
        f"That is ${budget.estimated_usd:.2f} for {budget.keys} calls"
        + ("" if minutes is None else f", and at least {duration(minutes * 60)}{_at_pace(engine)}")
        + ".",
    ]
    return "\n".join([*lines, *([OWN_ENDPOINT] if engine.name == "sdxl" else [])])


def _at_pace(engine: EngineFacts) -> str:
    return f" at AWS's default of {engine.requests_per_minute:.0f} calls a minute" if engine.requests_per_minute else ""


def _probe(video: Path) -> SourceVideo:
    from rotoscope.adapters.probe import PyAvProber

    try:
        with video.open("rb") as file:
            return PyAvProber().probe(file, video.stat().st_size)
    except JobError as refusal:
        raise _refused(str(refusal)) from refusal


def _refusal(video: Path, source: SourceVideo, settings: Settings, settings_file: Path | None) -> str | None:
    try:
        rehearsal.rehearse(video, source, settings, settings_file)
    except JobError as refusal:
        return str(refusal)
    return None


def _refused(sentence: str, **document: Any) -> JobFailed:
    return JobFailed(f"As it is, it would be refused: {sentence}", **document, refused=sentence)


def _document(source: SourceVideo, budget: Budget, engine: EngineFacts) -> dict[str, Any]:
    return {
        "source": source.model_dump(mode="json"),
        "engine": engine.name,
        "frames": budget.frames,
        "keys": budget.keys,
        "calls": budget.keys,
        "cost_usd": budget.estimated_usd,
        "minutes": budget.estimated_minutes,
    }


def _price(facts: EngineFacts) -> str:
    if facts.price_usd:
        return f"${facts.price_usd:.2f}"
    return "your endpoint" if facts.name == "sdxl" else "free"


def _pace(facts: EngineFacts) -> str:
    return f"{facts.requests_per_minute:.0f}" if facts.requests_per_minute else "-"
