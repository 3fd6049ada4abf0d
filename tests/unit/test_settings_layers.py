"""Settings from several places: who wins, and who is blamed."""

import pytest

from rotoscope import settings
from rotoscope.errors import SettingsInvalid
from rotoscope.orders import decided


def test_later_layers_win_key_by_key_and_not_group_by_group():
    layers = [
        ("stack", {"style": {"engine": "sd35", "seed": 1}, "frames": {"step": 2}}),
        ("folder", {"style": {"seed": 2}}),
        ("metadata", {"style": {"preset": "anime"}, "frames": {"step": 3}}),
    ]

    asked = settings.resolve(layers)

    assert (asked.style.engine, asked.style.seed, asked.style.preset, asked.frames.step) == ("sd35", 2, "anime", 3)


def test_a_list_replaces_a_list_and_is_not_mixed_with_it():
    asked = settings.resolve([("a", {"output": {"formats": ["mp4", "gif"]}}), ("b", {"output": {"formats": ["webm"]}})])

    assert asked.output.formats == ["webm"]


def test_a_mistake_is_blamed_on_the_layer_that_holds_it():
    with pytest.raises(SettingsInvalid, match=r"^inner/rotoscope.json: frames.step"):
        settings.resolve(
            [("rotoscope.json", {"frames": {"step": 2}}), ("inner/rotoscope.json", {"frames": {"step": 0}})]
        )


def test_gaps_that_contradict_each_other_are_refused_once_all_layers_are_known():
    with pytest.raises(SettingsInvalid, match=r"^clip\.mp4\.json: frames\.min_gap should be at most .* 4 and 3"):
        settings.resolve([("clip.mp4.json", {"frames": {"max_gap": 3}})])

    asked = settings.resolve([("folder", {"frames": {"max_gap": 3}}), ("clip", {"frames": {"min_gap": 2}})])

    assert (asked.frames.min_gap, asked.frames.max_gap) == (2, 3)


@pytest.mark.parametrize(("keys", "deflicker"), [("all", "on"), ("adaptive", "off"), ("every 4", "off")])
def test_what_follows_from_other_settings_is_written_out(keys, deflicker):
    asked = settings.resolve([("the test", {"frames": {"keys": keys}})])

    assert decided(asked).motion.deflicker == deflicker
    assert decided(decided(asked)) == decided(asked)


def test_what_was_said_about_flicker_stays_as_it_was_said():
    asked = settings.resolve([("the test", {"frames": {"keys": "all"}, "motion": {"deflicker": "off"}})])

    assert decided(asked) is asked
