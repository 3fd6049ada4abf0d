"""Clips that say something of themselves which is easily missed: direction, transparency, fields, tracks, colours."""

import functools
import struct
from pathlib import Path

from rotoscope.adapters.ffmpeg import run
from tests import clips

SIZE = (96, 64)
STILL = "gradients=s=96x64:c0=red:c1=blue:x0=0:y0=0:x1=95:y1=63:d=1:r=5,drawbox=x=8:y=6:w=20:h=10:c=white:t=fill"
"""A picture that looks different from whatever side it is seen."""


@functools.cache
def lying() -> Path:
    """Three frames of STILL, exactly as they were drawn."""
    target = clips.path("lying.mp4")
    run(["-f", "lavfi", "-i", STILL, "-frames:v", "3", "-c:v", "libx264", "-qp", "0", str(target)])
    return target


@functools.cache
def directed(turn: float, flip: str = "") -> Path:
    """The same with a display matrix: turned anticlockwise in degrees, then flipped ("hflip", "vflip")."""
    target = clips.path(f"directed-{turn}-{flip}.mp4")
    flips = [f"-display_{flip}:v:0"] if flip else []
    run(["-display_rotation:v:0", str(turn), *flips, "-i", str(lying()), "-c", "copy", str(target)])
    return target


def with_alpha(name: str, *encoder: str, opacity: str = "if(gt(X,40),255,0)", after: str = "null") -> Path:
    """Encoded from pictures with an alpha channel."""
    filters = f"format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='{opacity}',{after}"
    return clips.clip(name, size=SIZE, frames=4, rate="10", filters=filters, audio=None, more=encoder)


@functools.cache
def tracks() -> Path:
    """Matroska with text and picture subtitles, two chapters, a title, German and unnamed sound."""
    words = clips.written("words.srt", b"1\n00:00:00,100 --> 00:00:00,900\nHello\n\n")
    marks = b"".join(
        b"[CHAPTER]\nTIMEBASE=1/1000\nSTART=%d\nEND=%d\ntitle=Part\n" % times for times in ((0, 800), (800, 1600))
    )
    chapters = clips.written("chapters.txt", b";FFMETADATA1\ntitle=Both\n" + marks)
    target = clips.path("tracks.mkv")
    inputs = ["-i", str(clips.clip()), "-i", str(clips.clip("pcm.mkv", audio="pcm")), "-i", str(words)]
    maps = ["-map", "0:v", "-map", "0:a", "-map", "1:a", "-map", "2", "-map_chapters", "3"]
    named = ["-metadata:s:a:0", "language=deu", "-metadata:s:s:0", "language=fra"]
    run([*inputs, "-f", "ffmetadata", "-i", str(chapters), *maps, "-c", "copy", *named, str(target)])
    return target


@functools.cache
def drawn_subtitles() -> Path:
    """Subtitles that are pictures, as Blu-ray discs have them: an empty one at every half second."""
    shown = struct.pack(">HHBHBBBB", 96, 64, 16, 0, 128, 0, 0, 0)
    pieces = [
        struct.pack(">2sIIBH", b"PG", ticks, 0, kind, len(body)) + body
        for ticks in range(0, 180_000, 45_000)
        for kind, body in ((0x16, shown), (0x80, b""))
    ]
    words = clips.written("drawn.sup", b"".join(pieces))
    target = clips.path("drawn.mkv")
    run(["-i", str(clips.clip()), "-i", str(words), "-map", "0:v", "-map", "1", "-c", "copy", str(target)])
    return target


@functools.cache
def late_fields() -> Path:
    """Two progressive frames, then interlaced ones, with a header that says nothing of fields."""
    parts = list[bytes]()
    for name, codec, frames in (("title", "h264", 2), ("fields", "h264-interlaced", 24)):
        coded = clips.clip(
            f"{name}.h264", codec=codec, frames=frames, size=SIZE, rate="25", audio=None, more=("-bf", "0")
        )
        parts.append(coded.read_bytes())
    both = clips.written("both.h264", b"".join(parts))
    target = clips.path("late-fields.mp4")
    run(["-fflags", "+genpts", "-r", "25", "-i", str(both), "-c", "copy", str(target)])
    return target


@functools.cache
def tagged(matrix: str, transfer: str, value_range: str) -> Path:
    """Four frames with these colour tags."""
    target = clips.path(f"tagged-{matrix}-{transfer}-{value_range}.mp4")
    card = ["-f", "lavfi", "-i", "testsrc2=s=96x64:r=10,trim=end_frame=4,format=yuv420p10le"]
    tags = ["-colorspace", matrix, "-color_primaries", "bt2020", "-color_trc", transfer, "-color_range", value_range]
    run([*card, *tags, "-c:v", "libx264", str(target)])
    return target


@functools.cache
def two_videos() -> Path:
    """Two video tracks and a cover picture."""
    cover = clips.path("cover.png")
    run(["-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", str(cover)])
    target = clips.path("two-videos.mp4")
    inputs = ["-i", str(clips.clip()), "-i", str(lying()), "-i", str(cover)]
    maps = ["-map", "0:v", "-map", "1:v", "-map", "2:v", "-c", "copy", "-disposition:v:2", "attached_pic"]
    run([*inputs, *maps, str(target)])
    return target


def with_unknown_sound() -> Path:
    """An MP4 whose sound is in a codec that nobody knows."""
    return clips.written(
        "unknown-sound.mp4", clips.clip().read_bytes().replace(b"mp4a", b"zzzz").replace(b"esds", b"zzzz")
    )


def with_latin_title() -> Path:
    """An AVI whose title is not UTF-8, as old programs wrote it."""
    titled = clips.clip("titled.avi", codec="mpeg2", audio="mp3", frames=12, more=("-metadata", "title=Cafe_"))
    return clips.written("latin.avi", titled.read_bytes().replace(b"Cafe_", b"Caf\xe9s"))


@functools.cache
def vast(extension: str, width: int, height: int, *encoder: str) -> Path:
    """Two frames of one colour."""
    target = clips.path(f"vast-{width}.{extension}")
    run(["-f", "lavfi", "-i", f"color=red:s={width}x{height}:r=5", "-frames:v", "2", *encoder, str(target)])
    return target
