"""How large pictures may come in and go out, and how large they are drawn."""

from math import sqrt

LARGEST = 8192 * 4608
"""Pixels of a picture that may come in or go out: 8K, and a little more."""

LONGEST_SIDE = 8192
DRAWN_AS_THEY_ARE = 4096 * 2304
"""Pixels. Up to here pictures are drawn in their own size."""

DRAWN_INSTEAD = 2560 * 1440
"""Pixels to which larger ones are scaled for drawing. They are enlarged again by the encoder alone: decoder and encoder
of 8K leave no room for more in 3,008 MB, and the models answer with a megapixel or so."""

Size = tuple[int, int]
"""Width and height."""


def drawn_size(width: int, height: int) -> Size:
    """Width and height in which a picture of that size is drawn: its own unless it is too large. Even if scaled."""
    if width * height <= DRAWN_AS_THEY_ARE:
        return width, height
    scale = sqrt(DRAWN_INSTEAD / (width * height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def decoded_size(width: int, height: int) -> Size | None:
    """What a decoder of such pictures is asked for: nothing where they are drawn as they are."""
    drawn = drawn_size(width, height)
    return None if drawn == (width, height) else drawn
