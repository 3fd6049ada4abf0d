"""Walks the top-level boxes of MP4 and QuickTime files (ISO/IEC 14496-12, 4.2), to see whether all of it is there."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp")
HEADER_BYTES = 16


def is_iso_media(file: BinaryIO) -> bool:
    """Whether the file begins like an MP4 or QuickTime file."""
    file.seek(0)
    return file.read(8)[4:] in FIRST_BOXES


def ends_early(file: BinaryIO, size: int) -> bool:
    """Whether an MP4 or QuickTime file lacks its index, or a part of its index or media. Other files: False."""
    if not is_iso_media(file):
        return False
    complete = {kind: end <= size for kind, end in _boxes(file, size)}
    return not (complete.get(b"moov", False) and complete.get(b"mdat", True) and complete.get(b"moof", True))


def _boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """(type, end offset) of each; the last one may end past the file."""
    offset = 0
    while offset + 8 <= size:
        file.seek(offset)
        header = file.read(HEADER_BYTES).ljust(HEADER_BYTES, b"\0")
        length, kind, large = struct.unpack(">I4sQ", header)
        if length == 0:  # to the end of the file
            length = size - offset
        elif length == 1:
            length = large
        if length < 8:
            return  # not a box: whatever somebody appended
        offset += length
        yield kind, offset
