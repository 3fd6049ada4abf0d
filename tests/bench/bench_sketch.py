"""CPU milliseconds that each look takes for a frame; with a second renderer's file, the ratio to it.

usage: python tests/bench/bench_sketch.py [--size WIDTHxHEIGHT] [--rounds N] [RENDERER.py]

The renderer's file offers render(bgr, preset, frame, seed, state) and style_stats, style_transfer for style images.
"""

import argparse
import importlib.util
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np

from rotoscope.engines.sketch import PRESETS, RGB, ShotMemory, draw, draw_like

STYLE_IMAGE = "style image"


def scene(width: int, height: int) -> RGB:
    """A frame with flat areas, gradients, hard edges and fine texture."""
    y = np.linspace(0, 1, height)[:, None, None]
    sky = np.array((120, 150, 230)) + y * np.array((90, 60, -40))
    texture = 10 * np.random.default_rng(1).standard_normal((height, width, 1))
    frame = np.clip(sky + texture, 0, 255).astype(np.uint8)
    for step in range(24):
        colour = (37 * step % 256, 91 * step % 256, 151 * step % 256)
        centre = (int(width * (0.05 + 0.9 * (step * 0.38 % 1))), int(height * (0.1 + 0.8 * (step * 0.61 % 1))))
        cv2.circle(frame, centre, height // 14 + step % 5 * height // 40, colour, -1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(frame, (0, 0), 0.8), np.uint8)


def cpu_ms(call: Callable[[], Any], rounds: int) -> float:
    """The best of some rounds after a first one that fills memories."""
    call()
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    return 1000 * min(spent)


Calls = dict[str, Callable[[], Any]]


def ours(frame: RGB, style: RGB) -> Calls:
    memory = ShotMemory.of(frame, seed=1)
    calls: Calls = {preset: partial(draw, frame, preset, memory) for preset in PRESETS}
    return calls | {STYLE_IMAGE: partial(draw_like, frame, style, memory)}


def theirs(module: ModuleType, frame: RGB, style: RGB) -> Calls:
    bgr = np.ascontiguousarray(frame[..., ::-1])
    state: dict[str, Any] = {}
    stats = module.style_stats(np.ascontiguousarray(style[..., ::-1]))
    calls: Calls = {preset: partial(module.render, bgr, preset, 0, 1, state) for preset in PRESETS}
    return calls | {STYLE_IMAGE: partial(module.style_transfer, bgr, stats, state=state)}


def loaded(path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(path.stem, path)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("renderer", nargs="?", type=Path)
    parser.add_argument("--size", default="1024x576")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    width, height = (int(side) for side in options.size.split("x"))
    frame, style = scene(width, height), scene(640, 480)[:, ::-1].copy()
    rivals = theirs(loaded(options.renderer), frame, style) if options.renderer else {}
    for name, call in ours(frame, style).items():
        own = cpu_ms(call, options.rounds)
        other = cpu_ms(rivals[name], options.rounds) if name in rivals else None
        ratio = f"{other:8.1f} ms   x{own / other:.2f}" if other else ""
        print(f"{name:20} {own:8.1f} ms   {ratio}")  # noqa: T201


if __name__ == "__main__":
    main()
