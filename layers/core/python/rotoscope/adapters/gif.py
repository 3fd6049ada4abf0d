"""Joins GIFs without decoding them, block by block, with new delays (GIF89a specification, CompuServe 1990)."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from rotoscope.errors import MediaToolFailed
from rotoscope.ports import Joined, Timeline

SIGNATURES = (b"GIF87a", b"GIF89a")
IMAGE, EXTENSION, TRAILER = 0x2C, 0x21, 0x3B
GRAPHIC_CONTROL = 0xF9
HAS_TABLE, TABLE_BITS = 0x80, 0x07
CENTISECONDS = Fraction(1, 100)
SHORTEST_DELAY = 2
LONGEST_DELAY = 65_535
LOOP_FOR_EVER = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
COMMENT = b"\x21\xfe"
LARGEST_BLOCK = 255
NO_CONTROL = bytes(4)
DISPOSAL, CLEARED, TRANSPARENT = 0x1C, 0x08, 0x01
LAST_COLOUR = 255
"""Bits of a graphic control's flags: what becomes of a picture's place when it was shown, that it is cleared, and that
an index is transparent."""


@dataclass(frozen=True)
class Screen:
    """A GIF's logical screen, and its global colour table: what images without a table of their own use."""

    width: int
    height: int
    table: bytes


@dataclass(frozen=True)
class Image:
    """One picture: its graphic control (flags, delay, transparent index), descriptor, colours, and packed data."""

    control: bytes
    descriptor: bytes
    table: bytes
    data: bytes


@dataclass(frozen=True)
class Control:
    """One picture's graphic control: where it lies, flags and transparent index; whether its colours are its own."""

    place: int
    flags: int
    clear: int
    own_table: bool


def join_gifs(parts: Iterable[Path], timeline: Timeline, out: Path, provenance: str = "") -> Joined:
    """One GIF that plays the parts one after another at the timeline's pace, for ever, with a comment."""
    delays = delays_of(timeline)
    count, screen = 0, None
    with out.open("wb") as target:
        for part in parts:
            with part.open("rb") as source:
                opened = _read_screen(source)
                if screen is None:
                    screen = opened
                    target.write(_header(screen) + LOOP_FOR_EVER + _comment(provenance))
                for image in _images(source):
                    if count == len(delays):
                        raise MediaToolFailed(f"The parts hold more than {count} frames")
                    target.write(_image_bytes(image, opened, screen, delays[count]))
                    count += 1
        target.write(bytes([TRAILER]))
    if screen is None or count != len(delays):
        raise MediaToolFailed(f"The parts hold {count} frames, not {len(delays)}")
    return _joined(screen, timeline, delays)


def clear_after_each(part: Path) -> None:
    """Makes every picture of a part leave nothing behind. FFmpeg clears only those that have something transparent.

    Opaque ones get a transparent colour too, as that is what a place is cleared to: that of the common colour table, or
    the last of 256, which is free in their own: a palette has 255 colours beside the transparent one.
    """
    with part.open("r+b") as file:
        _read_screen(file)
        controls = list(_controls(file))
        common = next((each.clear for each in controls if each.flags & TRANSPARENT and not each.own_table), LAST_COLOUR)
        for each in controls:
            clear = each.clear if each.flags & TRANSPARENT else LAST_COLOUR if each.own_table else common
            file.seek(each.place)
            file.write(bytes([each.flags & ~DISPOSAL | CLEARED | TRANSPARENT]))
            file.seek(each.place + 3)
            file.write(bytes([clear]))


def delays_of(
    timeline: Timeline, unit: Fraction = CENTISECONDS, shortest: int = SHORTEST_DELAY, longest: int = LONGEST_DELAY
) -> list[int]:
    """Each frame's units (seconds; a GIF's are hundredths). Rounding never adds up.

    Only frames shorter than `shortest` play slower, for a GIF at more than 50 a second.
    """
    ends = [*timeline.ticks[1:], timeline.ticks[-1] + timeline.last_duration]
    delays, shown = [], 0
    for end in ends:
        due = round(end * timeline.time_base / unit) - shown
        delays.append(min(max(due, shortest), longest))
        shown += delays[-1]
    return delays


def _joined(screen: Screen, timeline: Timeline, delays: Sequence[int]) -> Joined:
    duration_s = sum(delays) / 100
    meant_s = float((timeline.ticks[-1] + timeline.last_duration) * timeline.time_base)
    notes = []
    if duration_s > meant_s * 1.02 + SHORTEST_DELAY / 100:
        notes.append(f"A GIF shows at most 50 frames a second: this one plays {duration_s:.2f} s, not {meant_s:.2f} s.")
    return Joined(len(delays), screen.width, screen.height, duration_s, notes=notes)


def _controls(source: BinaryIO) -> Iterator[Control]:
    """Of each picture that has one."""
    place, blocks = 0, b""
    while (kind := _exactly(source, 1)[0]) != TRAILER:
        if kind == EXTENSION:
            label, start = _exactly(source, 1)[0], source.tell() + 1
            found = _sub_blocks(source)
            if label == GRAPHIC_CONTROL:
                place, blocks = start, found
        else:
            own = bool(_read_table(source, _exactly(source, 9)[8]))
            _exactly(source, 1), _sub_blocks(source)
            if blocks:
                yield Control(place, blocks[1], blocks[4], own)
            blocks = b""


def _read_screen(source: BinaryIO) -> Screen:
    if source.read(6) not in SIGNATURES:
        raise MediaToolFailed("A part is no GIF")
    width, height, flags, _, _ = struct.unpack("<HHBBB", _exactly(source, 7))
    return Screen(width, height, _read_table(source, flags))


def _read_table(source: BinaryIO, flags: int) -> bytes:
    return _exactly(source, 3 << (1 + (flags & TABLE_BITS))) if flags & HAS_TABLE else b""


def _images(source: BinaryIO) -> Iterator[Image]:
    control = NO_CONTROL
    while (kind := _exactly(source, 1)[0]) != TRAILER:
        if kind == EXTENSION:
            label = _exactly(source, 1)[0]
            blocks = _sub_blocks(source)
            if label == GRAPHIC_CONTROL:
                control = blocks[1:5]
        elif kind == IMAGE:
            descriptor = _exactly(source, 9)
            table = _read_table(source, descriptor[8])
            yield Image(control, descriptor, table, _exactly(source, 1) + _sub_blocks(source))
            control = NO_CONTROL
        else:
            raise MediaToolFailed(f"A part holds a block of unknown kind {kind:#x}")


def _sub_blocks(source: BinaryIO) -> bytes:
    """Length-prefixed blocks up to the empty one, prefixes and all."""
    found = bytearray()
    while True:
        length = _exactly(source, 1)
        found += length
        if length == b"\0":
            return bytes(found)
        found += _exactly(source, length[0])


def _exactly(source: BinaryIO, count: int) -> bytes:
    found = source.read(count)
    if len(found) < count:
        raise MediaToolFailed("A part ends in the middle of a picture")
    return found


def _header(screen: Screen) -> bytes:
    flags = HAS_TABLE | 0x70 | _table_bits(screen.table) if screen.table else 0x70
    return b"GIF89a" + struct.pack("<HHBBB", screen.width, screen.height, flags, 0, 0) + screen.table


def _comment(text: str) -> bytes:
    """A comment extension: blocks of at most 255 bytes."""
    body = text.encode()
    blocks = [body[start : start + LARGEST_BLOCK] for start in range(0, len(body), LARGEST_BLOCK)]
    return COMMENT + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0" if blocks else b""


def _image_bytes(image: Image, part: Screen, screen: Screen, delay: int) -> bytes:
    """One picture in the joined file: its part's colour table becomes its own unless the whole file has the same."""
    flags, _, transparent = struct.unpack("<BHB", image.control)
    control = struct.pack("<BBBBHBB", EXTENSION, GRAPHIC_CONTROL, 4, flags, delay, transparent, 0)
    table = image.table or (part.table if part.table != screen.table else b"")
    marks = image.descriptor[8] & ~(HAS_TABLE | TABLE_BITS) | (HAS_TABLE | _table_bits(table) if table else 0)
    return control + bytes([IMAGE]) + image.descriptor[:8] + bytes([marks]) + table + image.data


def _table_bits(table: bytes) -> int:
    return (len(table) // 3).bit_length() - 2
