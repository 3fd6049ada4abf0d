"""Samples of many segments become a few figures, and those a sentence."""

import pytest

from rotoscope.judging import in_words, judge
from rotoscope.receipts import Quality, Steadiness, WarpingError
from tests.builders import a_plan
from tests.unit.samples import a_sample, measured


def judged(*segments, shots=(0,), simulated=False, **style):
    return judge(a_plan(style=style), segments, shots, simulated=simulated)


def test_figures_are_means_over_all_samples_and_flicker_their_root_mean_square():
    quiet = a_sample(0, source_warp=1e-4, result_warp=3e-4, source_flicker=1, result_flicker=3, structure=0.6)
    loud = a_sample(8, source_warp=3e-4, result_warp=5e-4, source_flicker=7, result_flicker=4, structure=0.8)

    found = judged(measured(quiet), measured(loud, segment=1))

    assert found.samples == 2
    assert found.warping_error == WarpingError(source=2e-4, result=4e-4, ratio=2)
    assert found.flicker_levels == Steadiness(source=5, result=3.536)
    assert found.structure == 0.7


def test_a_pair_that_two_segments_measured_counts_once():
    shared = a_sample(7, result_warp=1e-2)

    found = judged(measured(a_sample(0), shared), measured(shared, a_sample(9), segment=1))

    assert found.samples == 3


def test_sharpness_is_that_of_the_frames_between_over_what_their_nearest_keys_have():
    samples = [a_sample(0, sharpness=99), a_sample(2, sharpness=12), a_sample(6, sharpness=6)]

    found = judged(measured(*samples, keys={0: 16.0, 8: 8.0}))

    assert found.sharpness_kept == pytest.approx((12 + 6) / (14 + 10))


def test_where_every_frame_is_a_key_each_is_held_against_itself():
    samples = [a_sample(0, sharpness=8), a_sample(1, sharpness=4)]

    found = judged(measured(*samples, keys={0: 16.0, 1: 8.0}))

    assert found.sharpness_kept == 0.5


def test_keys_of_another_shot_say_nothing_about_sharpness():
    samples = [a_sample(1, sharpness=5), a_sample(11, shot=10, sharpness=100)]

    found = judged(measured(*samples, keys={0: 10.0}), shots=(0, 10))

    assert found.sharpness_kept == 0.5
    assert [shot.sharpness_kept for shot in found.shots] == [0.5, None]


def test_colour_drifts_about_its_own_shots_mean():
    first = [a_sample(0, shift=(10, 0, 0)), a_sample(4, shift=(16, 0, 0))]
    second = [a_sample(21, shot=20, shift=(90, 0, 4)), a_sample(25, shot=20, shift=(90, 0, -4))]

    found = judged(measured(*first, *second), shots=(0, 20))

    assert [shot.colour_drift for shot in found.shots] == [3, 4]
    assert found.colour_drift == pytest.approx(12.5**0.5, abs=1e-3)


def test_every_shot_has_figures_of_its_own():
    found = judged(measured(a_sample(0), a_sample(30, shot=30, result_warp=9e-4)), shots=(0, 30))

    assert [(shot.shot, shot.samples, shot.warping_error.result) for shot in found.shots] == [
        (0, 1, 2e-4),
        (30, 1, 9e-4),
    ]


def test_a_source_without_any_error_gives_no_ratio():
    assert judged(measured(a_sample(source_warp=0))).warping_error.ratio is None


@pytest.mark.parametrize("segments", [[], [measured()]])
def test_where_nothing_could_be_compared_it_says_so_instead_of_nought(segments):
    found = judged(*segments)

    assert (found.samples, found.meaningful) == (0, False)
    assert found.warping_error is found.flicker_levels is found.sharpness_kept is found.colour_drift is None
    assert found.why_not.endswith(".")


@pytest.mark.parametrize("preset", ["tile-texture", "isometric", "pixel-art", "comic-book"])
def test_looks_that_stand_still_on_the_screen_are_not_judged_when_sketch_draws_them(preset):
    drawn = judged(measured(a_sample()), engine="sketch", preset=preset)
    simulated = judged(measured(a_sample()), engine="sd35", preset=preset, simulated=True)
    real = judged(measured(a_sample()), engine="sd35", preset=preset)

    assert (drawn.meaningful, simulated.meaningful, real.meaningful) == (False, False, True)
    assert preset in drawn.why_not


def test_a_look_that_the_prompt_suggests_counts_as_one():
    assert not judged(measured(a_sample()), engine="sketch", prompt="a mosaic of glass").meaningful
    assert judged(measured(a_sample()), engine="sketch", prompt="a watercolour").meaningful


def a_verdict(flicker=0.5, warp=2e-4, sharp=1.0):
    return Quality(
        samples=9,
        warping_error=WarpingError(source=2e-4, result=warp, ratio=None),
        flicker_levels=Steadiness(source=0.5, result=flicker),
        sharpness_kept=sharp,
        flow="DIS",
        meaningful=True,
    )


@pytest.mark.parametrize(
    ("quality", "said"),
    [
        (a_verdict(), "The picture is steady and as sharp as it was drawn."),
        (a_verdict(flicker=3), "The picture is nearly steady and as sharp as it was drawn."),
        (a_verdict(warp=8e-3, sharp=1.5), "The picture shimmers and is as sharp as it was drawn."),
        (a_verdict(flicker=12, sharp=0.8), "The picture flickers and is a little softer than it was drawn."),
        (a_verdict(sharp=0.6), "The picture is steady and softer than it was drawn."),
        (a_verdict(sharp=0.2), "The picture is steady and much softer than it was drawn."),
        (a_verdict(sharp=None), "The picture is steady."),
    ],
)
def test_the_sentence_says_what_an_editor_wants_to_know(quality, said):
    assert in_words(quality) == said


def test_steadier_than_the_source_is_steady():
    assert in_words(a_verdict(flicker=0, warp=0)).startswith("The picture is steady")
