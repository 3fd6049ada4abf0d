"""RenderSegment: bring the style to every frame of a segment, measure it, and encode every deliverable's part."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rotoscope import layout, pictures, shaping
from rotoscope.bars import with_bars_of
from rotoscope.carrying import Drawn, Looks, carried
from rotoscope.contracts import JobPlan, SegmentRendered, SegmentTask
from rotoscope.deliverables import Deliverable, deliverables, look, output_rate
from rotoscope.errors import MediaToolFailed
from rotoscope.motion.anchoring import with_chroma_of
from rotoscope.motion.looking import fullness
from rotoscope.motion.quality import QualityMeter
from rotoscope.observability import accounted
from rotoscope.ports import RGB, PartWriter
from rotoscope.segment_contracts import SegmentSheet
from rotoscope.services import Services
from rotoscope.settings import output_size
from rotoscope.sheets import window_radius
from rotoscope.stopping import refuse_if_stopped


@accounted
def render_segment(task: SegmentTask, services: Services) -> SegmentRendered:
    """Writes one part per deliverable, and what its quality is. Skips a segment whose parts all exist."""
    refuse_if_stopped(task.job, services)
    sheet = services.documents.sheet(task.job.id, task.segment.index)
    plan = services.documents.plan(task.job.id)
    wanted = deliverables(plan)
    keys = [layout.part(plan.job.id, look(plan, sheet), sheet.segment, each.name) for each in wanted]
    if sheet.frames and not all(map(services.studio.exists, keys)):
        with tempfile.TemporaryDirectory() as folder:
            _render(plan, sheet, Path(folder), services)
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

    def fitted(self, picture: RGB) -> RGB:
        """The picture in the result's size."""
        return shaping.fitted(picture, self.result, self.fit)


def _render(plan: JobPlan, sheet: SegmentSheet, folder: Path, services: Services) -> None:
    shape = _Shape.of(plan)
    looks = Looks(plan.job.id, sheet, services.studio)
    meter = QualityMeter()
    with ExitStack() as stack:
        writers = [
            (each, stack.enter_context(_writer(each, plan, shape, folder, services))) for each in deliverables(plan)
        ]
        clip = stack.enter_context(services.open_clip(plan.video_key, plan.video_version_id, plan.source))
        sources = services.reader.frames(clip, sheet.window, {frame.pts for frame in sheet.scene})
        drawing = carried(sheet.scene, sources, looks, window_radius(plan.settings))
        scene = _measured(_finished(drawing, plan, sheet), meter, first=sheet.frames[0].shows)
        for index, drawn in _shown(sheet, scene):
            result = shape.fitted(drawn.picture)
            _write(writers, result, drawn.source, shape)
            if index == sheet.poster:
                poster = layout.poster(plan.job.id, look(plan, sheet), sheet.segment)
                services.studio.write(poster, pictures.to_jpeg(result), "image/jpeg")
        next(scene, None)  # the step into the next segment is measured here
        _close(writers, len(sheet.frames))
    _save_quality(plan, sheet, looks, meter, services)


def _finished(drawn: Iterator[Drawn], plan: JobPlan, sheet: SegmentSheet) -> Iterator[Drawn]:
    """With the source's colours if they were to stay, its black bars, and its empty frames as they are."""
    keys = {key.index for key in sheet.keys}
    for each in drawn:
        full = fullness(each.source) if sheet.empties and each.index not in keys else 1.0
        picture = each.picture if full == 1 else shaping.mixed(each.source, each.picture, full)
        picture = with_chroma_of(each.source, picture) if plan.settings.style.preserve_color else picture
        yield Drawn(each.index, each.shot, each.source, with_bars_of(each.source, picture, sheet.bars))


def _measured(drawn: Iterator[Drawn], meter: QualityMeter, first: int) -> Iterator[Drawn]:
    """Frames before the segment's own are measured where they belong."""
    for each in drawn:
        if each.index >= first:
            meter.see(each.index, each.shot, each.source, each.picture)
        yield each


def _shown(sheet: SegmentSheet, scene: Iterator[Drawn]) -> Iterator[tuple[int, Drawn]]:
    """What every frame of the segment shows: its own scene frame, or that of the one it repeats."""
    current: Drawn | None = None
    for frame in sheet.frames:
        while current is None or current.index != frame.shows:
            current = next(scene, None)
            if current is None:
                raise MediaToolFailed("The source has fewer frames than when it was analysed.")
        yield frame.index, current


def _writer(each: Deliverable, plan: JobPlan, shape: _Shape, folder: Path, services: Services) -> PartWriter:
    size = shape.beside if each.compare else shape.result
    return services.encoder.open(folder / each.name, each.form, size, output_rate(plan))


def _write(writers: Sequence[tuple[Deliverable, PartWriter]], result: RGB, source: RGB, shape: _Shape) -> None:
    for each, writer in writers:
        writer.write(shaping.side_by_side(shape.fitted(source), result, shape.beside) if each.compare else result)


def _close(writers: Sequence[tuple[Deliverable, PartWriter]], frames: int) -> None:
    for each, writer in writers:
        if (written := writer.close()) != frames:
            raise MediaToolFailed(f"{each.name} has {written} frames instead of {frames}.")


def _save_quality(plan: JobPlan, sheet: SegmentSheet, looks: Looks, meter: QualityMeter, services: Services) -> None:
    """Keys are measured as they came back or were given: what the carried frames are held against."""
    here = {frame.index for frame in sheet.chosen}
    for key in sheet.keys:
        if key.index in here:
            meter.key(key.index, looks.styled(key))
    services.documents.save(layout.quality(plan.job.id, look(plan, sheet), sheet.segment), meter.found(sheet.segment))
