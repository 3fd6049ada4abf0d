"""Builds the encoder's FFmpeg arguments, without running anything. Vision set: no PyAV here.

All parts of one result get the same parameters and headers, so that their packets can be joined as they are.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import ffmpeg

from rotoscope.adapters.ffmpeg import LARGE

EXACT = "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"
SHARP = "lanczos+accurate_rnd+full_chroma_int+full_chroma_inp"
SITED = {"out_color_matrix": "bt709", "out_range": "tv", "out_h_chr_pos": 0}
"""Colours lie at the left of their two pixels, where players look for them; FFmpeg would put them in between."""
BT709 = {"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv"}
KEY_EVERY_S = 2

H264_SPARING = ":rc-lookahead=1:sync-lookahead=0:threads=2:sliced-threads=1:bframes=0:ref=1"
"""Of LARGE pictures x264 holds fewer: at 4096 x 2304 all of FFmpeg takes 0.4 GB instead of 0.7 GB and half the time, at
7680 x 4320 0.9 GB instead of 2.3 GB; files are a tenth smaller and 0.3 dB worse, at 47.5 dB."""
HEVC_STEADY = "log-level=error:info=0:open-gop=0:pools=2:frame-threads=1"
"""Headers that tell nothing of the machine; as many threads everywhere, as x265's results depend on them."""
HEVC_SPARING = ":rc-lookahead=2:bframes=0:ref=1:b-adapt=0"
"""0.7 GB instead of 0.9 GB at 4096 x 2304."""

PRORES_TAGS = "prores_metadata=color_primaries=bt709:color_trc=bt709:colorspace=bt709"
"""Every picture has tags of its own, which the encoder leaves open."""


@dataclass(frozen=True)
class Pictures:
    """What comes through the pipe: width and height, rate, with alpha or without; and the part's size if another."""

    size: tuple[int, int]
    rate: Fraction
    alpha: bool = False
    enlarged: tuple[int, int] | None = None

    @property
    def shown(self) -> tuple[int, int]:
        """The part's width and height."""
        return self.enlarged or self.size

    @property
    def large(self) -> bool:
        """Whether the part's pictures are so large that few may be held."""
        return self.shown[0] * self.shown[1] > LARGE

    @property
    def odd(self) -> bool:
        """Whether a side of the part has to be padded where colours are stored for two pixels at a time."""
        return any(side % 2 for side in self.shown)


def mp4_arguments(path: str, pictures: Pictures) -> list[str]:
    """H.264 High in 4:2:0, BT.709; an odd width or height is made even by repeating its last column or line.

    At 720p, veryfast at 17 is as large as medium at 18, takes half its time, and is 0.9 dB worse, at 45.5 dB.
    """
    coding = "stitchable=1" + (H264_SPARING if pictures.large else "")
    codec = {"c:v": "libx264", "profile:v": "high", "x264-params": coding}
    return _encoded(_even(pictures, "yuv420p", "yuv444p"), path, "mp4", pictures, codec, preset="veryfast", crf=17)


def hevc_arguments(path: str, pictures: Pictures) -> list[str]:
    """H.265 Main in 4:2:0, BT.709, tagged as Apple's players want it; odd sizes are made even.

    At 1080p, superfast at 18 takes twice the time of the mp4, for files of three quarters at the same quality.
    """
    coding = HEVC_STEADY + (HEVC_SPARING if pictures.large else "")
    codec = {"c:v": "libx265", "tag:v": "hvc1", "x265-params": coding}
    return _encoded(_even(pictures, "yuv420p", "yuv444p"), path, "mp4", pictures, codec, preset="superfast", crf=18)


def prores_arguments(path: str, pictures: Pictures) -> list[str]:
    """ProRes 422 HQ in 10 bit; with transparency 4444, whose alpha is lossless. Every picture is a key frame."""
    codec: dict[str, object] = {"c:v": "prores_ks", "profile:v": "4444" if pictures.alpha else "hq", "vendor": "apl0"}
    codec |= {"bsf:v": PRORES_TAGS}
    if pictures.large:
        codec |= {"threads": 2}
    if pictures.alpha:
        video = _bt709(_piped(pictures), pictures, "yuva444p10le")
    else:
        video = _even(pictures, "yuv422p10le", "yuv444p10le")
    return _output(video, path, format="mov", **codec)


def webm_arguments(path: str, pictures: Pictures) -> list[str]:
    """VP9 in 4:2:0, BT.709, at a speed that suits a function; odd sizes stay as they are.

    No picture waits for later ones: at this speed they are not looked at, and would only take memory.
    """
    speed = {"deadline": "realtime", "cpu-used": 5, "row-mt": 1, "tile-columns": 2, "lag-in-frames": 0}
    codec: dict[str, object] = {"c:v": "libvpx-vp9", "b:v": 0, "auto-alt-ref": 0, **speed}
    if pictures.large:
        codec |= {"threads": 2}
    video = _bt709(_piped(pictures), pictures, "yuva420p" if pictures.alpha else "yuv420p")
    return _encoded(video, path, "webm", pictures, codec, crf=28)


def count_arguments(path: str) -> list[str]:
    """Lists a part's packets, one line each."""
    return get_args(ffmpeg.input(f"file:{path}")["V:0"].output("-", format="framecrc", c="copy"))


def with_tally(arguments: list[str], tally: str) -> list[str]:
    """The same command, which writes a line to the file `tally` for each picture that its encoder takes."""
    return [*arguments[:-1], "-stats_enc_pre", tally, "-stats_enc_pre_fmt", "{n}", arguments[-1]]


def piped(size: tuple[int, int], rate: Fraction, alpha: bool) -> Any:
    """Bare pictures on standard input."""
    return ffmpeg.input(
        "pipe:0",
        format="rawvideo",
        pix_fmt="rgba" if alpha else "rgb24",
        s=f"{size[0]}x{size[1]}",
        r=f"{rate.numerator}/{rate.denominator}",
        thread_queue_size=1,
        fpsprobesize=0,  # else it waits for 20 pictures before it begins, at less than 5 and more than 101 a second
    )


def get_args(stream: Any) -> list[str]:
    """A graph as arguments."""
    return [str(argument) for argument in ffmpeg.get_args(stream)]


def _piped(pictures: Pictures) -> Any:
    return piped(pictures.size, pictures.rate, pictures.alpha)


def _bt709(video: Any, pictures: Pictures, pixels: str) -> Any:
    """FFmpeg's own choice for RGB is BT.601 without a tag: 39 of 255 levels wrong in a player."""
    size = pictures.enlarged or ()
    video = video.filter("scale", *size, **SITED, flags=SHARP if size else EXACT)
    return video.filter("format", pixels)


def _even(pictures: Pictures, pixels: str, whole: str) -> Any:
    """In the part's pixels, of even size; odd ones are padded in `whole`, where no two pixels share a colour."""
    video = _bt709(_piped(pictures), pictures, whole if pictures.odd else pixels)
    if not pictures.odd:
        return video
    width, height = pictures.shown
    right, bottom = width % 2, height % 2
    video = video.filter("pad", width + right, height + bottom)
    video = video.filter("fillborders", right=right, bottom=bottom, mode="smear")
    return video.filter("scale", **SITED, flags=EXACT).filter("format", pixels)


def _encoded(video: Any, path: str, container: str, pictures: Pictures, codec: Any, **more: object) -> list[str]:
    """With key frames at regular distances."""
    return _output(video, path, format=container, g=max(1, round(pictures.rate * KEY_EVERY_S)), **codec, **more)


def _output(video: Any, path: str, **options: object) -> list[str]:
    return get_args(video.output(path, **options, **BT709))
