"""The receipt: what was asked for, what was done, what it cost and what came out. Tests and users read it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from rotoscope.contracts import AssembleVideoInput, Budget, Contract, JobPlan, Rational
from rotoscope.ports import Joined, Tally
from rotoscope.treatments import treated

ORDER = (
    "PlanJob", "AnalyzeSegments", "BudgetCalls", "ExtractFrames", "StylizeFrames", "ReviewFrames", "RenderSegments",
    "AssembleVideo",
)  # fmt: skip

FIRST_PASS = "FirstPass"
"""Under this name the state machine keeps when a first pass entered its states, if there was a second."""

USD_PER_GB_MS = 0.0000133334 / 1000
USD_PER_REQUEST = 0.20 / 1e6
USD_PER_TRANSITION = 0.025 / 1000
USD_PER_FRAME = 0.0000108
"""Lambda on arm64, Step Functions STANDARD, and S3's four requests per frame: list prices, 2026-11-20."""


class Output(Contract):
    """One finished file. `frames` is what counting the file's packets found, not what was planned."""

    name: str
    bytes: int
    sha256: str
    width: int
    height: int
    frames: int
    duration_s: float
    audio: tuple[str, ...] = ()


class Calls(Contract):
    """Model calls by how they ended, and frames that show a neighbour's picture: `unaffordable` at the job's limits,
    `filled` for any reason. `cached` is null: no cache yet."""

    made: int
    cached: int | None = None
    filtered: int
    retried: int
    throttled: int
    lost: int
    unaffordable: int = 0
    filled: int


class Cost(Contract):
    """US dollars. `pipeline_usd` is AWS's list price for the tasks' measured memory x time, requests and I/O."""

    estimated_model_usd: float
    model_usd: float
    pipeline_usd: float


class Steadiness(Contract):
    """One figure of the source's motion and of the result's."""

    source: float
    result: float


class WarpingError(Steadiness):
    """Lai et al. 2018: mean square of what motion does not explain, values 0..1. No ratio to a source without any."""

    ratio: float | None


class Figures(Contract):
    """Means over the samples (roots of mean squares for flicker, in levels of 255); null where nothing was measured.

    `sharpness_kept` is the result's over the redrawn key frames' sharpness, `structure` SSIM to the source, and
    `colour_drift` how far the colour wanders about its shot's own, in CIELAB units.
    """

    samples: int
    warping_error: WarpingError | None = None
    flicker_levels: Steadiness | None = None
    sharpness_kept: float | None = None
    structure: float | None = None
    colour_drift: float | None = None


class ShotFigures(Figures):
    """Of the shot that begins with frame `shot`."""

    shot: int


class Quality(Figures):
    """Of the whole result, measured before it was encoded; `why_not` says why the figures mean nothing."""

    flow: str
    meaningful: bool
    why_not: str | None = None
    shots: tuple[ShotFigures, ...] = ()


class Receipt(Contract):
    """What `receipt.json` holds. `quality` is null in receipts of before it was measured."""

    job: str
    video: str
    simulated: bool
    engine: str
    model: str | None
    seed: int
    prompt: str
    source: dict[str, Any]
    settings: dict[str, Any]
    settings_from: list[str]
    ignored: list[str]
    notes: list[str]
    plan: dict[str, int]
    frame_rate: Rational
    calls: Calls
    cost: Cost
    quality: Quality | None = None
    time: dict[str, float]
    outputs: list[Output]


def output(path: Path, name: str, joined: Joined) -> Output:
    """Facts of a finished file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Output(
        name=name,
        bytes=path.stat().st_size,
        sha256=digest,
        width=joined.width,
        height=joined.height,
        frames=joined.frames,
        duration_s=round(joined.duration_s, 4),
        audio=tuple(joined.audio),
    )


def source_facts(plan: JobPlan, budget: Budget) -> dict[str, Any]:
    """The source as the receipt shows it, with the frames that were counted by decoding them."""
    unsaid = {"keyframes", "start_pts", "end_pts", "counted", "indexed"}
    facts = plan.source.model_dump(mode="json", exclude=unsaid)
    return {**facts, "frame_count": budget.source_frames, "frame_rate": facts["frame_rate"] or "variable"}


def cost(budget: Budget, tally: Tally, segments: int) -> Cost:
    """What the job cost. Each frame call is about five transitions, each segment three times two."""
    calls = tally.made + tally.throttled + tally.retried + tally.lost
    transitions = 15 + 6 * segments + 5 * calls
    pipeline = (
        tally.gb_ms * USD_PER_GB_MS
        + tally.tasks * USD_PER_REQUEST
        + transitions * USD_PER_TRANSITION
        + budget.frames * USD_PER_FRAME
    )
    return Cost(
        estimated_model_usd=budget.estimated_usd,
        model_usd=round(tally.usd_micros / 1e6, 6),
        pipeline_usd=round(pipeline, 6),
    )


def times(plan: JobPlan, budget: Budget, task: AssembleVideoInput, now: datetime) -> dict[str, float]:
    """Seconds spent in each state, both passes together; `total` since the execution started."""
    first_pass = task.entered.get(FIRST_PASS, {})
    stamps = [(name, value["at"]) for name, value in task.entered.items() if name != FIRST_PASS]
    stamps += [("BudgetCalls", budget.entered), ("ReviewFrames", task.reviewed), ("AssembleVideo", task.now)]
    moments = [(datetime.fromisoformat(at), name) for name, at in [*stamps, *first_pass.items()]]
    spent = dict.fromkeys(ORDER, 0.0)
    for (since, name), (until, _) in pairwise(sorted([*moments, (now, "")])):
        spent[name] = round(spent[name] + (until - since).total_seconds(), 3)
    return {**spent, "total": round((now - datetime.fromisoformat(plan.started)).total_seconds(), 3)}


def calls(tally: Tally, filled: Mapping[int, int]) -> Calls:
    """The ledger's counters as the receipt shows them."""
    return Calls(
        made=tally.made,
        filtered=tally.filtered,
        retried=tally.retried,
        throttled=tally.throttled,
        lost=tally.lost,
        unaffordable=tally.unaffordable,
        filled=len(filled),
    )


def plan_facts(budget: Budget, segments: int) -> dict[str, int]:
    """What was decided, in numbers of frames, shots and segments.

    Of the taken range about so many frames are `damaged` and `missing`, and up to so many more are `smeared` by what
    they build on.
    """
    return {
        "source_frames": budget.source_frames,
        "frames": budget.frames,
        "duplicates": budget.duplicates,
        "shots": budget.shots,
        "keys": budget.keys,
        "own": budget.own,
        "segments": segments,
        "damaged": budget.damaged,
        "missing": budget.missing,
        "smeared": budget.smeared,
    }


def damaged(receipt: Receipt) -> bool:
    """Whether pictures of the file were found to be broken, or missing."""
    return any(receipt.plan.get(what) for what in ("damaged", "missing", "smeared"))


def notes(plan: JobPlan, budget: Budget, of_files: Sequence[str]) -> list[str]:
    """Sentences about what was done differently than a user might think; those about finished files are given."""
    return list(dict.fromkeys([*budget.notes, *of_files, *treated(plan, budget)]))
