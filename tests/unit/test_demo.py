"""The demo's own clip: the same every time, moving, with a tune in stereo."""

import numpy as np
import pytest

from local.demo import clip, tune
from local.demo.harbour import Harbour
from rotoscope.engines.catalog import ENGINES
from rotoscope.settings import LimitSettings


@pytest.fixture(scope="module")
def moments():
    """Two pictures of the harbour, two seconds apart."""
    harbour = Harbour()
    return harbour.picture(0.0), harbour.picture(2.0)


def test_every_moment_can_be_drawn_again(moments):
    assert np.array_equal(Harbour().picture(2.0), moments[1])


def test_the_harbour_is_a_full_picture_in_many_colours(moments):
    picture = moments[0]

    assert picture.shape == (360, 640, 3)
    assert picture.std(axis=(0, 1)).min() > 30
    assert len(np.unique(picture.reshape(-1, 3) // 16, axis=0)) > 400


def test_everything_near_moves_and_the_far_sky_hardly(moments):
    change = np.abs(moments[1].astype(int) - moments[0]).mean(axis=2)

    assert change[200:].mean() > 3 * change[:60].mean()


def test_the_tune_is_stereo_in_range_and_ends_in_silence():
    samples = tune.played(3.0)

    assert samples.shape == (3 * tune.RATE, 2)
    assert 0.3 < np.abs(samples).max() <= 1
    assert np.abs(samples[:, 0] - samples[:, 1]).max() > 0.05
    assert np.abs(samples[-10:]).max() < 0.001


@pytest.mark.parametrize(("note", "hertz"), [("A4", 440), ("A3", 220), ("D5", 587.33), ("F#5", 739.99)])
def test_notes_are_in_tune(note, hertz):
    assert tune.pitch(note) == pytest.approx(hertz, abs=0.01)


def test_the_whole_clip_stays_under_the_default_limit_of_a_job():
    dearest = max(facts.price_usd for facts in ENGINES.values() if facts.name == "control-structure")

    assert clip.FRAMES * dearest <= LimitSettings().max_cost_usd
