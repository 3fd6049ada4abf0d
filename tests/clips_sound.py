"""Clips whose sound, subtitles and tags are what matters, and blank parts to join them with."""

import functools
from collections.abc import Sequence
from pathlib import Path

from rotoscope.adapters.ffmpeg import run
from tests import clips

BEEP_S = 0.05
BLANK = {
    "mp4": ["-c:v", "libx264", "-preset", "ultrafast", "-x264-params", "stitchable=1"],
    "webm": ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"],
    "mov": ["-c:v", "prores_ks", "-profile:v", "1"],
}


@functools.cache
def blank(frames: int, form: str = "mp4", rate: str = "30") -> Path:
    """A part of so many grey frames of 32 x 32."""
    target = clips.path(f"blank-{frames}.{form}")
    run(["-f", "lavfi", "-i", f"color=0x777777:s=32x32:r={rate}", "-frames:v", str(frames), *_blank(form), str(target)])
    return target


def _blank(form: str) -> list[str]:
    pixels = "yuv422p10le" if form == "mov" else "yuv420p"
    return [*BLANK[form], "-g", "240", "-pix_fmt", pixels]


def beeps(every_s: float, hertz: int = 880) -> str:
    """A sound that is silent but for a beep at every so many seconds, one after a quarter of that first."""
    return f"lt(mod(t+{every_s * 0.75}\\,{every_s})\\,{BEEP_S})*0.5*sin({hertz}*2*PI*t)"


@functools.cache
def beeping(
    name: str,
    *,
    seconds: float = 4,
    every_s: float = 1,
    rate: str = "30",
    channels: str = "mono",
    sound: Sequence[str] = ("-c:a", "aac"),
    picture: Sequence[str] = (),
    filters: str = "null",
    before: Sequence[str] = (),
    more: Sequence[str] = (),
    sampling: int = 48_000,
) -> Path:
    """Grey pictures of 32 x 32, with beeps."""
    target = clips.path(name)
    video = ["-f", "lavfi", "-i", f"color=0x777777:s=32x32:r={rate}:d={seconds},{filters}"]
    audio = ["-f", "lavfi", "-i", f"aevalsrc={beeps(every_s)}:s={sampling}:d={seconds}:c=mono,aformat=cl={channels}"]
    coding = [*(picture or _blank("mp4")), *sound]
    run([*video, *before, *audio, "-map", "0", "-map", "1", "-fps_mode", "passthrough", *coding, *more, str(target)])
    return target


@functools.cache
def edited() -> Path:
    """The last part of a clip, cut out without encoding: an edit list hides what lies before a key frame's cut."""
    target = clips.path("edited.mp4")
    source = beeping("to-edit.mp4", seconds=8, picture=(*BLANK["mp4"], "-g", "48", "-pix_fmt", "yuv420p"))
    run(["-ss", "2.37", "-i", str(source), "-c", "copy", str(target)])
    return target
