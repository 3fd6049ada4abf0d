"""Black borders of the source come back over what was drawn into them."""

import numpy as np
import pytest

from rotoscope.bars import with_bars_of
from rotoscope.segment_contracts import Bars


def a_framed(top=0, bottom=0, left=0, right=0, height=90, width=160):
    """A grey picture with black borders that hold a little compression noise."""
    picture = np.random.default_rng(0).integers(0, 12, (height, width, 3)).astype(np.uint8)
    picture[top : height - bottom, left : width - right] = 120
    return picture


PAINTED = np.full((90, 160, 3), 200, np.uint8)


@pytest.mark.parametrize("measured", [11, 12], ids=["a line too few", "exact"])
def test_bars_are_the_sources_own_pixels_to_the_very_line(measured):
    source = a_framed(top=12, bottom=12)

    done = with_bars_of(source, PAINTED, Bars(top=measured, bottom=measured))

    assert (done[:12] == source[:12]).all()
    assert (done[-12:] == source[-12:]).all()
    assert (done[12:-12] == 200).all()


def test_pillars_are_put_back_too():
    source = a_framed(left=20, right=9)

    done = with_bars_of(source, PAINTED, Bars(left=19, right=8))

    assert (done[:, :20] == source[:, :20]).all()
    assert (done[:, -9:] == source[:, -9:]).all()
    assert (done[:, 20:-9] == 200).all()


def test_a_side_without_a_bar_is_left_alone_even_where_it_is_dark():
    source = a_framed(top=12, bottom=12)

    done = with_bars_of(source, PAINTED, Bars(top=12))

    assert (done[12:] == 200).all()


def test_without_bars_the_picture_is_the_picture():
    assert with_bars_of(a_framed(top=12), PAINTED, None) is PAINTED
