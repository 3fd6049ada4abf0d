"""Synthesises clips of every codec, container and kind of time for the exactness tests: tiny, short groups."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rotoscope.adapters.ffmpeg import run
from tests.clips import path

X265 = "log-level=none:pools=1:frame-threads=1"
JITTER = "settb=1/90000,setpts='N*3600+mod(N*37,11)*250'"
WOVEN = "tinterlace=interleave_top"
FINE = ("-enc_time_base", "1:90000", "-video_track_timescale", "90000")


@dataclass(frozen=True)
class Making:
    """How a clip is made: encoder options, container, rate, what is done to its pictures, more options."""

    encoder: str
    container: str
    rate: str = "25"
    filters: str = "null"
    more: Sequence[str] = ()
    frames: int = 100


def _x264(params: str = "") -> str:
    fixed = "keyint=8:min-keyint=8:scenecut=0:b-adapt=0:bframes=3"
    return f"-c:v libx264 -preset ultrafast -threads 1 -x264-params {fixed}{params}"


def _x265(params: str) -> str:
    return f"-c:v libx265 -preset ultrafast -x265-params {X265}:keyint=8:min-keyint=8:scenecut=0:b-adapt=0:{params}"


MAKINGS = {
    "x264 in MP4": Making(_x264(), "mp4"),
    "x264 at 24000/1001": Making(_x264(), "mp4", "24000/1001"),
    "x264 at a variable rate": Making(_x264(), "mp4", filters=JITTER, more=FINE),
    "x264 with open groups": Making(_x264(":open-gop=1"), "mp4"),
    "x264 with open groups and B pyramids in Matroska": Making(_x264(":open-gop=1:b-pyramid=normal"), "mkv"),
    "x264 that starts late": Making(_x264(), "mov", filters="setpts=PTS+0.7/TB"),
    "x264 in fragments": Making(_x264(), "mp4", more=("-movflags", "+frag_keyframe+empty_moov")),
    "x264 in FLV": Making(_x264(), "flv"),
    "x265 with open groups": Making(_x265("open-gop=1:bframes=4:b-pyramid=1"), "mp4"),
    "x265 with open groups in MPEG-TS": Making(_x265("open-gop=1:bframes=4"), "ts"),
    "VP9 with hidden frames": Making("-c:v libvpx-vp9 -cpu-used 8 -g 12 -auto-alt-ref 1 -lag-in-frames 12", "webm"),
    "VP8": Making("-c:v libvpx -cpu-used 8 -deadline realtime -g 8", "webm", "30000/1001"),
    "AV1": Making("-c:v libaom-av1 -cpu-used 8 -usage realtime -g 8", "mp4"),
    "AV1 with hidden frames": Making("-c:v libaom-av1 -cpu-used 8 -lag-in-frames 8 -g 12", "mkv"),
    "MPEG-2 in MPEG-TS": Making("-c:v mpeg2video -q:v 3 -g 8 -bf 2", "ts"),
    "MPEG-2 in a program stream": Making("-c:v mpeg2video -q:v 3 -g 8 -bf 2", "mpg"),
    "MPEG-4 with B-frames in AVI": Making("-c:v mpeg4 -q:v 3 -g 8 -bf 2", "avi"),
    "MJPEG in AVI": Making("-c:v mjpeg -q:v 3 -huffman default -pix_fmt yuvj420p", "avi"),
    "MJPEG in MOV": Making("-c:v mjpeg -q:v 3 -huffman default -pix_fmt yuvj420p", "mov"),
    "ProRes": Making("-c:v prores_ks -profile:v 0 -pix_fmt yuv422p10le", "mov"),
    "Theora": Making("-c:v libtheora -q:v 7 -g 8", "ogv"),
    "WMV": Making("-c:v wmv2 -q:v 3 -g 8", "wmv"),
    "MPEG-2 in MXF": Making("-c:v mpeg2video -q:v 3 -g 8 -bf 2", "mxf"),
    "interlaced x264 in MPEG-TS": Making(f"{_x264(':tff=1')} -flags +ilme+ildct", "ts", "50", WOVEN, frames=200),
}
"""What is shown by a test -> how it is made."""


@functools.cache
def cut_clip(kind: str) -> Path:
    """96 x 64, silent; every picture differs from every other."""
    making = MAKINGS[kind]
    target = path(f"cut-{kind.replace(' ', '-').replace('/', '-')}.{making.container}")
    picture = f"testsrc2=size=96x64:rate={making.rate},trim=end_frame={making.frames},{making.filters},format=yuv420p"
    run(["-f", "lavfi", "-i", picture, "-fps_mode", "passthrough", *making.encoder.split(), *making.more, str(target)])
    return target


@functools.cache
def long_groups(encoder: str = "x264") -> Path:
    """MPEG-TS without sound, groups of 60 frames that refer across their borders."""
    target = path(f"long-groups-{encoder}.ts")
    params = "open-gop=1:keyint=60:min-keyint=60:scenecut=0:b-adapt=0:bframes=4"
    chosen = {
        "x264": ["-c:v", "libx264", "-preset", "ultrafast", "-x264-params", params],
        "x265": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", f"{X265}:{params}"],
    }[encoder]
    run(["-f", "lavfi", "-i", "testsrc2=size=96x64:rate=25,trim=end_frame=300,format=yuv420p", *chosen, str(target)])
    return target


@functools.cache
def refreshed(container: str) -> Path:
    """No key frame but the first: the picture is refreshed strip by strip, from left to right, every 60 frames."""
    target = path(f"refreshed.{container}")
    codec = ["-c:v", "libx264", "-preset", "fast", "-bf", "0", "-g", "250", "-x264-params", "intra-refresh=1:keyint=60"]
    run(["-f", "lavfi", "-i", "testsrc2=size=320x64:rate=30,trim=end_frame=600", *codec, str(target)])
    return target


@functools.cache
def edited() -> Path:
    """An MP4 whose edit list begins in the middle of a group: what comes before is stored and not shown."""
    target, plain = path("edited.mp4"), cut_clip("x264 in MP4")
    run(["-ss", "0.5", "-i", str(plain), "-c", "copy", str(target)])
    return target
