"""The result's size: padded or cropped, never stretched."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope.settings import OutputSettings, output_size
from rotoscope.shaping import COMPARE_WIDTH, GAP, compare_size, fitted, side_by_side
from tests.builders import a_picture

WHITE = np.full((40, 80, 3), 255, np.uint8)
sides = st.integers(1, 400)


def test_the_result_has_the_sources_size_unless_another_is_asked_for():
    assert output_size(OutputSettings(), 853, 480) == (853, 480)
    assert output_size(OutputSettings(size="720x1280"), 853, 480) == (720, 1280)


@given(sides, sides, sides, sides, st.sampled_from(["pad", "crop"]))
def test_whatever_the_shapes_the_size_is_exactly_the_one_asked_for(width, height, to_width, to_height, fit):
    assert fitted(a_picture(width, height), (to_width, to_height), fit).shape == (to_height, to_width, 3)


def test_a_picture_that_fits_is_not_touched():
    picture = a_picture(64, 36)

    assert fitted(picture, (64, 36), "pad") is picture


def test_padding_shows_the_whole_picture_between_black_bars():
    padded = fitted(WHITE, (80, 80), "pad")

    assert (padded[20:60] == 255).all()
    assert (padded[:20] == 0).all()
    assert (padded[60:] == 0).all()


def test_cropping_fills_the_frame_with_the_middle():
    halves = np.hstack([WHITE[:, :40] * 0, WHITE[:, :40]])

    cropped = fitted(halves, (40, 40), "crop")

    assert (cropped[:, :18] == 0).all()
    assert (cropped[:, 22:] == 255).all()


@pytest.mark.parametrize("fit", ["pad", "crop"])
def test_a_circle_stays_a_circle(fit):
    y, x = np.mgrid[:200, :300]
    disc = np.where(((x - 150) ** 2 + (y - 100) ** 2 < 60**2)[..., None], 255, 0) * np.ones(3)

    shaped = fitted(disc.astype(np.uint8), (240, 240), fit)[..., 0] > 127

    height, width = shaped.any(axis=1).sum(), shaped.any(axis=0).sum()
    assert abs(int(height) - int(width)) <= 2


@given(st.integers(2, 8192), st.integers(2, 8192))
def test_the_comparison_is_even_and_no_wider_than_a_screen(width, height):
    wide, high = compare_size((width, height))

    assert wide % 2 == high % 2 == 0
    assert 2 <= wide <= COMPARE_WIDTH
    assert high >= 2


def test_the_comparison_shows_the_source_left_and_the_result_right_with_a_gap():
    size = compare_size((80, 40))

    both = side_by_side(WHITE // 2, WHITE // 4, size)

    half = (size[0] - GAP) // 2
    assert both.shape == (size[1], size[0], 3)
    assert (both[:, :half] == 127).all()
    assert (both[:, half : size[0] - half] == 255).all()
    assert (both[:, size[0] - half :] == 63).all()
