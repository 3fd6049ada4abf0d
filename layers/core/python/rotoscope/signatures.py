"""Coarse pictures as text, by which two frames of different segments are compared. BudgetCalls has no numpy.

A signature is the hex of GRID x GRID x 3 bytes: the mean colour of each cell, row by row.
"""

GRID = 24
DRIFT = 6
"""Levels. A cell is larger than the blocks that repeats are told by (limit 10), so the same change shows less in it."""


def far_apart(one: str, other: str) -> bool:
    """Whether any cell differs by DRIFT levels or more: the two frames do not show the same picture."""
    here, there = bytes.fromhex(one), bytes.fromhex(other)
    return len(here) != len(there) or any(abs(a - b) >= DRIFT for a, b in zip(here, there, strict=True))
