"""Builds the reader's FFmpeg arguments, without running anything. Vision set: no PyAV here.

Every interval is cut by integer time stamps after a seek that lands early; `-ss` with `-to` loses or doubles frames.
"""

from collections.abc import Collection
from typing import Any

import ffmpeg

from rotoscope.adapters.ffmpeg import LARGE, input_guards, input_url
from rotoscope.contracts import Segment, SourceVideo

EXACT = "bicubic+accurate_rnd+full_chroma_int"
SMALL = "area"
"""Means of areas: no noise is picked out, and it costs a sixth of an exact picture (720p to 640 pixels)."""
HDR_TRANSFERS = ("smpte2084", "arib-std-b67")
MATRICES = {"bt709": "bt709", "smpte170m": "smpte170m", "bt470bg": "bt470", "bt2020nc": "bt2020"}
"""Names in SourceVideo.color_matrix -> names in the scale filter."""

SELECT_BYTES = 100_000
"""One argument may have 128 KiB; a longer list of wanted frames is thinned after the pipe instead."""


def frame_arguments(
    location: str,
    source: SourceVideo,
    segment: Segment,
    seek: int | None,
    stamps: str,
    wanted: Collection[int] | None = None,
    size: tuple[int, int] | None = None,
) -> list[str]:
    """Decodes the segment to rgb24 on standard output, its time stamps to the file `stamps`, a line ahead of each."""
    ticks = 2 if source.interlaced else 1  # bwdif halves the time base
    stream = _input(location, source, seek)
    if source.interlaced:  # before cutting: the first and last frames need their neighbours too
        stream = stream.filter("bwdif", mode="send_frame", deint="interlaced")
    stream = stream.filter("trim", start_pts=segment.start_pts * ticks, end_pts=segment.end_pts * ticks)
    choice = selection(wanted, ticks)
    if choice:
        stream = stream.filter("select", choice)
    stream = _to_rgb(stream, source, size)
    return _get_args(stream.output("pipe:1", format="rawvideo", thread_queue_size=1, **_untouched_time(stamps)))


def packet_arguments(location: str, source: SourceVideo, seek: int | None) -> list[str]:
    """Lists the video packets from a seek on, one line each: stream, dts, pts, ..."""
    video = ffmpeg.input(input_url(location), **_input_options(location, source, seek))["V:0"]
    return _get_args(video.output("-", format="framecrc", c="copy"))


def selection(wanted: Collection[int] | None, ticks: int) -> str:
    """The select filter's expression for these time stamps; empty when it would be too long, or all are wanted."""
    if wanted is None:
        return ""
    expression = "+".join(f"eq(pts,{pts * ticks})" for pts in sorted(wanted))
    return expression if len(expression) < SELECT_BYTES else ""


def matrix_of(source: SourceVideo) -> str:
    """The colour matrix to decode with: the file's, or what its size suggests when it names none."""
    named = MATRICES.get(source.color_matrix or "")
    if named:
        return named
    high_definition = source.coded_height >= 720 or source.coded_width >= 1280
    return "bt709" if high_definition else "smpte170m"


def _to_rgb(stream: Any, source: SourceVideo, size: tuple[int, int] | None) -> Any:
    matrix, full = matrix_of(source), source.full_range
    width, height = size or (source.width, source.height)
    if source.color_transfer in HDR_TRANSFERS:
        if size:  # tone mapping costs more than all else, by the pixel
            stream = stream.filter("scale", width, height, flags=SMALL)
        stream, matrix, full = _tone_mapped(stream), "bt709", False
    options: dict[str, str] = {"flags": SMALL if size else EXACT}
    if source.color_matrix != "gbr":
        options |= {"in_color_matrix": matrix, "in_range": "pc" if full else "tv"}
    stream = stream.filter("scale", width, height, **options)
    return stream.filter("setsar", 1).filter("format", "rgb24")


def _tone_mapped(stream: Any) -> Any:
    """HDR to BT.709 limited range: 203 nits is white, highlights roll off (best of six by PSNR to the SDR original)."""
    stream = stream.filter("zscale", t="linear", npl=203).filter("format", "gbrpf32le").filter("zscale", p="bt709")
    stream = stream.filter("tonemap", tonemap="mobius", param=0.8, desat=0)
    return stream.filter("zscale", t="bt709", m="bt709", r="tv").filter("format", "yuv444p")


def _input(location: str, source: SourceVideo, seek: int | None, **more: str | None) -> Any:
    return ffmpeg.input(input_url(location), **_input_options(location, source, seek), **more)["V:0"]


def _input_options(location: str, source: SourceVideo, seek: int | None) -> dict[str, str | int | None]:
    options: dict[str, str | int | None] = {"copyts": None, **input_guards(location)}
    if source.coded_width * source.coded_height > LARGE:
        options |= {"threads": 2}
    if seek is not None:
        seconds = f"{float(seek * source.time_base):.6f}"
        options |= {"seek_timestamp": 1, "noaccurate_seek": None, "ss": seconds}
    return options


def _untouched_time(stamps: str) -> dict[str, str]:
    return {
        "fps_mode": "passthrough",
        "enc_time_base": "filter",
        "stats_enc_pre": stamps,
        "stats_enc_pre_fmt": "{ptsi}",
    }


def _get_args(stream: Any) -> list[str]:
    return [str(argument) for argument in ffmpeg.get_args(stream)]
