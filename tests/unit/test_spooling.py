"""Frames on the scratch disk: as they were, in any order, and gone afterwards."""

import numpy as np
import pytest

from rotoscope.presenting import Shown
from rotoscope.spooling import Spool
from tests.builders import a_picture


def flat(picture, alpha):
    return picture if alpha is None else 255 - picture


def a_frame(seed, *, alpha=False, compared=False):
    picture, clear = a_picture(seed=seed), np.full((36, 64), seed, np.uint8) if alpha else None
    return Shown(picture, clear, flat(picture, clear), a_picture(30, 20, seed) if compared else None)


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("compared", [False, True])
def test_frames_come_back_as_they_were_in_any_order(tmp_path, alpha, compared):
    frames = [a_frame(seed, alpha=alpha, compared=compared) for seed in range(4)]

    with Spool(tmp_path / "spool", flat) as spool:
        for frame in frames:
            spool.keep(frame)
        back = list(spool.frames([3, 2, 0, 1, 2, 3]))

    for found, expected in zip(back, [*frames[3:1:-1], *frames], strict=True):
        for name in ("picture", "alpha", "flat", "compared"):
            assert np.array_equal(getattr(found, name), getattr(expected, name)), name


def test_a_frame_that_is_shown_again_takes_no_room(tmp_path):
    first, second = a_frame(0), a_frame(1)

    with Spool(tmp_path / "spool", flat) as spool:
        for frame in (first, first, first, second, second):
            spool.keep(frame)
        back = [shown.picture[0, 0].tolist() for shown in spool.frames(range(4, -1, -1))]
        room = (tmp_path / "spool").stat().st_size

    assert room == first.picture.nbytes + second.picture.nbytes
    assert back == [second.picture[0, 0].tolist()] * 2 + [first.picture[0, 0].tolist()] * 3


def test_nothing_is_left_on_the_disk(tmp_path):
    with Spool(tmp_path / "spool", flat) as spool:
        spool.keep(a_frame(0))

    assert list(tmp_path.iterdir()) == []
