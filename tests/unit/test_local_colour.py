"""Local colour maps: found from one pair of pictures, moved, merged, and put to use on another picture."""

import numpy as np
import pytest

from rotoscope.motion.flow import coarse
from rotoscope.motion.local_colour import TEXTURE, Textured, applied, fitted, followed, merged
from rotoscope.motion.strips import Strip
from tests.moving import a_world, duotone


def through(colours, picture):
    return np.stack(applied(colours, picture), axis=-1)


def a_cast(level, rows=6, columns=20):
    """The map that makes everything of one grey."""
    colours = np.zeros((rows, columns, 13), np.float32)
    colours[..., 9:] = level
    return colours


def textured(colours, picture, trust=None):
    """The green of all of it."""
    height, width = picture.shape[:2]
    return Textured(colours, picture, coarse(picture)).strip(Strip(0, height, width, height), trust)[1]


def trust(value, height=48, width=160):
    return np.full((height, width), value, np.float32)


def test_a_look_that_is_a_map_of_colours_is_found_and_holds_for_other_pictures():
    source, other = a_world(160, 96), a_world(160, 96, seed=1)

    colours = fitted(source, duotone(source))

    assert np.abs(through(colours, source) - duotone(source)).mean() < 2
    assert np.abs(through(colours, other) - duotone(other)).mean() < 12


def test_each_place_has_its_own_map():
    source = a_world(320, 96)
    picture = source.copy()
    picture[:, 160:] = 255 - source[:, 160:]

    result = through(fitted(source, picture), source)

    assert np.abs(result[:, :120] - picture[:, :120]).mean() < 4
    assert np.abs(result[:, 200:] - picture[:, 200:]).mean() < 4


def test_a_map_moves_with_the_flow_whichever_grid_that_lives_on():
    colours = a_cast(0)
    colours[:, 10:, 9:] = 200
    to_the_right = np.zeros((24, 80, 2), np.float32)
    to_the_right[..., 0] = 16  # four cells of this map

    moved = followed(colours, to_the_right)

    assert moved[:, :6, 9:].max() == 0
    assert moved[:, 6:, 9:].min() == 200


def test_maps_are_merged_by_trust():
    mixed = merged([a_cast(100), a_cast(200)], [trust(0.25), trust(0.75)])

    assert np.allclose(mixed[..., 9:], 175)


def test_where_there_is_no_trust_the_surroundings_lend_their_map():
    left, right = a_cast(100), a_cast(100)
    left[:, 10:], right[:, 10:] = a_cast(0)[:, 10:], a_cast(0)[:, 10:]
    little = trust(0.001)
    little[:, :80] = 1

    mixed = merged([left, right], [little, little])

    assert mixed[:, :9, 9:].min() > 95
    assert mixed[:, 11, 9:].min() > 90


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (7, 90), (121, 5)])
def test_any_size_has_a_map(size):
    picture = np.full((*size, 3), 77, np.uint8)

    result = through(fitted(picture, 255 - picture), picture)

    assert result.shape == (*size, 3)
    assert np.abs(result - 178).max() < 1


def test_a_flat_look_does_not_get_its_grass_back_and_a_photographic_one_keeps_it():
    grass = np.random.default_rng(3).integers(60, 180, (64, 96, 3)).astype(np.uint8)
    flat, graded = np.full_like(grass, 120), (grass * 0.8).astype(np.uint8)

    kept = [textured(fitted(grass, look), grass).std() / grass[..., 1].std() for look in (flat, graded)]

    assert kept[0] < 0.15
    assert kept[1] == pytest.approx(0.8, abs=0.1)


def test_where_nothing_else_is_drawn_the_texture_stays():
    grass = np.random.default_rng(3).integers(60, 180, (64, 96, 3)).astype(np.uint8)
    colours = fitted(grass, grass)
    colours[..., TEXTURE] = 0

    nowhere = textured(colours, grass, np.zeros((64, 96), np.float32))

    assert np.abs(nowhere - grass[..., 1]).mean() < 4
