"""Settings given on the command line."""

import json

import pytest

from local.cli import wishes
from local.cli.errors import WrongUse
from rotoscope.errors import SettingNotBuilt, SettingsInvalid


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "look.json"
    path.write_text(json.dumps({"style": {"preset": "anime", "denoise": 0.5}, "output": {"formats": ["gif"]}}))
    return path


def test_a_single_value_wins_over_the_file_and_leaves_its_neighbours():
    settings = wishes.read(None, ["style.preset=comic-book", "style.denoise=0.2", 'output.formats=["mp4", "gif"]'])

    assert (settings.style.preset, settings.style.denoise) == ("comic-book", 0.2)
    assert settings.output.formats == ["mp4", "gif"]


def test_the_file_counts_where_no_value_speaks(file):
    settings = wishes.read(file, ["style.preset=origami"])

    assert (settings.style.preset, settings.style.denoise, settings.output.formats) == ("origami", 0.5, ["gif"])


def test_only_what_was_said_is_uploaded(file):
    settings = wishes.read(file, ["frames.keys=every 4"])

    assert wishes.given(settings) == {
        "style": {"preset": "anime", "denoise": 0.5},
        "output": {"formats": ["gif"]},
        "frames": {"keys": "every 4"},
    }


def test_a_word_needs_no_quotes_and_a_text_may_hold_equals_signs():
    settings = wishes.read(None, ["style.prompt=a = b, in ink"])

    assert settings.style.prompt == "a = b, in ink"


def test_an_unknown_key_is_refused_with_the_nearest_known_one():
    with pytest.raises(SettingsInvalid, match=r"style\.presett.*style\.preset"):
        wishes.read(None, ["style.presett=anime"])


def test_a_setting_that_does_not_work_yet_is_refused_before_anything_is_uploaded():
    with pytest.raises(SettingNotBuilt, match=r"motion\.slow"):
        wishes.read(None, ["motion.slow=2"])


@pytest.mark.parametrize("value", ["style.preset", "=anime", "anime"])
def test_a_value_without_a_key_is_explained(value):
    with pytest.raises(WrongUse, match="KEY=VALUE"):
        wishes.read(None, [value])


def test_a_value_below_a_value_is_refused():
    with pytest.raises(SettingsInvalid, match="style"):
        wishes.read(None, ["style=1", "style.preset=anime"])


def test_a_missing_settings_file_is_named(tmp_path):
    with pytest.raises(WrongUse, match=r"nowhere\.json"):
        wishes.read(tmp_path / "nowhere.json", [])


def test_a_style_image_is_found_beside_the_settings_file(tmp_path):
    (tmp_path / "wave.jpg").write_bytes(b"picture")
    file = tmp_path / "look.json"
    file.write_text('{"style": {"image": "wave.jpg"}}')

    assert wishes.style_image(wishes.read(file, []), file) == tmp_path / "wave.jpg"


def test_a_style_image_that_is_nowhere_is_refused_where_the_inbox_is_empty():
    settings = wishes.read(None, ["style.image=no-such-picture.jpg"])

    with pytest.raises(WrongUse, match=r"no-such-picture\.jpg"):
        wishes.require_style_image(settings, None)
