"""The result's size: padded or cropped, never stretched."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope.settings import OutputSettings, output_size
from rotoscope.shaping import COMPARE_WIDTH, GAP, WIPE_S, compare_size, fitted, side_by_side, wipe_size, wiped
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


def test_an_opacity_is_fitted_like_its_picture_and_what_is_added_is_clear():
    opacity = np.full((40, 80), 255, np.uint8)

    padded = fitted(opacity, (80, 80), "pad")

    assert padded.shape == (80, 80)
    assert (padded[20:60] == 255).all()
    assert (padded[:20] == 0).all()


@given(st.integers(2, 8192), st.integers(2, 8192))
def test_a_wipe_is_no_longer_than_a_screen_and_never_enlarged(width, height):
    wide, high = wipe_size((width, height))

    assert 1 <= wide <= min(width, COMPARE_WIDTH)
    assert 1 <= high <= min(height, COMPARE_WIDTH)


def border(seconds, width=800):
    """Columns of source, and of border, in a wipe of black over grey."""
    picture = np.zeros((6, width, 3), np.uint8)
    columns = wiped(picture, picture + 90, (width, 6), seconds)[3, :, 0]
    return int((columns == 0).sum()), int((columns == 255).sum())


def test_the_border_starts_in_the_middle_and_goes_right_left_and_back():
    assert border(0) == (399, 2)
    assert border(WIPE_S / 4) == (799, 1)
    assert border(3 * WIPE_S / 4) == (0, 1)
    assert border(WIPE_S) == border(0)


def test_the_border_slows_down_before_it_turns():
    times = np.linspace(0, WIPE_S / 4, 11)
    steps = np.diff([border(moment)[0] for moment in times])

    assert (steps[:-1] >= steps[1:]).all()
    assert steps[0] > 5 * steps[-1]


def test_a_wipe_leaves_both_pictures_as_they_were():
    source, result = a_picture(), 255 - a_picture()

    wiped(source, result, (64, 36), 0.3)

    assert np.array_equal(source, a_picture())
    assert np.array_equal(result, 255 - a_picture())
