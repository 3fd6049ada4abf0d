"""ExtractSegment: decode the segment and upload exactly the chosen frames."""

from concurrent.futures import ThreadPoolExecutor

from rotoscope import intermediates, layout
from rotoscope.contracts import SegmentExtracted, SegmentTask
from rotoscope.errors import MediaToolFailed
from rotoscope.observability import accounted
from rotoscope.services import Services
from rotoscope.sizes import decoded_size
from rotoscope.stopping import refuse_if_stopped

UPLOADS = 8


@accounted
def extract_segment(task: SegmentTask, services: Services) -> SegmentExtracted:
    """Writes one JPEG per chosen frame: upright, square pixels, as it is drawn. Skips what is there already."""
    refuse_if_stopped(task.job, services)
    sheet = services.documents.sheet(task.job.id, task.segment.index)
    keys = {frame.pts: layout.source_frame(task.job.id, frame.pts) for frame in sheet.chosen}
    missing = {pts: key for pts, key in keys.items() if not services.studio.exists(key)}
    if missing:
        _extract(task, missing, services)
    return SegmentExtracted(frames=len(keys))


def _extract(task: SegmentTask, missing: dict[int, str], services: Services) -> None:
    plan = services.documents.plan(task.job.id)
    size = decoded_size(plan.source.width, plan.source.height)
    with (
        services.open_clip(plan.video_key, plan.video_version_id, plan.source) as clip,
        ThreadPoolExecutor(UPLOADS) as uploads,
    ):
        writes = [
            uploads.submit(services.studio.write, missing[pts], intermediates.written(picture), "image/jpeg")
            for pts, picture in services.reader.frames(clip, task.segment, set(missing), size)
        ]
        for write in writes:
            write.result()
    if len(writes) != len(missing):
        raise MediaToolFailed(f"{len(writes)} of {len(missing)} frames came out of segment {task.segment.index}.")
