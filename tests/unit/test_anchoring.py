"""Colours that follow a shot's first key, a key of another shot, or the source."""

import numpy as np
import pytest

from rotoscope.motion.anchoring import anchored, recoloured, with_chroma_of
from rotoscope.motion.flow import grey
from rotoscope.motion.palettes import Manner
from rotoscope.ports import RGB
from tests.moving import a_pan, a_world, duotone

CAST = np.array([12, -9, 6])
SLOWLY = 0.5
"""Pixels a frame: the last frame of a pan still shows what the first one did."""
AWKWARD_SIZES = [(1, 1), (2, 2), (3, 5), (97, 33)]


def a_look(source: RGB) -> Manner:
    return Manner.of(source, duotone(source))


def tinted(picture: RGB, contrast: float = 1.0) -> RGB:
    """The picture as a model with another mood would have drawn it."""
    return np.clip((picture.astype(float) - 110) * contrast + 110 + CAST, 0, 255).astype(np.uint8)


def mean_error(picture: RGB, meant: RGB) -> float:
    """Levels by which the mean of the worst channel is off."""
    return float(np.abs((picture.astype(float) - meant).mean(axis=(0, 1))).max())


def chroma(picture: RGB) -> np.ndarray:
    return picture.astype(int) - grey(picture)[..., np.newaxis]


def test_the_anchor_itself_does_not_change() -> None:
    source = a_world(160, 96)

    assert np.array_equal(anchored(duotone(source), source, a_look(source)), duotone(source))


def test_a_correct_picture_of_a_later_frame_stays_within_a_level() -> None:
    first, *_, last = a_pan(12, SLOWLY)

    picture = anchored(duotone(last), last, a_look(first))

    assert np.abs(picture.astype(int) - duotone(last)).max() <= 1


@pytest.mark.parametrize("contrast", [0.85, 1.0, 1.15])
def test_half_of_a_cast_is_taken_out_because_the_anchors_own_is_as_much_luck(contrast: float) -> None:
    first, last = (frame // 2 + 64 for frame in a_pan(12, SLOWLY)[::11])
    drawn = tinted(duotone(last), contrast)

    picture = anchored(drawn, last, a_look(first))

    assert mean_error(drawn, duotone(last)) > 6
    assert mean_error(picture, duotone(last)) == pytest.approx(mean_error(drawn, duotone(last)) / 2, abs=1.2)
    assert np.abs(picture.astype(int) - duotone(last)).mean() < 0.65 * np.abs(drawn.astype(int) - duotone(last)).mean()


def test_the_more_of_a_picture_is_new_the_less_it_moves() -> None:
    first, *later = a_pan(40, 1.0)
    casts = [mean_error(anchored(tinted(duotone(frame)), frame, a_look(first)), duotone(frame)) for frame in later[::9]]

    assert casts == sorted(casts)
    assert casts[0] < 0.62 * casts[-1]


def test_new_content_does_not_pass_for_a_cast() -> None:
    first = a_world(160, 96)
    sunset = np.clip(a_world(160, 96, seed=3) * 0.4 + (150, 40, 0), 0, 255).astype(np.uint8)
    drawn = tinted(duotone(sunset))

    assert np.array_equal(anchored(drawn, sunset, a_look(first)), drawn)


def test_a_cast_is_seen_beside_new_content_that_covers_a_little() -> None:
    first, *_, last = a_pan(12, SLOWLY)
    last[:8, :40] = (255, 0, 255)
    drawn = tinted(duotone(last))

    picture = anchored(drawn, last, a_look(first))

    assert mean_error(picture, duotone(last)) < 0.66 * mean_error(drawn, duotone(last))


@pytest.mark.parametrize(("width", "height"), AWKWARD_SIZES)
@pytest.mark.parametrize("level", [None, 0, 255])
def test_any_size_and_any_one_colour_can_be_an_anchor(width: int, height: int, level: int | None) -> None:
    source = a_world(width, height) if level is None else np.full((height, width, 3), level, np.uint8)
    anchor = a_look(source)

    assert np.array_equal(anchored(duotone(source), source, anchor), duotone(source))
    assert recoloured(source, anchor).shape == (height, width, 3)


def test_a_source_takes_the_colours_of_another_shots_key() -> None:
    look, source = a_look(a_world(160, 96)), a_world(200, 120, seed=3)

    picture = recoloured(source, look)

    assert np.abs(picture.astype(int) - duotone(source)).mean() < 3
    assert np.abs(picture.astype(int) - source).mean() > 15


def test_a_flat_key_lends_its_colour_without_burning_the_picture() -> None:
    black, purple = np.zeros((96, 160, 3), np.uint8), np.full((96, 160, 3), (90, 20, 120), np.uint8)
    look = Manner.of(black, purple)

    assert np.array_equal(recoloured(black, look), purple)
    assert np.abs(np.diff(recoloured(a_world(160, 96), look).mean(axis=(0, 1)))).max() < 120


def test_the_sources_chroma_comes_with_the_pictures_luma() -> None:
    source = (a_world(160, 96) * 0.3 + 90).astype(np.uint8)
    drawn = np.repeat(grey(duotone(source))[..., np.newaxis] // 2 + 60, 3, axis=2).astype(np.uint8)

    picture = with_chroma_of(source, drawn)

    assert np.abs(grey(picture).astype(int) - grey(drawn)).max() <= 1
    assert np.abs(chroma(picture) - chroma(source)).max() <= 2


@pytest.mark.parametrize("colour", [(255, 0, 0), (0, 0, 255), (255, 255, 0), (0, 0, 0)])
def test_luma_survives_where_the_sources_colour_leaves_the_gamut(colour: tuple[int, int, int]) -> None:
    drawn = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    source = np.full((16, 16, 3), colour, np.uint8)

    picture = with_chroma_of(source, drawn)

    assert np.abs(grey(picture).astype(int) - grey(drawn)).max() <= 1
    assert np.array_equal(picture[0, 0], (0, 0, 0))
    assert np.array_equal(picture[15, 15], (255, 255, 255))


def test_a_picture_with_its_own_chroma_stays_what_it_is() -> None:
    picture = duotone(a_world(97, 33))

    assert np.abs(with_chroma_of(picture, picture).astype(int) - picture).max() <= 1
