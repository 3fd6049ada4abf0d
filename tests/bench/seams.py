"""Whether a video that was rendered in many segments differs from the same in one, and where."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import numpy as np

from rotoscope.adapters.ffmpeg_write import FfmpegEncoder
from rotoscope.adapters.part_graphs import KEY_EVERY_S
from rotoscope.ports import RGB, PartFormat, PartWriter
from tests.bench.clips_at_hand import Source, decoded
from tests.bench.deliveries import TimedWalk, walked
from tests.bench.figures import Frames, Motion
from tests.bench.filming import RATE
from tests.bench.noisy_styler import NoisyStyler

Number = TypeVar("Number", int, float)
KEYS_EVERY = 9
KEY_DISTANCE = KEY_EVERY_S * RATE
"""Of the encoder's own key frames, in frames; the clips looked at here have RATE."""
SEGMENTS = 6


@dataclass(frozen=True)
class Seams:
    """`joins` are the frames on both sides of one.

    `drawn`: the largest difference of a pixel between one segment and many, in levels, before encoding. `decoded`: the
    largest mean difference of a frame in the delivered files. `warp`: the largest E_warp (x 1000) of a step over a
    join; into the encoder's own key frames, which a part begins with, where there is one segment; and of any other.
    """

    segments: int
    drawn_at_joins: int
    drawn_elsewhere: int
    decoded_at_joins: float
    decoded_elsewhere: float
    warp_over_joins: float
    warp_into_keys: float
    warp_elsewhere: float

    @staticmethod
    def table(found: Iterable[tuple[str, "Seams"]]) -> Iterator[str]:
        """Markdown."""
        groups = "drawn: joins | elsewhere | decoded: joins | elsewhere | E_warp: joins | encoder's keys | elsewhere"
        yield f"| clip | segments | {groups} |"
        yield "|---|---|---|---|---|---|---|---|---|"
        for clip, each in found:
            drawn = f"{each.drawn_at_joins} | {each.drawn_elsewhere}"
            shown = f"{each.decoded_at_joins:.2f} | {each.decoded_elsewhere:.2f}"
            steps = f"{each.warp_over_joins:.2f} | {each.warp_into_keys:.2f} | {each.warp_elsewhere:.2f}"
            yield f"| {clip} | {each.segments} | {drawn} | {shown} | {steps} |"


@dataclass
class Tap:
    """A PartEncoder that keeps every picture that it passes on."""

    pictures: list[RGB] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)

    def open(self, path: Path, form: PartFormat, size: tuple[int, int], rate: Fraction) -> PartWriter:
        self.parts.append(len(self.pictures))
        return Tapped(FfmpegEncoder().open(path, form, size, rate), self.pictures)


@dataclass
class Tapped:
    """A part of it."""

    writer: PartWriter
    pictures: list[RGB]

    def write(self, picture: RGB) -> None:
        self.pictures.append(picture.copy())
        self.writer.write(picture)

    def close(self) -> int:
        return self.writer.close()

    def __enter__(self) -> "Tapped":
        self.writer.__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        self.writer.__exit__(*details)  # type: ignore[arg-type]


def compared(source: Source, styler: NoisyStyler, motion: Motion) -> Seams:
    """The same keys, named one by one, in one segment and in many."""
    height, width = source.frames[0].shape[:2]
    whole = width * height * len(source.frames) / 1e6
    one, many = Tap(), Tap()
    first = _drawn(source, styler, one, 2 * whole)
    second = _drawn(source, styler, many, whole / SEGMENTS)
    joins = {index + side for index in many.parts[1:] for side in (-1, 0)}
    drawn = [int(np.abs(a.astype(int) - b).max()) for a, b in zip(one.pictures, many.pictures, strict=True)]
    shown = [float(np.abs(a.astype(int) - b).mean()) for a, b in zip(first, second, strict=True)]
    over, elsewhere = _split(_steps(motion, second), {index - 1 for index in many.parts[1:]})
    keys = {index - 1 for index in range(KEY_DISTANCE, len(first), KEY_DISTANCE)}
    into_keys, _ = _split(_steps(motion, first), keys)
    return Seams(len(many.parts), *_split(drawn, joins), *_split(shown, joins), over, into_keys, elsewhere)


def _steps(motion: Motion, video: Frames) -> list[float]:
    return [error for error, _ in motion.unsteady(video)]


def _split(values: Sequence[Number], places: set[int]) -> tuple[Number, Number]:
    """The largest in these places, and of the others."""
    return max(values[n] for n in places), max(value for n, value in enumerate(values) if n not in places)


def _drawn(source: Source, styler: NoisyStyler, tap: Tap, megapixels: float) -> Frames:
    keys = [*range(0, len(source.frames) - 1, KEYS_EVERY), len(source.frames) - 1]
    config = {"segment_megapixels": megapixels}
    walk: TimedWalk = walked(source, styler, {"frames": {"keys": keys}}, encoder=tap, config=config)
    video = source.file.with_name("joined.mp4")
    video.write_bytes(walk.result(f"{walk.job.name}.mp4"))
    return decoded(video)
