"""Decodes segments exactly with the FFmpeg binary: streaming, upright, square pixels, true colour. Vision set."""

import tempfile
from collections.abc import Collection, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from rotoscope.adapters import decode_log, ffmpeg
from rotoscope.adapters.ffmpeg_graphs import first_packet_arguments, frame_arguments, packet_arguments
from rotoscope.adapters.ffmpeg_takes import Take
from rotoscope.adapters.group_starts import ALWAYS_ENOUGH, ANEW, IDR, keys_needed
from rotoscope.contracts import Segment, SourceVideo
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import RGB, Alpha, Clip, Damage

TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
UNSEEKABLE = ("gif", "apng", "mpegvideo")
NEAR_START_S = 1
"""A seek so near the start saves less than it takes to look where it leads."""
MOST_TRACED = 100_000
"""Frames before a segment; with more the log might fill the disk."""
BROKEN_TOO = ("-max_error_rate", "1")
"""FFmpeg would fail where most of a segment's pictures do not decode; whether the whole video will do, others say."""
UNTIMED = -(1 << 63)
NOT_KEY = "F="
"""Begins the flags in FFmpeg's list of packets, which every packet has but a sound key frame."""


@dataclass(frozen=True)
class _Lead:
    """Key frames between a seek and the first frame due, and that frame; `timed` when all packets say their time.

    How many there have to be, group_starts knows. How long pictures take that recover bit by bit shows in what is
    decoded first, too.
    """

    keys: int
    first: int | None
    timed: bool

    def leads_to(self, first: int | None) -> bool:
        """Whether that may be the first frame that was decoded."""
        return first == self.first or not self.timed


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
        damage: Damage | None = None,
    ) -> Generator[tuple[int, RGB]]:
        """(pts, picture), in order. Raises MediaToolFailed when a wanted frame is missing."""
        yield from self._wanted(Take(clip, segment, _inside(wanted, segment), size, damage=damage))

    def alphas(
        self,
        clip: Clip,
        segment: Segment,
        wanted: Collection[int] | None = None,
        size: tuple[int, int] | None = None,
    ) -> Generator[tuple[int, Alpha]]:
        """(pts, opacity), in order. Raises MediaToolFailed when a wanted frame is missing."""
        yield from self._wanted(Take(clip, segment, _inside(wanted, segment), size, opacity=True))

    def _wanted(self, take: Take) -> Generator[tuple[int, RGB]]:
        due = None if take.wanted is None else set(take.wanted)
        if due == set():
            return
        with closing(self._rightly_started(take)) as stream:
            for pts, picture in stream:
                if due is not None:
                    if pts not in due:
                        continue
                    due.remove(pts)
                yield pts, picture
        if due:
            raise MediaToolFailed(
                f"Segment {take.segment.index}: {len(due)} frames did not decode, the first at {min(due)}"
            )

    def _rightly_started(self, take: Take) -> Generator[tuple[int, RGB]]:
        """The decoded frames, from the nearest seek that does not lose or spoil the first of them."""
        for seek in _seeks(take):
            lead = None if seek is None else self._lead(take, seek)
            if lead and seek is not None and not self._enough(take, seek, lead):
                continue
            with closing(self._frames_from(take, seek)) as stream:
                first = next(stream, None)
                if lead and not lead.leads_to(first and first[0]):
                    continue
                if first:
                    yield first
                yield from stream
                return

    def _lead(self, take: Take, seek: int) -> "_Lead":
        """What the packets say, without decoding: a seek to a time may lead anywhere."""
        start, end = take.due
        keys, first, timed = 0, end, True
        with closing(self._packets(take.clip, seek)) as packets:
            for decode, present, key in packets:
                if decode > min(first, end - 1):
                    break  # no frame is shown before it is decoded
                timed = timed and present is not None
                shown = decode if present is None else present
                keys += key and shown <= start
                first = shown if start <= shown < first else first
        return _Lead(keys, first if first < end else None, timed)

    def _enough(self, take: Take, seek: int, lead: "_Lead") -> bool:
        """Whether decoding from there leads to whole pictures."""
        codec, alone = take.source.codec, 1
        if not lead.timed or take.source.interlaced:  # which needs the frame before the first, too
            alone = 2
        if codec not in IDR:
            return lead.keys >= (alone if codec in ANEW else 2)
        if not 0 < lead.keys < ALWAYS_ENOUGH:
            return lead.keys > 0
        return lead.keys >= max(alone, keys_needed(codec, self._first_packet(take.clip, seek)))

    def _first_packet(self, clip: Clip, seek: int) -> bytes:
        """Nothing where it is damaged."""
        try:
            return ffmpeg.run(first_packet_arguments(clip, seek), timeout_s=self._timeout_s)
        except MediaToolFailed:
            return b""

    def _packets(self, clip: Clip, seek: int) -> Generator[tuple[int, int | None, bool]]:
        """When each packet is decoded and shown, if it says so, and whether it is a key frame; the first one is."""
        with ffmpeg.Tool(packet_arguments(clip, seek), timeout_s=self._timeout_s) as tool:
            for line in tool.lines():
                if not line.startswith("#"):
                    fields = line.split(",")
                    decode, present = int(fields[1]), int(fields[2])
                    yield decode, None if present == UNTIMED else present, NOT_KEY not in "".join(fields[6:7])

    def _frames_from(self, take: Take, seek: int | None) -> Generator[tuple[int, RGB]]:
        with tempfile.TemporaryDirectory() as folder:
            listing = Path(folder) / "stamps"
            listing.touch()
            arguments = frame_arguments(take, seek, str(listing))
            with self._decoding(take, seek, arguments) as tool, listing.open() as stamps:
                for planes in _planes(tool, take.shape):
                    yield int(stamps.readline()) // take.ticks, _upright(_picture(planes), take.source)
                tool.finish()

    @contextmanager
    def _decoding(self, take: Take, seek: int | None, arguments: list[str]) -> Iterator[ffmpeg.Tool]:
        """A running FFmpeg, which afterwards tells what it found damaged if that is asked for."""
        traced = take.damage is not None and (seek is not None or take.ahead <= MOST_TRACED)
        with ffmpeg.Tool([*BROKEN_TOO, *arguments], timeout_s=self._timeout_s, traced=traced) as tool:
            try:
                yield tool
            finally:
                tool.kill()
                if take.damage and traced:
                    decode_log.read(tool.log(), take.segment, take.damage)


def _planes(tool: ffmpeg.Tool, shape: tuple[int, int, int]) -> Iterator[RGB]:
    """The same array each time."""
    planes = np.empty(shape, np.uint8)
    while count := tool.read_into(planes.data.cast("B")):
        if count < planes.nbytes:
            raise tool.failure("FFmpeg's last picture is incomplete")
        yield planes


def _picture(planes: RGB) -> RGB:
    """A picture of its own, which the reader's caller may keep: opacity, colours, or colours laid on white."""
    if len(planes) == 1:
        return np.array(planes[0], np.uint8)
    colours = (planes[2], planes[0], planes[1])
    if len(planes) == 4:
        clear = cv2.bitwise_not(planes[3])
        return np.asarray(cv2.merge([cv2.add(plane, clear) for plane in colours]), np.uint8)
    return np.asarray(cv2.merge(colours), np.uint8)


def _upright(picture: RGB, source: SourceVideo) -> RGB:
    if source.rotation:
        picture = np.asarray(cv2.rotate(picture, TURNS[source.rotation]), np.uint8)
    return np.asarray(cv2.flip(picture, 1), np.uint8) if source.mirrored else picture


def _seeks(take: Take) -> list[int | None]:
    """Where to start decoding, nearest first; None is the beginning of the file."""
    source = take.source
    if source.container in UNSEEKABLE:
        return [None]
    late = source.start_pts + NEAR_START_S / source.time_base
    return [*(seek for seek in take.segment.seeks if seek > late), None]


def _inside(wanted: Collection[int] | None, segment: Segment) -> set[int] | None:
    return None if wanted is None else {pts for pts in wanted if segment.start_pts <= pts < segment.end_pts}
