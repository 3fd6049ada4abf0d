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
    try:
        found = services.documents.analysis(task.job.id, task.segment.index)
    except KeyError:
        plan = services.documents.plan(task.job.id)
        with services.open_clip(plan.video_key, plan.video_version_id, plan.source) as clip:
            stamps = services.reader.stamps(clip, task.segment)
        found = SegmentAnalysis(segment=task.segment.index, stamps=stamps)
        services.documents.save(layout.analysis(task.job.id, task.segment.index), found)
    return SegmentAnalyzed(frames=len(found.stamps))
