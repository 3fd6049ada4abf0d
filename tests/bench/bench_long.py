"""How time and memory grow with a video's length: jobs of several lengths through the local cloud, template and all.

usage: python -m tests.bench.bench_long [--minutes N ...] [--size WIDTHxHEIGHT] [--every N]

Prints seconds per state and peak memory per function (its process and its FFmpeg's), as its log has them. 60 minutes at
30 frames a second are 108,000 frames.
"""

import argparse
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cli import deploying
from local.cloud import LocalCloud
from rotoscope.adapters.ffmpeg import run
from tests.e2e.conftest import MAIL, World

RATE = 30
REPORT = re.compile(r"Duration: ([\d.]+) ms.*Memory Size: (\d+) MB.*Max Memory Used: (\d+) MB")
FUNCTION = re.compile(
    r"(PlanJob|AnalyzeSegment|BudgetCalls|ExtractSegment|StylizeFrame|ReviewFrames|RenderSegment|AssembleVideo)"
)
PATIENCE_S = 3 * 3600


@dataclass(frozen=True)
class Used:
    """What a function's calls took: how many, the longest (seconds), the most memory and the limit (MB)."""

    calls: int
    longest_s: float
    peak_mb: int
    limit_mb: int


def long_clip(folder: Path, minutes: float, size: str) -> Path:
    """A minute of test card with a tone, over and over: the packets are copied, the frames are real."""
    minute, target = folder / "minute.mp4", folder / f"long-{minutes:g}.mp4"
    card = f"testsrc2=size={size}:rate={RATE}:duration=60,hue=H=0.1*t"
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    if not minute.exists():
        run(["-f", "lavfi", "-i", card, "-f", "lavfi", "-i", "sine=duration=60", *codec, str(minute)])
    run(["-stream_loop", "-1", "-i", str(minute), "-t", str(minutes * 60), "-c", "copy", str(target)])
    return target


def job(folder: Path, minutes: float, size: str, every: int) -> tuple[dict[str, Any], dict[str, Used]]:
    """One job in a local cloud of its own: its receipt, and what its functions used."""
    clip = long_clip(folder, minutes, size)
    settings = {
        "style": {"engine": "echo"},
        "frames": {"keys": f"every {every}"},
        "output": {"compare": False},
        "limits": {"max_minutes": 1440},
    }
    work_dir = folder / f"cloud-{minutes:g}"
    work_dir.mkdir()
    with LocalCloud(work_dir, region="us-west-2") as cloud:
        deploying.deploy(cloud.url, cloud.environment(), mail=MAIL, tell=lambda words: None)
        stack = cloud.client("cloudformation").describe_stacks(StackName=deploying.STACK)["Stacks"][0]
        world = World(cloud, {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}, work_dir)
        name = world.drop("long.mp4", clip, settings)
        _await(world, name)
        return world.receipt(name), _used(work_dir)


def _await(world: World, name: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            ended = world.execution(name)
        except AssertionError:  # not within its own, shorter patience
            if time.monotonic() > until:
                raise
            continue
        if ended["status"] != "SUCCEEDED":
            raise SystemExit(f"The job {ended['status'].lower()}: {ended.get('error')} {ended.get('cause')}")
        return


def _used(work_dir: Path) -> dict[str, Used]:
    found = {}
    for log in sorted(work_dir.rglob("*.log")):
        calls = [
            match.groups() for line in log.read_text(errors="replace").splitlines() if (match := REPORT.search(line))
        ]
        name = FUNCTION.search(log.stem)
        if calls and name:
            longest = max(float(duration) for duration, _, _ in calls) / 1000
            found[name[1]] = Used(len(calls), longest, max(int(peak) for *_, peak in calls), int(calls[0][1]))
    return found


def main() -> None:
    """Prints a table of states and one of functions, a column for each length."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, nargs="+", default=[1, 10, 60])
    parser.add_argument("--size", default="320x180")
    parser.add_argument("--every", type=int, default=2000)
    asked = parser.parse_args()
    jobs = []
    with tempfile.TemporaryDirectory(prefix="rotoscope-long-") as folder:
        for minutes in asked.minutes:
            jobs.append(job(Path(folder), minutes, asked.size, asked.every))
            sys.stderr.write(f"{minutes:g} min: {jobs[-1][0]['time']} {jobs[-1][1]}\n")
    heads = [f"{minutes:g} min" for minutes in asked.minutes]
    frames = [str(receipt["outputs"][0]["frames"]) for receipt, _ in jobs]
    sys.stdout.write(
        f"| {asked.size} | {' | '.join(heads)} |\n|---{'|---' * len(heads)}|\n| frames | {' | '.join(frames)} |\n"
    )
    for state in jobs[0][0]["time"]:
        sys.stdout.write(f"| {state}, s | {' | '.join(_seconds(receipt, state) for receipt, _ in jobs)} |\n")
    sys.stdout.write(
        f"\n| peak memory, MB (calls, the longest) | {' | '.join(heads)} | limit |\n|---{'|---' * len(heads)}|---|\n"
    )
    for function, last in jobs[-1][1].items():
        cells = [_cell(used.get(function)) for _, used in jobs]
        sys.stdout.write(f"| {function} | {' | '.join(cells)} | {last.limit_mb} |\n")


def _seconds(receipt: dict[str, Any], state: str) -> str:
    return f"{receipt['time'][state]:.1f}"


def _cell(used: Used | None) -> str:
    return f"{used.peak_mb} ({used.calls}, {used.longest_s:.1f} s)" if used else ""


if __name__ == "__main__":
    main()
