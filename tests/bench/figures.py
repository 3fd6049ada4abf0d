"""How good a video is: against the source's motion, and against what a perfect styler would have drawn."""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Self

import numpy as np

from rotoscope.motion.flow import Flow, grey
from rotoscope.motion.quality import Mask, sharpness, structure, unsteadiness, visible_motion
from rotoscope.ports import RGB
from tests.bench.deliveries import Delivery
from tests.bench.filming import Known

Frames = Sequence[RGB]


@dataclass(frozen=True)
class Motion:
    """The flow of every step of a clip and where it can be trusted; None across a cut."""

    steps: list[tuple[Flow, Mask] | None]

    @classmethod
    def found(cls, source: Frames, cuts: Collection[int]) -> Self:
        """DIS "medium"; `cuts` are the frames that begin another shot."""
        lumas = [grey(picture) for picture in source]
        return cls([None if n + 1 in cuts else visible_motion(*pair) for n, pair in enumerate(pairwise(lumas))])

    @classmethod
    def true(cls, known: Known) -> Self:
        """As the scene was drawn."""
        pairs = zip(known.flows, known.visible, strict=True)
        return cls([None if flow is None or seen is None else (flow, seen) for flow, seen in pairs])

    def unsteady(self, video: Frames) -> Iterator[tuple[float, float]]:
        """Warping error (x 1000) and flicker (levels) of every step within a shot."""
        for (first, second), step in zip(pairwise(video), self.steps, strict=True):
            if step is not None:
                error, flicker = unsteadiness(first, second, *step)
                yield 1000 * error, flicker


@dataclass(frozen=True)
class Figures:
    """One video's. Shares are 0..1; `warp` is E_warp x 1000, by the found flow and by the true one where it is known.

    PSNR (dB) and SSIM are against the noise-free style; `sharpness` is relative to the paid pictures.
    """

    paid: float = math.nan
    warp: float = math.nan
    true_warp: float = math.nan
    flicker: float = math.nan
    psnr: float = math.nan
    psnr_between: float = math.nan
    ssim: float = math.nan
    sharpness: float = math.nan
    cpu_s: float = math.nan

    @classmethod
    def mean(cls, figures: Sequence["Figures"]) -> "Figures":
        """Figure by figure, over those that have it."""
        lists = {each.name: [getattr(one, each.name) for one in figures] for each in fields(cls)}
        known = {name: [value for value in values if not math.isnan(value)] for name, values in lists.items()}
        return cls(**{name: float(np.mean(values)) for name, values in known.items() if values})


def psnr(first: RGB, second: RGB) -> float:
    """In dB; 99 for equal pictures."""
    error = float(np.mean((first.astype(np.float32) - second) ** 2))
    return 99.0 if error < 1e-9 else 10 * math.log10(255**2 / error)


def mean_sharpness(pictures: Frames) -> float:
    return float(np.mean([sharpness(grey(picture)) for picture in pictures]))


@dataclass(frozen=True)
class Judge:
    """What one clip's videos are held against."""

    motion: Motion
    true_motion: Motion | None
    clean: Frames

    def steadiness(self, video: Frames) -> Figures:
        """Of a video that nobody paid for."""
        steps = list(self.motion.unsteady(video))
        true_steps = list(self.true_motion.unsteady(video)) if self.true_motion else []
        return Figures(
            warp=float(np.mean([error for error, _ in steps])),
            true_warp=float(np.mean([error for error, _ in true_steps])) if true_steps else math.nan,
            flicker=math.sqrt(np.mean([flicker**2 for _, flicker in steps])),
        )

    def figures(self, job: Delivery) -> Figures:
        """Of a finished job's video."""
        video = job.frames
        likeness = [psnr(*pair) for pair in zip(video, self.clean, strict=True)]
        between = [value for index, value in enumerate(likeness) if index not in job.paid]
        return replace(
            self.steadiness(video),
            paid=len(job.paid) / len(video),
            psnr=float(np.mean(likeness)),
            psnr_between=float(np.mean(between)) if between else math.nan,
            ssim=float(np.mean([structure(grey(a), grey(b)) for a, b in zip(video, self.clean, strict=True)])),
            sharpness=mean_sharpness(video) / mean_sharpness(list(job.paid.values())),
            cpu_s=job.render_cpu_s,
        )
