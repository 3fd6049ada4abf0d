"""How many key frames decoding has to pass before pictures are whole, as the first packet tells. Vision set."""

import re
from collections.abc import Iterator

ANEW = ("vp8", "vp9", "av1", "mpeg2video", "mpeg4", "mjpeg", "prores", "theora")
"""Codecs in which nothing that is shown after a key frame refers to anything before it."""
IDR = {"h264": re.compile(rb"\x00\x00\x01[\x05\x25\x45\x65]"), "hevc": re.compile(rb"\x00\x00\x01[\x26\x28]\x01")}
"""How the key frames begin of which that holds, too. After others FFmpeg takes some pictures' times for others'."""
_SEI = re.compile(rb"\x00\x00\x01\x06(.*?)(?=\x00\x00\x01|\Z)", re.DOTALL)
RECOVERY_POINT = 6
ALWAYS_ENOUGH = 3


def keys_needed(codec: str, packet: bytes) -> int:
    """Key frames, the first packet of H.264 or HEVC among them.

    One where nothing after it counts on what was before; two where groups are open; three where no frame is a key and
    pictures are refreshed strip by strip: FFmpeg skips what comes before the first point of recovery, and so a strip.
    """
    if IDR[codec].search(packet):
        return 1
    return ALWAYS_ENOUGH if codec == "h264" and _refreshes(packet) else 2


def _refreshes(packet: bytes) -> bool:
    """Whether its point of recovery lies further on (recovery_frame_cnt, an Exp-Golomb code: 0 is a single 1 bit)."""
    points = (body for message in _SEI.findall(packet) for kind, body in _payloads(message) if kind == RECOVERY_POINT)
    return any(body[:1] < b"\x80" for body in points)


def _payloads(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each payload of a supplemental message (H.264, 7.3.2.3.1)."""
    place = 0
    while place + 2 < len(message):
        kind, place = _number(message, place)
        size, place = _number(message, place)
        yield kind, message[place : place + size]
        place += size


def _number(message: bytes, place: int) -> tuple[int, int]:
    """A number in bytes of 255 and a last smaller one, and where it ends."""
    total = 0
    while message[place : place + 1] == b"\xff":
        total, place = total + 255, place + 1
    return total + sum(message[place : place + 1]), place + 1
