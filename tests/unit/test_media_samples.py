"""Sample tables of MP4 read from bytes made by hand; rates told from both ends of a film; directions from matrices."""

import io
import struct
from fractions import Fraction

import numpy as np
import pytest

from rotoscope.adapters.boxes import is_fragmented
from rotoscope.adapters.looks import Direction, direction
from rotoscope.adapters.rates import Ticks, rate_between
from rotoscope.adapters.samples import MOST_SAMPLES, sample_times

ONE = 1 << 16
NTSC = Fraction(30_000, 1001)
MILLISECONDS, FINE = Fraction(1, 1000), Fraction(1, 90_000)


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def runs(kind: bytes, *pairs: tuple[int, int]) -> bytes:
    return box(kind, bytes(4), struct.pack(">I", len(pairs)), *(struct.pack(">ii", *pair) for pair in pairs))


def trak(number: int, *tables: bytes, version: int = 0) -> bytes:
    times = bytes(8 if version == 0 else 16)
    header = box(b"tkhd", bytes([version, 0, 0, 7]), times, struct.pack(">I", number), bytes(60))
    return box(b"trak", header, box(b"mdia", box(b"minf", box(b"stbl", *tables))))


CHUNKS = box(b"stco", bytes(4), struct.pack(">II", 1, 48))
SOUND = trak(1, runs(b"stts", (9, 1024)), CHUNKS)
VIDEO = trak(2, runs(b"stts", (3, 512), (1, 600)), runs(b"ctts", (1, 1024), (2, -512), (1, 0)), CHUNKS)
FTYP = box(b"ftyp", b"isom" + bytes(4))


def times_of(*traks: bytes, track: int = 2) -> tuple[list[int], list[int], int] | None:
    content = FTYP + box(b"mdat", bytes(99)) + box(b"moov", *traks)
    times = sample_times(io.BytesIO(content), len(content), track)
    return (times.decoded.tolist(), times.shown.tolist(), times.first_at) if times else None


def test_a_tracks_tables_say_when_each_sample_is_decoded_and_shown() -> None:
    assert times_of(SOUND, VIDEO) == ([0, 512, 1024, 1536], [1024, 0, 512, 1536], 48)
    assert times_of(SOUND, VIDEO, track=1) == ([n * 1024 for n in range(9)], [n * 1024 for n in range(9)], 48)


def test_large_files_have_wider_numbers() -> None:
    far = box(b"co64", bytes(4), struct.pack(">IQ", 1, 1 << 40))

    assert times_of(trak(2, runs(b"stts", (1, 9)), far, version=1)) == ([0], [0], 1 << 40)


@pytest.mark.parametrize(
    "tables",
    [
        (),
        (runs(b"stts"), CHUNKS),
        (runs(b"stts", (3, 512)),),
        (runs(b"stts", (3, 512)), runs(b"ctts", (2, 512)), CHUNKS),
        (runs(b"stts", (-1, 512), (3, 512)), CHUNKS),
        (runs(b"stts", (MOST_SAMPLES, 1), (1, 1)), CHUNKS),
        (box(b"stts", bytes(4), struct.pack(">I", 1 << 31)), CHUNKS),
        (box(b"stts", bytes(4), struct.pack(">I", 2), bytes(8)), CHUNKS),
    ],
    ids=["none", "empty", "no chunks", "too few offsets", "negative", "too many", "absurd", "torn"],
)
def test_tables_that_do_not_add_up_are_left_to_the_packets(tables: tuple[bytes, ...]) -> None:
    assert times_of(trak(2, *tables)) is None


def test_fragments_and_unknown_tracks_have_no_table() -> None:
    fragmented = FTYP + box(b"moov", VIDEO, box(b"mvex"))

    assert times_of(VIDEO, box(b"mvex")) is None
    assert times_of(VIDEO, track=3) is None
    assert is_fragmented(io.BytesIO(fragmented), len(fragmented))
    assert not is_fragmented(io.BytesIO(FTYP + VIDEO), len(FTYP + VIDEO))


def stamps(rate: Fraction, time_base: Fraction, first: int, count: int) -> Ticks:
    return np.array([7 + round(n / (rate * time_base)) for n in range(first, first + count)], np.int64)


@pytest.mark.parametrize("time_base", [MILLISECONDS, FINE])
@pytest.mark.parametrize("rate", [NTSC, Fraction(24_000, 1001), Fraction(25), Fraction(60)])
def test_the_rate_of_a_film_is_the_one_that_both_its_ends_keep(rate: Fraction, time_base: Fraction) -> None:
    head, tail = stamps(rate, time_base, 0, 130), stamps(rate, time_base, 200_000, 40)

    assert rate_between(head, tail, time_base, [rate]) == rate


@pytest.mark.parametrize("broken", ["tail of another rate", "tail out of step", "tail with a gap", "uneven head"])
def test_a_film_whose_ends_disagree_has_no_rate(broken: str) -> None:
    head, tail = stamps(NTSC, FINE, 0, 130), stamps(NTSC, FINE, 200_000, 40)
    if broken == "tail of another rate":
        tail = stamps(Fraction(30), FINE, 200_000, 40)
    if broken == "tail out of step":
        tail += 1500
    if broken == "tail with a gap":
        tail = np.delete(tail, 20)
    if broken == "uneven head":
        head = np.delete(head, 20)

    assert rate_between(head, tail, FINE, [NTSC]) is None


@pytest.mark.parametrize(
    ("a", "b", "c", "d", "expected"),
    [
        (ONE, 0, 0, ONE, Direction(0)),
        (0, ONE, -ONE, 0, Direction(90)),
        (-ONE, 0, 0, -ONE, Direction(180)),
        (0, -ONE, ONE, 0, Direction(270)),
        (-ONE, 0, 0, ONE, Direction(0, mirrored=True)),
        (0, ONE, ONE, 0, Direction(90, mirrored=True)),
        (ONE, 0, 0, -ONE, Direction(180, mirrored=True)),
        (0, -ONE, -ONE, 0, Direction(270, mirrored=True)),
        (3 * ONE, 0, 0, 2 * ONE, Direction(0)),
        (46_341, 46_341, -46_341, 46_341, Direction(0)),
        (0, 0, 0, 0, Direction(0)),
    ],
)
def test_a_display_matrix_says_how_to_turn_and_flip(a: int, b: int, c: int, d: int, expected: Direction) -> None:
    assert direction((a, b, 0, c, d, 0, 0, 0, 1 << 30)) == expected
