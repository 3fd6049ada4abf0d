"""Brings the source's sound tracks to a result: copied packet by packet where the container allows. Film set."""

from collections.abc import Iterator
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, Self

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.filter import Graph

from rotoscope.ports import Original

if TYPE_CHECKING:
    from av.packet import Packet

COPIED = {"mp4": ("aac", "mp3", "ac3", "eac3", "alac"), "webm": ("opus", "vorbis")}
"""What players accept in each container; FFmpeg would put more into them."""

ENCODERS: dict[str, tuple[Literal["aac", "libopus"], int]] = {"mp4": ("aac", 96_000), "webm": ("libopus", 64_000)}
"""Encoder and bits per second per channel, for what cannot be copied."""

MOST_BITS = 512_000
OPUS_RATE = 48_000

LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
"""By number of channels: what both encoders take. PCM often names none, AC-3 says "5.1(side)"."""

RUN_UP_S = {"mp4": 0.1, "webm": 0.0}
"""Sound kept from before the cut, so that decoders settle: MP4's edit list hides it, WebM would play it."""

OPUS_DELAY_S = 0.008
"""WebM hides this much of Opus, by its CodecDelay."""

SEEK_SLACK_S = 2.0


class SoundTracks:
    """All tracks of one sound as packets for a target, about in the order of their times; a context manager."""

    def __init__(self, sound: Original, target: OutputContainer, form: str) -> None:
        sound.file.seek(0)
        self._container = av.open(sound.file, mode="r")
        self._sound = sound
        self.notes: list[str] = []
        self._tracks = {stream.index: self._track(stream, target, form) for stream in self._container.streams.audio}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    def __iter__(self) -> "Iterator[Packet[AudioStream]]":
        if not self._tracks:
            return
        self._seek()
        playing = set(self._tracks)
        for packet in self._container.demux(self._container.streams.audio):
            if packet.pts is None:
                continue
            if packet.pts * packet.time_base < self._sound.end_s:
                yield from self._tracks[packet.stream_index].take(packet)
                continue
            playing.discard(packet.stream_index)
            if not playing:
                break
        for track in self._tracks.values():
            yield from track.end()

    def _track(self, stream: AudioStream, target: OutputContainer, form: str) -> "CopiedTrack | EncodedTrack":
        codec = stream.codec_context.codec.canonical_name
        if codec in COPIED[form]:
            run_up_s = OPUS_DELAY_S if codec == "opus" and form == "webm" else RUN_UP_S[form]
            return CopiedTrack(stream, target, self._sound.start_s, run_up_s)
        encoder = ENCODERS[form][0].removeprefix("lib")
        self.notes.append(f"Sound track {stream.index} ({codec}) was converted to {encoder}.")
        return EncodedTrack(stream, target, self._sound, form)

    def _seek(self) -> None:
        start_s = self._sound.start_s - SEEK_SLACK_S
        if start_s > (self._container.start_time or 0) / av.time_base:
            self._container.seek(int(start_s * av.time_base))


class CopiedTrack:
    """Packets as they are, at times counted from the cut."""

    def __init__(self, source: AudioStream, target: OutputContainer, start_s: float, run_up_s: float) -> None:
        self._stream = target.add_stream_from_template(source)
        _name_alike(source, self._stream)
        base = source.time_base or Fraction(1, av.time_base)
        self._shift = round(Fraction(start_s) / base)
        self._first = round(Fraction(start_s - run_up_s) / base)

    def take(self, packet: "Packet[AudioStream]") -> "Iterator[Packet[AudioStream]]":
        """The packet itself, or nothing when it lies before the cut."""
        if packet.pts is None or packet.dts is None or packet.pts < self._first:
            return
        packet.stream = self._stream
        packet.pts, packet.dts = packet.pts - self._shift, packet.dts - self._shift
        yield packet

    def end(self) -> "Iterator[Packet[AudioStream]]":
        """Nothing is held back."""
        yield from ()


class EncodedTrack:
    """Decoded, cut to the sample, gaps filled with silence, and encoded anew."""

    def __init__(self, source: AudioStream, target: OutputContainer, sound: Original, form: str) -> None:
        encoder, bits = ENCODERS[form]
        codec = source.codec_context
        rate = OPUS_RATE if encoder == "libopus" else codec.sample_rate
        layout = LAYOUTS.get(codec.channels, codec.layout.name)
        self._stream = target.add_stream(encoder, rate=rate, options=None, layout=layout)
        self._stream.bit_rate = min(bits * codec.channels, MOST_BITS)
        _name_alike(source, self._stream)
        self._graph = _cutting_graph(source, sound, rate, layout)

    def take(self, packet: "Packet[AudioStream]") -> "Iterator[Packet[AudioStream]]":
        """What the encoder has ready after one more packet."""
        for frame in packet.decode():
            self._graph.push(frame)
            yield from self._encoded()

    def end(self) -> "Iterator[Packet[AudioStream]]":
        """What filter and encoder still hold."""
        self._graph.push(None)
        yield from self._encoded()
        yield from self._stream.encode(None)

    def _encoded(self) -> "Iterator[Packet[AudioStream]]":
        while True:
            try:
                frame = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            if isinstance(frame, AudioFrame):
                yield from self._stream.encode(frame)


def _cutting_graph(source: AudioStream, sound: Original, rate: int, layout: str) -> Graph:
    end = f":end={sound.end_s:.6f}" if isfinite(sound.end_s) else ""
    steps = [
        ("atrim", f"start={sound.start_s:.6f}{end}"),
        ("asetpts", f"PTS-{sound.start_s:.6f}/TB"),
        ("aresample", f"{rate}:async=1:first_pts=0"),
        ("aformat", f"channel_layouts={layout}"),
        ("abuffersink", None),
    ]
    graph = Graph()
    nodes: list[Any] = [graph.add_abuffer(template=source), *(graph.add(name, options) for name, options in steps)]
    graph.link_nodes(*nodes).configure()
    return graph


def _name_alike(source: AudioStream, target: AudioStream) -> None:
    """Players choose tracks by these."""
    for tag in ("language", "title"):
        if tag in source.metadata:
            target.metadata[tag] = source.metadata[tag]
    target.disposition = source.disposition
