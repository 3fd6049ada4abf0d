"""Sound tracks that a container cannot hold as they are: decoded, put in order and encoded anew. Film set."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from av.audio.codeccontext import AudioCodecContext
from av.audio.format import AudioFormat
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.codec.context import CodecContext
from av.container import OutputContainer
from av.filter import Graph

from rotoscope.adapters import channels
from rotoscope.adapters.sound import name_alike
from rotoscope.adapters.sound_graphs import HOLE_S, SILENCE_S, Alike, graph_of, pulled, silence, timing_steps, unnamed

if TYPE_CHECKING:
    from av.packet import Packet

PCM = ("pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_u8")
"""What MOV takes as it is. Its samples have no times of their own there, so that pauses have to be filled."""

ENCODERS = {"mp4": ("aac", 96_000), "mov": ("pcm_s24le", 0), "webm": ("libopus", 64_000)}
"""Encoder, and bits per second per channel, for what cannot be copied."""
ARRANGEMENTS = {"aac": channels.AAC, "libopus": channels.OPUS}
RATES = {"aac": (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000), "libopus": (48000,)}

MOST_BITS = 512_000

STEREO = 2
SURROUND_BITS = 64_000
"""Per channel of more than two. At 96 kbit/s FFmpeg's AAC encoder takes 10 % of the time that 5.1 plays, so that two
hours would pass a function's fifteen minutes; at 64 it takes 3 %. Its "fast" coder, with 2 %, makes loud tones softer.
"""
SURROUND = {"libopus": {"compression_level": "5"}}
"""Encoders' options for these: 4 % of the time that 5.1 plays, instead of 6 %."""


class EncodedTrack:
    """Decoded, cut to the sample, gaps filled with silence, and encoded anew.

    `first` is a frame that the track was seen to decode to: headers are often wrong about rate and arrangement.
    Raises FFmpegError or ValueError, before anything is added to the target, where the encoder takes no such sound.
    """

    def __init__(
        self, source: AudioStream, first: AudioFrame, target: OutputContainer, start_s: float, end_s: float
    ) -> None:
        self.encoder, bits = encoder_for(source, target.format.name)
        self.layout = _arrangement(first, self.encoder)
        rate = _rate(first.sample_rate, self.encoder)
        samples = _accepted(self.encoder, rate, self.layout)
        self._alike = Alike(rate, self.layout, samples.packed.name)
        self._alike.graph_for(first)
        self._stream = _stream(target, self.encoder, rate, self.layout)
        count = self._stream.codec_context.channels
        if count > STEREO:
            self._stream.codec_context.options = dict(SURROUND.get(self.encoder, {}))
            bits = min(bits, SURROUND_BITS)
        if bits:
            self._stream.bit_rate = min(bits * count, MOST_BITS)
        name_alike(source, self._stream)
        self._reached = Fraction(start_s)
        self._timing: Graph | None = None
        self._wanted = samples.name, start_s, end_s

    def take(self, packet: "Packet[Any]") -> "Iterator[Packet[Any]]":
        """What the encoder has ready after one more packet."""
        for frame in packet.decode():
            if isinstance(frame, AudioFrame):
                for alike in self._alike.take(frame):
                    yield from self._placed(alike)

    def end(self) -> "Iterator[Packet[Any]]":
        """What decoder, filters and encoder still hold."""
        for alike in self._alike.end():
            yield from self._placed(alike)
        if self._timing:
            self._timing.push(None)
            yield from self._encoded(self._timing)
            yield from self._stream.encode(None)

    def _placed(self, frame: AudioFrame) -> "Iterator[Packet[Any]]":
        begin = (frame.pts or 0) * (frame.time_base or Fraction(0))
        while begin - self._reached > HOLE_S:
            seconds = min(begin - self._reached, SILENCE_S)
            yield from self._pushed(silence(frame, self._reached, seconds))
            self._reached += seconds
        yield from self._pushed(frame)
        self._reached = begin + Fraction(frame.samples, frame.sample_rate)

    def _pushed(self, frame: AudioFrame) -> "Iterator[Packet[Any]]":
        if self._timing is None:
            self._timing = graph_of(frame, timing_steps(frame, *self._wanted))
        self._timing.push(frame)
        yield from self._encoded(self._timing)

    def _encoded(self, graph: Graph) -> "Iterator[Packet[Any]]":
        for frame in pulled(graph):
            yield from self._stream.encode(frame)


def encoder_for(source: AudioStream, container: str) -> tuple[str, int]:
    """The encoder's name, and bits per second per channel (0: it needs none)."""
    codec = source.codec_context.codec.canonical_name
    return (codec, 0) if container == "mov" and codec in PCM else ENCODERS[container]


def _speakers(frame: AudioFrame) -> list[str]:
    count = frame.layout.nb_channels
    if unnamed(frame):
        return channels.SPEAKERS[channels.UNNAMED.get(count, "stereo")].split()
    return [channel.name for channel in frame.layout.channels]


def _arrangement(frame: AudioFrame, encoder: str) -> str:
    if encoder in ARRANGEMENTS:
        return channels.nearest(_speakers(frame), ARRANGEMENTS[encoder])
    usual = channels.UNNAMED.get(frame.layout.nb_channels) if unnamed(frame) else None
    return usual or frame.layout.name


def rearranged(frame: AudioFrame, layout: str) -> str:
    """What became of the loudspeakers, as a part of a sentence; empty where nothing did."""
    if layout == frame.layout.name:
        return ""
    if unnamed(frame) and frame.layout.nb_channels not in channels.UNNAMED:
        return f"; of its {frame.layout.nb_channels} channels without a name the first two were taken"
    if layout not in channels.SPEAKERS or not channels.differs(_speakers(frame), layout):
        return ""
    return f"; {frame.layout.name} became {layout}"


def _rate(rate: int, encoder: str) -> int:
    offered = RATES.get(encoder, (rate,))
    return next((each for each in offered if each >= rate), offered[-1])


def _accepted(encoder: str, rate: int, layout: str) -> AudioFormat:
    """The sample format that an encoder takes. Raises FFmpegError where it takes no such sound."""
    trial = CodecContext.create(encoder, "w")
    assert isinstance(trial, AudioCodecContext)
    samples = (trial.codec.audio_formats or [AudioFormat("s16")])[0]
    trial.sample_rate, trial.layout, trial.format = rate, layout, samples
    trial.open()
    return samples


def _stream(target: OutputContainer, encoder: str, rate: int, layout: str) -> AudioStream:
    stream = target.add_stream(encoder, rate=rate, options=None, layout=layout)
    assert isinstance(stream, AudioStream)
    return stream
