"""Damages files in ways that are drawn from a seed: the same seed always gives the same bytes."""

import random
import struct
from collections.abc import Callable
from dataclasses import dataclass

from tests.fuzz import corpus

Mutation = Callable[[bytearray, random.Random], None]

EXTREMES = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 8192, 65_536, 1_000_000)
NAMED = (
    *(b"stsz", b"stts", b"stsc", b"stco", b"ctts", b"stss", b"tkhd", b"mvhd", b"mdhd", b"elst", b"avc1", b"hvc1"),
    *(b"trun", b"tfhd", b"trex", b"tfdt", b"ftyp", b"moov", b"mdat", b"dref", b"colr", b"avcC", b"avih", b"strh"),
    *(b"strf", b"idx1", b"LIST", b"movi", b"IHDR", b"acTL", b"fcTL", b"fdAT", b"VP8X", b"ANIM", b"ANMF", b"OggS"),
    *(b"\x2a\xd7\xb1", b"\x44\x89", b"\xb0", b"\xba", b"\x1f\x43\xb6\x75", b"\xa3", b"\x00\x00\x01\xb3"),
    *(b"\x00\x00\x01\xba", b"\x00\x00\x00\x01\x67", b"PK\x01\x02", b"PK\x05\x06", b"\x21\xf9\x04", b"\x2c\x00"),
)
"""Words before which or after which sizes, counts, durations and dimensions stand."""


@dataclass(frozen=True)
class Mutant:
    """A damaged file, and how it came to be."""

    seed: int
    name: str
    how: tuple[str, ...]
    body: bytes


def mutant(seed: int, only: str = "") -> Mutant:
    """The seed's file. `only` takes the kinds whose name contains it."""
    chance = random.Random(seed)
    names = [name for name in corpus.NAMES if only in name]
    name = names[seed % len(names)]
    body, how = bytearray(corpus.whole(name)), []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        mutation = chance.choice(MUTATIONS)
        mutation(body, chance)
        how.append(mutation.__name__)
    return Mutant(seed, name, tuple(how), bytes(body))


def _somewhere(body: bytearray, chance: random.Random) -> int:
    """Anywhere, but half of the time in the first kilobyte, where headers lie."""
    end = max(1, len(body))
    return chance.randrange(min(end, 1024) if chance.random() < 0.5 else end)


def _span(body: bytearray, chance: random.Random) -> slice:
    start = _somewhere(body, chance)
    return slice(start, start + chance.choice((1, 4, 16, 64, 512, 4096)))


def flip_bits(body: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 4, 16, 64))):
        if body:
            body[_somewhere(body, chance)] ^= 1 << chance.randrange(8)


def zero_a_block(body: bytearray, chance: random.Random) -> None:
    span = _span(body, chance)
    body[span] = bytes(len(body[span]))


def randomise_a_block(body: bytearray, chance: random.Random) -> None:
    span = _span(body, chance)
    body[span] = chance.randbytes(len(body[span]))


def drop_a_block(body: bytearray, chance: random.Random) -> None:
    del body[_span(body, chance)]


def double_a_block(body: bytearray, chance: random.Random) -> None:
    span = _span(body, chance)
    body[span] = body[span] * 2


def cut_the_end(body: bytearray, chance: random.Random) -> None:
    del body[_somewhere(body, chance) :]


def cut_the_beginning(body: bytearray, chance: random.Random) -> None:
    del body[: _somewhere(body, chance)]


def append_another(body: bytearray, chance: random.Random) -> None:
    body += corpus.whole(chance.choice(corpus.NAMES))


def put_into_another(body: bytearray, chance: random.Random) -> None:
    """The beginning of another kind of file, then the rest of this one."""
    other = corpus.whole(chance.choice(corpus.NAMES))
    cut = chance.randrange(len(other))
    body[: _somewhere(body, chance)] = other[:cut]


def write_an_extreme(body: bytearray, chance: random.Random) -> None:
    """A number of two or four bytes near a header's name, or anywhere."""
    found = [at for word in NAMED if (at := body.find(word)) >= 0]
    near = chance.choice(found) + chance.randrange(-8, 48) if found and chance.random() < 0.8 else None
    at = max(0, _somewhere(body, chance) if near is None else near)
    number = chance.choice(EXTREMES)
    order = chance.choice("<>")
    packed = struct.pack(order + "I", number) if chance.random() < 0.6 else struct.pack(order + "H", number & 0xFFFF)
    body[at : at + len(packed)] = packed


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits,
    flip_bits,
    zero_a_block,
    randomise_a_block,
    drop_a_block,
    double_a_block,
    cut_the_end,
    cut_the_beginning,
    append_another,
    put_into_another,
    write_an_extreme,
    write_an_extreme,
    write_an_extreme,
)
