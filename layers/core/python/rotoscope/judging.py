"""How good a result is: the segments' samples brought together over the whole video and shot by shot."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from statistics import fmean

from rotoscope.contracts import JobPlan
from rotoscope.engines.words import suggest_preset
from rotoscope.receipts import Figures, Quality, ShotFigures, Steadiness, WarpingError
from rotoscope.segment_contracts import QualitySample, SegmentQuality

FLOW = "OpenCV DIS medium at <= 640 px"
SCREEN_FIXED = ("tile-texture", "isometric", "pixel-art", "comic-book")
"""Looks of `sketch` whose pattern stands still on the screen while the picture moves beneath it."""

UNREST = ((2, 1.5e-3), (4, 4e-3), (8, 1e-2))
"""Flicker (levels) and warping error above the source's own, up to which a picture is steady, nearly so, shimmers."""
CALM = ("is steady", "is nearly steady", "shimmers", "flickers")
SHARP = ((0.9, "as sharp as"), (0.75, "a little softer than"), (0.5, "softer than"))

NOTHING_TO_COMPARE = "No two frames that differ lay side by side in one shot, so there was nothing to compare."
FEWEST = 3
"""Samples that a sentence can be founded on."""


def judge(plan: JobPlan, measured: Iterable[SegmentQuality], shots: Sequence[int], *, simulated: bool) -> Quality:
    """`shots` are the ascending indices of the shots' first frames; a pair that two segments measured counts once."""
    measured = list(measured)
    found = samples(measured)
    keys = Keys(dict(sorted(pair for each in measured for pair in each.key_sharpness.items())))
    overall = _figures(found, keys, shots)
    why_not = NOTHING_TO_COMPARE if not found else _why_not(plan, simulated=simulated)
    return Quality(
        **overall.model_dump(),
        flow=FLOW,
        meaningful=why_not is None,
        why_not=why_not,
        shots=tuple(
            ShotFigures(**_figures(list(mine), keys, shots).model_dump(), shot=shot)
            for shot, mine in groupby(found, key=lambda sample: sample.shot)
        ),
    )


def samples(measured: Iterable[SegmentQuality]) -> list[QualitySample]:
    """All samples in order."""
    by_index = {sample.index: sample for each in measured for sample in each.samples}
    return [by_index[index] for index in sorted(by_index)]


@dataclass(frozen=True)
class Keys:
    """The key frames' sharpness by index, ascending."""

    sharpness: Mapping[int, float]

    @cached_property
    def ordered(self) -> list[int]:
        """Their indices."""
        return list(self.sharpness)


def _why_not(plan: JobPlan, *, simulated: bool) -> str | None:
    style, engine = plan.settings.style, plan.settings.engines()[0]
    look = style.preset or suggest_preset(plan.prompt)
    drawn_by_sketch = engine == "sketch" or simulated
    if drawn_by_sketch and style.image is None and look in SCREEN_FIXED:
        return f"The look {look} is fixed to the screen: its pattern does not follow the motion, and is not meant to."
    return None


def _figures(found: Sequence[QualitySample], keys: Keys, shots: Sequence[int]) -> Figures:
    if not found:
        return Figures(samples=0)
    source, result = fmean(each.source_warp for each in found), fmean(each.result_warp for each in found)
    return Figures(
        samples=len(found),
        warping_error=WarpingError(
            source=round(source, 7), result=round(result, 7), ratio=round(result / source, 3) if source else None
        ),
        flicker_levels=Steadiness(
            source=round(_root_mean_square(each.source_flicker for each in found), 3),
            result=round(_root_mean_square(each.result_flicker for each in found), 3),
        ),
        sharpness_kept=_sharpness_kept(found, keys, shots),
        structure=round(fmean(each.structure for each in found), 4),
        colour_drift=round(_colour_drift(found), 3),
    )


def _root_mean_square(values: Iterable[float]) -> float:
    return math.sqrt(fmean(value**2 for value in values))


def _sharpness_kept(found: Sequence[QualitySample], keys: Keys, shots: Sequence[int]) -> float | None:
    """Of the frames between the keys (of the keys themselves where there are no others), over what the keys have."""
    between = [each for each in found if each.index not in keys.sharpness] or found
    pairs = [(each.sharpness, _expected(each.index, keys, shots)) for each in between]
    known = [(sharp, expected) for sharp, expected in pairs if expected is not None]
    wanted = sum(expected for _, expected in known)
    return round(sum(sharp for sharp, _ in known) / wanted, 3) if wanted else None


def _expected(index: int, keys: Keys, shots: Sequence[int]) -> float | None:
    """As sharp as the key frames of the same shot on either side are, by their nearness; None where there is none."""
    start, end = _shot_of(index, shots)
    low, high = bisect_left(keys.ordered, start), bisect_left(keys.ordered, end)
    if low == high:
        return None
    place = bisect_left(keys.ordered, index, low, high)
    left, right = keys.ordered[max(low, place - 1)], keys.ordered[min(place, high - 1)]
    share = (index - left) / (right - left) if left < right else 0.0
    share = min(1.0, max(0.0, share))
    return keys.sharpness[left] * (1 - share) + keys.sharpness[right] * share


def _shot_of(index: int, shots: Sequence[int]) -> tuple[float, float]:
    """First index of the shot, and of the next."""
    place = bisect_right(shots, index)
    return shots[place - 1] if place else -math.inf, shots[place] if place < len(shots) else math.inf


def _colour_drift(found: Sequence[QualitySample]) -> float:
    """Root mean square of the colours' distances from their shots' means."""
    distances: list[float] = []
    for _, mine in groupby(found, key=lambda sample: sample.shot):
        shifts = [sample.shift for sample in mine]
        middle = [fmean(axis) for axis in zip(*shifts, strict=True)]
        distances += [math.dist(shift, middle) for shift in shifts]
    return _root_mean_square(distances)


def in_words(quality: Quality) -> str | None:
    """One sentence for somebody who watches the video; None where nothing can be said."""
    flicker, warping = quality.flicker_levels, quality.warping_error
    if not quality.meaningful or flicker is None or warping is None or quality.samples < FEWEST:
        return None
    coarse = math.sqrt(max(0.0, flicker.result**2 - flicker.source**2))
    fine = warping.result - warping.source
    calm = CALM[next((n for n, most in enumerate(UNREST) if coarse <= most[0] and fine <= most[1]), len(UNREST))]
    if quality.sharpness_kept is None:
        return f"The picture {calm}."
    than = next((words for least, words in SHARP if quality.sharpness_kept >= least), "much softer than")
    return f"The picture {calm} and {'' if calm.startswith('is ') else 'is '}{than} it was drawn."
