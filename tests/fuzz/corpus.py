"""Whole little files of every kind that is taken, and of some that are refused: what the fuzz run mutates."""

import functools
import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from rotoscope.adapters.ffmpeg import run

SIZE = (96, 64)
FRAMES = 12

_PICTURES = f"testsrc2=size={SIZE[0]}x{SIZE[1]}:rate=25,trim=end_frame={FRAMES}"
_SOUND = "sine=f=440:r=48000:d=0.48"
_H264 = ("-c:v", "libx264", "-preset", "veryfast", "-g", "6", "-bf", "2", "-pix_fmt", "yuv420p")
_AAC = ("-c:a", "aac", "-b:a", "64k")
_MPEG2 = ("-c:v", "mpeg2video", "-g", "6", "-bf", "2")

ENCODED: dict[str, tuple[str, ...]] = {
    "h264.mp4": (*_H264, *_AAC),
    "faststart.mp4": (*_H264, *_AAC, "-movflags", "+faststart"),
    "fragmented.mp4": (*_H264, *_AAC, "-movflags", "+frag_keyframe+empty_moov+default_base_moof"),
    "hevc.mp4": ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1", *_AAC),
    "av1.mp4": ("-c:v", "libaom-av1", "-cpu-used", "8", "-g", "6", *_AAC),
    "prores.mov": ("-c:v", "prores_ks", "-c:a", "pcm_s16le"),
    "qtrle.mov": ("-c:v", "qtrle", "-pix_fmt", "argb", "-c:a", "pcm_s16le"),
    "alpha.webm": (
        *("-vf", "format=yuva420p,geq=lum='lum(X,Y)':cb='cb(X,Y)':cr='cr(X,Y)':a='X*2'"),
        *("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-auto-alt-ref", "0", "-c:a", "libopus"),
    ),
    "h264.mkv": (*_H264, "-c:a", "libvorbis"),
    "h264.ts": (*_H264, *_AAC),
    "camcorder.m2ts": (*_H264, "-c:a", "ac3"),
    "mpeg2.mpg": (*_MPEG2, "-c:a", "mp2"),
    "mpeg2.m2v": (*_MPEG2, "-an"),
    "mpeg4.avi": ("-c:v", "mpeg4", "-g", "6", "-c:a", "libmp3lame"),
    "mjpeg.avi": ("-c:v", "mjpeg", "-c:a", "pcm_s16le"),
    "h264.flv": (*_H264, *_AAC),
    "wmv2.wmv": ("-c:v", "wmv2", "-c:a", "wmav2"),
    "theora.ogv": ("-c:v", "libtheora", "-c:a", "libvorbis"),
    "card.gif": ("-an",),
    "card.apng": ("-an", "-f", "apng"),
    "mpeg2.mxf": (*_MPEG2, "-bf", "0", "-c:a", "pcm_s16le", "-ar", "48000"),
    "raw.y4m": ("-an", "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe"),
}
"""Name -> what FFmpeg is told."""


def _encoded(name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / name
        run(["-f", "lavfi", "-i", _PICTURES, "-f", "lavfi", "-i", _SOUND, *ENCODED[name], str(target)])
        return target.read_bytes()


def _subtitled() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        whole, words, target = Path(folder) / "whole.mkv", Path(folder) / "words.srt", Path(folder) / "subtitled.mkv"
        whole.write_bytes(_encoded("h264.mkv"))
        words.write_text("1\n00:00:00,000 --> 00:00:00,300\nOne\n\n2\n00:00:00,300 --> 00:00:00,480\nTwo\n")
        run(["-i", str(whole), "-i", str(words), "-map", "0", "-map", "1", "-c", "copy", str(target)])
        return target.read_bytes()


def _pictures() -> list[Image.Image]:
    return [Image.linear_gradient("L").resize(SIZE).rotate(n * 30).convert("RGB") for n in range(6)]


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, picture in enumerate(_pictures()):
            body = io.BytesIO()
            picture.save(body, "PNG" if number % 2 else "JPEG")
            archive.writestr(f"walk/{number:04d}.{'png' if number % 2 else 'jpg'}", body.getvalue())
    return packed.getvalue()


def _webp() -> bytes:
    body, (first, *rest) = io.BytesIO(), _pictures()
    first.save(body, "WEBP", save_all=True, append_images=rest, duration=[40, 80, 40, 120, 40, 40])
    return body.getvalue()


HLS = b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXTINF:9,\nhttp://127.0.0.1:9/\n#EXT-X-ENDLIST\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="96" height="64"><image href="file:///etc/passwd"/></svg>\n'

MADE: dict[str, Callable[[], bytes]] = {
    "subtitled.mkv": _subtitled,
    "walk.zip": _zip,
    "card.webp": _webp,
    "playlist.mp4": lambda: HLS,
    "script.mp4": lambda: b"ffconcat version 1.0\nfile '/etc/passwd'\nduration 2\n",
    "drawing.mov": lambda: SVG,
    "polyglot.mp4": lambda: whole("h264.mp4") + HLS,
    "polyglot.ts": lambda: HLS.ljust(188, b"\n") + whole("h264.ts"),
    "polyglot.gif": lambda: whole("card.gif") + whole("walk.zip"),
    "polyglot.mkv": lambda: whole("h264.mkv") + whole("h264.mp4"),
}
"""Name -> what makes it without FFmpeg's help."""

NAMES = (*ENCODED, *MADE)


@functools.cache
def whole(name: str) -> bytes:
    """The file as it should be."""
    return MADE[name]() if name in MADE else _encoded(name)
