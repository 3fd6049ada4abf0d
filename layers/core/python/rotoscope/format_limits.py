"""How large the pictures of each format may be: what is more is refused with a sentence, before anything is paid."""

from rotoscope.capacity import SHORTEST_SIDE
from rotoscope.errors import VideoTooLarge
from rotoscope.ports import PartFormat
from rotoscope.sizes import DRAWN_AS_THEY_ARE, LARGEST, Size

_MOST_PIXELS: dict[PartFormat, int] = {
    "mp4": LARGEST,
    "hevc": DRAWN_AS_THEY_ARE,
    "prores": LARGEST,
    "webm": DRAWN_AS_THEY_ARE,
    "gif": DRAWN_AS_THEY_ARE,
    "webp": LARGEST,
    "frames": LARGEST,
}
"""What the encoders' memory allows beside everything else in 3,008 MB: VP9 takes 0.8 GB at 4096x2304 and 2.4 GB at
7680x4320, x265 0.7 and 1.6 GB; x264 0.4 and 0.9 GB. A GIF of 7680x4320 takes 3 s a frame."""

NARROWEST_HEVC = 32
"""Times as long as they are wide: x265 opens no narrower ones."""

_MOST_PIXELS_WITH_ALPHA: dict[PartFormat, int] = {"prores": DRAWN_AS_THEY_ARE, "webm": DRAWN_AS_THEY_ARE // 2}
"""Alpha is a second video."""


def refuse_unwritable(form: PartFormat, size: Size, alpha: bool = False) -> None:
    """Raises VideoTooLarge when a result in this format cannot have pictures of this size."""
    most = _MOST_PIXELS[form]
    if alpha:
        most = min(most, _MOST_PIXELS_WITH_ALPHA.get(form, most))
    short, long = sorted(size)
    if form == "hevc" and (short < SHORTEST_SIDE or long > short * NARROWEST_HEVC):
        raise VideoTooLarge(f"HEVC cannot hold pictures of {size[0]}x{size[1]}. Ask for another format.")
    if size[0] * size[1] > most:
        kind = f"A {form} result{' with transparency' if alpha else ''}"
        raise VideoTooLarge(
            f"{kind} of {size[0]}x{size[1]} is too large to be encoded; at most {most / 1e6:.1f} megapixels can be. "
            'Ask for a smaller one with "output": {"size": ...}, or for mp4.'
        )
