"""Key frames restyled by hand, on this machine: found where the settings say, sent where a job looks for them."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from local.cli import forecast, key_pictures
from local.cli.errors import WrongUse
from local.cli.rehearsal import Rehearsal
from local.cli.uploading import drop
from rotoscope.settings import Settings
from tests.builders import a_picture, a_source
from tests.unit.test_cli_commands import Panning
from tests.unit.test_cli_jobs import FakeInbox


def a_folder(path, *names):
    path.mkdir(parents=True)
    for name in names:
        (path / name).write_bytes(b"picture")
    return path


def named(folder):
    return Settings.model_validate({"style": {"keys": folder}})


def test_the_default_folder_counts_only_beside_a_settings_file(tmp_path, monkeypatch):
    a_folder(tmp_path / "keys", "00000001.png")
    monkeypatch.chdir(tmp_path)

    assert key_pictures.folder(Settings(), tmp_path / "settings.json") == tmp_path / "keys"
    assert key_pictures.folder(Settings(), None) is None


def test_a_folder_that_was_named_has_to_be_there(tmp_path):
    a_folder(tmp_path / "mine", "00000001.png")

    assert key_pictures.folder(named("mine"), tmp_path / "settings.json") == tmp_path / "mine"
    with pytest.raises(WrongUse, match=r"no folder nowhere"):
        key_pictures.folder(named("nowhere"), tmp_path / "settings.json")


def test_only_pictures_named_by_a_frame_number_count(tmp_path):
    folder = a_folder(tmp_path / "keys", "00000012.png", "7.JPG", "notes.txt", "frame3.png")

    assert [path.name for path in key_pictures.pictures_in(folder)] == ["00000012.png", "7.JPG"]
    with pytest.raises(WrongUse, match=r"00000012\.png"):
        key_pictures.pictures_in(a_folder(tmp_path / "empty", "notes.txt"))


def test_they_are_sent_to_a_folder_of_this_videos_own_before_the_video(tmp_path):
    inbox, folder = FakeInbox(), a_folder(tmp_path / "keys", "00000012.png")

    drop(SimpleNamespace(s3=inbox), "the-inbox", "a.mp4", "in/a.mp4", settings={}, image=None, keys=folder)

    assert list(inbox.dropped) == ["in/a.mp4.keys/00000012.png", "in/a.mp4.json", "in/a.mp4"]
    assert json.loads(inbox.dropped["in/a.mp4.json"]) == {"style": {"keys": "a.mp4.keys"}}


def test_an_estimate_does_not_count_frames_that_lie_ready_as_pictures(tmp_path):
    (tmp_path / "keys").mkdir()
    for index in (0, 20):
        Image.fromarray(a_picture(320, 180)).save(tmp_path / "keys" / f"{index:08d}.png")
    settings = Settings.model_validate({"style": {"engine": "sd35", "prompt": "ink"}, "frames": {"keys": [0, 20, 40]}})
    source = a_source(frames=50, width=320, height=180)

    seen = Rehearsal(Path("clip.mp4"), source, Panning()).look(settings, tmp_path / "settings.json")

    mine, *_ = forecast.of_modes(settings, source, seen.footage, seen.own_keys)
    assert (mine.budget.keys, mine.calls, mine.budget.estimated_usd) == (3, 1, 0.08)
