"""The order of pictures in a zip is the one that people mean, whatever the names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope.adapters.picture_names import is_hidden, order, shown, suffix_of


@pytest.mark.parametrize(
    "names",
    [
        ["frame1.png", "frame2.png", "frame10.png", "frame100.png"],
        ["frame001.png", "frame002.png", "frame010.png"],
        ["0.jpg", "1.jpg", "9.jpg", "10.jpg", "11.jpg"],
        ["IMG_9.JPG", "img_10.jpg", "IMG_11.JPG"],
        ["shot 2/1.png", "shot 2/2.png", "shot 10/1.png"],
        ["title.png", "a/1.png", "a/b/1.png", "b/1.png"],
        ["take1-frame2.png", "take1-frame10.png", "take2-frame1.png"],
        ["shot1\\2.png", "shot1\\10.png"],
        ["a.png", "a1.png", "b.png"],
        ["frame" + "9" * 5000 + ".png", "frame1" + "0" * 5000 + ".png"],
    ],
)
@pytest.mark.treats("pictures whose names count without leading zeros, or in folders", "shown in the order people mean")
def test_numbers_in_names_count_as_numbers_and_folders_follow_one_another(names):
    assert sorted([*reversed(names)], key=order) == names


@given(st.lists(st.text(max_size=12), max_size=8, unique=True))
def test_any_names_have_one_order(names):
    assert sorted(names, key=order) == sorted([*reversed(names)], key=order)


@pytest.mark.parametrize(
    "name", ["__MACOSX/._1.png", ".hidden.png", "a/.b/1.png", "Thumbs.db", "x/desktop.ini", ".DS_Store", ".", ".."]
)
def test_what_systems_leave_behind_is_hidden(name):
    assert is_hidden(name)


@pytest.mark.parametrize("name", ["1.png", "a/1.png", "../1.png", "./1.png", "/etc/1.png", "..\\1.png", "C:\\1.png"])
def test_a_picture_is_none_of_that_wherever_it_says_it_lies(name):
    assert not is_hidden(name)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a/b.PNG", ".png"), ("a.b/c", ""), ("x", ""), ("a.tar.gz", ".gz"), ("ends.", "."), (".png", ""), ("a/", "")],
)
def test_a_suffix_is_the_file_names_own(name, suffix):
    assert suffix_of(name) == suffix


def test_a_name_is_said_on_one_line_and_not_at_any_length():
    assert shown("a\x1b[31m\r\nSubject: x\u202e.png") == "a?[31m??Subject: x?.png"
    assert shown("x" * 60_000 + "1.png").endswith("x1.png")
    assert len(shown("x" * 60_000)) == 83
