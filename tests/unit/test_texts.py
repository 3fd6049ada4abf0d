"""Subtitles and chapters: words and times survive in every container, styling where it can."""

import math
from fractions import Fraction

import pytest

from rotoscope.adapters.texts import (
    Chapter,
    Cue,
    OneAtATime,
    chapters_within,
    clipped,
    marked,
    plain,
    timed_text,
)


@pytest.mark.parametrize(
    ("dialogue", "words", "cue"),
    [
        ("Hello", "Hello", "Hello"),
        ("Two\\NLines\\n three", "Two\nLines\n three", "Two\nLines\n three"),
        ("a\\hspace", "a\u00a0space", "a\u00a0space"),
        ("{\\i1}Softly{\\i0}, now", "Softly, now", "<i>Softly</i>, now"),
        ("{\\b1\\i1}both{\\b0}rest", "bothrest", "<b><i>both</i></b><i>rest</i>"),
        ("{\\i1}never closed", "never closed", "<i>never closed</i>"),
        ("{\\i0}closed{\\i1\\i1}twice", "closedtwice", "closed<i>twice</i>"),
        ("{\\an8\\pos(10,20)\\c&H00FFFF&}Sign", "Sign", "Sign"),
        ("{\\p1}m 0 0 l 100 0 100 100{\\p0}after", "after", "after"),
        ("{\\p1}m 0 0 l 100 0 100 100", "", ""),
        ("5 < 6 & 7 --> 8", "5 < 6 & 7 --> 8", "5 &lt; 6 &amp; 7 --&gt; 8"),
        ("one\\N\\N \\Nfour", "one\nfour", "one\nfour"),
        (" \\N ", "", ""),
    ],
)
def test_words_stay_and_what_draws_them_goes(dialogue, words, cue):
    assert (plain(dialogue), marked(dialogue)) == (words, cue)


def test_timed_text_states_its_length_in_bytes():
    assert timed_text("né") == b"\x00\x03n\xc3\xa9"


def cue(start, end, text="x"):
    return Cue(Fraction(start), Fraction(end), text)


@pytest.mark.parametrize(
    ("given", "end_s", "left"),
    [
        (cue(1, 2), math.inf, (1, 2)),
        (cue(-1, 2), math.inf, (0, 2)),
        (cue(1, 9), 4, (1, 4)),
        (cue(-2, -1), 4, None),
        (cue(4, 5), 4, None),
        (cue(2, 2), 4, None),
        (cue(1, 2, ""), 4, None),
    ],
)
def test_a_cue_is_cut_to_what_is_taken(given, end_s, left):
    found = clipped(given, end_s)

    assert (found and (found.start, found.end)) == left


def one_at_a_time(*cues):
    line = OneAtATime()
    found = [each for cue in cues for each in line.add(cue)]
    return [(each.start, each.end, each.text) for each in [*found, *line.end()]]


def test_cues_one_after_the_other_stay_what_they_are():
    assert one_at_a_time(cue(1, 2, "a"), cue(2, 3, "b"), cue(5, 6, "c")) == [(1, 2, "a"), (2, 3, "b"), (5, 6, "c")]


def test_cues_at_the_same_time_are_shown_together_while_they_overlap():
    assert one_at_a_time(cue(1, 5, "sign"), cue(2, 3, "voice")) == [
        (1, 2, "sign"),
        (2, 3, "sign\nvoice"),
        (3, 5, "sign"),
    ]


def test_a_cue_from_before_the_cut_begins_with_it():
    assert one_at_a_time(cue(-2, 1, "a"), cue(-1, 2, "b")) == [(0, 1, "a\nb"), (1, 2, "b")]


def test_the_same_words_twice_are_shown_once():
    assert one_at_a_time(cue(1, 3, "a"), cue(1, 3, "a")) == [(1, 3, "a")]


def test_what_is_certain_is_given_out_before_the_next_cue_comes():
    line = OneAtATime()
    line.add(cue(1, 2, "a"))

    early, late = line.until(Fraction(3, 2)), line.until(Fraction(10))

    assert [(each.start, each.end) for each in (*early, *late)] == [(1, Fraction(3, 2)), (Fraction(3, 2), 2)]
    assert line.end() == []


def chapter(start, end, title=""):
    return Chapter(Fraction(start), Fraction(end), title)


def test_chapters_are_counted_from_the_cut_and_end_with_it():
    chapters = [chapter(0, 10, "one"), chapter(10, 20, "two"), chapter(20, 30, "three")]

    assert chapters_within(chapters, 12, 25) == [chapter(0, 8, "two"), chapter(8, 13, "three")]
    assert chapters_within(chapters, 0, math.inf) == chapters
    assert chapters_within(chapters, 31, 40) == []


def test_a_chapter_within_another_is_none_of_the_result():
    assert chapters_within([chapter(0, 10, "one"), chapter(2, 5, "inner")], 0, 10) == [chapter(0, 10, "one")]
