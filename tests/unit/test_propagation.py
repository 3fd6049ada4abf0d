"""The look of key frames on the frames between them: like the look, steady, sharp, and the same however it is cut."""

from itertools import pairwise

import numpy as np
import pytest

from rotoscope.motion.propagation import Key, propagate
from tests.moving import a_pan, a_world, duotone, moody, pan_over, psnr, sharpness, warping_error

PAN = np.full((192, 320, 2), (-2, 0), np.float32)


def a_key(index, source, picture, present=True):
    return Key(index=index, source=source, picture=picture, present=present)


def numbered(sources, first, last):
    """The frames strictly between two indices."""
    return [(index, sources[index]) for index in range(first + 1, last)]


def between(sources, first, last, look=duotone):
    """The pictures that two keys of that look give to the frames between them."""
    left, right = (a_key(index, sources[index], look(sources[index])) for index in (first, last))
    return dict(propagate(numbered(sources, first, last), left, right))


def test_every_frame_between_the_keys_is_drawn_once_and_in_order():
    sources = a_pan(9)

    drawn = between(sources, 0, 8)

    assert list(drawn) == [1, 2, 3, 4, 5, 6, 7]
    assert all(picture.shape == sources[0].shape and picture.dtype == np.uint8 for picture in drawn.values())


def test_frames_between_get_the_look_of_the_keys():
    sources = a_pan(9)

    drawn = between(sources, 0, 8)

    for index, picture in drawn.items():
        assert psnr(picture, duotone(sources[index])) > 30
        assert psnr(picture, sources[index]) < 20


def test_where_nothing_moves_the_texture_of_the_keys_stays_as_it_is():
    sources = [a_world(160, 96)] * 5
    drawing = moody(sources[0], seed=1)

    drawn = between(sources, 0, 4, lambda _: drawing)

    assert all(np.abs(picture.astype(int) - drawing).mean() < 1 for picture in drawn.values())


@pytest.mark.parametrize(("has_left", "has_right"), [(True, False), (False, True)])
def test_one_key_is_enough_at_the_head_and_the_tail_of_a_shot(has_left, has_right):
    sources = a_pan(6)
    left = a_key(0, sources[0], duotone(sources[0])) if has_left else None
    right = a_key(5, sources[5], duotone(sources[5])) if has_right else None

    drawn = dict(propagate(numbered(sources, 0, 5), left, right))

    assert list(drawn) == [1, 2, 3, 4]
    assert all(psnr(picture, duotone(sources[index])) > 25 for index, picture in drawn.items())


def test_colours_cross_over_by_frame_number_also_where_frames_are_missing():
    still = np.full((40, 60, 3), 120, np.uint8)
    dark, light = np.full_like(still, 50), np.full_like(still, 210)

    drawn = dict(propagate([(1, still), (6, still)], a_key(0, still, dark), a_key(8, still, light)))

    assert abs(drawn[1].mean() - (50 + 160 / 8)) < 2
    assert abs(drawn[6].mean() - (50 + 160 * 6 / 8)) < 2


def test_what_no_key_shows_gets_the_colours_of_the_look_and_no_ghost_of_what_the_keys_have_there():
    background = np.full((96, 160, 3), 120, np.uint8) // 2 + a_world(160, 96) // 2
    flash = background.copy()
    flash[30:66, 60:100] = (20, 240, 60)
    drawing = moody(background, seed=1)

    [(_, drawn)] = propagate([(1, flash)], a_key(0, background, drawing), a_key(2, background, drawing))

    seen, wanted, ghost = (each[40:56, 70:90].astype(int) for each in (drawn, duotone(flash), drawing))
    assert np.abs(seen - wanted).mean() < np.abs(seen - ghost).mean() / 2
    assert seen.std(axis=(0, 1)).max() < ghost.std(axis=(0, 1)).min() / 4


@pytest.mark.parametrize("speed", [3.5, -3.5])
@pytest.mark.parametrize(("has_left", "has_right"), [(True, False), (False, True), (True, True)])
def test_strokes_and_casts_move_with_the_things_that_they_lie_on(speed, has_left, has_right):
    world = a_world(240, 96)
    sources, drawings = (pan_over(each, 9, speed, 160) for each in (world, moody(world, seed=1)))
    left = a_key(0, sources[0], drawings[0]) if has_left else None
    right = a_key(8, sources[8], drawings[8]) if has_right else None

    drawn = dict(propagate(numbered(sources, 0, 8), left, right))

    shown_by_both = slice(32, -32)
    for index, picture in drawn.items():
        assert psnr(picture[16:-16, shown_by_both], drawings[index][16:-16, shown_by_both]) > 28
        assert sharpness(picture[:, shown_by_both]) > 0.9 * sharpness(drawings[index][:, shown_by_both])


@pytest.mark.parametrize(("has_left", "has_right"), [(True, False), (False, True)])
def test_a_thing_that_passes_keeps_its_own_strokes_and_colours(has_left, has_right):
    ground, thing = a_world(240, 120), a_world(64, 64, seed=5)
    sources = [_passing(ground, thing, index) for index in range(9)]
    drawings = [_passing(moody(ground, seed=1), 255 - moody(thing, seed=2), index) for index in range(9)]
    left = a_key(0, sources[0], drawings[0]) if has_left else None
    right = a_key(8, sources[8], drawings[8]) if has_right else None

    drawn = dict(propagate(numbered(sources, 0, 8), left, right))

    for index, picture in drawn.items():
        x = _place(index)
        assert psnr(picture[40:80, x + 12 : x + 52], drawings[index][40:80, x + 12 : x + 52]) > 24


def _place(index):
    return 40 + 5 * index


def _passing(ground, thing, index):
    picture = ground.copy()
    picture[28:92, _place(index) : _place(index) + 64] = thing
    return picture


def test_a_pattern_too_faint_to_learn_its_colours_comes_through_by_half():
    flat = np.full((64, 96, 3), 120, np.uint8)
    faint = flat.copy()
    faint[::2] += 6
    key = a_key(0, flat, np.full_like(flat, 50))

    [(_, drawn)] = propagate([(1, faint)], key, None)

    assert abs(drawn[1::2].mean() - 50) < 1.5
    assert 2 <= drawn[::2].mean() - drawn[1::2].mean() <= 4


def test_a_change_of_light_comes_from_the_source():
    sources = [a_world(160, 96)] * 3
    dimmed = (sources[1] * 0.92).astype(np.uint8)

    drawn = between([sources[0], dimmed, sources[2]], 0, 2)

    assert abs(drawn[1].mean() - duotone(dimmed).mean()) < 1.5
    assert duotone(sources[0]).mean() - duotone(dimmed).mean() > 5


def test_few_keys_are_as_true_as_every_frame_drawn_and_far_steadier_and_hardly_less_sharp():
    sources = a_pan(17, speed=2.0, width=320, height=192)
    every = [moody(source, seed=index) for index, source in enumerate(sources)]
    keys = (0, 8, 16)

    drawn = dict(enumerate(every))
    for first, last in pairwise(keys):
        left, right = (a_key(index, sources[index], every[index]) for index in (first, last))
        drawn |= propagate(numbered(sources, first, last), left, right)

    found, others = [drawn[index] for index in range(17)], [index for index in range(17) if index not in keys]
    truth = [duotone(source) for source in sources]
    fidelity = [np.mean([psnr(those[index], truth[index]) for index in others]) for those in (found, every)]
    unrest = [warping_error(those, PAN, margin=40) for those in (found, every)]
    crispness = np.mean([sharpness(found[index]) for index in others]) / np.mean(
        [sharpness(every[key]) for key in keys]
    )
    assert fidelity[0] > fidelity[1]
    assert unrest[0] < unrest[1] / 8
    assert crispness > 0.85


def test_between_neighbouring_keys_there_is_nothing_to_draw():
    sources = a_pan(2)

    assert between(sources, 0, 1) == {}


@pytest.mark.parametrize("size", [(2, 2), (1, 1), (3, 200), (200, 3), (37, 53), (90, 161)])
def test_any_size_is_drawn(size):
    sources = list(np.random.default_rng(0).integers(0, 255, (4, *size, 3), dtype=np.uint8))

    drawn = between(sources, 0, 3)

    assert [picture.shape for picture in drawn.values()] == [(*size, 3)] * 2


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (200, 30, 90)])
def test_one_colour_all_over_becomes_the_colour_of_the_look(colour):
    sources = [np.full((50, 70, 3), colour, np.uint8)] * 4

    drawn = between(sources, 0, 3)

    assert all(np.abs(picture.astype(int) - duotone(sources[0])).max() <= 1 for picture in drawn.values())
