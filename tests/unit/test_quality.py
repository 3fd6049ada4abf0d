"""How steady and how sharp a result is, measured on pairs of neighbouring frames."""

import cv2
import numpy as np
import pytest

from rotoscope.carrying import Drawn
from rotoscope.motion import quality
from rotoscope.motion.quality import QualityMeter, marked
from tests.builders import a_picture


def scene(index=0, width=320, height=180, seed=3):
    """A textured picture that moves to the left by two pixels a frame."""
    rng = np.random.default_rng(seed)
    wide = np.kron(rng.integers(30, 220, (height // 6 + 1, width // 6 + 30, 3)), np.ones((6, 6, 1))).astype(np.uint8)
    return cv2.GaussianBlur(wide, (0, 0), 2)[:height, 2 * index : 2 * index + width]


def measured(pictures, results=None, shots=None, indices=None):
    """What a meter says of these frames."""
    meter = QualityMeter()
    for n, source in enumerate(pictures):
        index = n if indices is None else indices[n]
        result = source if results is None else results[n]
        meter.see(Drawn(index, shots[n] if shots else 0, source, result))
    return meter.found(0)


def first(pictures, results=None):
    return measured(pictures[:2], results).samples[0]


def test_what_only_moves_is_steady():
    sample = first([scene(0), scene(1)])

    assert sample.result_warp == sample.source_warp < 1e-3
    assert sample.result_flicker < 1


def test_a_result_that_changes_its_colour_flickers_by_that_many_levels():
    sources = [scene(0), scene(1)]
    results = [sources[0], sources[1] - 12]

    sample = first(sources, results)

    assert sample.result_flicker == pytest.approx(12, abs=0.5)
    assert sample.source_flicker < 1
    assert sample.result_warp - sample.source_warp == pytest.approx((12 / 255) ** 2, rel=0.1)


def test_fine_noise_is_no_flicker_but_a_warping_error():
    sources, rng = [scene(0), scene(1)], np.random.default_rng(1)
    results = [np.clip(source + rng.normal(0, 10, source.shape), 0, 255).astype(np.uint8) for source in sources]

    sample = first(sources, results)

    assert sample.result_flicker < 2
    assert sample.result_warp > 2 * (8 / 255) ** 2


def test_what_is_uncovered_does_not_count():
    sources = [scene(0), scene(1)]
    for n, source in enumerate(sources):
        source[60:120, 60 + 14 * n : 120 + 14 * n] = scene(0, 60, 60, seed=9)
    field, seen = quality.visible_motion(quality.grey(sources[0]), quality.grey(sources[1]))

    counted, _ = quality.unsteadiness(*sources, field, seen)
    everything, _ = quality.unsteadiness(*sources, field, np.ones_like(seen))

    assert 0.5 < seen.mean() < 1
    assert counted < everything / 4


def test_neither_what_leaves_the_picture_nor_the_outline_of_what_moves_counts():
    sources = [scene(0), scene(1)]
    for n, source in enumerate(sources):
        source[60:120, 60 + 6 * n : 160 + 6 * n] = scene(0, 100, 60, seed=9)

    _, seen = quality.visible_motion(quality.grey(sources[0]), quality.grey(sources[1]))

    assert not seen[130:, :1].any()
    assert seen[56:64, 80:140].mean() < 0.5 < seen[20:40, 80:140].mean()


def test_blur_makes_steady_and_costs_sharpness():
    sources = [scene(0), scene(1)]
    blurred = [cv2.GaussianBlur(source, (0, 0), 4) for source in sources]

    sample, sharp = first(sources, blurred), first(sources)

    assert sample.sharpness < sharp.sharpness / 2
    assert sample.structure < sharp.structure == pytest.approx(1)


def test_a_key_is_measured_at_the_size_of_the_frames():
    meter, large = QualityMeter(), scene(0, 1280, 720)
    meter.key(0, large)
    meter.see(Drawn(0, 0, large, large))
    meter.see(Drawn(1, 0, large, large))

    found = meter.found(4)

    assert found.segment == 4
    assert found.key_sharpness[0] == found.samples[0].sharpness


def test_the_shift_of_colour_is_given_in_cielab():
    grey = np.full((40, 60, 3), 119, np.uint8)
    reddish = grey.copy()
    reddish[..., 0] += 60

    lightness, green_red, _ = first([grey, grey], [reddish, reddish]).shift

    assert 3 < lightness < 12
    assert green_red > 15


def test_nothing_is_measured_across_a_cut():
    assert measured([scene(n) for n in range(8)], shots=range(8)).samples == []


def test_every_shot_is_measured_at_its_beginning():
    found = measured([scene(n) for n in range(4)], shots=[0, 0, 2, 2])

    assert [(sample.index, sample.shot) for sample in found.samples] == [(0, 0), (2, 2)]


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5, 8, 24])
def test_about_one_frame_in_twelve_is_measured_whatever_the_step(step):
    indices = range(100_000, 140_000, step)
    hits = [index for index in indices if marked(index, index + step, 7)]

    assert len(hits) == pytest.approx(min(len(indices), 40_000 / quality.EVERY), rel=0.05)


@pytest.mark.parametrize("distance", [2, 4, 8, 16, 24])
def test_keys_at_regular_distances_are_neither_always_nor_never_hit(distance):
    hits = [index for index in range(8000) if marked(index, index + 1, -1)]

    share = sum(index % distance == 0 for index in hits) / len(hits)

    assert share == pytest.approx(1 / distance, abs=0.05)


def test_segments_agree_on_what_is_measured():
    pictures = [a_picture(seed=n) for n in range(40)]

    whole = measured(pictures).samples
    parts = [*measured(pictures[:18]).samples, *measured(pictures[17:], indices=range(17, 40)).samples]

    assert sorted({sample.index: sample for sample in parts}.items()) == [(sample.index, sample) for sample in whole]


@pytest.mark.parametrize(("width", "height"), [(2, 2), (2, 640), (1000, 2), (13, 37), (47, 48)])
@pytest.mark.parametrize("level", [0, 255])
def test_any_size_of_one_colour_is_measured_and_perfectly_steady(width, height, level):
    picture = np.full((height, width, 3), level, np.uint8)

    sample = first([picture, picture])

    assert (sample.source_warp, sample.result_flicker, sample.sharpness) == (0, 0, 0)
    assert sample.structure == pytest.approx(1)


@pytest.mark.parametrize("frames", [0, 1])
def test_without_a_second_frame_there_is_no_sample(frames):
    assert measured([a_picture()] * frames).samples == []
