"""How far a key's look follows the motion from frame to frame. Further off, motion is sought directly in the key.

So neither the frames that are held and decoded nor the result depend on how far off a key is, or on where a segment was
cut: what is here may depend on frame indices and on the picture's size alone.
"""

REACH = 24
"""Scene frames over which motion is chained at most."""
LASTING = 120
"""Frames of the source over which it is chained, held pictures included: they are all decoded for it. A picture held
for longer is looked up directly, too, and stands for itself wherever it shows."""
HELD_PIXELS = REACH * 2560 * 1440
SHORTEST = 8


def reach(width: int, height: int) -> int:
    """Scene frames over which motion is chained in pictures of that size: as many as memory holds."""
    return max(SHORTEST, min(REACH, HELD_PIXELS // (width * height)))


def reaches_on(last: int, later: int) -> bool:
    """Whether motion is followed on from a scene frame that is last shown there to one that is last shown later.

    So wherever in that one's hold a segment begins, it does not begin long after the earlier one's has ended.
    """
    return later - last <= LASTING


def reaches_back(begin: int, earlier: int) -> bool:
    """Whether motion is followed back from a scene frame that begins there to one that begins earlier."""
    return begin - earlier <= LASTING
