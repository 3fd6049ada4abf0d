"""Builds the GIF encoder's FFmpeg arguments, without running anything: three passes over a part's pictures."""

from fractions import Fraction
from typing import Any

import ffmpeg

from rotoscope.adapters.part_graphs import SHARP, get_args, piped

PALETTE_WIDTH = 320
RATE = Fraction(10)
"""GIF counts in 1/100 s; any rate that it can hold will do, as the joiner sets the real delays."""
OPAQUE_FROM = 128
"""Of 255: a GIF's pixel is there or not."""


def lossless_arguments(path: str, size: tuple[int, int], alpha: bool = False) -> list[str]:
    """The pictures as they are, cheaply, to be read twice: choosing a palette in one pass would hold them in memory."""
    opaque: dict[str, object] = {"c:v": "libx264rgb", "preset": "ultrafast", "qp": 0}
    codec = {"c:v": "ffv1", "level": 3, "slices": 4, "pix_fmt": "bgra"} if alpha else opaque
    return get_args(piped(size, RATE, alpha).output(path, format="matroska", **codec))


def palette_arguments(pictures: str, palette: str, *, alpha: bool = False) -> list[str]:
    """A part's 256 colours, found on small pictures: as good, in a fifth of the time.

    They are weighted by what moves; but what appears where nothing was would then count for nothing (23 instead of
    40 dB).
    """
    video = _packed(pictures).filter("scale", f"min(iw,{PALETTE_WIDTH})", -1, flags="neighbor")
    video = video.filter("palettegen", stats_mode="full" if alpha else "diff")
    return get_args(video.output(palette, format="image2", **{"frames:v": 1, "update": 1}))


def gif_arguments(
    pictures: str, palette: str, path: str, *, alpha: bool = False, enlarged: tuple[int, int] | None = None
) -> list[str]:
    """An ordered dither, which stands still where the picture does.

    With transparency every picture is whole: one that shows only what is new cannot take anything away.
    """
    video = _packed(pictures)
    if enlarged:
        video = _clear_of_hidden(video, enlarged) if alpha else video.filter("scale", *enlarged, flags=SHARP)
    transparent: dict[str, object] = {"alpha_threshold": OPAQUE_FROM} if alpha else {"diff_mode": "rectangle"}
    colours = ffmpeg.input(f"file:{palette}")
    mapped = ffmpeg.filter([video, colours], "paletteuse", dither="bayer", bayer_scale=5, **transparent)
    whole = {"gifflags": "-offsetting-transdiff"} if alpha else {}
    return get_args(mapped.output(path, format="gif", fps_mode="passthrough", **whole))


def _clear_of_hidden(video: Any, size: tuple[int, int]) -> Any:
    """Enlarged so that no colour of transparent pixels comes into visible ones."""
    video = video.filter("format", "gbrap").filter("premultiply", inplace=1)
    return video.filter("scale", *size, flags=SHARP).filter("unpremultiply", inplace=1)


def _packed(pictures: str) -> Any:
    return ffmpeg.input(f"file:{pictures}")["V:0"]
