"""Frames as PNG members of a stored zip: one part's, and all parts' renumbered. Runs in both layer sets."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image

from rotoscope.errors import MediaToolFailed
from rotoscope.ports import RGB, Alpha, Joined, Timeline

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: the same frames make the same bytes."""

PNG_EFFORT = 1


class PngWriter:
    """The PartWriter of frames."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = 0
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)

    def __enter__(self) -> "PngWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def write(self, picture: RGB, alpha: Alpha | None = None) -> None:
        """Adds one picture, numbered within the part."""
        packed = io.BytesIO()
        Image.fromarray(picture).save(packed, "PNG", compress_level=PNG_EFFORT)
        self._zip.writestr(_member(self._written), packed.getvalue())
        self._written += 1

    def close(self) -> int:
        """Ends the archive and counts its members."""
        self._zip.close()
        with zipfile.ZipFile(self._path) as archive:
            found = len(archive.namelist())
        if found != self._written:
            raise MediaToolFailed(f"A part of {self._written} pictures holds {found}")
        return found


def join_frames(parts: Iterable[Path], timeline: Timeline, out: Path) -> Joined:
    """All parts' pictures in one archive, named by their running number in the result: 00000012.png."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, picture in enumerate(_pictures(parts)):
            archive.writestr(_member(number), picture)
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        if len(names) != len(timeline.ticks):
            raise MediaToolFailed(f"The parts hold {len(names)} frames, not {len(timeline.ticks)}")
        with archive.open(names[0]) as first, Image.open(first) as shown:
            width, height = shown.size
    duration = (timeline.ticks[-1] + timeline.last_duration) * timeline.time_base
    return Joined(frames=len(names), width=width, height=height, duration_s=float(duration))


def _pictures(parts: Iterable[Path]) -> Iterator[bytes]:
    for part in parts:
        with zipfile.ZipFile(part) as archive:
            for name in sorted(archive.namelist()):
                yield archive.read(name)


def _member(number: int) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(f"{number:08d}.png", EPOCH)
