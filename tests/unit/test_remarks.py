"""Remarks about finished files: each once, with the names of its files where these are not all."""

from rotoscope.remarks import Said, remarks
from rotoscope.wording import listed


def test_of_a_single_file_nothing_but_the_sentence_is_said():
    assert remarks([Said("a.mp4", ["x.", "y.", "x."])]) == ["x.", "y."]


def test_a_sentence_about_some_files_names_them():
    files = [Said("a.mp4", ["x."]), Said("a.webm", ["y."]), Said("a.mov", ["z."]), Said("b.mp4", ["x."])]

    assert remarks(files) == ["In a.mp4 and b.mp4: x.", "In a.webm: y.", "In a.mov: z."]


def test_a_sentence_about_all_files_that_it_could_be_about_names_none():
    files = [Said("a.mp4", ["x."]), Said("a.gif", ["y."], beside=False), Said("a.webm", ["x."])]

    assert remarks(files) == ["x.", "In a.gif: y."]


def test_where_no_file_can_hold_more_than_pictures_all_of_them_count():
    files = [Said("a.gif", ["x.", "y."], beside=False), Said("a.webp", ["x."], beside=False)]

    assert remarks(files) == ["x.", "In a.gif: y."]


def test_a_sentence_that_names_a_file_itself_stays_as_it_is():
    files = [Said("a.mp4", []), Said("a.webm", ["The end came in a.webm."])]

    assert remarks(files) == ["The end came in a.webm."]


def test_names_are_listed_as_people_do():
    assert [listed("abc"[:count]) for count in range(4)] == ["", "a", "a and b", "a, b and c"]
