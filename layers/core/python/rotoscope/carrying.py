"""Every scene frame's picture: the restyled keys, and their look carried along the motion to the frames between."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from rotoscope import intermediates, layout
from rotoscope.errors import MediaToolFailed
from rotoscope.motion.anchoring import anchored, recoloured
from rotoscope.motion.deflicker import steady
from rotoscope.motion.harmonising import harmonised
from rotoscope.motion.palettes import Manner
from rotoscope.motion.propagation import Key, propagate
from rotoscope.motion.quality import WIDTH as MEASURED
from rotoscope.ports import RGB, BlobStore
from rotoscope.segment_contracts import KeyFrame, SceneFrame, SegmentSheet

KEYS_HELD = 4
"""Keys that are kept: one, its two neighbours, and the next one's."""


@dataclass(frozen=True)
class Drawn:
    """A scene frame as the source shows it and as it was redrawn."""

    index: int
    shot: int
    source: RGB
    picture: RGB


@dataclass(frozen=True)
class Untouched:
    """A key as it came back, to be shown so. What the source shows is read, from its stored still, when asked for."""

    key: KeyFrame
    picture: RGB
    looks: "Looks"

    @property
    def index(self) -> int:
        """The key's."""
        return self.key.index

    @property
    def shot(self) -> int:
        """The key's."""
        return self.key.shot

    @property
    def source(self) -> RGB:
        """The source's picture as large as it is measured or larger, decoded anew each time."""
        return self.looks.glance(self.key, self.picture.shape[1])


class Looks:
    """The key pictures of one sheet, as they came back or as they are carried on. The user's own are shown as they are:
    they draw their neighbours to themselves and follow none."""

    def __init__(self, job: str, sheet: SegmentSheet, studio: BlobStore) -> None:
        self._job, self._studio = job, studio
        self._keys, self._anchors = sheet.keys, sheet.anchors
        self._here = {frame.index for frame in sheet.scene}
        self.lasts = {key.index: key.last for key in sheet.keys} | {frame.index: frame.last for frame in sheet.scene}
        self.own = {key.index for key in sheet.keys if key.own}
        self.anchor = lru_cache(1)(self._anchor)
        self._matched = lru_cache(KEYS_HELD)(self.anchored_key)

    def of_shot(self, shot: int) -> list[KeyFrame]:
        """The shot's keys, ascending."""
        return [key for key in self._keys if key.shot == shot]

    def styled(self, key: KeyFrame) -> RGB:
        """A key as it came back, or as the user drew it."""
        return intermediates.read(self._studio.read(key.own or layout.styled_frame(self._job, key.index)))

    def steady_key(self, key: KeyFrame, shot: list[KeyFrame]) -> Key:
        """The key with its shot's colours, at peace with its neighbours."""
        if key.own:
            return self.raw_key(key)
        place = shot.index(key)
        beside = [self._matched(other) for other in (*shot[max(0, place - 1) : place], *shot[place + 1 : place + 2])]
        mine = self._matched(key)
        return replace(mine, picture=harmonised(mine, beside))

    def anchored_key(self, key: KeyFrame, source: RGB | None = None) -> Key:
        """The key with its shot's colours alone."""
        raw = self.raw_key(key, source)
        return raw if key.own else replace(raw, picture=anchored(raw.picture, raw.source, self.anchor(key.shot)))

    def raw_key(self, key: KeyFrame, source: RGB | None = None) -> Key:
        """The key as it came back. `source` is what it shows, if that is at hand: else it is its stored still."""
        shown = self.source(key) if source is None else source
        return Key(index=key.index, source=shown, picture=self.styled(key), present=key.index in self._here)

    def _anchor(self, shot: int) -> Manner:
        """Of the key that the colours of a shot follow; of the nearest other shot where it has none of its own."""
        first = self._anchors[shot]
        return Manner.of(self.source(first), self.styled(first))

    def glance(self, key: KeyFrame, width: int) -> RGB:
        """Its stored still, which is `width` pixels wide, no larger than measuring needs it."""
        body = self._studio.read(layout.source_frame(self._job, key.pts))
        return intermediates.read_small(body, width, least=MEASURED)

    def source(self, key: KeyFrame) -> RGB:
        """Its stored still."""
        return intermediates.read(self._studio.read(layout.source_frame(self._job, key.pts)))


def carried(
    scene: Iterable[SceneFrame], sources: Iterator[tuple[int, RGB]], looks: Looks, radius: int | None
) -> Iterator[Drawn]:
    """The scene's frames in order, given their (pts, picture) from the source.

    `radius` is None where few frames are keys; where all are, that of the window which takes their flicker out, and
    with 0 they stay as they came back.
    """
    for shot, frames in groupby(scene, key=lambda frame: frame.shot):
        drawn = _shot(shot, _beside(frames, sources), looks, radius)
        yield from _steadied(drawn, radius, looks) if radius else drawn


def untouched(scene: Iterable[SceneFrame], keys: Iterable[KeyFrame], looks: Looks) -> Iterator[Untouched]:
    """The scene's frames in order where all are keys and nothing is carried; nothing has to be decoded for them."""
    by_index = {key.index: key for key in keys}
    for frame in scene:
        key = by_index[frame.index]
        yield Untouched(key, looks.styled(key), looks)


def _beside(frames: Iterable[SceneFrame], sources: Iterator[tuple[int, RGB]]) -> Iterator[tuple[int, RGB]]:
    for frame in frames:
        found = next(sources, None)
        if found is None or found[0] != frame.pts:
            raise MediaToolFailed("The source has fewer frames than when it was analysed.")
        yield frame.index, found[1]


def _shot(shot: int, frames: Iterator[tuple[int, RGB]], looks: Looks, radius: int | None) -> Iterator[Drawn]:
    keys = looks.of_shot(shot)
    if not keys:
        yield from (Drawn(index, shot, source, recoloured(source, looks.anchor(shot))) for index, source in frames)
        return
    finished = _finisher(looks, keys, radius)
    waiting = _Ahead(frames)
    before = [key for key in keys if key.index < waiting.index]
    left = finished(before[-1], None) if before else None
    for key in keys[len(before) :]:
        right = finished(key, waiting.source if key.index == waiting.index else None)
        yield from _between(shot, waiting.until(key.index), left, right, looks.lasts)
        if waiting.index == END:
            return
        yield Drawn(key.index, shot, waiting.take()[1], right.picture)
        left = right
    yield from _between(shot, waiting.until(END), left, None, looks.lasts)


def _finisher(looks: Looks, shot: list[KeyFrame], radius: int | None) -> Callable[[KeyFrame, RGB | None], Key]:
    """How a key is made ready. Few keys are matched by their stored stills, which are the same in every segment."""
    if radius is None:
        return lambda key, _: looks.steady_key(key, shot)
    return looks.anchored_key if radius else looks.raw_key


END = 2**62


class _Ahead:
    """The frames of a shot with a look at the next one's index, END after the last."""

    def __init__(self, frames: Iterator[tuple[int, RGB]]) -> None:
        self._frames, self._next = frames, next(frames, None)

    @property
    def index(self) -> int:
        return END if self._next is None else self._next[0]

    @property
    def source(self) -> RGB | None:
        """The next frame's picture."""
        return None if self._next is None else self._next[1]

    def take(self) -> tuple[int, RGB]:
        assert self._next is not None
        taken, self._next = self._next, next(self._frames, None)
        return taken

    def until(self, index: int) -> Iterator[tuple[int, RGB]]:
        """The frames before that index."""
        while self.index < index:
            yield self.take()


def _between(
    shot: int, frames: Iterator[tuple[int, RGB]], left: Key | None, right: Key | None, lasts: Mapping[int, int]
) -> Iterator[Drawn]:
    """Frames that follow their keys. Their sources are kept here only until their turn comes."""
    held: dict[int, RGB] = {}

    def passing() -> Iterator[tuple[int, RGB]]:
        for index, source in frames:
            held[index] = source
            yield index, source

    for index, picture in propagate(passing(), left, right, lasts):
        yield Drawn(index, shot, held.pop(index), picture)


def _steadied(drawn: Iterator[Drawn], radius: int, looks: Looks) -> Iterator[Drawn]:
    held: dict[int, Drawn] = {}

    def passing() -> Iterator[tuple[int, RGB, RGB]]:
        for each in drawn:
            held[each.index] = each
            yield each.index, each.source, each.picture

    for index, picture in steady(passing(), radius, looks.lasts):
        before = held.pop(index)
        yield before if index in looks.own else Drawn(index, before.shot, before.source, picture)
