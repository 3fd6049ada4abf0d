"""Decodes segments exactly with the FFmpeg binary: streaming, upright, square pixels, true colour. Vision set."""

import tempfile
from collections.abc import Collection, Generator, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from rotoscope.adapters import ffmpeg
from rotoscope.adapters.ffmpeg_graphs import frame_arguments, packet_arguments
from rotoscope.contracts import Segment
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import RGB, Alpha, Clip

UNSEEKABLE = ("gif", "apng")


class FfmpegReader:
    """The VideoReader. `timeout_s` bounds each pass of FFmpeg, not counting the time it waits for its reader."""

    def __init__(self, timeout_s: float = ffmpeg.TIMEOUT_S) -> None:
        self._timeout_s = timeout_s

    def frames(
        self,
        clip: Clip,
        segment: Segment,
        wanted: Collection[int] | None = None,
        size: tuple[int, int] | None = None,
    ) -> Generator[tuple[int, RGB]]:
        """(pts, picture), in order. Raises MediaToolFailed when a wanted frame is missing."""
        due = None if wanted is None else _inside(wanted, segment)
        if due == set():
            return
        with closing(self._rightly_started(clip, segment, due, size)) as stream:
            for pts, picture in stream:
                if due is not None:
                    if pts not in due:
                        continue
                    due.remove(pts)
                yield pts, picture
        if due:
            raise MediaToolFailed(f"Segment {segment.index}: {len(due)} frames did not decode, the first at {min(due)}")

    def alphas(
        self,
        clip: Clip,
        segment: Segment,
        wanted: Collection[int] | None = None,
        size: tuple[int, int] | None = None,
    ) -> Generator[tuple[int, Alpha]]:
        """(pts, opacity), in order."""
        raise NotImplementedError
        yield

    def _rightly_started(
        self, clip: Clip, segment: Segment, due: set[int] | None, size: tuple[int, int] | None
    ) -> Generator[tuple[int, RGB]]:
        """The decoded frames, from the nearest seek that does not lose the first of them."""
        for seek in _seeks(clip, segment):
            with closing(self._frames_from(clip, segment, seek, due, size)) as stream:
                first = next(stream, None)
                if seek is not None and not self._starts_right(clip, segment, seek, first and first[0], due):
                    continue
                if first:
                    yield first
                yield from stream
                return

    def _starts_right(self, clip: Clip, segment: Segment, seek: int, first: int | None, due: set[int] | None) -> bool:
        """Whether nothing can be missing before the first decoded frame."""
        if due:
            return first == min(due)
        return first == segment.start_pts or first == self._first_packet(clip, segment, seek)

    def _first_packet(self, clip: Clip, segment: Segment, seek: int) -> int | None:
        """The time stamp of the segment's first frame, found without decoding."""
        earliest: int | None = None
        arguments = packet_arguments(clip.location, clip.source, seek)
        with ffmpeg.Tool(arguments, timeout_s=self._timeout_s) as tool:
            for line in tool.lines():
                if line.startswith("#"):
                    continue
                decode, present = (int(field) for field in line.split(",")[1:3])
                if decode >= (segment.end_pts if earliest is None else earliest):
                    break  # no frame is shown before it is decoded
                if segment.start_pts <= present < segment.end_pts:
                    earliest = present if earliest is None else min(earliest, present)
        return earliest

    def _frames_from(
        self, clip: Clip, segment: Segment, seek: int | None, due: set[int] | None, size: tuple[int, int] | None
    ) -> Generator[tuple[int, RGB]]:
        with tempfile.TemporaryDirectory() as folder:
            listing = Path(folder) / "stamps"
            listing.touch()
            arguments = frame_arguments(clip.location, clip.source, segment, seek, str(listing), due, size)
            with ffmpeg.Tool(arguments, timeout_s=self._timeout_s) as tool, listing.open() as stamps:
                width, height = size or (clip.source.width, clip.source.height)
                for picture in _pictures(tool, (height, width, 3)):
                    yield int(stamps.readline()), picture
                tool.finish()


def _pictures(tool: ffmpeg.Tool, shape: tuple[int, int, int]) -> Iterator[RGB]:
    """Each picture is an array of its own: the reader's caller may keep it."""
    while True:
        picture = np.empty(shape, np.uint8)
        count = tool.read_into(picture.data.cast("B"))
        if count == 0:
            return
        if count < picture.nbytes:
            raise tool.failure("FFmpeg's last picture is incomplete")
        yield picture


def _seeks(clip: Clip, segment: Segment) -> list[int | None]:
    """Where to start decoding, nearest first; None is the beginning of the file."""
    if clip.source.container in UNSEEKABLE:
        return [None]
    return [*segment.seeks, None]


def _inside(wanted: Collection[int], segment: Segment) -> set[int]:
    return {pts for pts in wanted if segment.start_pts <= pts < segment.end_pts}
