"""Whole files told from cut ones, and stored objects read in ranges."""

import io
import struct

import pytest

from rotoscope.adapters.pieces import ends_early
from rotoscope.adapters.ranges import RangeFile, byte_range


def box(kind: bytes, body: bytes = b"", *, length: int | None = None) -> bytes:
    return struct.pack(">I4s", length if length is not None else 8 + len(body), kind) + body


FTYP = box(b"ftyp", b"isom" + bytes(4))
MOOV, MDAT = box(b"moov", bytes(40)), box(b"mdat", bytes(90))
LARGE = struct.pack(">I4sQ", 1, b"mdat", 16 + 90) + bytes(90)


@pytest.mark.parametrize(
    ("content", "cut"),
    [
        (FTYP + MOOV + MDAT, False),
        (FTYP + MDAT + MOOV, False),
        (MOOV + MDAT, False),
        (FTYP + LARGE + MOOV, False),
        (FTYP + MOOV + box(b"mdat", bytes(90), length=0), False),
        (FTYP + MOOV + MDAT + b"\0" * 30, False),
        (FTYP + MOOV + MDAT + b"somebody's note", False),
        (FTYP + MOOV + MDAT[:-1], True),
        (FTYP + MDAT, True),
        (FTYP + MDAT + MOOV[:-1], True),
        (FTYP + LARGE[:-1], True),
        (FTYP + MOOV + box(b"moof", bytes(20)) + MDAT + box(b"moof", bytes(20))[:-4], True),
        (b"something else altogether", False),
        (b"", False),
    ],
)
def test_an_mp4_that_lacks_a_part_of_itself_is_known_by_its_boxes(content: bytes, cut: bool) -> None:
    assert ends_early(io.BytesIO(content), len(content)) is cut


GIF = b"GIF89a" + bytes(4) + b"\x80\0\0" + bytes(6)
PICTURE = b"\x21\xf9\x04" + bytes(4) + b"\0" + b"\x2c" + bytes(8) + b"\x81" + bytes(12) + b"\x02\x03abc\x01d\0"
LIVE = b"\x1a\x45\xdf\xa3\x80" + b"\x18\x53\x80\x67\xff" + b"\x1f\x43\xb6\x75\x01" + b"\xff" * 7
FRAME = b"\xa3\x40\x64" + bytes(100)
RIFF = struct.pack("<4sI4s", b"RIFF", 104, b"AVI ") + bytes(100)
FLV = b"FLV\x01\x05\0\0\0\x09" + bytes(4)
TAG = b"\x09\0\0\x64" + bytes(7 + 100) + b"\0\0\0\x6f"
PAGE = b"OggS" + bytes(22) + b"\x02\xff\x0a" + bytes(265)
PNG = b"\x89PNG\r\n\x1a\n" + box(b"fdAT", bytes(60), length=56) + box(b"IEND", bytes(4), length=0)
PACKET = b"G" + bytes(187)

PIECES: dict[str, tuple[bytes, int]] = {
    "GIF": (GIF + PICTURE * 2 + b";", 2),
    "GIF with something appended": (GIF + PICTURE + b";" + b"\x2cnote", 7),
    "live WebM": (LIVE + FRAME * 2, 1),
    "WebM of known length": (LIVE[:5] + b"\x18\x53\x80\x67\x40\x67" + FRAME, 1),
    "AVI": (RIFF, 9),
    "OpenDML": (RIFF + RIFF.replace(b"AVI ", b"AVIX"), 9),
    "FLV": (FLV + TAG * 2, 5),
    "Ogg": (PAGE * 2, 1),
    "animated PNG": (PNG, 1),
    "MPEG-TS": (PACKET * 6, 1),
    "camcorder": ((bytes(4) + PACKET) * 6, 1),
    "MPEG-TS with error correction": ((PACKET + bytes(16)) * 6, 1),
}
"""A whole file, and how many bytes can go from its end before a piece of it is known to be cut."""


@pytest.mark.parametrize(("content", "missed"), PIECES.values(), ids=PIECES.keys())
def test_a_file_cut_inside_its_last_piece_is_known_by_what_that_piece_says_of_itself(
    content: bytes, missed: int
) -> None:
    assert not ends_early(io.BytesIO(content), len(content))
    assert not ends_early(io.BytesIO(content[: 1 - missed or None]), len(content) + 1 - missed)
    assert ends_early(io.BytesIO(content[:-missed]), len(content) - missed)


@pytest.mark.parametrize("left", range(len(GIF), len(GIF + PICTURE)))
def test_a_gif_cut_at_any_byte_of_its_picture_is_known(left: int) -> None:
    content = (GIF + PICTURE)[:left]

    known = ends_early(io.BytesIO(content), left)

    assert known is (left not in (len(GIF), len(GIF) + 8))  # between two blocks nothing is missing


@pytest.mark.parametrize(
    "content",
    [
        LIVE + FRAME + b"somebody's note",
        RIFF.replace(struct.pack("<I", 104), bytes(4)),
        RIFF.replace(b"AVI ", b"WAVE")[:-50],
        FLV + TAG + b"note",
        PAGE + b"note",
        PNG + b"note",
        PACKET * 6 + b"note",
        b"G" * 3,
    ],
)
def test_what_states_no_length_or_has_something_appended_is_not_called_cut(content: bytes) -> None:
    assert not ends_early(io.BytesIO(content), len(content))


def test_a_huge_file_is_judged_by_the_headers_of_its_pieces_alone() -> None:
    beginning, apart, block = LIVE[:10], 1 << 30, 4096
    cluster = b"\x1f\x43\xb6\x75" + struct.pack(">Q", (1 << 56) + apart - 12)
    size = len(beginning) + 16 * apart
    fetched: list[int] = []

    def fetch(start: int, end: int) -> bytes:
        fetched.append(end - start)
        return ((beginning if start == 0 else bytes(len(beginning))) + cluster).ljust(block, b"\0")[: end - start]

    known = [
        ends_early(io.BufferedReader(RangeFile(fetch, all_of_it, block)), all_of_it) for all_of_it in (size, size - 1)
    ]

    assert known == [False, True]
    assert len(fetched) < 150


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, range(100)),
        ("bytes=0-", range(100)),
        ("bytes=10-19", range(10, 20)),
        ("bytes=90-200", range(90, 100)),
        ("bytes=100-", range(0)),
        ("bytes=-5", range(0)),
        ("bytes=1-2,4-5", range(0)),
        ("pages=1-2", range(0)),
    ],
)
def test_a_range_header_means_what_http_says(header: str | None, span: range) -> None:
    assert list(byte_range(header, 100)) == list(span)


def test_a_range_file_reads_like_a_file_and_fetches_each_block_once() -> None:
    content = bytes(range(256)) * 4
    fetched: list[tuple[int, int]] = []

    def fetch(start: int, end: int) -> bytes:
        fetched.append((start, end))
        return content[start:end]

    file = io.BufferedReader(RangeFile(fetch, len(content), block_bytes=300), buffer_size=64)

    assert file.read() == content
    file.seek(-24, io.SEEK_END)
    assert file.read() == content[-24:]
    file.seek(250)
    assert file.read(100) == content[250:350]
    assert fetched == [(0, 300), (300, 600), (600, 900), (900, 1024)]


def test_a_range_file_remembers_only_its_latest_blocks() -> None:
    fetched: list[int] = []

    def fetch(start: int, end: int) -> bytes:
        fetched.append(start)
        return bytes(end - start)

    file = RangeFile(fetch, 1000, block_bytes=10)

    for offset in (*range(0, 100, 10), 90, 0):
        file.seek(offset)
        file.read(1)

    assert fetched == [*range(0, 100, 10), 0]


def test_who_reads_on_from_block_to_block_gets_more_of_them_at_once() -> None:
    content = bytes(range(250)) * 4
    fetched: list[tuple[int, int]] = []

    def fetch(start: int, end: int) -> bytes:
        fetched.append((start, end))
        return content[start:end]

    file = io.BufferedReader(RangeFile(fetch, len(content), block_bytes=50, ahead=4), buffer_size=16)

    whole = file.read()
    file.seek(500)
    again = file.read(150)

    assert (whole, again) == (content, content[500:650])
    assert fetched == [(0, 50), (50, 150), (150, 350), (350, 550), (550, 750), (750, 950), (950, 1000)]
