"""Whole jobs on zips of pictures and on animations: every picture comes back, in its place in time."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from rotoscope.services import Config, Services
from tests import clips
from tests.clips_apng import NONE, OVER, apng, layers
from tests.clips_pictures import SEEN_MS, animation, packed, picture, sequence, zip_file
from tests.playing import decoded, opened
from tests.walking import Walk, a_walk

FEW = {"output": {"compare": False}}
LONG_MS = [100, 20, 30, 500, 70, 40, 90, 250, 60, 120]


def walked(video: Path, settings: Any = None, megapixels: float = 250) -> Walk:
    real = Services(Config())
    config = {"segment_megapixels": megapixels}
    return a_walk(video, settings or FEW, prober=real.prober, reader=real.reader, config=config).run()


def came_back(walk: Walk, suffix: str = ".mp4") -> tuple[list[Fraction], float]:
    """When each frame of the result is shown, and how long all of it lasts, in seconds."""
    path = clips.written(f"came-back{suffix}", walk.result(walk.job.name + suffix))
    source = opened(path).source
    return [(pts - source.start_pts) * source.time_base for pts, _ in decoded(path)], source.duration_s


def starts(delays_ms: list[int]) -> list[Fraction]:
    return [Fraction(sum(delays_ms[:n]), 1000) for n in range(len(delays_ms))]


ANIMATIONS: dict[str, tuple[Callable[[], Path], list[int]]] = {
    "WebP": (lambda: animation("WEBP", "RGB"), SEEN_MS),
    "WebP with transparency": (lambda: animation("WEBP", "RGBA"), SEEN_MS),
    "GIF": (lambda: animation("GIF", "RGB", LONG_MS, name="mixed.gif", disposal=1), LONG_MS),
    "APNG": (lambda: apng("walk.apng", layers(NONE, OVER)), [40, 30, 40, 50, 60, 70]),
}


@pytest.mark.parametrize(("make", "delays_ms"), ANIMATIONS.values(), ids=ANIMATIONS.keys())
@pytest.mark.parametrize("megapixels", [250, 0.02])
def test_an_animation_keeps_the_time_of_every_frame(
    make: Callable[[], Path], delays_ms: list[int], megapixels: float
) -> None:
    walk = walked(make(), megapixels=megapixels)

    stamps, duration_s = came_back(walk)

    assert [round(stamp * 1000) for stamp in stamps] == [round(stamp * 1000) for stamp in starts(delays_ms)]
    assert duration_s == pytest.approx(sum(delays_ms) / 1000, abs=0.002)


@pytest.mark.parametrize("megapixels", [250, 0.02])
def test_a_zip_of_pictures_comes_back_as_a_video_of_24_frames_a_second(megapixels: float) -> None:
    members = {**sequence(range(12)), "frame5.png": packed(picture(5, (64, 64))), "notes.txt": b"hello"}

    walk = walked(zip_file(members, "shoot.zip"), megapixels=megapixels)

    stamps, duration_s = came_back(walk)
    assert walk.names[-1] == "shoot.mp4"
    assert stamps == [Fraction(n, 24) for n in range(12)]
    assert duration_s == pytest.approx(0.5, abs=0.001)
    assert walk.receipt["source"]["container"] == "zip"
    assert any("24 pictures a second" in note for note in walk.receipt["notes"])


@pytest.mark.treats("an image sequence in a zip with output.fps", "plays at that rate")
def test_a_zip_of_pictures_plays_at_the_rate_that_was_asked_for() -> None:
    walk = walked(zip_file(sequence(range(6)), "slow.zip"), {"output": {"compare": False, "fps": 8}})

    stamps, duration_s = came_back(walk)

    assert (stamps, duration_s) == ([Fraction(n, 8) for n in range(6)], 0.75)
    assert not any("pictures a second" in note for note in walk.receipt["notes"])


@pytest.mark.treats("an image sequence with transparency in a zip", "transparent in WebM, GIF and frames")
def test_transparency_of_pictures_reaches_the_formats_that_hold_it() -> None:
    formats = {"output": {"compare": False, "formats": ["webm", "mp4"]}}

    walk = walked(zip_file(sequence(range(4), mode="RGBA"), "clear.zip"), formats)

    came_back(walk, ".webm")
    path = clips.written("clear.webm", walk.result("clear.webm"))
    assert opened(path).source.alpha
