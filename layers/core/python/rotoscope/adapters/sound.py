"""Brings the source's sound tracks to a result: copied packet by packet where the container allows. Film set."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Self

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.packet import Packet

from rotoscope.ports import Sound

COPIED = {"mp4": ("aac", "mp3", "ac3", "eac3", "alac"), "webm": ("opus", "vorbis")}
"""What players accept in each container; FFmpeg would put more into them."""

ENCODERS = {"mp4": ("aac", 96_000), "webm": ("libopus", 64_000)}
"""Encoder and bits per second per channel, for what cannot be copied."""

MOST_BITS = 512_000
RUN_UP_S = {"mp4": 0.1, "webm": 0.0}
"""Sound kept from before the cut, so that decoders settle: MP4's edit list hides it, WebM could only play it."""

OPUS_DELAY_S = 0.008
SEEK_SLACK_S = 2.0


class SoundTracks:
    """All tracks of one sound as packets for a target, about in the order of their times; a context manager."""

    def __init__(self, sound: Sound, target: OutputContainer, form: str) -> None:
        sound.file.seek(0)
        self._container: InputContainer = av.open(sound.file)
        self._sound = sound
        self.notes: list[str] = []
        self._tracks = {stream.index: self._track(stream, target, form) for stream in self._container.streams.audio}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    def __iter__(self) -> Iterator[Packet]:
        if not self._tracks:
            return
        self._seek()
        streams = [stream for stream in self._container.streams.audio]
        open_tracks = set(self._tracks)
        for packet in self._container.demux(*streams):
            if packet.dts is None:
                continue
            if packet.pts is not None and packet.pts * packet.time_base >= self._sound.end_s:
                open_tracks.discard(packet.stream_index)
                if not open_tracks:
                    break
                continue
            yield from self._tracks[packet.stream_index].take(packet)
        for track in self._tracks.values():
            yield from track.end()

    def _track(self, stream: AudioStream, target: OutputContainer, form: str) -> "CopiedTrack | EncodedTrack":
        codec = stream.codec_context.codec.canonical_name
        if codec in COPIED[form]:
            run_up_s = OPUS_DELAY_S if codec == "opus" and form == "webm" else RUN_UP_S[form]
            return CopiedTrack(stream, target, self._sound.start_s, run_up_s)
        encoder, bits = ENCODERS[form]
        self.notes.append(f"Sound track {len(self.notes) + 1} ({codec}) was converted to {encoder.removeprefix('lib')}.")
        return EncodedTrack(stream, target, self._sound, encoder, bits)

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

    def take(self, packet: Packet) -> Iterator[Packet]:
        """The packet itself, or nothing when it ends before the cut."""
        if packet.pts is None or packet.dts is None or packet.pts < self._first:
            return
        packet.stream = self._stream
        packet.pts, packet.dts = packet.pts - self._shift, packet.dts - self._shift
        yield packet

    def end(self) -> Iterator[Packet]:
        """Nothing is held back."""
        yield from ()


class EncodedTrack:
    """Decoded, cut to the sample, gaps filled with silence, and encoded anew."""

    def __init__(self, source: AudioStream, target: OutputContainer, sound: Sound, encoder: str, bits: int) -> None:
        rate = 48_000 if encoder == "libopus" else source.codec_context.sample_rate
        channels = source.codec_context.channels
        self._stream = target.add_stream(encoder, rate=rate, layout=source.codec_context.layout.name)
        self._stream.bit_rate = min(bits * channels, MOST_BITS)
        _name_alike(source, self._stream)
        self._graph = _cutting_graph(source, sound, rate, self._stream.layout.name)

    def take(self, packet: Packet) -> Iterator[Packet]:
        """What the encoder has ready after one more packet."""
        for frame in packet.decode():
            self._graph.push(frame)
            yield from self._encoded()

    def end(self) -> Iterator[Packet]:
        """What filter and encoder still hold."""
        self._graph.push(None)
        yield from self._encoded()
        yield from self._stream.encode(None)

    def _encoded(self) -> Iterator[Packet]:
        while True:
            try:
                frame = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            yield from self._stream.encode(frame)


def _cutting_graph(source: AudioStream, sound: Sound, rate: int, layout: str) -> Graph:
    graph = Graph()
    steps: list[tuple[str, str]] = [
        ("atrim", f"start={sound.start_s:.6f}:end={sound.end_s:.6f}"),
        ("asetpts", f"PTS-{sound.start_s:.6f}/TB"),
        ("aresample", f"{rate}:async=1:first_pts=0"),
        ("aformat", f"channel_layouts={layout}"),
    ]
    nodes: list[Any] = [graph.add_abuffer(template=source)]
    nodes += [graph.add(name, arguments) for name, arguments in steps]
    graph.link_nodes(*nodes, graph.add("abuffersink")).configure()
    return graph


def _name_alike(source: AudioStream, target: AudioStream) -> None:
    """Players choose tracks by these."""
    if source.language:
        target.metadata["language"] = source.language
    if title := source.metadata.get("title"):
        target.metadata["title"] = title
    target.disposition = source.disposition
