"""The window that takes the flicker out of frames that were all restyled."""

from collections.abc import Iterator

import numpy as np
import pytest

from rotoscope.motion.deflicker import steady
from rotoscope.ports import RGB
from rotoscope.reach import LASTING
from tests.moving import a_pan, duotone, moody, psnr, sharpness, warping_error

SPEED = 3
AWKWARD_SIZES = [(2, 2), (3, 5), (97, 33), (200, 7), (16, 161)]

Shot = list[tuple[int, RGB, RGB | None]]


def a_shot(frames: int = 9, width: int = 160, height: int = 96, first: int = 0) -> Shot:
    """A pan of which every frame was restyled on its own."""
    sources = a_pan(frames, SPEED, width, height)
    return [(first + n, source, moody(source, n)) for n, source in enumerate(sources)]


def solarised(picture: RGB) -> RGB:
    """A look that no affine map of colours explains."""
    return np.abs(2 * picture.astype(int) - 255).astype(np.uint8)


def drawn(shot: Shot, radius: int = 2) -> list[RGB]:
    return [picture for _, picture in steady(shot, radius)]


def error(pictures: list[RGB]) -> float:
    """The pan moves what is at x + SPEED to x."""
    back = np.zeros((*pictures[0].shape[:2], 2), np.float32)
    back[..., 0] = -SPEED
    return warping_error(pictures, back, margin=16)


@pytest.mark.parametrize("radius", [2, 4])
def test_every_frame_comes_back_once_in_order_and_of_its_own_size(radius: int) -> None:
    shot = a_shot(7, first=30)

    steadied = list(steady(shot, radius))

    assert [index for index, _ in steadied] == [*range(30, 37)]
    assert {(picture.shape, picture.dtype) for _, picture in steadied} == {((96, 160, 3), np.dtype(np.uint8))}


@pytest.mark.parametrize("radius", [2, 4])
def test_the_flicker_goes_the_sharpness_stays_and_the_look_comes_out(radius: int) -> None:
    shot = a_shot(13)
    flickering = [picture for _, _, picture in shot if picture is not None]
    meant = [duotone(source) for _, source, _ in shot]

    steadied = drawn(shot, radius)

    assert error(steadied) < error(flickering) / 5
    assert sum(map(sharpness, steadied)) > 0.85 * sum(map(sharpness, flickering))
    assert np.mean(list(map(psnr, steadied, meant))) > np.mean(list(map(psnr, flickering, meant))) + 2


def test_strong_is_steadier_than_on() -> None:
    shot = a_shot(13)

    assert error(drawn(shot, 4)) < 0.8 * error(drawn(shot, 2))


def test_a_look_that_is_steady_already_hardly_changes() -> None:
    shot: Shot = [(index, source, duotone(source)) for index, source, _ in a_shot(7)]

    steadied = drawn(shot)

    assert min(psnr(picture, duotone(source)) for picture, (_, source, _) in zip(steadied, shot, strict=True)) > 36


def test_a_clip_in_overlapping_pieces_is_drawn_bit_for_bit_like_the_whole() -> None:
    shot = a_shot(14)
    whole = drawn(shot)

    pieces = [*drawn(shot[:7])[:5], *drawn(shot[3:12])[2:-2], *drawn(shot[8:])[2:]]

    assert len(pieces) == len(whole)
    assert all(np.array_equal(piece, picture) for piece, picture in zip(pieces, whole, strict=True))


def test_a_picture_reaches_as_far_as_the_radius_and_no_further() -> None:
    shot = a_shot(9)
    other = [*shot]
    other[4] = (4, shot[4][1], moody(shot[4][1], 99))

    changed = [not np.array_equal(*pair) for pair in zip(drawn(shot), drawn(other), strict=True)]

    assert changed == [False, False, True, True, True, True, True, False, False]


def test_a_slide_show_is_not_averaged_over_its_slides() -> None:
    slides = [(index * 2 * LASTING, source, picture) for index, source, picture in a_shot(4)]
    held = [(index, source, picture) for index, source, picture in a_shot(4)]

    alone = [picture for _, picture in steady(slides, 2)]
    waiting = [picture for _, picture in steady(held, 2, {index: index + 2 * LASTING for index in (1, 2)})]

    assert all(np.array_equal(picture, slide[2]) for picture, slide in zip(alone, slides, strict=True))
    assert not np.array_equal(waiting[0], held[0][2])


@pytest.mark.parametrize("radius", [2, 4])
def test_no_more_than_the_radius_is_read_ahead(radius: int) -> None:
    taken = []

    def reading() -> Iterator[tuple[int, RGB, RGB | None]]:
        for frame in a_shot(12):
            taken.append(frame[0])
            yield frame

    next(steady(reading(), radius))

    assert taken == [*range(radius + 1)]


def test_a_single_frame_is_left_as_it_came() -> None:
    shot = a_shot(1)

    assert np.array_equal(drawn(shot)[0], shot[0][2])


@pytest.mark.parametrize("missing", [{0}, {4}, {3, 4, 5}, {8}, {0, 1, 7, 8}])
def test_a_frame_that_no_call_brought_is_made_of_its_neighbours(missing: set[int]) -> None:
    shot = a_shot(9)
    gaps: Shot = [(index, source, None if index in missing else picture) for index, source, picture in shot]

    steadied = drawn(gaps)

    for index in missing:
        assert psnr(steadied[index], duotone(shot[index][1])) > 20
        assert psnr(steadied[index], shot[index][1]) < 18


def test_what_the_neighbours_drew_counts_more_than_a_guess_at_their_colours() -> None:
    shot: Shot = [
        (index, source, None if index == 2 else solarised(source)) for index, source in enumerate(a_pan(5, SPEED))
    ]

    assert psnr(drawn(shot)[2], solarised(shot[2][1])) > 26


def test_frames_that_nobody_near_lends_a_picture_are_the_callers_mistake() -> None:
    shot = a_shot(6)
    gaps: Shot = [(index, source, picture if index == 0 else None) for index, source, picture in shot]

    with pytest.raises(ValueError, match="frame 3 has no restyled picture, and no frame near it"):
        drawn(gaps)


def test_what_shows_in_one_frame_alone_leaves_no_ghost_in_the_next() -> None:
    still = a_shot(1)[0][1]
    sources = [still.copy() for _ in range(5)]
    sources[2][30:60, 60:100] = (250, 250, 20)

    steadied = drawn([(index, source, duotone(source)) for index, source in enumerate(sources)])

    for index, picture in enumerate(steadied):
        assert np.abs(picture.astype(int) - duotone(sources[index]))[36:54, 66:94].max() < 12


@pytest.mark.parametrize(("width", "height"), AWKWARD_SIZES)
@pytest.mark.parametrize("missing", [None, 1])
def test_any_size_is_drawn(width: int, height: int, missing: int | None) -> None:
    shot = a_shot(4, width, height)
    gaps: Shot = [(index, source, None if index == missing else picture) for index, source, picture in shot]

    assert [picture.shape for picture in drawn(gaps)] == [(height, width, 3)] * 4


@pytest.mark.parametrize("level", [0, 1, 137, 255])
def test_one_colour_stays_that_colour(level: int) -> None:
    source = np.zeros((54, 70, 3), np.uint8)
    flat = np.full((54, 70, 3), level, np.uint8)

    steadied = drawn([(index, source, flat) for index in range(5)], 4)

    assert all(np.array_equal(picture, flat) for picture in steadied)
