"""Builds the reader's FFmpeg arguments, without running anything. Vision set: no PyAV here.

Every interval is cut by integer time stamps after a seek that lands early; `-ss` with `-to` loses or doubles frames.
"""

from collections.abc import Collection
from typing import Any

import ffmpeg

from rotoscope.adapters.ffmpeg import input_guards, input_url
from rotoscope.adapters.ffmpeg_drawing import drawn, one_size
from rotoscope.adapters.ffmpeg_takes import Take
from rotoscope.contracts import SourceVideo
from rotoscope.ports import Clip
from rotoscope.sizes import DRAWN_AS_THEY_ARE

ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""FFmpeg's own decoders of these drop the opacity."""

SELECT_BYTES = 100_000
"""One argument may have 128 KiB; a longer list of wanted frames is thinned after the pipe instead."""


def frame_arguments(take: Take, seek: int | None, stamps: str) -> list[str]:
    """Decodes to 8-bit planes on standard output, the time stamps to the file `stamps`, a line ahead of each picture.

    Stamps count in take.ticks. Colours of sources with opacity are multiplied by it.
    """
    source, segment, ticks = take.source, take.segment, take.ticks
    stream = ffmpeg.input(input_url(take.clip.location), **_input_options(take.clip, seek), **_decoding(source))["V:0"]
    if source.interlaced:  # before cutting: the first and last frames need their neighbours too
        stream = one_size(stream, source).filter("bwdif", mode="send_frame", deint="interlaced")
    stream = stream.filter("trim", start_pts=segment.start_pts * ticks, end_pts=segment.end_pts * ticks)
    choice = selection(take.wanted, ticks)
    if choice:
        stream = stream.filter("select", choice)
    stream = drawn(stream, take)
    options = {"format": "rawvideo", "thread_queue_size": 1, **_untouched_time(stamps)}
    if take.damage is not None:  # what a file says of itself would be told a second time, amid what is found in it
        options |= {"map_metadata": -1, "map_chapters": -1}
    return _get_args(stream.output("pipe:1", **options))


def packet_arguments(clip: Clip, seek: int | None) -> list[str]:
    """Lists the video packets from a seek on, one line each: stream, dts, pts, ..., and flags if it is no key."""
    video = ffmpeg.input(input_url(clip.location), **_input_options(clip, seek))["V:0"]
    return _get_args(video.output("-", format="framecrc", c="copy"))


def first_packet_arguments(clip: Clip, seek: int) -> list[str]:
    """Writes the first packet of H.264 or HEVC after a seek as it is, with start codes."""
    video = ffmpeg.input(input_url(clip.location), **_input_options(clip, seek))["V:0"]
    return _get_args(video.output("pipe:1", format=clip.source.codec, c="copy", frames=1))


def selection(wanted: Collection[int] | None, ticks: int) -> str:
    """The select filter's expression for these time stamps; empty when it would be too long, or all are wanted."""
    if wanted is None:
        return ""
    expression = "+".join(f"eq(pts,{pts * ticks})" for pts in sorted(wanted))
    return expression if len(expression) < SELECT_BYTES else ""


def _input_options(clip: Clip, seek: int | None) -> dict[str, str | int | None]:
    source = clip.source
    options: dict[str, str | int | None] = {"copyts": None, **input_guards(clip.location, source.container)}
    if seek is not None:
        seconds = f"{float(seek * source.time_base):.6f}"
        options |= {"seek_timestamp": 1, "noaccurate_seek": None, "ss": seconds}
    return options


def _decoding(source: SourceVideo) -> dict[str, str | int | None]:
    """More threads, as FFmpeg would take, cost a tenth more time, and of 8K they hold too many pictures."""
    pixels = source.coded_width * source.coded_height
    options: dict[str, str | int | None] = {"threads": 1 if pixels > DRAWN_AS_THEY_ARE else 2}
    if source.alpha and source.codec in ALPHA_DECODERS:
        options |= {"c:v": ALPHA_DECODERS[source.codec]}
    if source.rotation or source.mirrored:
        options |= {"noautorotate": None}
    if source.interlaced:  # a graph that is built anew for another size forgets the frame that bwdif holds
        options |= {"reinit_filter": 0}
    return options


def _untouched_time(stamps: str) -> dict[str, str]:
    """{pts} is the filters' time stamp, which FFmpeg makes up for packets that have none; {ptsi} would be those'."""
    return {
        "fps_mode": "passthrough",
        "enc_time_base": "filter",
        "stats_enc_pre": stamps,
        "stats_enc_pre_fmt": "{pts}",
    }


def _get_args(stream: Any) -> list[str]:
    return [str(argument) for argument in ffmpeg.get_args(stream)]
