"""`rotoscope estimate` and `engines`: what a job would need, and what there is to choose from; nothing is called."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table

from local.cli import forecast, uploading, wishes
from local.cli.errors import JobFailed
from local.cli.options import AsJson, Set, SettingsFile, Video
from local.cli.rehearsal import Rehearsal
from local.cli.terminal import doing, failure_as_json, say, say_json, stdout
from rotoscope.contracts import SourceVideo
from rotoscope.engines.catalog import CHECKED, ENGINES, EngineFacts
from rotoscope.errors import JobError
from rotoscope.services import Config, Services


def estimate(video: Video, settings: SettingsFile = None, set_: Set = None, as_json: AsJson = False) -> None:
    """Say what a video would cost, with few key frames and with many: frames, calls, dollars, minutes.

    Looks at every frame here; no cloud, no paid call."""
    uploading.require_video(video)
    wanted = wishes.asked(settings, set_ or [])
    with failure_as_json(as_json):
        services = Services(Config())
        source = _probe(video, services)
        with doing("Looking at the frames"):
            seen = Rehearsal(video, source, services.reader).look(wanted, settings)
        forecasts = forecast.of_modes(wanted, source, seen.footage, seen.own_keys)
        document = {"source": source.model_dump(mode="json"), **forecast.document(forecasts), "refused": seen.refused}
        if not as_json:
            say(forecast.in_words(video.name, source, forecasts))
        if seen.refused:
            raise JobFailed(f"As it is, it would be refused: {seen.refused}", **document)
        if as_json:
            say_json(document)


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


def _probe(video: Path, services: Services) -> SourceVideo:
    try:
        with video.open("rb") as file:
            return services.prober.probe(file, video.stat().st_size)
    except JobError as refusal:
        raise _refused(str(refusal)) from refusal


def _refused(sentence: str, **document: Any) -> JobFailed:
    return JobFailed(f"As it is, it would be refused: {sentence}", **document, refused=sentence)


def _price(facts: EngineFacts) -> str:
    if facts.price_usd:
        return f"${facts.price_usd:.2f}"
    return "your endpoint" if facts.name == "sdxl" else "free"


def _pace(facts: EngineFacts) -> str:
    return f"{facts.requests_per_minute:.0f}" if facts.requests_per_minute else "-"
