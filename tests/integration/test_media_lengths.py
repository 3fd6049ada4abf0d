"""A result is as long as its pictures are shown, the last one too: what the file says and what the receipt says."""

from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from rotoscope.adapters.mux import PyAvJoiner
from rotoscope.ports import PartFormat, Timeline
from tests.playing import encoded, moving, steady

TIMELINES: dict[str, Timeline] = {
    "even": steady(12),
    "NTSC": Timeline(range(0, 12 * 1001, 1001), 1001, Fraction(1, 24_000)),
    "varying": Timeline([*range(0, 400, 40), 700, 1000], 500, Fraction(1, 1000)),
    "a long last frame": Timeline([*range(0, 1200, 100)], 3900, Fraction(1, 1000)),
    "one frame": Timeline([0], 2000, Fraction(1, 1000)),
}
STATED: dict[PartFormat, str] = {"mp4": "mp4", "hevc": "mp4", "prores": "mov", "webm": "webm", "gif": "gif"}


def stated_s(path: Path) -> float:
    """What players show as the length before they have read the whole file."""
    with av.open(str(path)) as container:
        return float(container.duration or 0) / av.time_base


@pytest.mark.treats("a long last frame, or a varying rate", "the result lasts until the end of its last frame")
@pytest.mark.parametrize("kind", TIMELINES)
@pytest.mark.parametrize("form", STATED)
def test_a_result_says_its_whole_length(form: PartFormat, kind: str, tmp_path: Path) -> None:
    time, out = TIMELINES[kind], tmp_path / f"out.{STATED[form]}"
    parts = encoded(tmp_path, form, moving(len(time.ticks)), [len(time.ticks)])

    joined = PyAvJoiner().join(form, parts, time, out)

    whole = float((time.ticks[-1] + time.last_duration) * time.time_base)
    assert joined.duration_s == pytest.approx(whole, abs=0.006)
    assert stated_s(out) == pytest.approx(whole, abs=0.006)


@pytest.mark.parametrize("kind", TIMELINES)
def test_a_webp_plays_its_whole_length(kind: str, tmp_path: Path) -> None:
    time, out = TIMELINES[kind], tmp_path / "out.webp"
    parts = encoded(tmp_path, "webp", moving(len(time.ticks)), [len(time.ticks)])

    joined = PyAvJoiner().join("webp", parts, time, out)

    whole = float((time.ticks[-1] + time.last_duration) * time.time_base)
    assert joined.duration_s == pytest.approx(whole, abs=0.006)
    assert played_s(out) == pytest.approx(whole, abs=0.006)


def played_s(path: Path) -> float:
    with Image.open(path) as animation:
        total = 0.0
        for number in range(getattr(animation, "n_frames", 1)):
            animation.seek(number)
            animation.load()
            total += animation.info["duration"] / 1000
        return total
