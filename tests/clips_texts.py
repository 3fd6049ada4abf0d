"""Clips with subtitles, chapters and tags."""

import functools
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from rotoscope.adapters.ffmpeg import run
from tests import clips
from tests.clips_sound import beeping

SRT = """1
00:00:00,500 --> 00:00:01,500
First <i>words</i> here

2
00:00:02,000 --> 00:00:03,250
Zweite Zeile äöü
and a third
"""
ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,20,&H00FFFFFF,&H0,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.50,0:00:03.00,Default,,0,0,0,,{\\an8\\pos(10,10)}A sign
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}First{\\i0} words,\\Nwith a comma
Dialogue: 0,0:00:02.50,0:00:02.90,Default,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}
"""
VTT = """WEBVTT

00:00.500 --> 00:01.500 line:10% align:start
Somewhere
"""
CHAPTERS = """;FFMETADATA1
[CHAPTER]
TIMEBASE=1/1000
START=0
END=1000
title=Opening
[CHAPTER]
TIMEBASE=1/1000
START=1000
END=3000
title=Middle
[CHAPTER]
TIMEBASE=1/1000
START=3000
END=4000
title=End
"""
PLACE, PHONE = "+48.1371+011.5754+520.000/", "iPhone 15 Pro"
PHONE_TAGS = {
    "com.apple.quicktime.location.ISO6709": PLACE,
    "com.apple.quicktime.make": "Apple Inc",
    "com.apple.quicktime.model": PHONE,
    "com.apple.quicktime.software": "iOS-17.4.1",
    "com.apple.quicktime.creationdate": "2024-05-06T09:08:09+0200",
    "location": PLACE,
    "make": "Apple Inc",
    "model": PHONE,
}
"""What a phone writes about itself, as FFmpeg hands it on."""


@functools.cache
def subtitled(kind: str = "srt", codec: str = "srt", container: str = "mkv", words: str = "") -> Path:
    """Four seconds with one German subtitle track, which is marked as the default; `words` may be those of SubRip's."""
    said = f"1\n00:00:01,000 --> 00:00:02,000\n{words}\n" if words else {"srt": SRT, "ass": ASS, "vtt": VTT}[kind]
    name = f"subtitled-{kind}-{codec}-{zlib.crc32(words.encode())}"
    text, target = clips.written(f"{name}.{kind}", said.encode()), clips.path(f"{name}.{container}")
    streams = ["-map", "0", "-map", "1", "-c", "copy", "-c:s", codec]
    tags = ["-metadata:s:s:0", "language=deu", "-metadata:s:s:0", "title=Dialog", "-disposition:s:0", "default"]
    run(["-i", str(beeping("to-subtitle.mp4")), "-i", str(text), *streams, *tags, str(target)])
    return target


@functools.cache
def pictured() -> Path:
    """Subtitles that are pictures, as on Blu-ray discs."""
    target = clips.path("pictured.mkv")
    with av.open(str(beeping("to-picture.mp4"))) as source, av.open(str(target), "w") as result:
        streams = {stream.index: result.add_stream_from_template(stream) for stream in source.streams}
        subtitles = result.add_mux_stream("hdmv_pgs_subtitle", time_base=Fraction(1, 1000))
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream_index]
                result.mux(packet)
        shown: av.Packet[Any] = av.Packet(bytes([0x80, 0, 0]))
        shown.stream, shown.pts, shown.dts, shown.duration = subtitles, 3900, 3900, 50
        result.mux(shown)
    return target


@functools.cache
def chaptered() -> Path:
    """Three chapters."""
    target = clips.path("chaptered.mp4")
    named = clips.written("chapters.txt", CHAPTERS.encode())
    run(["-i", str(beeping("to-chapter.mp4")), "-i", str(named), "-map_chapters", "1", "-c", "copy", str(target)])
    return target


@functools.cache
def from_a_phone(container: str = "mov") -> Path:
    """Where, when and with what it was taken is written all over it; and what somebody wrote about it."""
    target = clips.path(f"phone.{container}")
    said = {"title": "Kitchen dance", "comment": "for Mum", "creation_time": "2024-05-06T07:08:09Z", **PHONE_TAGS}
    tags = [word for name, value in said.items() for word in ("-metadata", f"{name}={value}")]
    handlers = ["-metadata:s:v", f"handler_name={PHONE} Video", "-metadata:s:a", f"handler_name={PHONE} Audio"]
    flags = ["-movflags", "use_metadata_tags"] if container == "mov" else []
    run(["-i", str(beeping("to-tag.mp4")), "-c", "copy", *tags, *handlers, *flags, str(target)])
    return target
