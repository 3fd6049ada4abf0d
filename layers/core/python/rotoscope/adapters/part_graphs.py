"""Builds the encoder's FFmpeg arguments, without running anything. Vision set: no PyAV here.

All parts of one result get the same parameters and headers, so that their packets can be joined as they are.
"""

from fractions import Fraction
from typing import Any

import ffmpeg

from rotoscope.adapters.ffmpeg import LARGE

EXACT = "bicubic+accurate_rnd+full_chroma_int"
BT709 = {"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv"}
KEY_EVERY_S = 2
PALETTE_WIDTH = 320
SPARING = ":rc-lookahead=4:sync-lookahead=0:threads=2"
"""Of LARGE pictures x264 holds fewer: 0.7 GB instead of 1.0 GB at 4096 x 2304, in less time."""
GIF_RATE = Fraction(10)
"""GIF counts in 1/100 s; any rate that it can hold will do, as the joiner sets the real delays."""


def mp4_arguments(path: str, size: tuple[int, int], rate: Fraction) -> list[str]:
    """H.264 High in 4:2:0, BT.709; an odd width or height is made even by repeating its last column or line.

    At 720p, veryfast at 17 is as large as medium at 18, takes half its time, and is 0.9 dB worse, at 45.5 dB.
    """
    coding = "stitchable=1" + (SPARING if size[0] * size[1] > LARGE else "")
    video = _even(_bt709(_pictures(size, rate), "yuv444p"), size) if _is_odd(size) else _pictures(size, rate)
    video = _bt709(video, "yuv420p")
    return _get_args(
        video.output(
            path,
            format="mp4",
            **{"c:v": "libx264", "profile:v": "high", "x264-params": coding},
            preset="veryfast",
            crf=17,
            g=_key_distance(rate),
            **BT709,
        )
    )


def webm_arguments(path: str, size: tuple[int, int], rate: Fraction) -> list[str]:
    """VP9 in 4:2:0, BT.709, at a speed that suits a function; odd sizes stay as they are."""
    speed = {"deadline": "realtime", "cpu-used": 5, "row-mt": 1, "tile-columns": 2}
    video = _bt709(_pictures(size, rate), "yuv420p")
    return _get_args(
        video.output(
            path, format="webm", **{"c:v": "libvpx-vp9", "b:v": 0}, crf=28, g=_key_distance(rate), **speed, **BT709
        )
    )


def lossless_arguments(path: str, size: tuple[int, int]) -> list[str]:
    """The pictures as they are, cheaply, to be read twice: choosing a palette in one pass would hold them in memory."""
    codec = {"c:v": "libx264rgb", "preset": "ultrafast", "qp": 0}
    return _get_args(_pictures(size, GIF_RATE).output(path, format="matroska", **codec))


def palette_arguments(pictures: str, palette: str) -> list[str]:
    """A part's 256 colours, weighted by what moves and found on small pictures: as good, in a fifth of the time."""
    video = ffmpeg.input(f"file:{pictures}")["V:0"].filter("scale", f"min(iw,{PALETTE_WIDTH})", -1, flags="neighbor")
    video = video.filter("palettegen", stats_mode="diff")
    return _get_args(video.output(palette, format="image2", **{"frames:v": 1, "update": 1}))


def gif_arguments(pictures: str, palette: str, path: str) -> list[str]:
    """An ordered dither, which stands still where the picture does."""
    video = ffmpeg.input(f"file:{pictures}")["V:0"]
    colours = ffmpeg.input(f"file:{palette}")
    mapped = ffmpeg.filter([video, colours], "paletteuse", dither="bayer", bayer_scale=5, diff_mode="rectangle")
    return _get_args(mapped.output(path, format="gif", fps_mode="passthrough"))


def count_arguments(path: str) -> list[str]:
    """Lists a part's packets, one line each."""
    return _get_args(ffmpeg.input(f"file:{path}")["V:0"].output("-", format="framecrc", c="copy"))


def _pictures(size: tuple[int, int], rate: Fraction) -> Any:
    width, height = size
    return ffmpeg.input(
        "pipe:0", format="rawvideo", pix_fmt="rgb24", s=f"{width}x{height}", r=f"{rate.numerator}/{rate.denominator}"
    )


def _bt709(video: Any, pixels: str) -> Any:
    """FFmpeg's own choice for RGB is BT.601 without a tag: 39 of 255 levels wrong in a player."""
    video = video.filter("scale", out_color_matrix="bt709", out_range="tv", flags=EXACT)
    return video.filter("format", pixels)


def _is_odd(size: tuple[int, int]) -> bool:
    return any(side % 2 for side in size)


def _even(video: Any, size: tuple[int, int]) -> Any:
    right, bottom = (side % 2 for side in size)
    video = video.filter("pad", size[0] + right, size[1] + bottom)
    return video.filter("fillborders", right=right, bottom=bottom, mode="smear")


def _key_distance(rate: Fraction) -> int:
    return max(1, round(rate * KEY_EVERY_S))


def _get_args(stream: Any) -> list[str]:
    return [str(argument) for argument in ffmpeg.get_args(stream)]
