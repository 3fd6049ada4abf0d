"""Pictures drawn strip by strip."""

import numpy as np
import pytest

from rotoscope.motion.flow import coarse, motion, resized, warp
from rotoscope.motion.local_colour import Textured, fitted
from rotoscope.motion.strips import PIXELS, Strip, of_picture, strips
from tests.moving import a_pan, a_world, moody


def whole(picture):
    height, width = picture.shape[:2]
    return Strip(0, height, width, height)


def cut(picture, rows):
    height, width = picture.shape[:2]
    return [Strip(first, min(first + rows, height), width, height) for first in range(0, height, rows)]


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (700, 3), (1080, 1920)])
def test_strips_cover_a_picture_once(size):
    picture = np.zeros((*size, 3), np.uint8)

    found = list(strips(picture))

    assert [row for strip in found for row in range(strip.first, strip.end)] == list(range(size[0]))
    assert max((strip.end - strip.first) * size[1] for strip in found) <= max(PIXELS, size[1])


@pytest.mark.parametrize("rows", [7, 32])
def test_how_a_picture_is_cut_does_not_change_what_is_enlarged_or_looked_up(rows):
    first, second = a_pan(2, speed=3.0, width=203, height=101)
    there = of_picture(motion(coarse(first), coarse(second)), second)

    parts = cut(second, rows)

    assert np.array_equal(
        np.concatenate([strip.enlarged(there)[0] for strip in parts]), whole(second).enlarged(there)[0]
    )
    assert np.array_equal(
        np.concatenate([strip.looked_up(second, there) for strip in parts]), whole(second).looked_up(second, there)
    )


def test_what_is_looked_up_is_what_a_warp_finds():
    first, second = a_pan(2, speed=3.0, width=203, height=101)
    there = motion(coarse(first), coarse(second))

    found = whole(second).looked_up(second, of_picture(there, second))

    assert np.abs(found.astype(int) - warp(second, resized(there, 203, 101))).mean() < 0.5


@pytest.mark.parametrize("rows", [7, 32])
def test_how_a_picture_is_cut_does_not_change_what_a_colour_map_makes_of_it(rows):
    source = a_world(203, 101)
    textured = Textured(fitted(source, moody(source, seed=1)), source, coarse(source))

    parts, at_once = [textured.strip(strip) for strip in cut(source, rows)], textured.strip(whole(source))

    for channel in range(3):
        pieces = np.concatenate([part[channel] for part in parts])
        assert np.abs(pieces - at_once[channel]).max() < 1e-3
