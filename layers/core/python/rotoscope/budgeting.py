"""BudgetCalls: which frames are taken, which of them are restyled, what that costs, and whether it may."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

from rotoscope import layout
from rotoscope.contracts import (
    Budget,
    BudgetCallsInput,
    BudgetCallsResult,
    FrameCall,
    JobPlan,
    Listing,
    SegmentAnalysis,
    SegmentSheet,
    SheetFrame,
)
from rotoscope.engines.catalog import ENGINES
from rotoscope.errors import BudgetExceeded, JobError, SettingsInvalid, UnreadableVideo
from rotoscope.observability import accounted, trouble_at
from rotoscope.services import Services
from rotoscope.settings import EngineName, FrameSettings, LimitSettings, output_size, seconds
from rotoscope.stopping import refuse_if_stopped

WORKERS = 4
"""StylizeFrames' MaxConcurrency: what an engine without a quota is limited by."""

AT_ONCE = 16
"""Documents read or written at the same time."""

FRAMES_BYTES = 4_000_000_000
PNG_BYTES = 2.5
"""Bytes per pixel that a restyled frame may need as a fast PNG."""

GIF_FRAMES = 900
"""A GIF of more frames is larger than anything that shows it."""


@accounted
def budget_calls(task: BudgetCallsInput, services: Services) -> BudgetCallsResult:
    """Writes every segment's sheet, the calls of the first pass and the budget; raises BudgetExceeded over a limit."""
    refuse_if_stopped(task.job, services)
    plan = services.documents.plan(task.job.id)
    stamps, counts = _stamps(task, services)
    taken = take(plan.settings.frames, stamps, plan.source.time_base)
    keys = choose(plan.settings.frames, taken)
    budget = Budget(
        entered=task.entered,
        source_frames=len(stamps),
        frames=len(taken),
        keys=len(keys),
        estimated_usd=round(len(keys) * plan.price_usd, 4),
        estimated_minutes=minutes(len(keys), plan.settings.engines()[0], plan.requests_per_minute),
        last_duration=_last_duration(plan, stamps, taken),
    )
    refuse_over(plan.settings.limits, budget)
    _refuse_long_gif(plan, budget)
    _refuse_heavy_frames(plan, budget)
    _write_sheets(task, stamps, counts, taken, keys, services)
    tried = _tried(task.job.id, services)
    calls = [FrameCall(index=index, anchor=keys[0], attempt=tried.get(index, 0) + 1) for index in keys]
    services.documents.save_list(layout.calls(task.job.id, 1), calls)
    services.documents.save(layout.budget(task.job.id), budget)
    return BudgetCallsResult(calls=Listing(key=layout.calls(task.job.id, 1), count=len(calls)))


def _tried(job: str, services: Services) -> dict[int, int]:
    """How often frames were asked for before the job was taken up again: the same request would fail the same way."""
    try:
        return {call.index: call.attempt for call in services.documents.calls(layout.calls(job, 2))}
    except KeyError:
        return {}


def _stamps(task: BudgetCallsInput, services: Services) -> tuple[list[int], list[int]]:
    """All frames' time stamps in order, and how many each segment has."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        analyses = list(pool.map(lambda segment: _analysis(task, segment, services), range(task.segments.count)))
    stamps = [pts for analysis in analyses for pts in analysis.stamps]
    if not stamps:
        raise UnreadableVideo("Not one frame of the video can be decoded.")
    return stamps, [len(analysis.stamps) for analysis in analyses]


def _analysis(task: BudgetCallsInput, segment: int, services: Services) -> SegmentAnalysis:
    """Of one segment; where there is none, the file is at fault only if the decoder said so."""
    try:
        return services.documents.analysis(task.job.id, segment)
    except KeyError:
        part = f"Part {segment + 1} of {task.segments.count} of the video"
        said = services.documents.trouble(task.job.id, trouble_at("analyze_segment", segment))
        if said:
            raise UnreadableVideo(f"{part} cannot be decoded. {said}") from None
        raise JobError(f"{part} could not be analysed in time. Nothing was charged; resume the job.") from None


def take(frames: FrameSettings, stamps: Sequence[int], time_base: Fraction) -> list[int]:
    """Indices of the frames that make the result: start <= frame < end, every step-th."""
    start = _frame(frames.start, stamps, time_base, 0)
    end = _frame(frames.end, stamps, time_base, len(stamps))
    taken = list(range(start, min(end, len(stamps)), frames.step))
    if not taken:
        raise SettingsInvalid(
            f"No frame is left between frames.start ({frames.start or 0}) and "
            f"frames.end ({'the end' if frames.end is None else frames.end}): the video has {len(stamps)} frames."
        )
    return taken


def _frame(value: int | str | None, stamps: Sequence[int], time_base: Fraction, default: int) -> int:
    """The first frame at or after a time, or the index itself."""
    if isinstance(value, str):
        return bisect_left(stamps, stamps[0] + seconds(value) / float(time_base) - 1e-6)
    return default if value is None else value


def choose(frames: FrameSettings, taken: Sequence[int]) -> list[int]:
    """Indices of the taken frames that are restyled, ascending."""
    if isinstance(frames.keys, list):
        listed = sorted(set(frames.keys))
        if strange := sorted(set(listed).difference(taken)):
            raise SettingsInvalid(
                f"frames.keys names frame {strange[0]}, which is not among the taken frames "
                f"({taken[0]} to {taken[-1]}, every {frames.step})."
            )
        if not listed:
            raise SettingsInvalid("frames.keys is an empty list: name at least one frame.")
        return listed
    every = int(frames.keys.removeprefix("every ")) if frames.keys.startswith("every ") else 1
    return list(taken[::every])


def shown_for(index: int, keys: Sequence[int]) -> int:
    """The restyled frame that a frame shows: the last one at or before it, else the first."""
    return keys[max(0, bisect_right(keys, index) - 1)]


def minutes(calls: int, engine: EngineName, requests_per_minute: float | None) -> float | None:
    """How long the calls take at the model's pace; for engines without one, at their own speed."""
    if not calls:
        return 0.0
    at_speed = calls * ENGINES[engine].seconds_per_call / WORKERS / 60
    return round(max(at_speed, calls / requests_per_minute if requests_per_minute else 0), 2)


def refuse_over(limits: LimitSettings, budget: Budget) -> None:
    """Raises BudgetExceeded with what would fit."""
    facts = f"{budget.keys} of {budget.frames} frames would be restyled"
    ways = 'Raise the limit, or restyle fewer frames: "frames": {"keys": "every 8"}, or a shorter range.'
    if budget.estimated_usd > limits.max_cost_usd:
        raise BudgetExceeded(
            f"{facts} for ${budget.estimated_usd:.2f}; limits.max_cost_usd is ${limits.max_cost_usd:.2f}. {ways}"
        )
    if limits.max_calls is not None and budget.keys > limits.max_calls:
        raise BudgetExceeded(f"{facts}; limits.max_calls is {limits.max_calls}. {ways}")
    if budget.estimated_minutes is not None and budget.estimated_minutes > limits.max_minutes:
        raise BudgetExceeded(
            f"{facts} in about {budget.estimated_minutes:.0f} minutes; "
            f"limits.max_minutes is {limits.max_minutes:.0f}. {ways}"
        )


def _refuse_long_gif(plan: JobPlan, budget: Budget) -> None:
    if "gif" in plan.settings.output.formats and budget.frames > GIF_FRAMES:
        raise BudgetExceeded(
            f"A GIF of {budget.frames} frames would be too large; at most {GIF_FRAMES} can be made. "
            'Take fewer ("frames": {"start", "end", "step"}) or ask for mp4.'
        )


def _refuse_heavy_frames(plan: JobPlan, budget: Budget) -> None:
    """A zip of PNGs has to fit beside its last part into the function's scratch space."""
    width, height = output_size(plan.settings.output, plan.source.width, plan.source.height)
    if "frames" in plan.settings.output.formats and budget.frames * width * height * PNG_BYTES > FRAMES_BYTES:
        most = int(FRAMES_BYTES / (width * height * PNG_BYTES))
        raise BudgetExceeded(
            f"A zip of {budget.frames} frames of {width}x{height} would be too large; about {most} can be made. "
            'Take fewer ("frames": {"start", "end", "step"}) or ask for mp4.'
        )


def _last_duration(plan: JobPlan, stamps: Sequence[int], taken: Sequence[int]) -> int:
    """Ticks that the last taken frame stays: until the next one would have come, else until the source ends."""
    following = taken[-1] + plan.settings.frames.step
    until = stamps[following] if following < len(stamps) else plan.source.end_pts
    return max(1, until - stamps[taken[-1]])


def _write_sheets(
    task: BudgetCallsInput,
    stamps: Sequence[int],
    counts: Sequence[int],
    taken: Sequence[int],
    keys: Sequence[int],
    services: Services,
) -> None:
    chosen, first = set(keys), 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        writes = []
        for segment, count in enumerate(counts):
            mine = taken[bisect_left(taken, first) : bisect_left(taken, first + count)]
            frames = [SheetFrame(index=index, pts=stamps[index], shows=shown_for(index, keys)) for index in mine]
            bring = [frame for frame in frames if frame.index in chosen]
            sheet = SegmentSheet(segment=segment, frames=frames, chosen=bring)
            writes.append(pool.submit(services.documents.save, layout.sheet(task.job.id, segment), sheet))
            first += count
    for write in writes:
        write.result()
