"""Keys and ids, for names that people really give their files, and for names that nobody should."""

import doctest
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope import layout

ODD_NAMES = ["???.mp4", "....mp4", ".mp4", "💃🕺.mov", "---", "/", "", "folder/", "(((.rotoscope.json"]


def test_the_examples_in_the_module_are_true():
    assert doctest.testmod(layout).failed == 0


def test_an_uploader_can_compute_the_job_id_from_the_answer_to_the_upload():
    assert layout.job_id("inbox", "clips/ä b.mp4", "v1") == layout.job_id("inbox", "clips/ä b.mp4", "v1")
    assert re.fullmatch("[a-z2-7]{12}", layout.job_id("inbox", "clips/舞.mp4", None))


def test_every_version_and_every_key_is_a_job_of_its_own():
    uploads = [
        ("b", "a.mp4", "1"),
        ("b", "a.mp4", "2"),
        ("b", "a.mp4", None),
        ("b", "a.mp41", None),
        ("ba", ".mp4", "1"),
    ]

    ids = {layout.job_id(*upload) for upload in uploads}

    assert len(ids) == len(uploads)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("holiday/My clip (1).MP4", "My-clip-1"),
        ("a+b & c=d?.mp4", "a-b-c-d"),
        ("踊る猫.mp4", "踊る猫"),
        ("u\u0308ber.mp4", "über"),
        ("a.b.c.mp4", "a-b-c"),
        ("noend", "noend"),
        ("deep/again.rotoscope.json", "again"),
        ("../../etc/passwd.mp4", "passwd"),
        ('"; rm -rf ~; ".mp4', "rm-rf"),
    ],
)
def test_a_result_is_called_like_its_upload_without_what_shells_and_urls_trip_over(key, name):
    assert layout.result_name(key) == name


@pytest.mark.parametrize("key", ODD_NAMES)
def test_a_name_of_nothing_but_symbols_still_gets_a_result(key):
    assert layout.result_name(key) in ("video", "mp4")


@pytest.mark.parametrize("key", ["compare.mp4", "in/Compare.MOV", "COMPARE.gif"])
def test_an_upload_called_compare_does_not_lose_its_result_to_the_comparison(key):
    assert f"{layout.result_name(key)}.mp4".casefold() != layout.COMPARISON


@given(st.text(max_size=300))
def test_any_result_name_is_one_short_path_segment(key):
    name = layout.result_name(key)

    assert re.fullmatch(r"[\w-]{1,86}", name)


def test_folder_settings_are_looked_for_from_the_outermost_folder_inwards():
    places = layout.folder_settings("a/b/clip.mp4")

    assert places == ["rotoscope.json", "a/rotoscope.json", "a/b/rotoscope.json"]
    assert layout.folder_settings("clip.mp4") == ["rotoscope.json"]


@pytest.mark.parametrize(
    ("other", "meant"),
    [
        ("look.jpg", "a/b/look.jpg"),
        ("../look.jpg", "a/look.jpg"),
        ("/look.jpg", "look.jpg"),
        ("./x/y.png", "a/b/x/y.png"),
    ],
)
def test_a_key_in_a_settings_file_is_relative_to_it_unless_it_begins_with_a_slash(other, meant):
    assert layout.beside("a/b/clip.mp4", other) == meant


@given(st.integers(-(2**62), 2**62))
def test_a_frames_time_stamp_can_be_read_back_from_its_key(pts):
    assert layout.number_of(layout.source_frame("job", pts)) == pts


@given(st.integers(0, 10**8 - 2))
def test_a_frames_index_can_be_read_back_from_its_key_and_sorts_like_it(index):
    assert layout.number_of(layout.styled_frame("job", index)) == index
    assert layout.styled_frame("job", index) < layout.styled_frame("job", index + 1)


def test_everything_of_a_job_but_its_results_lies_under_its_prefix():
    job = "abc"
    keys = [
        layout.plan(job),
        layout.segments(job),
        layout.analysis(job, 1),
        layout.sheet(job, 1),
        layout.budget(job),
        layout.calls(job, 2),
        layout.style_image(job),
        layout.trouble(job, "x"),
        layout.source_frame(job, 3),
        layout.styled_frame(job, 3),
        layout.filled(job),
        layout.keys(job),
        layout.own_key(job, 3, "one"),
        layout.own_key(job, 3, "another"),
        layout.part(job, "one", 1, "video.mp4"),
        layout.part(job, "another", 1, "video.mp4"),
        layout.part(job, "one", 0, "video.mp4"),
        layout.quality(job, "one", 1),
        layout.poster(job, "one", 1),
    ]

    assert all(key.startswith(layout.job_prefix(job)) for key in keys)
    assert len(set(keys)) == len(keys)
    assert not layout.result("name", job, "video.mp4").startswith(layout.JOBS)
