"""Which of the taken frames are scene frames, in which shots, and what lies between them."""

from itertools import pairwise

from rotoscope.footage import merged
from rotoscope.scenes import scenes
from tests.builders import an_analysis


def seen(frames, step=1, **changes):
    return scenes(merged([an_analysis(range(frames), **changes)]), list(range(0, frames, step)))


def test_a_repeated_frame_is_no_scene_frame_but_looks_like_one():
    scene = seen(6, repeats=[0, 0, 2, 3, 3, 3])

    assert list(scene.frames) == [0, 2, 3]
    assert list(scene.shows) == [0, 0, 1, 2, 2, 2]


def test_where_the_first_of_a_run_is_not_taken_the_first_taken_one_stands_for_it():
    scene = seen(9, step=2, repeats=[0, 1, 1, 1, 1, 1, 6, 7, 7])

    assert list(scene.frames) == [0, 2, 6, 8]
    assert list(scene.shows) == [0, 1, 1, 2, 3]


def test_a_cut_between_taken_frames_begins_a_shot_and_all_steps_between_them_count():
    scene = seen(10, step=3, cuts=[4], costs=[0.125] * 10)

    assert scene.shots == [0, 2, 4]
    assert [b - a for a, b in pairwise(scene.costs)] == [0.375, 0.375, 0.375]


def test_no_run_of_repeats_crosses_a_cut():
    scene = seen(4, repeats=[0, 0, 0, 0], cuts=[1])

    assert list(scene.frames) == [0, 2]


def test_a_frame_is_found_by_the_place_it_looks_like():
    scene = seen(6, step=2, repeats=[0, 1, 0, 3, 4, 5])

    assert [scene.place(index) for index in (0, 2, 3, 4, 9)] == [0, 0, None, 1, None]
