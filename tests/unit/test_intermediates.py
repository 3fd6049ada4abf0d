"""Pictures that one function leaves for another."""

import numpy as np
import pytest

from rotoscope import intermediates
from rotoscope.errors import MediaToolFailed
from tests.builders import a_picture


def test_a_picture_comes_back_in_its_own_colours():
    picture = a_picture(320, 180)

    assert np.abs(intermediates.read(intermediates.written(picture)).astype(int) - picture).max() < 12


@pytest.mark.parametrize(("least", "width"), [(320, 320), (161, 320), (160, 160), (80, 80), (40, 40), (10, 40)])
def test_a_small_look_is_a_half_a_quarter_or_an_eighth_and_never_less_than_needed(least, width):
    picture = a_picture(320, 180)

    small = intermediates.read_small(intermediates.written(picture), 320, least)

    assert small.shape == (-(-180 * width // 320), width, 3)
    assert np.abs(small.mean((0, 1)) - picture.mean((0, 1))).max() < 2


def test_stills_of_the_source_take_less_room():
    noise = np.random.default_rng(1).integers(0, 255, (90, 160, 3)).astype(np.uint8)

    assert len(intermediates.written(noise, intermediates.OF_SOURCE)) < 0.9 * len(intermediates.written(noise))


@pytest.mark.parametrize("read", [intermediates.read, lambda body: intermediates.read_small(body, 320, 160)])
def test_a_damaged_one_is_an_error(read):
    with pytest.raises(MediaToolFailed):
        read(b"no picture")
