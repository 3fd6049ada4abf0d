"""Evens out the lottery between the keys of a shot: each is averaged with its neighbouring keys along the flow."""

from collections.abc import Sequence

import numpy as np
from numpy import typing as npt

from rotoscope.motion.averaging import Aligned, averaged, sharpened
from rotoscope.motion.blending import Key
from rotoscope.motion.confidence import confidence
from rotoscope.motion.flow import coarse, grey, motion, warp
from rotoscope.motion.quality import sharpness
from rotoscope.ports import RGB

WEIGHT = 0.6
"""Of a neighbouring key where it can be trusted wholly; the key itself weighs 1."""
SHARPNESS_KEPT = 0.95
SURE = 0.5
FEWEST = 16
"""Confidence, and spots of that confidence on the coarse grid, from which two keys can be compared."""
EXPLAINED = 1.5
SLACK = 0.5
DISAGREEMENT = 4.0
"""A styler that answers alike differs by up to EXPLAINED times what the aligned sources differ by, and SLACK levels
(medians; measured on five clips and two noise-free styles, keys 4 to 16 frames apart). DISAGREEMENT more is a lottery.
"""


def harmonised(key: Key, neighbours: Sequence[Key]) -> RGB:
    """The key's picture, nearer to what its neighbouring keys show; itself where they agree, or share nothing."""
    aligned = [found for neighbour in neighbours if (found := _aligned(key, neighbour)) is not None]
    if not aligned:
        return key.picture
    return sharpened(averaged(key.picture, 1.0, aligned), SHARPNESS_KEPT * sharpness(grey(key.picture)))


def _aligned(key: Key, neighbour: Key) -> Aligned | None:
    here, other = coarse(key.source), coarse(neighbour.source)
    there, back = motion(here, other), motion(other, here)
    looked_up = warp(other, there)
    trust = confidence(here, looked_up, there, back)
    sure = trust > SURE
    sources = _difference(here, looked_up, sure)
    styles = _difference(coarse(key.picture), warp(coarse(neighbour.picture), there), sure)
    strength = _lottery(sources, styles)
    return Aligned(neighbour.picture, there, trust * np.float32(WEIGHT * strength)) if strength > 0 else None


def _difference(one: RGB, other: RGB, where: npt.NDArray[np.bool_]) -> float | None:
    """Median over the trusted spots: occlusions and edges that miss each other by a pixel do not count."""
    if np.count_nonzero(where) < FEWEST:
        return None
    return float(np.median(np.abs(one.astype(np.int16) - other).mean(axis=2)[where]))


def _lottery(sources: float | None, styles: float | None) -> float:
    """0 where the keys differ as much as their sources' own misalignment explains, 1 where clearly more."""
    if sources is None or styles is None:
        return 0.0
    return min(max((styles - EXPLAINED * sources - SLACK) / DISAGREEMENT, 0.0), 1.0)
