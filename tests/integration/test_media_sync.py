"""Sound stays with the picture, to far less than a frame, ten minutes into the video."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rotoscope.ports import PartFormat
from tests import clips_sound
from tests.clips_sound import beeping
from tests.hearing import beeps, rejoined, timeline_of

MINUTES = {"seconds": 600, "every_s": 60, "sampling": 16_000}
SKEW_S = 0.01
"""A quarter of a frame at 25 frames a second."""

JITTER = "settb=1/90000,setpts='N*3000+mod(N*37,11)*150'"
FINE = ("-enc_time_base", "1:90000", "-video_track_timescale", "90000")
SOURCES: dict[str, Callable[[], Path]] = {
    "24000/1001": lambda: beeping("film-10m.mp4", rate="24000/1001", **MINUTES),
    "variable rate": lambda: beeping("vfr-10m.mp4", filters=JITTER, more=FINE, **MINUTES),
    "TS from 1.4 s": lambda: beeping("start-10m.ts", rate="25", **MINUTES),
    "late sound": lambda: beeping("late-10m.mkv", before=("-itsoffset", "2.5"), sound=("-c:a", "libvorbis"), **MINUTES),
    "slow sound": lambda: beeping(
        "drift-10m.mkv", sound=("-c:a", "pcm_s16le"), more=("-bsf:a", "setts=ts=TS*1.001"), **MINUTES
    ),
}


@pytest.mark.treats("ten minutes of video with sound", "sound stays within 10 ms of the picture until the end")
@pytest.mark.parametrize("kind", SOURCES)
def test_sound_is_with_the_picture_at_the_end_of_ten_minutes(kind: str, tmp_path: Path) -> None:
    source = SOURCES[kind]()
    _, start_s = timeline_of(source)

    result, _ = rejoined(source, tmp_path)

    before, after = beeps(source), beeps(result)
    assert after == pytest.approx([moment - start_s for moment in before], abs=SKEW_S)
    assert before[-1] > 550


SHORT: dict[str, Callable[[], Path]] = {
    "AAC": lambda: beeping("short.mp4"),
    "MP3 in AVI": lambda: beeping("short.avi", sound=("-c:a", "libmp3lame")),
    "Opus": lambda: beeping("short.webm", sound=("-c:a", "libopus"), picture=tuple(clips_sound.BLANK["webm"])),
    "late FLAC": lambda: beeping("short.mkv", sound=("-c:a", "flac"), before=("-itsoffset", "0.3")),
    "TS": lambda: beeping("short.ts"),
    "edit list": clips_sound.edited,
}


@pytest.mark.treats("sound that begins later than the picture, or behind an edit list", "kept in its place")
@pytest.mark.parametrize("kind", SHORT)
@pytest.mark.parametrize("form", ["mp4", "webm", "prores"])
@pytest.mark.parametrize("cut", [(0, 4), (1.5, 3.0)])
def test_sound_is_where_it_was(kind: str, form: PartFormat, cut: tuple[float, float], tmp_path: Path) -> None:
    source = SHORT[kind]()
    whole, start_s = timeline_of(source)
    begin = start_s + next(float(t * whole.time_base) for t in whole.ticks if t * whole.time_base >= cut[0])

    result, _ = rejoined(source, tmp_path, form, cut)

    kept = [moment - begin for moment in beeps(source) if begin <= moment < start_s + cut[1] - 0.05]
    assert beeps(result) == pytest.approx(kept, abs=SKEW_S)
    assert len(kept) >= 1
