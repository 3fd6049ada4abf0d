"""CPU milliseconds per frame between keys and peak memory; with a second propagation, the ratios to it.

usage: python tests/bench/bench_motion.py [--sizes WIDTHxHEIGHT ...] [--spacing N] [FOLDER]

The folder's propagate.py offers propagate(bgr_frames, keys, styled, refine=, preset=). Either runs in a process of its
own, which a few frames of a camera move and one thread for OpenCV are given to.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import cv2
import numpy as np

from rotoscope.motion.propagation import Key, propagate
from rotoscope.ports import RGB

SIZES = ["1024x576", "1280x720"]
WORLD = 1.25
"""Sides of the picture that the camera moves over, in those of a frame."""


def scene(width: int, height: int, frames: int) -> Iterator[RGB]:
    """A camera that drifts and zooms over coloured shapes of all sizes, before which something passes."""
    random = np.random.default_rng(1)
    sides = int(width * WORLD), int(height * WORLD)
    world = np.full((sides[1], sides[0], 3), 120, np.float32)
    for cells, strength in ((6, 60), (24, 30), (90, 20)):
        knots = random.standard_normal((cells, cells * 16 // 9, 3)).astype(np.float32)
        world += strength * cv2.resize(knots, sides, interpolation=cv2.INTER_CUBIC)
    for number in range(frames):
        zoom = 1 + 0.002 * number
        camera = np.array([[zoom, 0, -2.0 * number], [0, zoom, -0.8 * number]], np.float32)
        frame = cv2.warpAffine(np.clip(world, 0, 255).astype(np.uint8), camera, (width, height))
        cv2.circle(frame, (width // 4 + 5 * number, height // 2), height // 6, (220, 60, 40), -1, cv2.LINE_AA)
        yield np.asarray(frame, np.uint8)


def styled(frame: RGB) -> RGB:
    """Something like a drawing."""
    smooth = cv2.medianBlur(frame, 5)
    return np.asarray(np.where(smooth > 127, 255 - (255 - smooth) // 2, smooth // 2), np.uint8)


Run = Callable[[list[RGB], dict[int, RGB]], object]


def own(sources: list[RGB], drawings: dict[int, RGB]) -> None:
    """Draws the frames between all keys, forgetting each."""
    keys = [Key(index, sources[index], drawing, present=True) for index, drawing in drawings.items()]
    for left, right in pairwise(keys):
        for _ in propagate(((index, sources[index]) for index in range(left.index + 1, right.index)), left, right):
            pass


def other(folder: str) -> Run:
    """The second propagation, called like our own."""
    sys.path.insert(0, folder)
    from propagate import propagate as second  # type: ignore[import-not-found]

    return lambda sources, drawings: second(sources, list(drawings), drawings, refine=False, preset="fast")


def measure(folder: str, size: str, spacing: int) -> None:
    """Prints the milliseconds a frame, and the MiB that were needed beyond what was held before."""
    cv2.setNumThreads(1)
    width, height = map(int, size.split("x"))
    run = other(folder) if folder else own
    sources = list(scene(width, height, 2 * spacing + 1))
    drawings = {index: styled(sources[index]) for index in (0, spacing, 2 * spacing)}
    run([frame[:64, :64].copy() for frame in sources[:3]], {index: drawings[0][:64, :64].copy() for index in (0, 2)})
    before, start = _peak_mib(), time.process_time()
    run(sources, drawings)
    spent = 1000 * (time.process_time() - start)
    print(spent / (len(sources) - len(drawings)), _peak_mib() - before)  # noqa: T201


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(folder: str, size: str, spacing: int, rounds: int) -> tuple[float, float]:
    """The best of some processes."""
    command = [sys.executable, __file__, folder, "--measure", "--sizes", size, "--spacing", str(spacing)]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() for _ in range(rounds)]
    return min(float(run[0]) for run in runs), min(float(run[1]) for run in runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", default="")
    parser.add_argument("--sizes", nargs="+", default=SIZES)
    parser.add_argument("--spacing", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.folder, options.sizes[0], options.spacing)
        return
    for size in options.sizes:
        mine = measured("", size, options.spacing, options.rounds)
        line = f"{size:10} {mine[0]:7.1f} ms {mine[1]:7.0f} MiB"
        if options.folder:
            theirs = measured(options.folder, size, options.spacing, options.rounds)
            ratios = mine[0] / theirs[0], mine[1] / theirs[1]
            line += f"   {theirs[0]:7.1f} ms {theirs[1]:7.0f} MiB   x{ratios[0]:.2f} x{ratios[1]:.2f}"
        print(line)  # noqa: T201


if __name__ == "__main__":
    main()
