"""A process's temporary files go with it, however it ends."""

import os
import tempfile
import time

import pytest

from rotoscope import scratch


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def a_leftover(place, age_s):
    folder = place / f"{scratch.PREFIX}dead"
    (folder / "tmp1").mkdir(parents=True)
    (folder / "tmp1" / "part.mp4").write_bytes(b"x")
    os.utime(folder, (time.time() - age_s,) * 2)
    return folder


def test_what_a_killed_process_left_is_removed_by_the_next_one(place):
    leftover = a_leftover(place, age_s=3600)

    settled = scratch.settle()

    assert not leftover.exists()
    assert tempfile.gettempdir() == str(settled.path)
    assert settled.path.parent == place
    settled.close()
    assert list(place.iterdir()) == []


def test_the_folder_of_a_living_process_stays(place):
    held = scratch.Scratch(place)
    os.utime(held.path, (0, 0))

    scratch.sweep(place)

    assert held.path.exists()
    held.close()


def test_a_folder_that_is_just_being_made_and_other_files_stay(place):
    young, other = a_leftover(place, age_s=1), place / "somebody-elses"
    other.mkdir()
    os.utime(other, (0, 0))

    scratch.sweep(place)

    assert young.exists()
    assert other.exists()
