"""What the pipeline costs beside the model: CPU of its stages and their FFmpeg processes against one plain re-encoding.

usage: python -m tests.bench.bench_media [--size WIDTHxHEIGHT] [--frames N] [--repeats N] [--media FOLDER]

Every frame is a key and the echo engine gives it back, so nothing is saved by carrying a look. The plain way is one
FFmpeg that decodes the same clip and encodes it with the pipeline's own preset and quality. Both are measured in turn,
several times; the medians count. Beneath, what the steps cost by themselves.
"""

import argparse
import resource
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rotoscope import pictures
from rotoscope.adapters.ffmpeg import run
from rotoscope.adapters.ffmpeg_read import FfmpegReader
from rotoscope.adapters.ffmpeg_write import FfmpegEncoder
from rotoscope.adapters.guarded_probe import GuardedProber
from rotoscope.contracts import Listing, Segment
from rotoscope.ports import RGB, Clip
from tests.playing import probe
from tests.walking import Walk, a_walk

LIMIT = 2.5
"""Most that the pipeline may cost, in plain re-encodings."""
PRESET = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "17", "-pix_fmt", "yuv420p"]
SETTINGS: dict[str, Any] = {
    "style": {"engine": "echo"},
    "frames": {"keys": "all"},
    "motion": {"deflicker": "off"},
    "output": {"compare": False},
}
LOOKED_AT = 640
"""Pixels: about the width at which AnalyzeSegment looks at a frame."""


def cpu_s() -> float:
    """Of this process and of those that it has waited for, seconds."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


class Metered(Walk):
    """A walk that remembers what its stages cost, by name."""

    def __init__(self, walk: Walk) -> None:
        super().__init__(walk.services, walk.job)
        self.spent: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def _as(self, name: str) -> Iterator[None]:
        began = cpu_s()
        yield
        self.spent[name] += cpu_s() - began

    def _over_segments(self, segments: Listing, stage: Any) -> None:
        with self._as(stage.__name__):
            super()._over_segments(segments, stage)

    def _stylize(self, calls: Listing) -> None:
        with self._as("stylize_frame"):
            super()._stylize(calls)


def piped(clip: Path) -> dict[str, float]:
    """CPU seconds of one job, by stage; the stages that run once are taken together."""
    walk = Metered(a_walk(clip, SETTINGS, config={"segment_megapixels": 250}, prober=GuardedProber()))
    began = cpu_s()
    walk.run()
    total = cpu_s() - began
    named = dict(walk.spent)
    return {**named, "the four others": total - sum(named.values()), "total": total}


def plain(clip: Path, folder: Path) -> float:
    """CPU seconds of one FFmpeg that decodes and encodes."""
    began = cpu_s()
    run(["-i", str(clip), *PRESET, "-c:a", "copy", str(folder / "plain.mp4")])
    return cpu_s() - began


def single_steps(clip: Path, folder: Path) -> dict[str, float]:
    """CPU seconds of what the stages do, each for itself."""
    source = probe(clip)
    opened = Clip(str(clip), source)
    whole = Segment(index=0, start_pts=source.start_pts, end_pts=source.end_pts, seeks=[])
    size = source.width, source.height
    some = [picture for (_, picture), _ in zip(FfmpegReader().frames(opened, whole), range(60), strict=False)]
    share = source.frame_count / len(some)
    packed = [pictures.to_jpeg(picture) for picture in some]

    def encode() -> None:
        with FfmpegEncoder().open(folder / "part.mp4", "mp4", size, source.average_rate) as writer:
            for picture in some:
                writer.write(picture)
            writer.close()

    small = LOOKED_AT, round(LOOKED_AT * size[1] / size[0])
    return {
        "decode alone": _cost(lambda: run(["-i", str(clip), "-f", "null", "-"])),
        "decode and colour, full size": _cost(lambda: _drained(FfmpegReader().frames(opened, whole))),
        "decode and colour, small": _cost(lambda: _drained(FfmpegReader().frames(opened, whole, size=small))),
        "JPEG, written": share * _cost(lambda: _each(pictures.to_jpeg, some)),
        "JPEG, read": share * _cost(lambda: _each(pictures.from_bytes, packed)),
        "colour and encode": share * _cost(encode),
        "encode alone (plain less decode)": plain(clip, folder)
        - _cost(lambda: run(["-i", str(clip), "-f", "null", "-"])),
    }


def _cost(work: Callable[[], object]) -> float:
    began = cpu_s()
    work()
    return cpu_s() - began


def _drained(frames: Iterator[tuple[int, RGB]]) -> None:
    for _ in frames:
        pass


def _each(work: Callable[[Any], object], things: list[Any]) -> None:
    for thing in things:
        work(thing)


def a_clip(folder: Path, size: str, frames: int) -> Path:
    """A flight into the Mandelbrot set with a tone, as a phone would record it: grain, 30 frames a second, a key frame
    every second, about 17 Mbit/s at 1080p."""
    target = folder / "clip.mp4"
    picture = f"mandelbrot=size={size}:rate=30:end_scale=0.05:end_pts=400,noise=alls=8:allf=t,trim=end_frame={frames}"
    sound = f"sine=frequency=440:duration={frames / 30}"
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "30", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    run(["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *codec, str(target)])
    return target


def from_media(folder: Path, media: Path, size: str, frames: int) -> Path:
    """The real flower clip, enlarged."""
    target = folder / "clip.mp4"
    scaled = f"scale={size.replace('x', ':')}:flags=lanczos,setsar=1"
    codec = ["-c:v", "libx264", "-preset", "medium", "-crf", "20", "-g", "30", "-pix_fmt", "yuv420p", "-c:a", "copy"]
    source = str(media / "flower_h264_aac.mp4")
    run(["-i", source, "-vf", scaled, "-frames:v", str(frames), *codec, str(target)])
    return target


def measured(clip: Path, folder: Path, repeats: int) -> tuple[list[float], dict[str, list[float]]]:
    """Both ways in turn."""
    plainly: list[float] = []
    stages: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(repeats):
        plainly.append(plain(clip, folder))
        for name, spent in piped(clip).items():
            stages[name].append(spent)
    return plainly, stages


def main() -> int:
    """Prints the tables; the exit code says whether the limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--frames", type=int, default=240)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--media", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = (
            from_media(folder, asked.media, asked.size, asked.frames)
            if asked.media
            else a_clip(folder, asked.size, asked.frames)
        )
        frames = probe(clip).frame_count
        plainly, stages = measured(clip, folder, asked.repeats)
        base = statistics.median(plainly)
        sys.stdout.write(_table(stages, base, frames))
        sys.stdout.write(_steps_table(single_steps(clip, folder), base, frames))
        return int(statistics.median(stages["total"]) / base > LIMIT)


def _table(stages: dict[str, list[float]], base: float, frames: int) -> str:
    rows = [f"{frames} frames; medians\n", f"{'':<34}{'CPU ms a frame':>15}{'ratio':>8}"]
    rows.append(_row("plain decode and encode", base, base, frames))
    rows += [_row(name, statistics.median(spent), base, frames) for name, spent in stages.items()]
    return "\n".join(rows) + f"\n{'limit':<34}{'':>15}{LIMIT:>8.2f}\n\n"


def _steps_table(steps: dict[str, float], base: float, frames: int) -> str:
    return (
        "\n".join(["What the steps cost by themselves:", *(_row(*step, base, frames) for step in steps.items())]) + "\n"
    )


def _row(name: str, spent: float, base: float, frames: int) -> str:
    return f"{name:<34}{spent / frames * 1000:>15.1f}{spent / base:>8.2f}"


if __name__ == "__main__":
    sys.exit(main())
