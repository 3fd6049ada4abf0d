"""The whole video as BudgetCalls and ReviewFrames see it: read from its segments' analyses, written as their sheets."""

from bisect import bisect_left
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

from rotoscope import layout
from rotoscope.contracts import JobPlan
from rotoscope.errors import JobError, SettingsInvalid, UnreadableVideo
from rotoscope.footage import Footage, merged
from rotoscope.observability import trouble_at
from rotoscope.reach import reach
from rotoscope.scenes import Scenes
from rotoscope.segment_contracts import SegmentAnalysis
from rotoscope.services import Services
from rotoscope.settings import FrameSettings, seconds
from rotoscope.sheets import Cutter, window_radius
from rotoscope.sizes import drawn_size

UNTIMELY = 0.05
"""Share of frames without a place in time up to which they are left out; with more the result would stutter."""
AT_ONCE = 16
"""Documents read or written at the same time."""


def read_footage(job: str, segments: int, services: Services) -> Footage:
    """Raises UnreadableVideo when no frame was found, a JobError when a segment was not analysed."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        footage = merged(pool.map(lambda number: _analysis(job, number, segments, services), range(segments)))
    if not footage.stamps:
        raise UnreadableVideo("Not one frame of the video can be decoded.")
    if footage.untimely > UNTIMELY * len(footage.stamps):
        raise UnreadableVideo(
            f"The video's time stamps are out of order: {footage.untimely} frames come before the ones that they "
            "should follow. It looks like two recordings put behind one another, each with a clock of its own. "
            "Encode it anew, which gives them one: ffmpeg -i FILE mended.mp4"
        )
    return footage


def _analysis(job: str, segment: int, segments: int, services: Services) -> SegmentAnalysis:
    """Of one segment; where there is none, the file is at fault only if the decoder said so."""
    try:
        return services.documents.analysis(job, segment)
    except KeyError:
        part = f"Part {segment + 1} of {segments} of the video"
        said = services.documents.trouble(job, trouble_at("analyze_segment", segment))
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


def write_sheets(
    plan: JobPlan, footage: Footage, scenes: Scenes, keys: Sequence[int], own: Mapping[int, str], services: Services
) -> Cutter:
    """Writes every segment's sheet for these keys (places), some of which show the user's `own` pictures."""
    job, segments = plan.job.id, services.documents.segments(plan.job.id)
    radius, far = window_radius(plan.settings), reach(*drawn_size(plan.source.width, plan.source.height))
    cutter = Cutter(footage, scenes, keys, segments, radius, far, own)
    with ThreadPoolExecutor(AT_ONCE) as pool:  # a sheet is made where it is written, so that few are held at a time
        deque(pool.map(lambda number: _write_sheet(job, cutter, number, services), range(len(segments))), 0)
    return cutter


def _write_sheet(job: str, cutter: Cutter, number: int, services: Services) -> None:
    services.documents.save(layout.sheet(job, number), cutter.sheet(number))
