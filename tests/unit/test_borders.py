"""Black borders: found where all frames have them, never thicker than they are, and not in a dark scene."""

import cv2
import numpy as np
import pytest

from rotoscope.motion.borders import Borders
from rotoscope.motion.looking import SEEN, Look, fitted
from rotoscope.segment_contracts import Bars
from tests.scenes import HEIGHT, WIDTH, boxed, lit, noisy, pan

BLACK = np.zeros((HEIGHT, WIDTH, 3), np.uint8)


def borders_of(film, full=None):
    height, width = film[0].shape[:2]
    found = Borders()
    for number, frame in enumerate(film):
        found.add(Look(number, frame).grey)
    return found.found(*(full or (width, height)))


@pytest.mark.parametrize(
    "bars",
    [
        {"top": 16, "bottom": 16},
        {"top": 17, "bottom": 15},
        {"left": 30, "right": 30},
        {"top": 9, "bottom": 9, "left": 12, "right": 12},
        {"bottom": 20},
    ],
)
def test_borders_are_as_thick_as_they_are(bars):
    assert borders_of([boxed(frame, **bars) for frame in pan(1, 3)]) == Bars(**bars)


@pytest.mark.parametrize("top", range(90, 97))
@pytest.mark.parametrize("light", [1, 0.3])
def test_in_the_full_size_picture_they_are_never_overstated(top, light):
    large = cv2.resize(lit(pan(1, 1)[0], light), (1920, 800))
    film = boxed(large, top=top, bottom=1080 - 800 - top)
    small = cv2.resize(film, fitted(1920, 1080, SEEN), interpolation=cv2.INTER_AREA)

    found = borders_of([small], (1920, 1080))

    assert top - 5 <= found.top <= top
    assert 280 - top - 5 <= found.bottom <= 280 - top


def test_coding_noise_in_the_black_does_not_hide_them():
    film = [noisy(boxed(frame, top=16, bottom=16), 4, number) for number, frame in enumerate(pan(1, 10))]

    assert borders_of(film) == Bars(top=16, bottom=16)


def test_frames_that_are_black_altogether_say_nothing():
    film = [boxed(frame, top=16, bottom=16) for frame in pan(1, 2)]

    assert borders_of([boxed(BLACK, top=16, bottom=16), *film]) == Bars(top=16, bottom=16)
    assert borders_of([BLACK] * 3) is None


@pytest.mark.parametrize(
    ("what", "film"),
    [
        ("no borders", pan(1, 3)),
        ("one frame without", [boxed(pan(1, 1)[0], top=16), np.vstack([pan(2, 1)[0], pan(2, 1)[0][:16]])]),
        ("too thin", [boxed(pan(1, 1)[0], top=1)]),
        ("more than 45 %", [boxed(pan(1, 1)[0], top=HEIGHT)]),
        ("dark towards the top", [lit(frame, np.linspace(0, 1, HEIGHT)[:, None, None] ** 2) for frame in pan(1, 3)]),
        ("a light in the dark", [boxed(frame[40:52, 40:52], 48, 48, 90, 90) for frame in pan(1, 3)]),
    ],
)
def test_where_there_are_no_borders_none_are_found(what, film):
    assert borders_of(film) is None


def test_an_interval_without_frames_has_none():
    assert Borders().found(64, 36) is None
