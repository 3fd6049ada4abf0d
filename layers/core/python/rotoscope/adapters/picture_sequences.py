"""Decodes the pictures of a zip and of an animated WebP; for a damaged one the one before it is shown. Both sets."""

import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import BinaryIO, Protocol

from PIL import Image

from rotoscope.adapters import animated_webp, stills
from rotoscope.adapters.picture_archive import PictureArchive
from rotoscope.contracts import SourceVideo
from rotoscope.errors import UnreadableVideo

MOST_DAMAGED = 100
"""Pictures in a row for which the one before them stands in: a little over four seconds."""


class Pictures(Protocol):
    """A sequence. `stamps` are the pictures' times in ticks of the source's time base."""

    @property
    def stamps(self) -> Sequence[int]: ...

    @property
    def replaced(self) -> Sequence[int]:
        """The places so far at which another picture was shown, because theirs is damaged."""

    def shown(self, wanted: Sequence[int]) -> Iterator[Image.Image]:
        """What is seen at each of those places, which ascend: RGBA where the source has alpha, else RGB."""


@dataclass(frozen=True)
class _Shown:
    """What is seen at a place, and where it comes from."""

    place: int
    origin: int
    image: Image.Image


class ZipPictures:
    """Reads only what is wanted; pictures of another size than the first are fitted into its size."""

    def __init__(self, file: BinaryIO, size: int, source: SourceVideo) -> None:
        self._archive = PictureArchive(file, size)
        self._source = source
        self._latest = _Shown(-1, -1, Image.new("RGB", (1, 1)))
        self.replaced: list[int] = []

    @property
    def stamps(self) -> Sequence[int]:
        """One tick each."""
        return range(self._source.start_pts, self._source.start_pts + len(self._archive))

    def shown(self, wanted: Sequence[int]) -> Iterator[Image.Image]:
        """Raises UnreadableVideo where too many are damaged, VideoTooLarge where one has too many pixels."""
        for index in wanted:
            self._latest = self._nearest(index)
            self.replaced += [index] if self._latest.origin != index else []
            yield self._latest.image

    def _nearest(self, index: int) -> _Shown:
        first = max(0, index - MOST_DAMAGED + 1)
        for place in range(index, first - 1, -1):
            if place == self._latest.place and self._latest.origin >= first:
                return _Shown(index, self._latest.origin, self._latest.image)
            if image := self._decoded(place):
                return _Shown(index, place, image)
        raise UnreadableVideo(
            f"Too many pictures in the zip file are damaged, from {self._archive.name(index)} backwards. "
            "Please pack the pictures again and upload the new file."
        )

    def _decoded(self, index: int) -> Image.Image | None:
        body = self._archive.read(index)
        image = stills.decoded(body, self._archive.name(index)) if body else None
        if image is None:
            return None
        image = stills.clear(image) if self._source.alpha else stills.opaque(image)
        return stills.fitted(image, (self._source.width, self._source.height))


class WebpPictures:
    """Decodes from the nearest frame that needs none before it."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._animation = animated_webp.walked(file, size)
        self.replaced: list[int] = []

    @property
    def stamps(self) -> Sequence[int]:
        """In milliseconds."""
        return self._animation.starts_ms[:-1]

    def shown(self, wanted: Sequence[int]) -> Iterator[Image.Image]:
        """Raises UnreadableVideo where nothing at all can be decoded."""
        end, image = -1, None
        for key, group in groupby(wanted, self._animation.key_of):
            due = list(group)
            image, end = image if end == key - 1 else None, due[-1]
            for place, image in enumerate(self._decoded(key, end), key):
                if place == due[0]:
                    yield image
                    del due[0]
            for place in due:
                self.replaced.append(place)
                image = image or self._before(key)
                yield image

    def _before(self, index: int) -> Image.Image:
        """The last frame before one that can be decoded."""
        while index > 0:
            key = self._animation.key_of(index - 1)
            for found in deque(self._decoded(key, index - 1), maxlen=1):
                return found
            index = key
        raise UnreadableVideo(animated_webp.DAMAGED)

    def _decoded(self, first: int, last: int) -> Iterator[Image.Image]:
        """The frames from a key frame on, as far as they can be decoded."""
        image = self._opened(first, last)
        for number in range(getattr(image, "n_frames", 0)):
            frame = _frame(image, number) if image else None
            if frame is None:
                return
            yield frame

    def _opened(self, first: int, last: int) -> Image.Image | None:
        """libwebp refuses a whole animation for one frame's header; then as much of it as it takes."""
        image = self._excerpt(first, last)
        good, bad = first - 1, last
        while image is None and bad - good > 1:
            middle = (good + bad) // 2
            if self._excerpt(first, middle):
                good = middle
            else:
                bad = middle
        return image or (self._excerpt(first, good) if good >= first else None)

    def _excerpt(self, first: int, last: int) -> Image.Image | None:
        return stills.opened(io.BytesIO(self._animation.excerpt(self._file, first, last)), "in the animation")


def _frame(image: Image.Image, number: int) -> Image.Image | None:
    """A copy: the decoder writes the next one over it."""
    try:
        image.seek(number)
        return image.copy()
    except stills.BROKEN:
        return None
