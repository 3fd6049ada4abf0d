"""Walks the boxes of MP4 and QuickTime files (ISO/IEC 14496-12, 4.2), to see whether all of it is there."""

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp")
HEADER_BYTES = 8
LARGE_HEADER_BYTES = 16


class Box(NamedTuple):
    """Where its content begins and where it ends, which may be past the file."""

    kind: bytes
    body: int
    end: int


def is_iso_media(file: BinaryIO) -> bool:
    """Whether the file begins like an MP4 or QuickTime file."""
    file.seek(0)
    return file.read(8)[4:] in FIRST_BOXES


def ends_early(file: BinaryIO, size: int) -> bool:
    """Whether an MP4 or QuickTime file lacks its index, or a part of its index or media. Other files: False."""
    if not is_iso_media(file):
        return False
    complete = {box.kind: box.end <= size for box in boxes(file, 0, size)}
    return not (complete.get(b"moov", False) and complete.get(b"mdat", True) and complete.get(b"moof", True))


def is_fragmented(file: BinaryIO, size: int) -> bool:
    """Whether the media's index lies in pieces between the media (8.8)."""
    return is_iso_media(file) and inside(file, Box(b"", 0, size), b"moov", b"mvex") is not None


def boxes(file: BinaryIO, offset: int, end: int) -> Iterator[Box]:
    """Those between two offsets; the last one may end past the second."""
    while offset + HEADER_BYTES <= end:
        file.seek(offset)
        header = file.read(LARGE_HEADER_BYTES).ljust(LARGE_HEADER_BYTES, b"\0")
        length, kind, large = struct.unpack(">I4sQ", header)
        body = offset + HEADER_BYTES
        if length == 0:  # to the end of the file
            length = end - offset
        elif length == 1:
            length, body = large, offset + LARGE_HEADER_BYTES
        if length < HEADER_BYTES:
            return  # not a box: whatever somebody appended
        offset += length
        yield Box(kind, body, offset)


def inside(file: BinaryIO, box: Box | None, *path: bytes) -> Box | None:
    """The first box of the last kind, found by way of the first boxes of the other kinds."""
    for kind in path:
        if box is None:
            return None
        box = next((child for child in boxes(file, box.body, box.end) if child.kind == kind), None)
    return box
