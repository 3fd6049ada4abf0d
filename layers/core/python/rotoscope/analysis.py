"""AnalyzeSegment: the segment's frames and their time stamps, as they decode."""

from rotoscope import layout
from rotoscope.contracts import SegmentAnalysis, SegmentAnalyzed, SegmentTask
from rotoscope.observability import accounted
from rotoscope.services import Services
from rotoscope.stopping import refuse_if_stopped


@accounted
def analyze_segment(task: SegmentTask, services: Services) -> SegmentAnalyzed:
    """Decodes the interval once and writes down its presentation time stamps. Skips what is there already."""
    refuse_if_stopped(task.job, services)
    found = _earlier(task, services) or _analyzed(task, services)
    return SegmentAnalyzed(frames=len(found.stamps))


def _earlier(task: SegmentTask, services: Services) -> SegmentAnalysis | None:
    """What was found before, if it was for the same interval: a job planned anew may be cut elsewhere."""
    try:
        found = services.documents.analysis(task.job.id, task.segment.index)
    except KeyError:
        return None
    same = (found.start_pts, found.end_pts) == (task.segment.start_pts, task.segment.end_pts)
    return found if same else None


def _analyzed(task: SegmentTask, services: Services) -> SegmentAnalysis:
    plan, segment = services.documents.plan(task.job.id), task.segment
    with services.open_clip(plan.video_key, plan.video_version_id, plan.source) as clip:
        stamps = services.reader.stamps(clip, segment)
    # Two frames at one time cannot both be shown: broken files have them, and the first is kept.
    once = sorted(set(stamps))
    found = SegmentAnalysis(segment=segment.index, start_pts=segment.start_pts, end_pts=segment.end_pts, stamps=once)
    services.documents.save(layout.analysis(task.job.id, segment.index), found)
    return found
