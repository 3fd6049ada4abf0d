"""ExtractSegment: decode the segment and keep stills of exactly the chosen frames, but for those that are there."""

from concurrent.futures import ThreadPoolExecutor

from rotoscope import layout
from rotoscope.contracts import SegmentExtracted, SegmentTask
from rotoscope.errors import MediaToolFailed
from rotoscope.observability import accounted
from rotoscope.services import Services
from rotoscope.sizes import decoded_size
from rotoscope.stills import Stills
from rotoscope.stopping import refuse_if_stopped

ASKED = 8
"""Questions to the store at the same time."""


@accounted
def extract_segment(task: SegmentTask, services: Services) -> SegmentExtracted:
    """Keeps a still of each chosen frame. Skips what is there already."""
    refuse_if_stopped(task.job, services)
    sheet = services.documents.sheet(task.job.id, task.segment.index)
    chosen = [frame.pts for frame in sheet.chosen]
    with ThreadPoolExecutor(ASKED) as asking:
        there = asking.map(lambda pts: services.studio.exists(layout.source_frame(task.job.id, pts)), chosen)
        missing = {pts for pts, kept in zip(chosen, there, strict=True) if not kept}
    if missing:
        _extract(task, missing, services)
    return SegmentExtracted(frames=len(chosen))


def _extract(task: SegmentTask, missing: set[int], services: Services) -> None:
    plan = services.documents.plan(task.job.id)
    size = decoded_size(plan.source.width, plan.source.height)
    with (
        services.open_clip(plan.video_key, plan.video_version_id, plan.source) as clip,
        Stills(plan.job.id, services.studio) as stills,
    ):
        for pts, picture in services.reader.frames(clip, task.segment, missing, size):
            stills.keep(pts, picture)
    if stills.kept != len(missing):
        raise MediaToolFailed(f"{stills.kept} of {len(missing)} frames came out of segment {task.segment.index}.")
