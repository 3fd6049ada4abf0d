"""Transparent pictures leave the white ground on which they were drawn."""

import numpy as np
import pytest

from rotoscope.transparency import laid_over, levels, lifted

GREEN = np.array([10, 200, 40], np.uint8)


def a_soft_disc(height=216, width=320, soft=4.0):
    """Opacity: 255 in the middle, 0 outside, and an edge of some pixels between."""
    y, x = np.mgrid[:height, :width]
    away = np.hypot(y - height / 2, x - width / 2) - height / 3
    return np.clip(255 * (0.5 - away / soft), 0, 255).astype(np.uint8)


def drawn_on(ground, alpha, colour=GREEN):
    """What a model gave back: the disc in one colour on a ground of another."""
    share = alpha[..., None] / 255
    return (colour * share + np.array(ground) * (1 - share) + 0.5).astype(np.uint8)


@pytest.mark.parametrize(
    ("ground", "most"), [((255, 255, 255), 3), ((0, 0, 0), 30), ((180, 120, 240), 30)], ids=["white", "black", "violet"]
)
def test_an_edge_has_the_colour_of_what_it_belongs_to_whatever_ground_a_look_gave_it(ground, most):
    alpha = a_soft_disc()
    drawn = drawn_on(ground, alpha)

    done, naive = (laid_over(levels("#0000ff"), picture, alpha) for picture in (lifted(drawn, alpha), drawn))

    expected = drawn_on((0, 0, 255), alpha).astype(int)
    assert np.abs(done - expected).max() <= most < np.abs(naive - expected).max()


def test_a_pane_of_glass_around_something_solid_keeps_its_own_colour():
    alpha = np.full((60, 90), 128, np.uint8)
    alpha[20:40, 30:60] = 255
    picture = np.where(alpha[..., None] == 255, GREEN, (230, 130, 130)).astype(np.uint8)

    colours = lifted(picture, alpha)

    assert np.abs(colours[alpha == 128].astype(int) - (205, 6, 6)).max() <= 2


def test_a_picture_that_fades_as_a_whole_is_taken_to_lie_on_white():
    alpha = np.full((40, 60), 100, np.uint8)

    assert np.abs(lifted(drawn_on((255, 255, 255), alpha), alpha).astype(int) - GREEN).max() <= 3


def test_without_half_transparent_pixels_nothing_is_touched():
    alpha = np.where(a_soft_disc() > 127, 255, 0).astype(np.uint8)
    picture = drawn_on((255, 255, 255), alpha)

    assert lifted(picture, alpha) is picture


def test_on_a_background_only_the_opaque_part_of_the_picture_shows():
    alpha = a_soft_disc()
    drawn = drawn_on((255, 255, 255), alpha)
    drawn[:4, :4] = (255, 0, 0)  # something that a model put where nothing is

    done = laid_over(levels("#0000ff"), lifted(drawn, alpha), alpha)

    assert np.abs(done.astype(int) - drawn_on((0, 0, 255), alpha)).max() <= 4
    assert (done[alpha == 0] == (0, 0, 255)).all()


def test_a_colour_is_read_as_it_is_written():
    assert levels("#ff8800").tolist() == [255, 136, 0]
