"""Finds a video's exact frame rate in its time stamps. Film set."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy import typing as npt

Ticks = npt.NDArray[np.int64]
STANDARD = [
    *(Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120)),
    *(Fraction(n) for n in (5, 6, 8, 10, 12, 12.5, 15, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120, 240)),
]
LIKELY_ERROR = Fraction(1, 200)
TELLING_TICKS = 8
FALLBACK = Fraction(25)
MOST_MARKS = 20_000
"""Frames whose time is told where the rate varies."""


def constant_rate(stamps: Sequence[int] | Ticks, time_base: Fraction, hints: Iterable[Fraction]) -> Fraction | None:
    """Frames per second when every stamp is where that rate puts it, but for the time base's rounding; else None.

    `hints` are what the container claims; they decide between rates that a short clip cannot tell apart.
    """
    if len(stamps) < 2:
        return None
    offsets = np.asarray(stamps, np.int64) - stamps[0]
    coarse = int(np.gcd.reduce(offsets)) or 1  # what was once rounded to milliseconds stays so in a finer time base
    offsets, time_base = offsets // coarse, time_base * coarse
    mean = (len(stamps) - 1) / (int(offsets[-1]) * time_base) if offsets[-1] else None
    if not mean:
        return None
    return next((rate for rate in _candidates(mean, list(hints)) if _fits(offsets, rate, time_base)), None)


def marks_of(stamps: Sequence[int] | Ticks, rate: Fraction | None) -> list[int]:
    """SourceVideo.marks: every n-th frame's time stamp, none where a rate tells them all."""
    return [] if rate else [int(stamp) for stamp in stamps[:: len(stamps) // MOST_MARKS + 1]]


def mean_rate(frames: int, duration_s: Fraction) -> Fraction:
    """Frames per second over the whole video, short enough for an encoder's header."""
    if frames < 2 or duration_s <= 0:
        return FALLBACK
    return (frames / duration_s).limit_denominator(100_000)


def rate_between(head: Ticks, tail: Ticks, time_base: Fraction, hints: Iterable[Fraction]) -> Fraction | None:
    """The head's constant rate, when the tail, too, is where that rate puts it, without a gap; else None."""
    rate = constant_rate(head, time_base, hints)
    if rate is None:
        return None
    offsets = np.concatenate([head, tail]) - head[0]
    coarse = int(np.gcd.reduce(offsets)) or 1
    period = 1 / (rate * time_base * coarse)
    if _overflows(period, len(offsets), int(offsets.max())):
        return None
    scaled = offsets // coarse * period.denominator
    steps = (2 * scaled + period.numerator) // (2 * period.numerator)
    fits = np.abs(scaled - steps * period.numerator) < period.denominator
    return rate if np.all(fits) and np.all(np.diff(steps[len(head) :]) == 1) else None


def usual_gap(stamps: Sequence[int] | Ticks) -> int:
    """The median distance of sorted time stamps; 1 when there is only one."""
    gaps = np.sort(np.diff(np.asarray(stamps, np.int64)))
    return max(1, int(gaps[len(gaps) // 2])) if len(gaps) else 1


def _candidates(mean: Fraction, hints: list[Fraction]) -> Iterator[Fraction]:
    likely = [rate for rate in STANDARD if abs(rate / mean - 1) < LIKELY_ERROR]
    yield from (hint for hint in hints if hint in STANDARD)
    yield from sorted(likely, key=lambda rate: abs(rate - mean))
    yield from (hint for hint in hints if hint > 0)
    if mean * 1001 > 1:
        yield mean.limit_denominator(1001)


def _fits(offsets: Ticks, rate: Fraction, time_base: Fraction) -> bool:
    """Whether no stamp is a whole tick away from its place, which rounding never makes it.

    An unusual rate in a coarse time base fits anything: there a missing frame looks like rounding.
    """
    period = 1 / (rate * time_base)
    if rate not in STANDARD and period.denominator != 1 and period < TELLING_TICKS:
        return False
    if _overflows(period, len(offsets), int(offsets[-1])):
        return False
    steps = np.arange(len(offsets), dtype=np.int64) * period.numerator
    return bool(np.all(np.abs(offsets * period.denominator - steps) < period.denominator))


def _overflows(period: Fraction, count: int, last: int) -> bool:
    """Whether 64 bits are too few, which only damaged files come to."""
    return max(2 * last * period.denominator, 2 * (count + 1) * period.numerator) >= 1 << 62
