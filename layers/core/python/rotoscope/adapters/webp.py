"""Packs pictures as WebP, and joins such stills into one animation without decoding them (RFC 9649). Both sets."""

import io
import struct
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape

from PIL import Image

from rotoscope.adapters.archive import Packed, stills
from rotoscope.adapters.gif import delays_of
from rotoscope.errors import MediaToolFailed, ResultTooLarge
from rotoscope.ports import Joined, Timeline

QUALITY, EFFORT = 85, 2
"""At 1080p, an effort of 2 takes 65 ms; 4 takes 150 ms for files that are 4 % smaller. Alpha is lossless."""

MILLISECONDS = Fraction(1, 1000)
SHORTEST_MS = 11
"""Browsers show what asks for 10 ms or less for 100 ms."""
LONGEST_MS = (1 << 24) - 1
LARGEST_FILE = (1 << 32) - 10

ANIMATED, HAS_XMP, HAS_ALPHA = 0x02, 0x04, 0x10
"""Flags of the VP8X chunk."""
REPLACES = 0x02
"""A frame's flag: it is not laid over the one before, which shines through where it is transparent."""
HEAD_BYTES = 12 + 18
CODED = (b"ALPH", b"VP8 ", b"VP8L")

_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>'
    '<rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>'
)


def webp(image: Image.Image) -> Packed:
    """Packed with loss."""
    packed = io.BytesIO()
    image.save(packed, "WEBP", quality=QUALITY, method=EFFORT)
    return "webp", packed.getvalue()


def join_webps(parts: Iterable[Path], timeline: Timeline, out: Path, provenance: str = "") -> Joined:
    """One animation that plays the stills of all parts at the timeline's pace, for ever; `provenance` becomes XMP.

    Raises VideoTooLarge when it would pass the 4 GiB that the format can count.
    """
    delays = delays_of(timeline, MILLISECONDS, SHORTEST_MS, LONGEST_MS)
    count, size, alpha = 0, None, False
    with out.open("w+b") as target:
        target.write(bytes(HEAD_BYTES) + _chunk(b"ANIM", bytes(6)))
        for still in stills(parts):
            size = _require_size(still, size)
            if count == len(delays):
                raise MediaToolFailed(f"The parts hold more than {count} frames")
            coded = _coded(still)
            alpha = alpha or _has_alpha(coded)
            _append(target, _frame(coded, size, delays[count]))
            count += 1
        if size is None or count != len(delays):
            raise MediaToolFailed(f"The parts hold {count} frames, not {len(delays)}")
        if provenance:
            _append(target, _chunk(b"XMP ", _xmp(provenance)))
        _write_head(target, size, ANIMATED | (HAS_ALPHA if alpha else 0) | (HAS_XMP if provenance else 0))
    return _joined(size, timeline, delays)


def _joined(size: tuple[int, int], timeline: Timeline, delays: list[int]) -> Joined:
    duration_s = sum(delays) / 1000
    meant_s = float((timeline.ticks[-1] + timeline.last_duration) * timeline.time_base)
    notes = []
    if duration_s > meant_s * 1.02 + SHORTEST_MS / 1000:
        pace = f"this one plays {duration_s:.2f} s, not {meant_s:.2f} s"
        notes.append(f"Browsers show an animated WebP at most 90 frames a second: {pace}.")
    return Joined(len(delays), *size, duration_s, notes=notes)


def _require_size(still: bytes, wanted: tuple[int, int] | None) -> tuple[int, int]:
    with Image.open(io.BytesIO(still)) as image:
        if wanted not in (None, image.size):
            raise MediaToolFailed("A part has another size than the first part")
        return image.size


def _coded(still: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a still that hold its picture: name and content."""
    return [(name, content) for name, content in _chunks(still) if name in CODED]


def _chunks(still: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 12
    while place + 8 <= len(still):
        name, length = struct.unpack_from("<4sI", still, place)
        yield name, still[place + 8 : place + 8 + length]
        place += 8 + length + length % 2


def _has_alpha(coded: list[tuple[bytes, bytes]]) -> bool:
    return any(name == b"ALPH" or (name == b"VP8L" and content[4] & 0x10) for name, content in coded)


def _frame(coded: list[tuple[bytes, bytes]], size: tuple[int, int], delay_ms: int) -> bytes:
    head = bytes(6) + _u24(size[0] - 1) + _u24(size[1] - 1) + _u24(delay_ms) + bytes([REPLACES])
    return _chunk(b"ANMF", head + b"".join(_chunk(name, content) for name, content in coded))


def _append(target: BinaryIO, chunk: bytes) -> None:
    if target.tell() + len(chunk) > LARGEST_FILE:
        raise ResultTooLarge(
            "The animated WebP would be larger than 4 GiB, which is all that the format can count. Ask for another "
            "format, or for a smaller or shorter result: what was paid for is kept."
        )
    target.write(chunk)


def _write_head(target: BinaryIO, size: tuple[int, int], flags: int) -> None:
    whole = target.tell()
    target.seek(0)
    canvas = bytes([flags, 0, 0, 0]) + _u24(size[0] - 1) + _u24(size[1] - 1)
    target.write(struct.pack("<4sI4s", b"RIFF", whole - 8, b"WEBP") + _chunk(b"VP8X", canvas))


def _xmp(text: str) -> bytes:
    return _XMP.format(escape("".join(sign for sign in text if sign.isprintable() or sign in "\n\t"))).encode()


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", name, len(content)) + content + bytes(len(content) % 2)


def _u24(number: int) -> bytes:
    return number.to_bytes(3, "little")
