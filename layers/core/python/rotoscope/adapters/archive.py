"""Pictures as members of a stored zip: one part's, and all parts' frames renumbered. Runs in both layer sets."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PIL import Image

from rotoscope.errors import MediaToolFailed
from rotoscope.ports import RGB, Alpha, Joined, Timeline

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: the same frames make the same bytes."""

PNG_EFFORT = 1
LONGEST_COMMENT = 65_535

Packed = tuple[str, bytes]
"""A picture's suffix and its file."""


class StillsWriter:
    """The PartWriter of pictures that are packed one by one, by `pack`, in the size `enlarged` if that is another."""

    def __init__(
        self, path: Path, pack: Callable[[Image.Image], Packed], enlarged: tuple[int, int] | None = None
    ) -> None:
        self._path = path
        self._pack = pack
        self._enlarged = enlarged
        self._written = 0
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)

    def __enter__(self) -> "StillsWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def write(self, picture: RGB, alpha: Alpha | None = None) -> None:
        """Adds one picture, numbered within the part."""
        image = Image.fromarray(picture)
        if alpha is not None:
            image.putalpha(Image.fromarray(alpha))
        if self._enlarged:
            image = image.resize(self._enlarged, Image.Resampling.LANCZOS)
        suffix, packed = self._pack(image)
        self._zip.writestr(_member(self._written, suffix), packed)
        self._written += 1

    def close(self) -> int:
        """Ends the archive and counts its members."""
        self._zip.close()
        found = sum(1 for _ in stills([self._path]))
        if found != self._written:
            raise MediaToolFailed(f"A part of {self._written} pictures holds {found}")
        return found


def png(image: Image.Image) -> Packed:
    """Packed without loss, fast."""
    packed = io.BytesIO()
    image.save(packed, "PNG", compress_level=PNG_EFFORT)
    return "png", packed.getvalue()


def join_frames(parts: Iterable[Path], timeline: Timeline, out: Path, provenance: str = "") -> Joined:
    """All parts' pictures in one archive, named by their running number in the result: 00000012.png.

    `provenance` is the archive's comment, so that its folder holds nothing but pictures.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = provenance.encode()[:LONGEST_COMMENT]
        for number, picture in enumerate(stills(parts)):
            archive.writestr(_member(number, "png"), picture)
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        if len(names) != len(timeline.ticks):
            raise MediaToolFailed(f"The parts hold {len(names)} frames, not {len(timeline.ticks)}")
        with archive.open(names[0]) as first, Image.open(first) as shown:
            width, height = shown.size
    duration = (timeline.ticks[-1] + timeline.last_duration) * timeline.time_base
    return Joined(frames=len(names), width=width, height=height, duration_s=float(duration))


def stills(parts: Iterable[Path]) -> Iterator[bytes]:
    """The files of all parts' pictures, in order. Raises MediaToolFailed for a part that is no archive."""
    for part in parts:
        try:
            with zipfile.ZipFile(part) as archive:
                for name in sorted(archive.namelist()):
                    yield archive.read(name)
        except zipfile.BadZipFile as problem:
            raise MediaToolFailed(f"{part.name} cannot be read: {problem}") from problem


def _member(number: int, suffix: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(f"{number:08d}.{suffix}", EPOCH)
