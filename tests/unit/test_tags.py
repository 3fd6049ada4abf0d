"""Tags: what people wrote about a video stays, what machines wrote about people goes."""

import pytest

from rotoscope.adapters.tags import LONGEST, described, kept, of_track

PHONE = {
    "com.apple.quicktime.location.ISO6709": "+48.1371+011.5754+520.000/",
    "com.apple.quicktime.location.accuracy.horizontal": "4.7",
    "com.apple.quicktime.make": "Apple",
    "com.apple.quicktime.model": "iPhone 15 Pro",
    "com.apple.quicktime.software": "17.4.1",
    "com.apple.quicktime.creationdate": "2024-05-06T09:08:09+0200",
    "location": "+48.1371+011.5754/",
    "location-eng": "+48.1371+011.5754/",
    "make": "Apple",
    "model": "iPhone",
    "encoder": "Lavf",
    "com.android.version": "14",
    "handler_name": "Core Media Video",
    "major_brand": "qt  ",
}


def test_nothing_that_a_phone_writes_about_itself_and_its_place_is_kept():
    assert kept({**PHONE, "creation_time": "2024-05-06T07:08:09.000000Z"}) == {
        "creation_time": "2024-05-06T07:08:09.000000Z"
    }


@pytest.mark.parametrize(
    ("name", "read", "told"),
    [
        ("creation_time", "2024-05-06T07:08:09.000000Z;2024-05-06T07:08:09Z", "2024-05-06T07:08:09.000000Z"),
        ("date", "2024;2025", "2024"),
        ("title", "Dance;Dance", "Dance"),
        ("title", "Dance;Song", "Dance;Song"),
        ("comment", "a;b;a;b", "a;b"),
        ("artist", ";", None),
        ("title", "Caf\udce9", "Caf\ufffd"),
    ],
)
def test_what_stands_twice_in_a_file_is_told_once_and_legibly(name, read, told):
    assert kept({name: read}).get(name) == told


def test_what_a_person_wrote_is_kept_whatever_its_case():
    said = {"TITLE": "Dance", "Artist": "Ann", "ALBUM": "One", "date": "2024", "COPYRIGHT": "(c) Ann", "comment": "hi"}

    assert kept(said) == {name.lower(): value for name, value in said.items()}


def test_quicktimes_own_names_count_too():
    assert kept({"com.apple.quicktime.title": "Dance", "com.apple.quicktime.description": "Long"}) == {
        "title": "Dance",
        "description": "Long",
    }


@pytest.mark.parametrize(
    ("comment", "written"), [(None, "Made with X"), ("mine", "mine\nMade with X"), ("", "Made with X")]
)
def test_how_it_was_made_is_said_below_the_comment_that_is_there(comment, written):
    assert described({} if comment is None else {"comment": comment}, "Made with X") == {"comment": written}


def test_without_anything_to_say_there_is_no_comment():
    assert described({}, "") == {}


def test_a_tag_is_no_way_to_fill_a_file_or_to_break_out_of_one():
    assert kept({"title": "x" * 100_000, "artist": "a\0b\x1b[31m\n", "album": "\0"}) == {
        "title": "x" * LONGEST,
        "artist": "ab[31m",
    }


@pytest.mark.parametrize(
    ("tags", "left"),
    [
        ({"language": "deu", "title": "Ton", "handler_name": "Core Media"}, {"language": "deu", "title": "Ton"}),
        ({"language": "und", "name": "Commentary"}, {"title": "Commentary"}),
        ({"vendor_id": "appl", "encoder": "H.264"}, {}),
    ],
)
def test_of_a_track_its_language_and_title_are_kept(tags, left):
    assert of_track(tags) == left


def test_quicktime_is_told_a_language_by_the_code_that_it_knows():
    assert of_track({"language": "deu"}, quicktime=True) == {"language": "ger"}
    assert of_track({"language": "fra"}, quicktime=True) == {"language": "fra"}
