"""RenderSegment: bring the style to every frame of a segment, measure it, and encode every deliverable's part."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from pathlib import Path

from rotoscope import layout, parts, pictures, shaping
from rotoscope.bars import with_bars_of
from rotoscope.carrying import Drawn, Looks, carried, untouched
from rotoscope.contracts import JobPlan, Segment, SegmentRendered, SegmentTask
from rotoscope.deliverables import deliverables, look, way_back
from rotoscope.errors import MediaToolFailed
from rotoscope.motion.anchoring import with_chroma_of
from rotoscope.motion.looking import fullness
from rotoscope.motion.quality import QualityMeter, Seen
from rotoscope.observability import accounted
from rotoscope.ports import Alpha, Clip
from rotoscope.presenting import Presentation, Shown
from rotoscope.segment_contracts import KeyFrame, SegmentSheet, SheetFrame
from rotoscope.services import Services
from rotoscope.sheets import window_radius
from rotoscope.sizes import decoded_size
from rotoscope.spooling import Spool
from rotoscope.stopping import refuse_if_stopped

KEYS_MEASURED = 24
"""Of a segment, at regular distances: where they are not shown as they are, each is decoded once more for it."""


@dataclass(frozen=True)
class _Work:
    """A segment with all that is known of it, and a folder on the scratch disk."""

    plan: JobPlan
    sheet: SegmentSheet
    segment: Segment
    folder: Path
    services: Services

    @cached_property
    def presentation(self) -> Presentation:
        """How the job's frames are shown."""
        return Presentation.of(self.plan)

    def there(self) -> list[parts.Named]:
        """The parts and their names."""
        return [(each, each.name) for each in deliverables(self.plan)]

    def back(self) -> list[parts.Named]:
        """Those that show the segment backwards."""
        plays = [each for each in deliverables(self.plan) if each.plays]
        return [(each, each.back_name) for each in plays] if way_back(self.plan, self.sheet) else []

    def back_order(self) -> list[int]:
        """Which of the segment's frames they show, counted from 0."""
        numbers = {frame.index: number for number, frame in enumerate(self.sheet.frames)}
        return [numbers[frame.index] for frame in way_back(self.plan, self.sheet)]

    def in_turns(self, wanted: list[parts.Named]) -> list[list[parts.Named]]:
        """Those whose encoders have room beside each other."""
        return parts.in_turns(wanted, self.plan, self.presentation)

    def opened(self, turn: Sequence[parts.Named]) -> AbstractContextManager[parts.Parts]:
        """Parts to be written together."""
        files = [(each, self.folder / name) for each, name in turn]
        return parts.opened(files, self.plan, self.presentation, self.services.encoder)


@accounted
def render_segment(task: SegmentTask, services: Services) -> SegmentRendered:
    """Writes one part per deliverable, and what its quality is. Skips a segment whose parts all exist."""
    refuse_if_stopped(task.job, services)
    sheet = services.documents.sheet(task.job.id, task.segment.index)
    plan = services.documents.plan(task.job.id)
    with tempfile.TemporaryDirectory() as folder:
        work = _Work(plan, sheet, task.segment, Path(folder), services)
        names = [name for _, name in (*work.there(), *work.back())]
        keys = {name: layout.part(plan.job.id, look(plan, sheet), sheet.segment, name) for name in names}
        if sheet.frames and not all(map(services.studio.exists, keys.values())):
            _render(work)
            for name, key in keys.items():
                services.studio.upload(key, work.folder / name, "application/octet-stream")
    return SegmentRendered(frames=len(sheet.frames))


def _render(work: _Work) -> None:
    """Whatever cannot be encoded while the frames are drawn is encoded afterwards, from the scratch disk."""
    now, *later = work.in_turns(work.there())
    passes: list[tuple[list[parts.Named], Sequence[int]]] = [(turn, range(len(work.sheet.frames))) for turn in later]
    passes += [(turn, work.back_order()) for turn in work.in_turns(work.back())]
    if not passes:
        return _draw(work, now)
    with Spool(work.folder / "spool", work.presentation.flat) as spool:
        _draw(work, now, spool)
        for turn, order in passes:
            _encode(work, turn, spool, order)


def _encode(work: _Work, turn: Sequence[parts.Named], spool: Spool, order: Sequence[int]) -> None:
    with work.opened(turn) as writing:
        for shown in spool.frames(order):
            writing.write(shown)
        writing.close(len(order))


def _draw(work: _Work, turn: Sequence[parts.Named], spool: Spool | None = None) -> None:
    plan, sheet, services = work.plan, work.sheet, work.services
    looks, meter = Looks(plan.job.id, sheet, services.studio), QualityMeter()
    with ExitStack() as stack:
        writing = stack.enter_context(work.opened(turn))
        clip = stack.enter_context(services.open_clip(plan.video_key, plan.video_version_id, plan.source))
        scene = _measured(_scene(work, clip, looks, meter, stack), meter, first=sheet.frames[0].shows)
        for frame, shown in _shown(sheet, scene, _alphas(work, clip, stack), work.presentation):
            writing.write(shown)
            if spool:
                spool.keep(shown)
            if frame.index == sheet.poster:
                poster = layout.poster(plan.job.id, look(plan, sheet), sheet.segment)
                services.studio.write(poster, pictures.to_jpeg(shown.flat), "image/jpeg")
        next(scene, None)  # the step into the next segment is measured here
        writing.close(len(sheet.frames))
    _save_quality(plan, sheet, looks, meter, services)


def _scene(work: _Work, clip: Clip, looks: Looks, meter: QualityMeter, stack: ExitStack) -> Iterator[Seen]:
    """The scene's frames as they are to be shown."""
    plan, sheet = work.plan, work.sheet
    if _as_they_came(plan, sheet):
        return _keys_measured(untouched(sheet.scene, sheet.keys, looks), _sampled(sheet), meter)
    size = decoded_size(plan.source.width, plan.source.height)
    sources = work.services.reader.frames(clip, sheet.window, {frame.pts for frame in sheet.scene}, size)
    drawing = carried(sheet.scene, stack.enter_context(closing(sources)), looks, window_radius(plan.settings))
    return _finished(drawing, plan, sheet)


def _as_they_came(plan: JobPlan, sheet: SegmentSheet) -> bool:
    """Whether nothing of the source is shown or carried: every frame has its own picture, which stays as it is."""
    carries = window_radius(plan.settings) != 0 or plan.settings.style.preserve_color
    shows = plan.settings.output.compare or sheet.bars or sheet.empties
    keys = {key.index for key in sheet.keys}
    return not carries and not shows and all(frame.index in keys for frame in sheet.scene)


def _sampled(sheet: SegmentSheet) -> list[KeyFrame]:
    """The segment's own keys that are measured."""
    chosen = {frame.index for frame in sheet.chosen}
    here = [key for key in sheet.keys if key.index in chosen]
    return here[:: -(-len(here) // KEYS_MEASURED) or 1]


def _keys_measured(frames: Iterable[Seen], sampled: Iterable[KeyFrame], meter: QualityMeter) -> Iterator[Seen]:
    """Those that are shown as they came back, as they pass."""
    indices = {key.index for key in sampled}
    for each in frames:
        if each.index in indices:
            meter.key(each.index, each.picture)
        yield each


def _alphas(work: _Work, clip: Clip, stack: ExitStack) -> Iterator[tuple[int, Alpha | None]]:
    """(pts, opacity) of every frame of the segment, also of those that repeat another: None where all is opaque."""
    source, stamps = work.plan.source, [frame.pts for frame in work.sheet.frames]
    if not source.alpha:
        return zip(stamps, repeat(None), strict=False)
    size = decoded_size(source.width, source.height)
    return stack.enter_context(closing(work.services.reader.alphas(clip, work.segment, set(stamps), size)))


def _finished(drawn: Iterator[Drawn], plan: JobPlan, sheet: SegmentSheet) -> Iterator[Drawn]:
    """With the source's colours if they were to stay, its black bars, and its empty frames as they are."""
    keys = {key.index for key in sheet.keys}
    for each in drawn:
        full = fullness(each.source) if sheet.empties and each.index not in keys else 1.0
        picture = each.picture if full == 1 else shaping.mixed(each.source, each.picture, full)
        picture = with_chroma_of(each.source, picture) if plan.settings.style.preserve_color else picture
        yield Drawn(each.index, each.shot, each.source, with_bars_of(each.source, picture, sheet.bars))


def _measured(drawn: Iterator[Seen], meter: QualityMeter, first: int) -> Iterator[Seen]:
    """Frames before the segment's own are measured where they belong."""
    for each in drawn:
        if each.index >= first:
            meter.see(each)
        yield each


def _shown(
    sheet: SegmentSheet, scene: Iterator[Seen], alphas: Iterator[tuple[int, Alpha | None]], how: Presentation
) -> Iterator[tuple[SheetFrame, Shown]]:
    """What every frame of the segment shows. One that repeats another is made again only where something moves."""
    last: tuple[Seen, Shown] | None = None
    for frame, drawn in _looked_up(sheet, scene):
        pts, alpha = next(alphas, (None, None))
        if pts != frame.pts:
            raise MediaToolFailed("The source's transparency has fewer frames than its picture.")
        if last is None or drawn is not last[0] or alpha is not None or how.wipes:
            last = drawn, how.shown(drawn, alpha, frame.pts - sheet.bounds[0])
        yield frame, last[1]


def _looked_up(sheet: SegmentSheet, scene: Iterator[Seen]) -> Iterator[tuple[SheetFrame, Seen]]:
    """Every frame of the segment with its own scene frame, or that of the one it repeats."""
    current: Seen | None = None
    for frame in sheet.frames:
        while current is None or current.index != frame.shows:
            current = next(scene, None)
            if current is None:
                raise MediaToolFailed("The source has fewer frames than when it was analysed.")
        yield frame, current


def _save_quality(plan: JobPlan, sheet: SegmentSheet, looks: Looks, meter: QualityMeter, services: Services) -> None:
    """Keys are measured as they came back or were given: what the carried frames are held against."""
    for key in _sampled(sheet):
        if not meter.knows(key.index):
            meter.key(key.index, looks.styled(key))
    services.documents.save(layout.quality(plan.job.id, look(plan, sheet), sheet.segment), meter.found(sheet.segment))
