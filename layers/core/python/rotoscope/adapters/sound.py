"""Sound tracks that go to a result as they are, packet by packet. Film set."""

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer

from rotoscope.adapters import tags

if TYPE_CHECKING:
    from av.packet import Packet

COPIED = {
    "mp4": ("aac", "mp3", "ac3", "eac3", "alac"),
    "mov": ("aac", "mp3", "ac3", "alac"),
    "webm": ("opus", "vorbis"),
}
"""What players accept in each container; FFmpeg would put more into them."""

SLOWEST_MP3 = 16_000
"""Samples a second; MP4 takes no MPEG-2.5."""

RUN_UP_S = 0.1
"""Sound kept from before the cut, so that decoders settle: an edit list hides it. WebM has none and would play it."""
OPUS_DELAY_S = 0.008
"""WebM hides this much of Opus, by its CodecDelay."""


def can_copy(source: AudioStream, container: str) -> bool:
    """Whether the container takes the track's packets as they are."""
    codec = source.codec_context.codec.canonical_name
    return codec in COPIED[container] and (codec != "mp3" or source.codec_context.sample_rate >= SLOWEST_MP3)


class CopiedTrack:
    """Packets as they are, at times counted from the cut."""

    def __init__(self, source: AudioStream, target: OutputContainer, start_s: float) -> None:
        self._stream = target.add_stream_from_template(source)
        name_alike(source, self._stream)
        base = source.time_base or Fraction(1, av.time_base)
        self._shift = round(Fraction(start_s) / base)
        self._first = round(Fraction(start_s - run_up_s(source, target.format.name)) / base)
        self._reached = -(1 << 62)

    def take(self, packet: "Packet[Any]") -> "Iterator[Packet[Any]]":
        """The packet itself, or nothing when it lies before the cut.

        Raises FFmpegError for a packet that cannot be decoded: at such a one browsers stop to play. Raises ValueError
        where time goes backwards.
        """
        dts = packet.pts if packet.dts is None else packet.dts
        pts = dts if packet.pts is None else packet.pts
        if pts is None or dts is None:
            return
        if pts < self._first:
            with suppress(av.FFmpegError, ValueError):  # only that what follows can be decoded
                packet.decode()
            return
        packet.decode()
        if dts <= self._reached:
            raise ValueError("a packet that lies before the one before it")
        self._reached = dts
        packet.stream = self._stream
        packet.pts, packet.dts = pts - self._shift, dts - self._shift
        yield packet

    def end(self) -> "Iterator[Packet[Any]]":
        """Nothing is held back."""
        yield from ()


def run_up_s(source: AudioStream, container: str) -> float:
    """How much sound from before the cut a container can hide."""
    if container != "webm":
        return RUN_UP_S
    return OPUS_DELAY_S if source.codec_context.codec.canonical_name == "opus" else 0.0


def name_alike(source: AudioStream, target: AudioStream) -> None:
    """Players choose tracks by these."""
    target.metadata.update(tags.of_track(source.metadata, quicktime=target.container.format.name == "mov"))
    target.disposition = source.disposition
