"""How large the pictures of each format may be: what is more is refused with a sentence, before anything is paid."""

import json
from collections.abc import Sequence
from math import sqrt

from rotoscope.capacity import SHORTEST_SIDE
from rotoscope.errors import SettingsInvalid
from rotoscope.sizes import DRAWN_AS_THEY_ARE, LARGEST, Size

_MOST_PIXELS: dict[str, int] = {
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

_MOST_PIXELS_WITH_ALPHA: dict[str, int] = {"prores": DRAWN_AS_THEY_ARE, "webm": DRAWN_AS_THEY_ARE // 2}
"""Alpha is a second video."""


def refuse_unwritable(formats: Sequence[str], size: Size, alpha: bool = False) -> None:
    """Raises SettingsInvalid when results in some of these formats cannot have pictures of this size.

    `alpha` is whether the source has some. Formats that are not encoded can have any.
    """
    obstacles = {form: obstacle for form in formats if (obstacle := _obstacle(form, size, alpha))}
    if not obstacles:
        return
    told = ", ".join(f"{form} ({obstacle})" for form, obstacle in obstacles.items())
    instead = [form for form in formats if form not in obstacles] or ["mp4"]
    ways = [f'"output": {{"formats": {json.dumps(instead)}}}']
    smaller = _largest(formats, size, alpha)
    if smaller:
        ways.append(f'"output": {{"size": "{smaller[0]}x{smaller[1]}"}}')
    raise SettingsInvalid(f"{size[0]}x{size[1]} is no size for {told}. Set {' or '.join(ways)}.")


def _obstacle(form: str, size: Size, alpha: bool) -> str:
    """Why not, in a few words; empty where nothing speaks against it."""
    short, long = sorted(size)
    if form == "hevc" and (short < SHORTEST_SIDE or long > short * NARROWEST_HEVC):
        return f"at least {SHORTEST_SIDE} pixels each way, at most {NARROWEST_HEVC} times as long as wide"
    most = _most_pixels(form, alpha)
    return f"at most {most / 1e6:.1f} megapixels" if size[0] * size[1] > most else ""


def _most_pixels(form: str, alpha: bool) -> int:
    most = _MOST_PIXELS.get(form, LARGEST)
    return min(most, _MOST_PIXELS_WITH_ALPHA.get(form, most)) if alpha else most


def _largest(formats: Sequence[str], size: Size, alpha: bool) -> Size | None:
    """The largest size of the same shape, in even numbers, that all of these formats can have."""
    scale = sqrt(min(_most_pixels(form, alpha) for form in formats) / (size[0] * size[1]))
    smaller = int(size[0] * scale / 2) * 2, int(size[1] * scale / 2) * 2
    return smaller if scale < 1 and not any(_obstacle(form, smaller, alpha) for form in formats) else None
