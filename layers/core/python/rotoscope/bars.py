"""Black borders of the source are put back over the result: a model would draw something into them."""

import numpy as np

from rotoscope.ports import RGB
from rotoscope.segment_contracts import Bars

MARGIN = 6
"""Bars were measured on a small picture: this many further lines may still belong to one."""
BLACK = 28
"""Brighter than this is picture (8-bit levels, after compression noise)."""


def with_bars_of(source: RGB, picture: RGB, bars: Bars | None) -> RGB:
    """The picture with the source's own pixels where the source has its black bars; both are (h, w, 3) alike."""
    if bars is None:
        return picture
    bottom, right = (
        source.shape[0] - _depth(source[::-1], bars.bottom),
        source.shape[1] - _across(source, bars.right, -1),
    )
    top, left = _depth(source, bars.top), _across(source, bars.left, 1)
    done = source.copy()
    done[top:bottom, left:right] = picture[top:bottom, left:right]
    return done


def _across(source: RGB, length: int, step: int) -> int:
    return _depth(source[:, ::step].swapaxes(0, 1), length)


def _depth(lines: RGB, length: int) -> int:
    """`length` and the dark lines that follow it; 0 stays 0."""
    if not length:
        return 0
    dark = [bool(np.percentile(line, 95) <= BLACK) for line in lines[length : length + MARGIN]]
    return length + (dark.index(False) if False in dark else len(dark))
