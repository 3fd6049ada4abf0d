"""BudgetCalls: which frames are taken, which of them are restyled, what that costs, and whether it may."""

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

from rotoscope import layout
from rotoscope.contracts import Budget, BudgetCallsInput, BudgetCallsResult, FrameCall, JobPlan, Listing
from rotoscope.errors import BudgetExceeded, JobError, SettingsInvalid, UnreadableVideo
from rotoscope.footage import Footage, merged
from rotoscope.observability import accounted, trouble_at
from rotoscope.pricing import Proposal, Rate, propose
from rotoscope.segment_contracts import SegmentAnalysis
from rotoscope.services import Services
from rotoscope.settings import FrameSettings, output_size, seconds
from rotoscope.sheets import Cutter, window_radius
from rotoscope.stopping import refuse_if_stopped

AT_ONCE = 16
"""Documents read or written at the same time."""

FRAMES_BYTES = 4_000_000_000
PNG_BYTES = 2.5
"""Bytes per pixel that a restyled frame may need as a fast PNG."""

KEYS_PIXELS = 1500 * 1920 * 1080
"""What AssembleVideo can write as key frames in half of its time, at 0.15 s for a PNG of 1080p and two per key."""

GIF_FRAMES = 900
"""A GIF of more frames is larger than anything that shows it."""


@accounted
def budget_calls(task: BudgetCallsInput, services: Services) -> BudgetCallsResult:
    """Writes every segment's sheet, the calls of the first pass and the budget; raises BudgetExceeded over a limit."""
    refuse_if_stopped(task.job, services)
    job, plan = task.job.id, services.documents.plan(task.job.id)
    footage = _footage(task, services)
    taken = take(plan.settings.frames, footage.stamps, plan.source.time_base)
    proposal = propose(plan.settings, Rate.of(plan), footage, taken, plan.own_keys)
    budget = proposal.budget(task.entered, _last_duration(plan, footage.stamps, taken))
    proposal.refuse_over(plan.settings.limits)
    _refuse_long_gif(plan, budget)
    _refuse_heavy_frames(plan, budget)
    _refuse_many_keys(plan, budget)
    _take_own(job, proposal, services)
    radius = window_radius(plan.settings)
    cutter = Cutter(footage, proposal.scenes, proposal.choice.keys, services.documents.segments(job), radius)
    with ThreadPoolExecutor(AT_ONCE) as pool:  # a sheet is made where it is written, so that few are held at a time
        deque(pool.map(lambda number: _write_sheet(job, cutter, number, services), range(task.segments.count)), 0)
    calls = _calls(job, proposal, cutter, services)
    services.documents.save_list(layout.calls(job, 1), calls)
    services.documents.save(layout.budget(job), budget)
    return BudgetCallsResult(calls=Listing(key=layout.calls(job, 1), count=len(calls)))


def _footage(task: BudgetCallsInput, services: Services) -> Footage:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        footage = merged(pool.map(lambda segment: _analysis(task, segment, services), range(task.segments.count)))
    if not footage.stamps:
        raise UnreadableVideo("Not one frame of the video can be decoded.")
    return footage


def _write_sheet(job: str, cutter: Cutter, number: int, services: Services) -> None:
    services.documents.save(layout.sheet(job, number), cutter.sheet(number))


def _take_own(job: str, proposal: Proposal, services: Services) -> None:
    """The user's pictures become restyled frames."""
    for place, index in proposal.choice.own.items():
        picture = services.studio.read(layout.own_key(job, index))
        services.studio.write(layout.styled_frame(job, proposal.scenes.frames[place]), picture, "image/jpeg")


def _calls(job: str, proposal: Proposal, cutter: Cutter, services: Services) -> list[FrameCall]:
    tried, frames = _tried(job, services), proposal.scenes.frames
    return [
        FrameCall(index=frames[place], anchor=cutter.anchor(place), attempt=tried.get(frames[place], 0) + 1)
        for place in proposal.choice.calls
    ]


def _tried(job: str, services: Services) -> dict[int, int]:
    """How often frames were asked for before the job was taken up again: the same request would fail the same way."""
    try:
        return {call.index: call.attempt for call in services.documents.calls(layout.calls(job, 2))}
    except KeyError:
        return {}


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


def _refuse_many_keys(plan: JobPlan, budget: Budget) -> None:
    """AssembleVideo writes every key and its source as PNG, and has fifteen minutes for it."""
    most = int(KEYS_PIXELS / (plan.source.width * plan.source.height))
    if "keys" in plan.settings.output.formats and budget.keys > most:
        raise BudgetExceeded(
            f"A folder of {budget.keys} key frames would take too long to write; at most {most} of this size can be "
            'handed out. Take fewer ("frames": {"keys": "adaptive"}, or a shorter range) or leave out "keys".'
        )


def _last_duration(plan: JobPlan, stamps: Sequence[int], taken: Sequence[int]) -> int:
    """Ticks that the last taken frame stays: until the next one would have come, else until the source ends."""
    following = taken[-1] + plan.settings.frames.step
    until = stamps[following] if following < len(stamps) else plan.source.end_pts
    return max(1, until - stamps[taken[-1]])
