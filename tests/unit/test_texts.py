"""Subtitles and chapters: words and times survive in every container, styling where it can."""

import math
import struct
from fractions import Fraction

import pytest

from rotoscope.adapters.texts import (
    Chapter,
    Cue,
    OneAtATime,
    chapters_within,
    clipped,
    marked,
    styled_otherwise,
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
        ("a {\\b1\\i1}both{\\r} b", "a both b", "a <b><i>both</i></b> b"),
        ("{\\b700}heavy{\\b400}, {\\b100}thin{\\be1\\bord1\\iclip(1,2,3,4)}", "heavy, thin", "<b>heavy</b>, thin"),
        ("{\\i1}{\\i0} \\N", "", ""),
        ("{\\an8\\pos(10,20)\\c&H00FFFF&}Sign", "Sign", "Sign"),
        ("{\\p1}m 0 0 l 100 0 100 100{\\p0}after", "after", "after"),
        ("{\\p1}m 0 0 l 100 0 100 100", "", ""),
        ("5 < 6 & 7 --> 8", "5 < 6 & 7 --> 8", "5 &lt; 6 &amp; 7 --&gt; 8"),
        ("one\\N\\N \\Nfour", "one\nfour", "one\nfour"),
        (" \\N ", "", ""),
    ],
)
def test_words_stay_and_what_draws_them_goes(dialogue, words, cue):
    sample = timed_text(marked(dialogue))

    assert (marked(dialogue), sample[2 : 2 + int.from_bytes(sample[:2])].decode()) == (cue, words)


@pytest.mark.parametrize(
    ("dialogue", "more"),
    [
        ("Hello {a remark} \\N there", False),
        ("{\\i1}a{\\b700\\u0}b{\\r}c{\\b}", False),
        ("{\\c&H0000ff&}red{\\c}", True),
        ("{\\an8}top", True),
        ("{\\fs20}large", True),
        ("{\\1c&H0000ff&}red", True),
        ("{\\iclip(1,2,3,4)}seen through", True),
        ("{\\rTitle}of another style", True),
    ],
)
def test_styling_that_is_lost_is_noticed(dialogue, more):
    assert styled_otherwise(dialogue) is more


def test_timed_text_states_its_length_in_bytes():
    assert timed_text("né") == b"\x00\x03n\xc3\xa9"


def styles(sample):
    """(first character, the one after the last, face) of a sample's box of styles, of whose font all is usual."""
    box = sample[2 + int.from_bytes(sample[:2]) :]
    size, kind, count = struct.unpack(">I4sH", box[:10])
    records = list(struct.iter_unpack(">HHHBBI", box[10:]))
    assert (size, kind, count) == (len(box), b"styl", len(records))
    assert {(font, height, colour) for *_, font, _, height, colour in records} == {(1, 16, 0xFFFFFFFF)}
    return [(begin, end, face) for begin, end, _, face, _, _ in records]


def test_timed_text_counts_the_characters_that_are_bold_italic_and_underlined():
    assert styles(timed_text("é<b>ü<i>😀</i></b> <u>&lt;&amp;</u>.")) == [(1, 2, 1), (2, 3, 3), (4, 6, 4)]


def test_a_mark_that_was_cut_off_is_none_of_the_words():
    assert timed_text("a<i>b</") == timed_text("a<i>b</i>")


def test_styles_of_what_did_not_fit_are_left_out_with_it():
    sample = timed_text("<i>a</i>" + "x" * 70_000 + "<b>b</b>")

    assert styles(b"\0\0" + sample[2 + 65_535 :]) == [(0, 1, 2)]


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
