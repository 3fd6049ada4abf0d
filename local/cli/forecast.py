"""What a video would need with few key frames and with many: the three ways to choose them, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local.cli.bars import duration
from rotoscope.contracts import Budget, SourceVideo
from rotoscope.cutting import take
from rotoscope.engines.catalog import ENGINES, EngineFacts
from rotoscope.errors import BudgetExceeded
from rotoscope.footage import Footage
from rotoscope.pricing import Rate, propose
from rotoscope.settings import EngineName, Settings

STACKS_ENGINE: EngineName = "control-structure"
"""What a stack uses where neither it nor the job says otherwise."""
OWN_ENDPOINT = "The stack needs sdxl_endpoint for it: an endpoint of your own, whose hours are the price."
EVERY = "every 8"
"""Stands for `every N` unless the settings name one."""


@dataclass(frozen=True)
class Forecast:
    """One way to choose keys, and what it comes to; `chosen` is the settings' own, `refused` why it would not do."""

    mode: str
    chosen: bool
    budget: Budget
    engine: EngineFacts
    refused: str | None

    @property
    def calls(self) -> int:
        """Pictures that have to be bought."""
        return self.budget.keys - self.budget.own


def of_modes(settings: Settings, source: SourceVideo, footage: Footage, own: Sequence[int] = ()) -> list[Forecast]:
    """Adaptive, every N and all; and the settings' own list of frames if they name one. The settings' own way first.

    `own` are frames that the user has pictures for.
    """
    asked = settings.frames.keys
    every = asked if isinstance(asked, str) and asked.startswith("every ") else EVERY
    ways: list[str | list[int]] = [asked, *(way for way in ("adaptive", every, "all") if way != asked)]
    wishes = [settings.model_copy(update={"frames": settings.frames.model_copy(update={"keys": way})}) for way in ways]
    return [_forecast(wanted, source, footage, own, chosen=wanted.frames.keys is asked) for wanted in wishes]


def _forecast(
    settings: Settings, source: SourceVideo, footage: Footage, own: Sequence[int], *, chosen: bool
) -> Forecast:
    names = settings.engines() or [STACKS_ENGINE]
    rate = Rate(max(ENGINES[name].price_usd for name in names), names[0], ENGINES[names[0]].requests_per_minute)
    taken = take(settings.frames, footage.stamps, source.time_base)
    proposal = propose(settings, rate, footage, taken, [index for index in own if index in taken])
    refused = None
    try:
        proposal.refuse_over(settings.limits)
    except BudgetExceeded as over:
        refused = str(over)
    mode = settings.frames.keys if isinstance(settings.frames.keys, str) else "a list"
    return Forecast(mode, chosen, proposal.budget("", 1), ENGINES[names[0]], refused)


def document(forecasts: Sequence[Forecast]) -> dict[str, Any]:
    """For programs: the settings' own way, and all of them under `modes`."""
    mine = forecasts[0]
    facts = {"engine": mine.engine.name, "frames": mine.budget.frames, "duplicates": mine.budget.duplicates}
    modes = [{"mode": each.mode, **_figures(each), "refused": each.refused} for each in forecasts]
    return {**facts, "shots": mine.budget.shots, **_figures(mine), "notes": mine.budget.notes, "modes": modes}


def _figures(each: Forecast) -> dict[str, Any]:
    budget = each.budget
    figures = {"cost_usd": budget.estimated_usd, "minutes": budget.estimated_minutes}
    return {"keys": budget.keys, "calls": each.calls, **figures}


def in_words(name: str, source: SourceVideo, forecasts: Sequence[Forecast]) -> str:
    """A few lines and a small table."""
    mine = forecasts[0]
    sound = ", with sound" if source.audio else ", no sound"
    frames = f"{'' if source.counted else 'about '}{source.frame_count} frames"
    lines = [
        f"{name}: {source.width}x{source.height}, {frames} in {source.duration_s:.2f} s{sound}",
        f"{_counted(mine.budget.frames, 'frame')} in {_counted(mine.budget.shots, 'shot')} would be taken; "
        f"{mine.budget.duplicates} of them repeat another.",
        "",
        f"  {'frames.keys':<12} {'redrawn':>7}  {'cost':>8}  {'time' + _at_pace(mine.engine)}",
        *(_row(each) for each in forecasts),
        "",
        f"* is what the settings ask for, redrawn by {mine.engine.name}.",
        *mine.budget.notes,
    ]
    return "\n".join([*lines, *([OWN_ENDPOINT] if mine.engine.name == "sdxl" else [])])


def _row(each: Forecast) -> str:
    minutes = each.budget.estimated_minutes
    time = "" if minutes is None else f"at least {duration(minutes * 60)}"
    mark, over = "*" if each.chosen else " ", "  over the job's limits" if each.refused else ""
    cost = f"${each.budget.estimated_usd:.2f}"
    return f"{mark} {each.mode:<12} {each.calls:>7}  {cost:>8}  {time}{over}"


def _at_pace(engine: EngineFacts) -> str:
    pace = engine.requests_per_minute
    return f" (at AWS's default of {pace:.0f} calls a minute)" if pace else ""


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
