"""Tells a cut file by its last piece: boxes, blocks, clusters, chunks, tags, pages and packets state how long they are.

Not known here: a cut between two pieces where none around them states a length (GIF, FLV, Ogg, MPEG-TS, live WebM);
AVI and ASF written to a pipe, which state none; MPEG program streams, MXF, DV, IVF and sound files.
"""

import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO

from rotoscope.adapters import boxes, gif

Ends = Callable[[BinaryIO, int], Iterator[int]]
"""Where each piece of a file of some size is to end, in bytes from its beginning. Stops at what it does not know."""

EBML_HEADER, SEGMENT, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
WITHIN_SEGMENT = {0x114D9B74, 0x1549A966, 0x1654AE6B, CLUSTER, 0x1C53BB6B, 0x1941A469, 0x1043A770, 0x1254C367}
WITHIN_CLUSTER = {0xE7, 0x5854, 0xA7, 0xAB, 0xA3, 0xA0, 0xAF}
MATROSKA = {EBML_HEADER, SEGMENT, 0xEC, 0xBF} | WITHIN_SEGMENT | WITHIN_CLUSTER
"""Elements of the upper levels (RFC 9559), so that bytes which somebody appended are not taken for one."""

RIFF_UNKNOWN = (0, 0xFFFFFFFF)
RIFF_HEADER = 8
FLV_KINDS = (8, 9, 18)
FLV_TAG_HEADER = 11
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
TS_SYNC = b"G"
TS_LAYOUTS = ((188, 0), (192, 4), (204, 0))
"""Bytes in a packet and before its sync byte: plain, as camcorders write it, and with error correction."""


def ends_early(file: BinaryIO, size: int) -> bool:
    """Whether a file of `size` bytes is known to be cut. Reads its pieces' headers alone; unknown formats: False."""
    if boxes.is_iso_media(file):
        return boxes.ends_early(file, size)
    start = _at(file, 0, 16)
    ends = next((found for sign, found in _FORMATS.items() if start.startswith(sign)), _ts_packet)
    return any(end > size for end in ends(file, size))


def _at(file: BinaryIO, offset: int, count: int) -> bytes:
    """Zeros past the end: a header that is not all there then makes its piece end past the file too."""
    file.seek(offset)
    return file.read(count).ljust(count, b"\0")


def _gif_blocks(file: BinaryIO, size: int) -> Iterator[int]:
    """GIF89a, appendices. A missing trailer is no piece: players do without, and many writers too."""
    offset = 13 + _gif_table(_at(file, 10, 1)[0])
    while offset < size:
        header = _at(file, offset, 10)
        if header[0] not in (gif.IMAGE, gif.EXTENSION):
            return
        offset += 11 + _gif_table(header[9]) if header[0] == gif.IMAGE else 2
        offset = _after_gif_data(file, offset, size)
        yield offset


def _gif_table(flags: int) -> int:
    return 3 << (1 + (flags & gif.TABLE_BITS)) if flags & gif.HAS_TABLE else 0


def _after_gif_data(file: BinaryIO, offset: int, size: int) -> int:
    while offset < size:
        length = _at(file, offset, 1)[0]
        offset += 1 + length
        if not length:
            return offset
    return offset + 1  # for the empty block that closes it


def _matroska_elements(file: BinaryIO, size: int) -> Iterator[int]:
    """A segment of unknown length, as live recorders write it, is known by what is inside; so is such a cluster."""
    offset = 0
    while offset < size:
        header = _at(file, offset, 12)
        id_bytes = _vint_bytes(header[0])
        if int.from_bytes(header[:id_bytes], "big") not in MATROSKA:
            return
        length_bytes = _vint_bytes(header[id_bytes])
        length = int.from_bytes(header[id_bytes : id_bytes + length_bytes], "big") & ((1 << 7 * length_bytes) - 1)
        offset += id_bytes + length_bytes
        if length != (1 << 7 * length_bytes) - 1:
            offset += length
        yield offset


def _vint_bytes(first: int) -> int:
    """How many bytes a number takes that begins with this one (RFC 8794, 4)."""
    return 9 - first.bit_length()


def _riff_chunks(file: BinaryIO, size: int) -> Iterator[int]:
    """AVI and its OpenDML continuations. Some writers count the chunk's own header, so that much may be missing."""
    offset = 0
    while offset < size:
        name, length, form = struct.unpack("<4sI4s", _at(file, offset, 12))
        if name != b"RIFF" or form not in (b"AVI ", b"AVIX") or length in RIFF_UNKNOWN:
            return
        yield offset + length
        offset += RIFF_HEADER + length + length % 2


def _flv_tags(file: BinaryIO, size: int) -> Iterator[int]:
    offset = int.from_bytes(_at(file, 5, 4), "big") + 4
    while offset < size:
        header = _at(file, offset, 4)
        if header[0] & 0x1F not in FLV_KINDS:
            return
        offset += FLV_TAG_HEADER + int.from_bytes(header[1:], "big")
        yield offset
        offset += 4  # the length once more, for players that go backwards


def _ogg_pages(file: BinaryIO, size: int) -> Iterator[int]:
    """RFC 3533, 6."""
    offset = 0
    while offset < size and _at(file, offset, 4) == b"OggS":
        count = _at(file, offset + 26, 1)[0]
        offset += 27 + count + sum(_at(file, offset + 27, count))
        yield offset


def _png_chunks(file: BinaryIO, size: int) -> Iterator[int]:
    offset, name = len(PNG_SIGNATURE), b""
    while offset < size and name != b"IEND":
        length, name = struct.unpack(">I4s", _at(file, offset, 8))
        offset += 12 + length
        yield offset


def _asf_objects(file: BinaryIO, size: int) -> Iterator[int]:
    """Header and data; the indexes after them can be done without, and a broadcast states no length."""
    offset = 0
    while offset < size:
        name, length = struct.unpack("<16sQ", _at(file, offset, 24))
        if name not in (ASF_HEADER, ASF_DATA) or not 24 <= length < 1 << 63:
            return
        offset += length
        yield offset


def _ts_packet(file: BinaryIO, size: int) -> Iterator[int]:
    """The last packet of an MPEG transport stream; nothing for a file that is none."""
    for stride, before in TS_LAYOUTS:
        if all(_at(file, number * stride + before, 1) == TS_SYNC for number in range(5)):
            offset = size - size % stride
            if offset < size and _at(file, offset + before, 1) == TS_SYNC:
                yield offset + stride


_FORMATS: dict[bytes, Ends] = {
    **dict.fromkeys(gif.SIGNATURES, _gif_blocks),
    EBML_HEADER.to_bytes(4, "big"): _matroska_elements,
    b"RIFF": _riff_chunks,
    b"FLV\x01": _flv_tags,
    b"OggS": _ogg_pages,
    PNG_SIGNATURE: _png_chunks,
    ASF_HEADER: _asf_objects,
}
