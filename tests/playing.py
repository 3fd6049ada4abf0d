"""What the media tests do with clips: probe, decode, cut, encode in parts, join."""

import hashlib
import math
from collections.abc import Callable, Collection, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

from rotoscope.adapters.ffmpeg_read import FfmpegReader
from rotoscope.adapters.ffmpeg_write import FfmpegEncoder
from rotoscope.adapters.mux import PyAvJoiner
from rotoscope.adapters.probe import PyAvProber
from rotoscope.contracts import Segment, SourceVideo
from rotoscope.ports import RGB, Clip, Joined, Original, PartFormat, Timeline
from tests import clips

CUT_CLIPS: dict[str, Callable[[], Path]] = {
    "30000/1001": clips.ntsc,
    "variable rate": clips.vfr,
    "open GOP": clips.open_gop,
    "VP9": clips.webm,
    "TS with open GOP": clips.transport_stream,
    "TS with MPEG-2": lambda: clips.transport_stream("mpeg2"),
    "interlaced": clips.interlaced,
    "late picture": clips.late_picture,
    "GIF": clips.gif,
}
"""Kinds of clip whose every frame has to come out exactly, wherever they are cut."""

READER = FfmpegReader(timeout_s=60)
ENCODER = FfmpegEncoder(timeout_s=60)
RATE = Fraction(30)


def probe(path: Path) -> SourceVideo:
    with path.open("rb") as file:
        return PyAvProber().probe(file, path.stat().st_size)


def opened(path: Path) -> Clip:
    return Clip(str(path), probe(path))


def whole(source: SourceVideo) -> Segment:
    return Segment(index=0, start_pts=source.start_pts, end_pts=source.end_pts, seeks=[])


def cut(source: SourceVideo, borders: list[int]) -> list[Segment]:
    """Segments between the borders, each with the key frames before the one that it would need."""
    edges = [source.start_pts, *borders, source.end_pts]
    return [
        Segment(index=n, start_pts=a, end_pts=b, seeks=[key for key in reversed(source.keyframes) if key <= a][1:3])
        for n, (a, b) in enumerate(pairwise(edges))
    ]


def fingerprints(clip: Clip, segment: Segment, wanted: Collection[int] | None = None) -> list[tuple[int, str]]:
    return [(pts, hashlib.md5(picture.data).hexdigest()) for pts, picture in READER.frames(clip, segment, wanted)]


def stamps_of(clip: Clip, segment: Segment) -> list[int]:
    return [pts for pts, _ in READER.frames(clip, segment, size=(16, 16))]


def decoded(path: Path) -> list[tuple[int, RGB]]:
    """Every frame of a file."""
    clip = opened(path)
    return list(READER.frames(clip, whole(clip.source)))


def encoded(folder: Path, form: PartFormat, pictures: Sequence[RGB], sizes: Sequence[int]) -> list[Path]:
    """The pictures in parts of these sizes."""
    remaining = iter(pictures)
    parts = []
    for number, size in enumerate(sizes):
        parts.append(folder / f"{number}.{form}")
        height, width, _ = pictures[0].shape
        writer = ENCODER.open(parts[-1], form, (width, height), RATE)
        for _ in range(size):
            writer.write(next(remaining))
        assert writer.close() == size
    return parts


def moving(count: int, size: tuple[int, int] = (64, 48)) -> list[RGB]:
    """Pictures that all differ: a bright square on its way over a gradient."""
    width, height = size
    base = np.linspace(40, 120, width, dtype=np.uint8)[None, :, None].repeat(height, 0).repeat(3, 2)
    pictures = [base.copy() for _ in range(count)]
    for number, picture in enumerate(pictures):
        picture[number % (height - 8) :, number % (width - 8) :][:8, :8] = (240, 200, 10)
    return pictures


def timeline_of(path: Path) -> Timeline:
    source = probe(path)
    stamps = [pts for pts, _ in decoded(path)]
    return Timeline([pts - stamps[0] for pts in stamps], source.end_pts - stamps[-1], source.time_base)


def steady(count: int) -> Timeline:
    return Timeline(range(count), 1, 1 / RATE)


def copied(source: Path, folder: Path, form: PartFormat = "mp4") -> tuple[Path, Joined]:
    """A clip read, encoded in three parts and joined with its sound."""
    facts, pictures = probe(source), [picture for _, picture in decoded(source)]
    sizes = [1, len(pictures) // 2, len(pictures) - 1 - len(pictures) // 2]
    parts = encoded(folder, form, pictures, sizes)
    out = folder / f"joined.{form}"
    with source.open("rb") as file:
        sound = Original(file, float(facts.start_pts * facts.time_base), math.inf)
        return out, PyAvJoiner().join(form, iter(parts), timeline_of(source), out, sound)


def running(word: str) -> bool:
    """Whether a living process has this word on its command line; Linux only."""
    return any(word.encode() in _command_line(process) for process in Path("/proc").glob("[0-9]*"))


def _command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:  # it has just ended
        return b""
