"""Subtitle tracks of text on their way to a result: decoded, cut and written anew. Film set."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, Any

from av.container import OutputContainer
from av.packet import Packet
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle, SubtitleSet

from rotoscope.adapters import tags, texts
from rotoscope.adapters.texts import Cue, OneAtATime

if TYPE_CHECKING:
    from av.stream import Stream

TICKS = 1000
"""A second."""
LATE_S = 5
"""Tracks of one file may lie this far apart in it."""
FIELDS = 9
"""Of an ASS dialogue line as FFmpeg writes it; the text is the last."""

TIMED_TEXT = "tx3g"
"""3GPP's, in MOV too: FFmpeg's choice there is QuickTime's older text, whose boxes of styles are others."""
STYLED = ("ass", "ssa")
"""Whose styles stand in the header, where no line tells of them."""
LANGUAGES = {"mp4": "mov_text", "mov": "mov_text", "webm": "webvtt"}
"""The kind of subtitles that each container takes."""

HEADER = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
"""From this FFmpeg makes the sample description of timed text: white, at the bottom, in the middle."""


class TextTrack:
    """One track's cues, at times counted from the cut. `length_s` is how long there is something to be seen."""

    def __init__(self, source: SubtitleStream, target: OutputContainer, start_s: float, length_s: float) -> None:
        container = target.format.name
        self._source, self._start, self._length_s = source, Fraction(start_s), length_s
        self._pack: Callable[[str], bytes] = str.encode if container == "webm" else texts.timed_text
        self._one = None if container == "webm" else OneAtATime()
        self.restyled = source.codec_context.codec.canonical_name in STYLED
        """Whether more of its styling was lost than a result can hold; known when all has been taken."""
        self._stream = _stream(target, LANGUAGES[container])
        self._stream.time_base = Fraction(1, TICKS)
        self._stream.metadata.update(tags.of_track(source.metadata, quicktime=container == "mov"))
        self._stream.disposition = source.disposition

    def take(self, packet: "Packet[Any]") -> "Iterator[Packet[Any]]":
        """What is certain after one more packet."""
        found = self._source.codec_context.decode2(packet)
        if found is None or packet.pts is None:
            return
        lines = list(_lines(found))
        text = "\n".join(filter(None, map(texts.marked, lines)))
        if not text:
            return
        placed = packet.has_sidedata("webvtt_settings")
        self.restyled = self.restyled or placed or any(map(texts.styled_otherwise, lines))
        start = packet.pts * packet.time_base - self._start
        cue = Cue(start, start + _length(packet, found), text)
        yield from self._packets([cue] if self._one is None else self._one.add(cue))

    def passed(self, moment: Fraction) -> "Iterator[Packet[Any]]":
        """What was held back until another track came to a moment of the source."""
        if self._one:
            yield from self._packets(self._one.until(moment - self._start - LATE_S))

    def end(self) -> "Iterator[Packet[Any]]":
        """What is still held back."""
        if self._one:
            yield from self._packets(self._one.end())

    def _packets(self, cues: list[Cue]) -> "Iterator[Packet[Any]]":
        for each in cues:
            if cue := texts.clipped(each, self._length_s):
                packet: Packet[Any] = Packet(self._pack(cue.text))
                packet.stream, packet.time_base = self._stream, Fraction(1, TICKS)
                packet.pts = packet.dts = round(cue.start * TICKS)
                packet.duration = round(cue.end * TICKS) - packet.pts
                yield packet


def is_text(source: SubtitleStream) -> bool:
    """Whether the track's subtitles are words and no pictures. Raises ValueError where nobody knows how to read it."""
    if source.codec_context is None:
        raise ValueError("nothing here reads it")
    return bool(source.codec_context.codec.text_sub)


def _stream(target: OutputContainer, language: str) -> "Stream":
    if language != "mov_text":
        return target.add_mux_stream(language)
    stream = target.add_stream("mov_text")
    assert isinstance(stream, SubtitleStream)
    stream.codec_context.subtitle_header = HEADER
    stream.codec_context.codec_tag = TIMED_TEXT
    return stream


def _lines(found: SubtitleSet) -> Iterator[str]:
    for each in found:
        if isinstance(each, AssSubtitle):
            yield each.ass.decode(errors="replace").split(",", FIELDS - 1)[-1] or each.text.decode(errors="replace")


def _length(packet: "Packet[Any]", found: SubtitleSet) -> Fraction:
    if packet.duration:
        return packet.duration * packet.time_base
    shown_ms = found.end_display_time - found.start_display_time
    return Fraction(shown_ms, 1000) if 0 < shown_ms < inf and shown_ms != 0xFFFFFFFF else texts.UNSAID_S
