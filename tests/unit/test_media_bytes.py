"""Whole files told from cut ones, and stored objects read in ranges."""

import io
import struct

import pytest

from rotoscope.adapters.boxes import ends_early
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
        (b"\x1a\x45\xdf\xa3 matroska", False),
        (b"", False),
    ],
)
def test_an_mp4_that_lacks_a_part_of_itself_is_known_by_its_boxes(content: bytes, cut: bool) -> None:
    assert ends_early(io.BytesIO(content), len(content)) is cut


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
