"""RenderSegment: bring the style to every frame of a segment and encode every deliverable's part."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path

from rotoscope import layout, pictures, shaping
from rotoscope.contracts import JobPlan, SegmentRendered, SegmentSheet, SegmentTask, SheetFrame
from rotoscope.deliverables import Deliverable, deliverables, output_rate
from rotoscope.errors import MediaToolFailed
from rotoscope.observability import accounted
from rotoscope.ports import RGB, Clip, PartWriter
from rotoscope.services import Services
from rotoscope.settings import output_size
from rotoscope.stopping import refuse_if_stopped


@accounted
def render_segment(task: SegmentTask, services: Services) -> SegmentRendered:
    """Writes one part per deliverable. Skips a segment whose parts all exist. A frame shows its key's picture."""
    refuse_if_stopped(task.job, services)
    sheet = services.documents.sheet(task.job.id, task.segment.index)
    plan = services.documents.plan(task.job.id)
    wanted = deliverables(plan)
    keys = [layout.part(task.job.id, task.segment.index, each.name) for each in wanted]
    if sheet.frames and not all(map(services.studio.exists, keys)):
        with tempfile.TemporaryDirectory() as folder:
            _render(task, plan, sheet, Path(folder), services)
            for each, key in zip(wanted, keys, strict=True):
                services.studio.upload(key, Path(folder) / each.name, "application/octet-stream")
    return SegmentRendered(frames=len(sheet.frames))


@dataclass(frozen=True)
class _Shape:
    """Sizes (width, height) of the result and of the comparison, and how another shape is fitted."""

    result: shaping.Size
    beside: shaping.Size
    fit: str

    @classmethod
    def of(cls, plan: JobPlan) -> "_Shape":
        size = output_size(plan.settings.output, plan.source.width, plan.source.height)
        return cls(size, shaping.compare_size(size), plan.settings.output.fit)


def _render(task: SegmentTask, plan: JobPlan, sheet: SegmentSheet, folder: Path, services: Services) -> None:
    shape = _Shape.of(plan)
    with ExitStack() as stack:
        writers = [
            (each, stack.enter_context(_writer(each, plan, shape, folder, services))) for each in deliverables(plan)
        ]
        sources = _sources(task, sheet, stack.enter_context(_clip(plan, services)), services)
        for styled in _styled(task.job.id, sheet.frames, services):
            _write(writers, shaping.fitted(styled, shape.result, shape.fit), next(sources, None), shape)
        _close(writers, len(sheet.frames))


def _writer(each: Deliverable, plan: JobPlan, shape: _Shape, folder: Path, services: Services) -> PartWriter:
    size = shape.beside if each.compare else shape.result
    return services.encoder.open(folder / each.name, each.form, size, output_rate(plan))


def _clip(plan: JobPlan, services: Services) -> AbstractContextManager[Clip | None]:
    """The source is opened only when it is shown beside the result."""
    if not plan.settings.output.compare:
        return nullcontext()
    return services.open_clip(plan.video_key, plan.video_version_id, plan.source)


def _sources(task: SegmentTask, sheet: SegmentSheet, clip: Clip | None, services: Services) -> Iterator[RGB]:
    if clip is not None:
        stamps = {frame.pts for frame in sheet.frames}
        yield from (picture for _, picture in services.reader.frames(clip, task.segment, stamps))


def _styled(job: str, frames: Sequence[SheetFrame], services: Services) -> Iterator[RGB]:
    """The restyled picture that each frame shows; a picture held over many frames is read once."""
    filled = services.documents.filled(job)
    held: tuple[int, RGB] | None = None
    for frame in frames:
        shows = filled.get(frame.shows, frame.shows)
        if held is None or held[0] != shows:
            held = shows, pictures.from_bytes(services.studio.read(layout.styled_frame(job, shows)))
        yield held[1]


def _write(writers: Sequence[tuple[Deliverable, PartWriter]], result: RGB, source: RGB | None, shape: _Shape) -> None:
    for each, writer in writers:
        if not each.compare:
            writer.write(result)
        elif source is None:
            raise MediaToolFailed("The source has fewer frames than when it was analysed.")
        else:
            beside = shaping.fitted(source, shape.result, shape.fit)
            writer.write(shaping.side_by_side(beside, result, shape.beside))


def _close(writers: Sequence[tuple[Deliverable, PartWriter]], frames: int) -> None:
    for each, writer in writers:
        if (written := writer.close()) != frames:
            raise MediaToolFailed(f"{each.name} has {written} frames instead of {frames}.")
