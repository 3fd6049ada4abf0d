"""Reads packets and the first few pictures: of a whole file, which finds everything, or of a stretch. Film set."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from rotoscope.adapters.opening import exact
from rotoscope.adapters.rates import FALLBACK, Ticks, constant_rate, marks_of, mean_rate, usual_gap
from rotoscope.adapters.resizing import KeyPackets, decoded, other_sizes
from rotoscope.adapters.sniffing import HASTY_CS, INSTEAD_CS
from rotoscope.capacity import refuse_endless
from rotoscope.errors import TruncatedVideo, UnreadableVideo
from rotoscope.sizes import Size

if TYPE_CHECKING:
    from av.packet import Packet

FEW = 4
"""Pictures that are decoded: whether fields are interlaced does not always show in the first."""

TRIES = 1_000
"""Packets after which nobody hopes for a picture any more."""

TRUSTED_LENGTH = ("mp4", "mov", "matroska", "webm", "flv", "asf")
"""Containers that state their own duration, so that a file which ends before it is known to be cut. AVI written to a
pipe states a wrong one."""

LENGTH_SLACK_S, LENGTH_SLACK = 0.5, 0.02
"""How far the last packet of all streams may stay behind the stated duration: the larger of seconds and share."""

REORDERING = 64
"""No frame is shown so many frames after it was decoded."""

SEND_AGAIN = "Please export or record it again and upload the new file."
CUT_OFF = "The file ends before its video does: the upload or the recording was cut off. Please upload the whole file."


@dataclass
class Pictures:
    """The first picture, and whether one of the first few is interlaced."""

    first: VideoFrame | None = None
    interlaced: bool = False
    seen: int = 0
    tries: int = 0

    @property
    def enough(self) -> bool:
        """Whether further packets need not be decoded."""
        return self.seen >= FEW or self.tries >= TRIES

    def look(self, packet: "Packet[Any]") -> None:
        """Decodes one packet of the video stream."""
        self.tries += 1
        for frame in decoded(packet):
            self.first = self.first or frame
            self.interlaced = self.interlaced or frame.interlaced_frame
            self.seen += 1


@dataclass
class PacketTable:
    """What a pass over packets finds, in the video stream's time base. Eight bytes a frame."""

    stamps: "array[int]" = field(default_factory=lambda: array("q"))
    keyframes: "array[int]" = field(default_factory=lambda: array("q"))
    discarded: int = 0
    last_duration: int = 0
    longest_s: Fraction = Fraction(0)
    pictures: Pictures = field(default_factory=Pictures)
    keys: KeyPackets = field(default_factory=KeyPackets)

    def note(self, packet: "Packet[Any]") -> None:
        """Takes up one packet of the video stream."""
        if not self.pictures.enough:
            self.pictures.look(packet)
        stamp = packet.dts if packet.pts is None else packet.pts
        if stamp is None:
            return
        if packet.is_discard:
            self.discarded += 1
            return
        if not self.stamps or stamp >= max(self.stamps[-REORDERING:]):
            self.last_duration = packet.duration or 0
        self.stamps.append(stamp)
        if packet.is_keyframe:
            self.keyframes.append(stamp)
            self.keys.note(packet)

    def sorted_stamps(self) -> Ticks:
        """Of the frames that are shown."""
        return np.sort(np.frombuffer(self.stamps, np.int64)) if self.stamps else np.empty(0, np.int64)


@dataclass(frozen=True)
class Timing:
    """What SourceVideo says of time, however it was found; `rate` is None where it varies."""

    start_pts: int
    end_pts: int
    frames: int
    rate: Fraction | None
    average: Fraction
    keyframes: list[int]
    pictures: Pictures
    counted: bool = True
    indexed: bool = True
    marks: list[int] = field(default_factory=list)
    other_sizes: list[Size] = field(default_factory=list)


def all_of(container: InputContainer, stream: VideoStream) -> Timing:
    """Reads every packet once. Raises UnreadableVideo, TruncatedVideo or, before all of it is read, VideoTooLarge."""
    packets = counted_packets(container)
    table = noted(as_seen(packets) if container_name(container) == "gif" else packets, stream)
    if not table.stamps:
        raise UnreadableVideo(f"The file names a video but holds no pictures. {SEND_AGAIN}")
    if lacks_frames(container, stream, table) or falls_short(container, table):
        raise TruncatedVideo(CUT_OFF)
    end = 0 if table.discarded else stated_end(container, stream, min(table.stamps))
    timing = timed(stream, table.sorted_stamps(), (end, table.last_duration), sorted(table.keyframes), table.pictures)
    return replace(timing, other_sizes=other_sizes(stream, table.pictures.first, table.keys))


def packets_of(container: InputContainer, *streams: VideoStream) -> Iterator["Packet[Any]"]:
    """From where the container is to its end; of all streams if none is named. Late streams trip PyAV at the end."""
    try:
        yield from container.demux(*streams)
    except IndexError:
        return


def counted_packets(container: InputContainer) -> Iterator["Packet[Any]"]:
    """All of them: subtitles may be what lasts until the stated end."""
    video = 0
    for number, packet in enumerate(packets_of(container)):
        video += packet.stream.type == "video"
        refuse_endless(video, number)
        yield packet


def as_seen(packets: Iterable["Packet[Any]"]) -> Iterator["Packet[Any]"]:
    """A GIF's, at the times at which browsers show them, as TIMED_AS_SEEN has them read."""
    late = 0
    for packet in packets:
        if packet.pts is not None and packet.dts is not None:
            packet.pts, packet.dts = packet.pts + late, packet.dts + late
        if packet.duration == HASTY_CS:
            packet.duration = INSTEAD_CS
            late += INSTEAD_CS - HASTY_CS
        yield packet


def noted(packets: Iterable["Packet[Any]"], stream: VideoStream) -> PacketTable:
    """A pass over these packets."""
    table = PacketTable()
    for packet in packets:
        if packet.stream is stream:
            table.note(packet)
        if packet.dts is not None and packet.time_base:
            table.longest_s = max(table.longest_s, (packet.dts + (packet.duration or 0)) * packet.time_base)
    return table


def timed(
    stream: VideoStream, stamps: Ticks, ending: tuple[int, int], keyframes: list[int], pictures: Pictures
) -> Timing:
    """From every frame's sorted stamp; `ending` is the stated end and the last frame's duration, 0 where unknown."""
    start_pts, end_pts = int(stamps[0]), end_of(stamps, *ending)
    time_base = time_base_of(stream)
    rate = constant_rate(stamps, time_base, hints_of(stream))
    mean = mean_rate(len(stamps), (end_pts - start_pts) * time_base) if len(stamps) > 1 else FALLBACK
    marks = marks_of(stamps, rate)
    return Timing(start_pts, end_pts, len(stamps), rate, rate or mean, keyframes, pictures, marks=marks)


def end_of(stamps: Ticks, stated: int, last_duration: int) -> int:
    """Where the last of the sorted frames ends."""
    last = int(stamps[-1])
    return stated if stated > last else last + (last_duration or usual_gap(stamps))


def time_base_of(stream: VideoStream) -> Fraction:
    """Seconds per tick."""
    return exact(stream.time_base) or Fraction(1, av.time_base)


def hints_of(stream: VideoStream) -> list[Fraction]:
    """What the container claims or FFmpeg guesses of the frame rate."""
    return [rate for rate in map(exact, (stream.average_rate, stream.guessed_rate, stream.base_rate)) if rate]


def lacks_frames(container: InputContainer, stream: VideoStream, table: PacketTable) -> bool:
    """Whether the header names more frames than there are. AVI counts frames that were dropped."""
    return container_name(container) != "avi" and stream.frames > len(table.stamps) + table.discarded


COUNT_FROM_ZERO = ("matroska", "webm")
"""Containers whose stated duration includes what lies before the first frame."""


def falls_short(container: InputContainer, table: PacketTable) -> bool:
    """Whether the last packet ends long before the stated duration."""
    if container_name(container) not in TRUSTED_LENGTH or not container.duration:
        return False
    promised_s = container.duration / av.time_base
    begins_s = 0 if container_name(container) in COUNT_FROM_ZERO else (container.start_time or 0) / av.time_base
    found_s = float(table.longest_s) - begins_s
    return found_s < promised_s - max(LENGTH_SLACK_S, promised_s * LENGTH_SLACK)


def stated_end(container: InputContainer, stream: VideoStream, start: int) -> int:
    """Where the video ends by its header, 0 where that says nothing of the video alone.

    It counts for MP4, where nothing is discarded: its packets' durations are distances of decoding.
    """
    if container_name(container) in ("mp4", "mov"):
        return start + (stream.duration or 0)
    if container_name(container) == "matroska" and not container.streams.audio:
        return round(Fraction(container.duration or 0, av.time_base) / time_base_of(stream))  # counted from time 0
    return 0


def container_name(container: InputContainer) -> str:
    """One name for what FFmpeg calls "mov,mp4,m4a,3gp,3g2,mj2" or "matroska,webm". Without a brand it is QuickTime."""
    names = container.format.name.split(",")
    if "mov" in names:
        return "mov" if container.metadata.get("major_brand", "qt").startswith("qt") else "mp4"
    return names[0]
