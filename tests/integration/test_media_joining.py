"""Encoding parts and joining them: every frame at its exact time, the colours what they were."""

import gc
import time
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from rotoscope.adapters.mux import PyAvJoiner
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import PartFormat, Timeline
from tests import clips
from tests.playing import ENCODER, RATE, copied, decoded, encoded, moving, probe, running, steady, timeline_of


@pytest.mark.parametrize(
    "make", [clips.ntsc, clips.film_rate, clips.vfr, clips.webm, clips.transport_stream, clips.gif, clips.late_picture]
)
@pytest.mark.parametrize("form", ["mp4", "hevc", "prores"])
def test_every_frame_is_shown_exactly_when_the_source_shows_it(
    form: PartFormat, make: Callable[[], Path], tmp_path: Path
) -> None:
    source, result = make(), copied(make(), tmp_path, form)[0]
    before, after = probe(source), probe(result)
    meant, stamps = timeline_of(source), [pts for pts, _ in decoded(result)]

    shown = [(pts - stamps[0]) * after.time_base for pts in stamps]

    assert shown == [tick * meant.time_base for tick in meant.ticks]
    assert stamps[0] * after.time_base == after.container_start_s == 0
    assert (after.end_pts - after.start_pts) * after.time_base == (before.end_pts - before.start_pts) * before.time_base
    assert after.frame_rate == before.frame_rate


def test_a_webm_keeps_time_to_the_millisecond_that_it_can_store(tmp_path: Path) -> None:
    source = clips.vfr()
    meant = timeline_of(source)

    result, joined = copied(source, tmp_path, "webm")

    after = probe(result)
    shown = [float(pts * after.time_base) for pts, _ in decoded(result)]
    assert shown == pytest.approx([float(tick * meant.time_base) for tick in meant.ticks], abs=0.0006)
    assert joined.notes and "opus" in joined.notes[0]


def test_joining_alters_no_picture(tmp_path: Path) -> None:
    parts = encoded(tmp_path, "mp4", moving(40), [17, 1, 22])
    apart = [picture for part in parts for _, picture in decoded(part)]

    joined = PyAvJoiner().join("mp4", parts, steady(40), tmp_path / "out.mp4")

    together = [picture for _, picture in decoded(tmp_path / "out.mp4")]
    assert all(np.array_equal(a, b) for a, b in zip(together, apart, strict=True))
    assert (joined.frames, joined.width, joined.height, joined.duration_s) == (40, 64, 48, pytest.approx(40 / 30))


def test_a_long_stand_at_the_end_lasts(tmp_path: Path) -> None:
    parts = encoded(tmp_path, "mp4", moving(12), [12])
    ends_slowly = Timeline([*range(0, 1000, 100), 5000, 5100], 30_000, Fraction(1, 1000))

    joined = PyAvJoiner().join("mp4", parts, ends_slowly, tmp_path / "out.mp4")

    after = probe(tmp_path / "out.mp4")
    assert joined.duration_s == pytest.approx(35.1, abs=0.01)
    assert after.duration_s == pytest.approx(35.1, abs=0.01)


@pytest.mark.parametrize(
    ("form", "shape"), [("mp4", (64, 384)), ("webm", (64, 384)), ("webm", (63, 383)), ("mp4", (63, 383))]
)
def test_colours_survive_encoding(form: PartFormat, shape: tuple[int, int], tmp_path: Path) -> None:
    _, picture = decoded(clips.patches())[0]
    picture = np.ascontiguousarray(picture[: shape[0], : shape[1]])
    parts = encoded(tmp_path, form, [picture] * 3, [3])

    PyAvJoiner().join(form, parts, steady(3), tmp_path / f"out.{form}")

    after = probe(tmp_path / f"out.{form}")
    shown = decoded(tmp_path / f"out.{form}")[1][1][32, 32::64].astype(int)
    assert np.abs(shown - clips.PATCHES).max() <= 4
    assert (after.color_matrix, after.color_transfer, after.full_range) == ("bt709", "bt709", False)


def test_an_odd_picture_gets_its_last_line_and_column_twice(tmp_path: Path) -> None:
    picture = np.full((61, 91, 3), 90, np.uint8)
    picture[:, -1], picture[-1] = 220, 160
    parts = encoded(tmp_path, "mp4", [picture] * 2, [2])

    [shown, _] = [shown.astype(int) for _, shown in decoded(parts[0])]

    assert shown.shape == (62, 92, 3)
    assert np.abs(shown[:50, -1] - 220).max() < 12
    assert np.abs(shown[-1, :80] - 160).max() < 12


def test_a_joined_gif_plays_what_its_parts_played(tmp_path: Path) -> None:
    pictures = moving(9) + [np.roll(picture, 1, axis=2) for picture in moving(8)] + [moving(1)[0]] * 3
    parts = encoded(tmp_path, "gif", pictures, [9, 8, 3])
    apart = [picture for part in parts for _, picture in decoded(part)]
    pace = Timeline([n * 1001 for n in range(20)], 1001, Fraction(1, 30_000))

    joined = PyAvJoiner().join("gif", parts, pace, tmp_path / "out.gif")

    together = decoded(tmp_path / "out.gif")
    assert all(np.array_equal(a, b) for (_, a), b in zip(together, apart, strict=True))
    assert [pts for pts, _ in together] == [round(n * 1001 / 300) for n in range(20)]
    assert all(np.array_equal(a, b) for a, b in zip(pillow_frames(tmp_path / "out.gif"), apart, strict=True))
    assert (joined.frames, joined.duration_s) == (20, 0.67)


def pillow_frames(path: Path) -> list[Any]:
    with Image.open(path) as animation:
        assert animation.info["loop"] == 0
        frames = []
        for number in range(animation.n_frames):
            animation.seek(number)
            frames.append(np.asarray(animation.convert("RGB")))
        return frames


def test_frames_are_numbered_through_all_parts(tmp_path: Path) -> None:
    pictures = moving(5)
    parts = encoded(tmp_path, "frames", pictures, [2, 3])

    joined = PyAvJoiner().join("frames", parts, steady(5), tmp_path / "out.zip")

    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == [f"{number:08d}.png" for number in range(5)]
        with archive.open("00000003.png") as file:
            assert np.array_equal(np.asarray(Image.open(file)), pictures[3])
    assert (joined.frames, joined.width, joined.height) == (5, 64, 48)


@pytest.mark.parametrize("form", ["mp4", "hevc", "prores", "webm", "gif", "frames"])
@pytest.mark.parametrize("planned", [5, 7])
def test_a_missing_or_surplus_frame_is_an_error(form: PartFormat, planned: int, tmp_path: Path) -> None:
    parts = encoded(tmp_path, form, moving(6), [3, 3])

    with pytest.raises(MediaToolFailed, match="frames"):
        PyAvJoiner().join(form, parts, steady(planned), tmp_path / "out")


def test_parts_of_different_sizes_are_not_joined(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    parts = encoded(tmp_path, "mp4", moving(3), [3]) + encoded(tmp_path / "other", "mp4", moving(3, (80, 48)), [3])

    with pytest.raises(MediaToolFailed, match="first part"):
        PyAvJoiner().join("mp4", parts, steady(6), tmp_path / "out.mp4")


def test_a_picture_of_another_size_is_not_taken(tmp_path: Path) -> None:
    writer = ENCODER.open(tmp_path / "part.mp4", "mp4", (64, 48), RATE)

    with pytest.raises(ValueError, match="does not fit"):
        writer.write(np.zeros((48, 60, 3), np.uint8))


def test_an_encoder_that_cannot_write_says_why(tmp_path: Path) -> None:
    writer = ENCODER.open(tmp_path / "nowhere" / "part.mp4", "mp4", (64, 48), RATE)

    with pytest.raises(MediaToolFailed, match="No such file"):
        for picture in moving(200):
            writer.write(picture)
        writer.close()


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks into /proc")
def test_an_encoder_that_is_forgotten_ends(tmp_path: Path) -> None:
    writer = ENCODER.open(tmp_path / "forgotten.mp4", "mp4", (64, 48), RATE)
    writer.write(moving(1)[0])
    while not running("forgotten.mp4"):  # a process that is just being started has no command line yet
        time.sleep(0.01)

    del writer
    gc.collect()

    assert not running("forgotten.mp4")
