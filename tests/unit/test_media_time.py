"""Exact rates from time stamps, decode times from nothing but order, GIF delays without drift."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope.adapters.gif import delays_of
from rotoscope.adapters.rates import constant_rate, mean_rate, usual_gap
from rotoscope.adapters.retime import decode_ticks, display_durations, last_decoding
from rotoscope.ports import Timeline

NTSC = Fraction(30_000, 1001)
GAPS = st.lists(st.integers(1, 4000), min_size=1, max_size=60)


def stamps_at(rate: Fraction, time_base: Fraction, count: int = 90, start: int = 7) -> list[int]:
    return [start + round(n / (rate * time_base)) for n in range(count)]


@pytest.mark.parametrize(
    "time_base", [Fraction(1, 90_000), Fraction(1, 1000), Fraction(1, 30_000), Fraction(1, 12_800)]
)
@pytest.mark.parametrize("rate", [NTSC, Fraction(24_000, 1001), Fraction(25), Fraction(60), Fraction(50)])
def test_a_constant_rate_is_found_exactly_through_rounding(rate: Fraction, time_base: Fraction) -> None:
    assert constant_rate(stamps_at(rate, time_base), time_base, [rate]) == rate


def test_a_rate_is_found_without_any_hint() -> None:
    assert constant_rate(stamps_at(NTSC, Fraction(1, 90_000)), Fraction(1, 90_000), []) == NTSC
    assert constant_rate(stamps_at(Fraction(18), Fraction(1, 90_000)), Fraction(1, 90_000), []) == 18


def test_milliseconds_stay_milliseconds_in_a_finer_time_base() -> None:
    stamps = [16 * stamp for stamp in stamps_at(NTSC, Fraction(1, 1000))]

    assert constant_rate(stamps, Fraction(1, 16_000), [Fraction(19_001, 634)]) == NTSC


def test_one_dropped_frame_makes_the_rate_variable() -> None:
    for time_base in (Fraction(1, 30), Fraction(1, 90_000), Fraction(1, 1000)):
        stamps = stamps_at(Fraction(30), time_base)
        del stamps[40]

        assert constant_rate(stamps, time_base, [Fraction(30)]) is None


def test_rates_of_next_to_nothing() -> None:
    assert constant_rate([5], Fraction(1, 25), [Fraction(25)]) is None
    assert constant_rate([5, 5], Fraction(1, 25), []) is None
    assert mean_rate(1, Fraction(0)) == 25
    assert mean_rate(240, Fraction(9009, 1000)) == Fraction(80_000, 3003)
    assert (usual_gap([3]), usual_gap([0, 1, 3, 5])) == (1, 2)


@given(GAPS, st.integers(0, 4), st.integers(1, 500))
def test_frames_are_decoded_in_order_and_never_after_they_are_shown(gaps: list[int], delay: int, lead: int) -> None:
    ticks = [sum(gaps[:n]) for n in range(len(gaps) + 1)]

    decode = decode_ticks(ticks, delay, lead)

    earliest_shown = [ticks[max(0, position - delay)] for position in range(len(ticks))]
    assert decode == sorted(set(decode))
    assert all(dts <= pts for dts, pts in zip(decode, earliest_shown, strict=True))
    assert -max(lead, delay) <= decode[0] <= 0


@given(GAPS, st.integers(0, 3), st.integers(1, 90_000), st.data())
def test_distances_of_decoding_add_up_to_the_duration(
    gaps: list[int], delay: int, stay: int, data: st.DataObject
) -> None:
    ticks = [sum(gaps[:n]) for n in range(len(gaps) + 1)]
    decode = decode_ticks(ticks, delay, 300)
    shown_at = data.draw(st.sampled_from(ticks[-1 - min(delay, len(ticks) - 1) :]))
    end = ticks[-1] + stay

    tick, duration = last_decoding(decode, shown_at, end)

    assert tick - decode[0] + duration == end
    assert decode[-1] <= tick <= shown_at
    assert duration >= 1
    assert shown_at + duration <= end


def test_display_durations_reach_to_the_end() -> None:
    assert display_durations([0, 10, 15], 7) == [10, 5, 7]


def test_gif_delays_never_drift() -> None:
    ntsc = Timeline([n * 1001 for n in range(300)], 1001, Fraction(1, 30_000))

    delays = delays_of(ntsc)

    assert set(delays) == {3, 4}
    assert sum(delays) == 1001


def test_a_gif_faster_than_browsers_play_is_slowed_not_broken() -> None:
    assert delays_of(Timeline(range(60), 1, Fraction(1, 60))) == [2] * 60
    assert delays_of(Timeline([0, 1, 2, 50], 1000, Fraction(1, 100))) == [2, 2, 46, 1000]
