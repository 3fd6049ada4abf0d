"""The VideoReader of what FFmpeg does not read: zips of pictures and animated WebP. Pillow alone, so in both sets."""

from collections.abc import Collection, Generator, Iterator
from contextlib import closing, contextmanager

from PIL import Image

from rotoscope.adapters import locations
from rotoscope.adapters.picture_sequences import Pictures, WebpPictures, ZipPictures
from rotoscope.adapters.stills import on_white, opacity, shrunk
from rotoscope.contracts import Segment
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import RGB, Alpha, Clip, Damage, VideoReader

CONTAINERS = ("zip", "webp")


class PictureReader:
    """The VideoReader of the CONTAINERS. A damaged picture is shown as the one before it."""

    def frames(
        self,
        clip: Clip,
        segment: Segment,
        wanted: Collection[int] | None = None,
        size: tuple[int, int] | None = None,
        damage: Damage | None = None,
    ) -> Generator[tuple[int, RGB]]:
        """(pts, picture), in order. Raises MediaToolFailed when a wanted frame is missing."""
        with closing(_shown(clip, segment, wanted, size, damage)) as shown:
            for pts, image in shown:
                yield pts, on_white(image)

    def alphas(
        self,
        clip: Clip,
        segment: Segment,
        wanted: Collection[int] | None = None,
        size: tuple[int, int] | None = None,
    ) -> Generator[tuple[int, Alpha]]:
        """(pts, opacity), in order."""
        with closing(_shown(clip, segment, wanted, size)) as shown:
            for pts, image in shown:
                yield pts, opacity(image)


class ReaderByContainer:
    """The VideoReader of everything: pictures go to one reader, films to another."""

    def __init__(self, films: VideoReader, pictures: VideoReader) -> None:
        self._films, self._pictures = films, pictures

    def frames(
        self,
        clip: Clip,
        segment: Segment,
        wanted: Collection[int] | None = None,
        size: tuple[int, int] | None = None,
        damage: Damage | None = None,
    ) -> Generator[tuple[int, RGB]]:
        """As its reader gives them."""
        return self._of(clip).frames(clip, segment, wanted, size, damage)

    def alphas(
        self,
        clip: Clip,
        segment: Segment,
        wanted: Collection[int] | None = None,
        size: tuple[int, int] | None = None,
    ) -> Generator[tuple[int, Alpha]]:
        """As its reader gives them."""
        return self._of(clip).alphas(clip, segment, wanted, size)

    def _of(self, clip: Clip) -> VideoReader:
        return self._pictures if clip.source.container in CONTAINERS else self._films


def _shown(
    clip: Clip,
    segment: Segment,
    wanted: Collection[int] | None,
    size: tuple[int, int] | None,
    damage: Damage | None = None,
) -> Generator[tuple[int, Image.Image]]:
    with _pictures(clip) as pictures:
        stamps = pictures.stamps
        places = [n for n, pts in enumerate(stamps) if segment.start_pts <= pts < segment.end_pts]
        if wanted is not None:
            due = {pts for pts in wanted if segment.start_pts <= pts < segment.end_pts}
            places = [place for place in places if stamps[place] in due]
            if missing := due - {stamps[place] for place in places}:
                raise MediaToolFailed(
                    f"Segment {segment.index}: {len(missing)} frames did not decode, the first at {min(missing)}"
                )
        for place, image in zip(places, pictures.shown(places), strict=True):
            if damage and len(damage.pictures) < len(pictures.replaced):
                damage.pictures = damage.places = [stamps[each] for each in pictures.replaced]
            yield stamps[place], shrunk(image, size)


@contextmanager
def _pictures(clip: Clip) -> Iterator[Pictures]:
    with locations.opened(clip.location) as (file, size):
        if clip.source.container == "zip":
            yield ZipPictures(file, size, clip.source)
        else:
            yield WebpPictures(file, size)
