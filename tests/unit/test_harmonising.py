"""Neighbouring keys that the model drew differently."""

import numpy as np
import pytest

from rotoscope.motion.harmonising import harmonised
from rotoscope.motion.propagation import Key
from rotoscope.ports import RGB
from tests.moving import a_pan, a_world, duotone, moody, psnr, sharpness

GAP = 8
AWKWARD_SIZES = [(2, 2), (3, 5), (97, 33), (200, 7)]


def the_keys(count: int = 3, width: int = 320, height: int = 192) -> list[Key]:
    """Keys of a pan, GAP frames apart, each with a cast and a texture of its own."""
    sources = a_pan(GAP * count, 3, width, height)[::GAP]
    return [Key(GAP * n, source, moody(source, n), present=True) for n, source in enumerate(sources)]


def as_meant(key: Key) -> Key:
    return Key(key.index, key.source, duotone(key.source), key.present)


def low(picture: RGB) -> np.ndarray:
    """Mean colours of twelfths of the picture's sides."""
    height, width = picture.shape[0] // 12, picture.shape[1] // 12
    return picture[: 12 * height, : 12 * width].reshape(12, height, 12, width, 3).mean(axis=(1, 3))


def test_keys_that_disagree_come_nearer_to_what_was_meant_and_stay_sharp() -> None:
    before, key, after = the_keys()
    meant = duotone(key.source)

    picture = harmonised(key, [before, after])

    assert psnr(picture, meant) > psnr(key.picture, meant) + 1
    assert sharpness(picture) > 0.9 * sharpness(key.picture)


def test_one_neighbour_is_enough_to_come_nearer_to() -> None:
    key, after, _ = the_keys()
    meant = duotone(key.source)

    assert psnr(harmonised(key, [after]), meant) > psnr(key.picture, meant) + 0.5


def test_colours_that_drift_from_key_to_key_drift_less() -> None:
    before, key, after = the_keys()
    drift = np.abs(low(key.picture) - low(duotone(key.source))).mean()

    picture = harmonised(key, [before, after])

    assert np.abs(low(picture) - low(duotone(key.source))).mean() < 0.85 * drift


def test_keys_that_agree_are_left_as_they_came() -> None:
    before, key, after = map(as_meant, the_keys())

    assert np.array_equal(harmonised(key, [before, after]), key.picture)


def test_what_the_sources_differ_by_themselves_is_no_disagreement() -> None:
    random = np.random.default_rng(0)
    grainy = [np.clip(key.source + random.normal(0, 12, key.source.shape), 0, 255) for key in the_keys()]
    before, key, after = (as_meant(Key(8 * n, each.astype(np.uint8), each, True)) for n, each in enumerate(grainy))

    assert np.array_equal(harmonised(key, [before, after]), key.picture)


def test_a_key_alone_is_left_as_it_came() -> None:
    key = the_keys(1)[0]

    assert np.array_equal(harmonised(key, []), key.picture)


def test_a_neighbour_that_shows_something_else_leaves_no_trace() -> None:
    key = the_keys(1)[0]
    elsewhere = 255 - a_world(320, 192, seed=5)
    stranger = Key(GAP, elsewhere, moody(elsewhere, 1), present=True)

    picture = harmonised(key, [stranger])

    assert np.abs(picture.astype(int) - key.picture).mean() < 1


def test_where_the_neighbour_shows_something_else_it_leaves_no_trace() -> None:
    key = the_keys(1)[0]
    source = key.source.copy()
    source[:, :160] = 255 - source[:, :160]
    neighbour = Key(GAP, source, moody(source, 1), present=True)

    moved = np.abs(harmonised(key, [neighbour]).astype(int) - key.picture)

    assert moved[:, :130].mean() < 2
    assert moved[:, 190:].mean() > 3


@pytest.mark.parametrize(("width", "height"), AWKWARD_SIZES)
def test_any_size_is_harmonised(width: int, height: int) -> None:
    before, key, after = the_keys(3, width, height)

    assert harmonised(key, [before, after]).shape == (height, width, 3)


@pytest.mark.parametrize("level", [0, 255])
def test_flat_sources_with_different_casts_meet(level: int) -> None:
    source = np.full((96, 160, 3), level, np.uint8)
    warm, cold = (np.full((96, 160, 3), colour, np.uint8) for colour in ((160, 120, 90), (120, 120, 130)))

    picture = harmonised(Key(0, source, warm, present=True), [Key(8, source, cold, present=True)])

    assert 120 < picture[48, 80, 0] < 155
    assert picture[48, 80, 1] == 120
