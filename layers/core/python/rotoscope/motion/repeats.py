"""Tells frames that show the same picture again from those in which anything has moved."""

import cv2

from rotoscope.motion.looking import Look, in_blocks
from rotoscope.signatures import DRIFT

SAME = 10
"""Levels of luma. Coding noise of a held picture stays below (x264 at crf 23: 5, at crf 30: 8); what moves does not."""
SAME_TINT = 16
"""Levels of chroma, which is coded more coarsely: held, saturated pictures differ by up to 13 at crf 23."""


def repeats(look: Look, kept: Look) -> bool:
    """Whether no block of 8 x 8 pixels differs from the last kept frame: in luma pixel by pixel, in chroma on average.

    Nor does any cell of their signatures, by which BudgetCalls tells repeats apart where segments meet.
    A perceptual hash would drop frames whose blocks differ by a hundred levels: small moving things.
    """
    if cv2.absdiff(look.tints, kept.tints).max() >= SAME_TINT or cv2.absdiff(look.cells, kept.cells).max() >= DRIFT:
        return False
    return bool(in_blocks(cv2.absdiff(look.grey, kept.grey)).max() < SAME)
