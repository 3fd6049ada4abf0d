"""Finds out whether the picture's size changes on the way, from key frames that lie spread over what was read. Film
set."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from rotoscope.adapters.looks import displayed_size, plausible
from rotoscope.adapters.opening import exact
from rotoscope.sizes import Size

if TYPE_CHECKING:
    from av.packet import Packet

MOST_KEPT = 16
"""Key frames that are decoded, besides the last one: 10 ms each at 1080p."""

MOST_BYTES = 32 << 20

UNDECODED = (av.FFmpegError, ValueError)
"""What PyAV raises over a packet; from version 19 on the second, once a decoder could not be opened."""


@dataclass
class KeyPackets:
    """Of all key frames that were noted every first, second, fourth ... and the last."""

    kept: "list[Packet[Any]]" = field(default_factory=list)
    last: "Packet[Any] | None" = None
    count: int = 0
    step: int = 1

    def note(self, packet: "Packet[Any]") -> None:
        """Takes up one packet of a key frame, which come in their order."""
        if self.count % self.step == 0:
            self.kept.append(packet)
        self.count += 1
        self.last = packet
        while len(self.kept) > 1 and (len(self.kept) > MOST_KEPT or sum(each.size for each in self.kept) > MOST_BYTES):
            self.kept, self.step = self.kept[::2], self.step * 2

    def spread(self) -> "list[Packet[Any]]":
        """Those that are looked at, in their order."""
        return [*self.kept, *([self.last] if self.last and self.last not in self.kept else [])]


def other_sizes(stream: VideoStream, first: VideoFrame | None, *noted: KeyPackets) -> list[Size]:
    """Displayed sizes of key frames, each once, other than the first picture's; all that was wanted is decoded before.

    Pictures of other sizes and other pixels may well be displayed in the same size.
    """
    if first is None:
        return []
    usual, found = displayed_size(first, plausible(exact(stream.sample_aspect_ratio))), dict[Size, None]()
    for frame, aspect in (seen for each in noted for packet in each.spread() for seen in _alone(stream, packet)):
        size = displayed_size(frame, aspect)
        if (frame.width, frame.height) != (first.width, first.height) and size != usual:
            found[size] = None
    return list(found)


def _alone(stream: VideoStream, packet: "Packet[Any]") -> list[tuple[VideoFrame, Fraction]]:
    """What comes of one packet without those around it, and how wide its pixels are."""
    context = stream.codec_context
    try:
        context.flush_buffers()
        frames = [*decoded(packet), *context.decode(None)]
    except UNDECODED:
        return []
    aspect = plausible(exact(context.sample_aspect_ratio))
    return [(frame, aspect) for frame in frames if not frame.is_corrupt]


def decoded(packet: "Packet[Any]") -> list[VideoFrame]:
    """The pictures that the decoder has ready after this packet."""
    try:
        frames = packet.decode()
    except UNDECODED:  # a stream may begin in the middle of something; a later packet will do
        return []
    return [frame for frame in frames if isinstance(frame, VideoFrame)]
