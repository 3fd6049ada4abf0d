"""All segments' analyses as one footage: shots, runs of repeats and costs, wherever the video was cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope.footage import merged
from rotoscope.segment_contracts import Bars
from tests.builders import TICKS, a_signature, an_analysis


def test_frames_are_counted_through_all_segments():
    footage = merged([an_analysis(range(3)), an_analysis(range(3, 8), 1)])

    assert list(footage.stamps) == [index * TICKS for index in range(8)]
    assert list(footage.starts) == [0, 3, 8]
    assert list(footage.repeats) == list(range(8))
    assert list(footage.shots) == [0]


def test_a_cut_begins_a_shot_with_the_next_frame_also_where_that_lies_in_the_next_segment():
    footage = merged([an_analysis(range(4), cuts=[1, 3]), an_analysis(range(4, 8), 1, cuts=[0])])

    assert list(footage.shots) == [0, 2, 4, 5]


def test_a_cut_after_the_very_last_frame_begins_nothing():
    footage = merged([an_analysis(range(4), cuts=[3])])

    assert list(footage.shots) == [0]


def test_neither_jump_of_a_flash_begins_a_shot_even_when_it_comes_back_in_the_next_segment():
    lightning = an_analysis(range(4), cuts=[1, 2], flashes=[(1, 1)])
    at_the_end = an_analysis(range(4, 8), 1, cuts=[3], flashes=[(3, 2)])
    after = an_analysis(range(8, 12), 2, cuts=[1, 2])

    footage = merged([lightning, at_the_end, after])

    assert list(footage.shots) == [0, 11]


def test_repeats_name_the_first_frame_of_their_run():
    footage = merged([an_analysis(range(3)), an_analysis(range(3, 8), 1, repeats=[0, 0, 2, 2, 2])])

    assert list(footage.repeats) == [0, 1, 2, 3, 3, 5, 5, 5]


def test_a_run_goes_on_in_the_next_segment_where_the_analysis_says_so():
    before = an_analysis(range(3), repeats=[0, 1, 1], joins=True)
    after = an_analysis(range(3, 6), 1, repeats=[0, 0, 2])

    assert list(merged([before, after]).repeats) == [0, 1, 1, 1, 1, 5]


def test_a_segment_without_frames_interrupts_no_run():
    before, after = an_analysis(range(2), joins=True), an_analysis(range(2, 4), 2, repeats=[0, 0])

    footage = merged([before, an_analysis([], 1), after])

    assert list(footage.repeats) == [0, 1, 1, 1]
    assert list(footage.starts) == [0, 2, 2, 4]


def test_a_cut_between_segments_is_stronger_than_a_repeat():
    before, after = an_analysis(range(2), joins=True, cuts=[1]), an_analysis(range(2, 4), 1)

    assert list(merged([before, after]).repeats) == [0, 1, 2, 3]


def test_a_fade_that_is_too_slow_for_every_border_is_no_endless_run():
    levels = [0, 4, 8, 12]
    fade = [
        an_analysis([n], n, joins=True, opening=a_signature(level), closing=a_signature(level))
        for n, level in enumerate(levels)
    ]

    assert list(merged(fade).repeats) == [0, 0, 2, 2]


BOXED = Bars(top=40, bottom=40)


@pytest.mark.parametrize(
    ("dark", "bars"),
    [
        (None, BOXED),
        (BOXED, BOXED),
        (Bars(top=300, bottom=90), BOXED),
        (Bars(top=40), Bars(top=40)),
        (Bars(), None),
    ],
    ids=["all black", "bars too", "a night scene", "light below", "a full picture"],
)
def test_bars_hold_for_the_whole_video_unless_a_segment_lights_them_up(dark, bars):
    boxed, other = an_analysis(range(2), bars=BOXED, dark=BOXED), an_analysis(range(2, 4), 1, dark=dark)

    assert merged([boxed, other]).bars == bars
    assert merged([other.model_copy(update={"segment": 0}), boxed]).bars == bars


FRAME = st.tuples(st.booleans(), st.booleans(), st.sampled_from([0.0, 0.1, 0.5]))
"""Whether a frame repeats the last kept one, whether a cut follows it, and what the step after it uncovers."""


def analysed(frames, edges):
    """The frames as AnalyzeSegment would describe them, cut into segments at the edges."""
    edges, found = [0, *sorted(edges), len(frames)], []
    for number, (start, end) in enumerate(pairwise(edges)):
        kept, repeats = 0, []
        for n in range(end - start):
            kept = kept if n and frames[start + n][0] else n
            repeats.append(kept)
        cuts = [n for n in range(end - start) if frames[start + n][1]]
        joins = end < len(frames) and frames[end][0]
        costs = [cost for _, _, cost in frames[start:end]]
        found.append(an_analysis(range(start, end), number, repeats=repeats, cuts=cuts, costs=costs, joins=joins))
    return found


@given(st.lists(FRAME, min_size=1, max_size=40), st.data())
def test_where_the_video_was_cut_into_segments_makes_no_difference(frames, data):
    frames = [(repeats and n > 0 and not frames[n - 1][1], cut, cost) for n, (repeats, cut, cost) in enumerate(frames)]
    edges = data.draw(st.sets(st.integers(0, len(frames)), max_size=5))

    whole, pieces = merged(analysed(frames, set())), merged(analysed(frames, edges))

    assert list(pieces.repeats) == list(whole.repeats)
    assert list(pieces.shots) == list(whole.shots)
    assert list(pieces.costs) == list(whole.costs)


def test_a_step_that_leaves_hardly_anything_of_the_picture_begins_a_shot():
    slides = an_analysis(range(6), costs=[0, 0.95, 0.3, 0.5, 0.95, 0], flashes=[(4, 1)])

    assert list(merged([slides]).shots) == [0, 2]
