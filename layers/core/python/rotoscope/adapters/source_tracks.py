"""The source's own tracks: opened with care, tried before anything is promised, matched to a container. Film set."""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.stream import Discard
from av.subtitles.stream import SubtitleStream

from rotoscope.adapters.ffmpeg import FORMATS
from rotoscope.adapters.opening import LENIENTLY
from rotoscope.adapters.probe import OPTIONS
from rotoscope.adapters.sniffing import demuxer_of
from rotoscope.adapters.sound import CopiedTrack, can_copy
from rotoscope.adapters.sound_encoding import EncodedTrack, rearranged
from rotoscope.adapters.text_tracks import TextTrack, is_text
from rotoscope.ports import Original
from rotoscope.wording import listed

if TYPE_CHECKING:
    from av.packet import Packet

TROUBLE = (av.FFmpegError, ValueError, OverflowError, struct.error)
"""What PyAV raises over a file. A bucket that does not answer raises something else, and the task is tried again."""

TRIED_PACKETS = 500
"""A track of which so many packets decode to nothing holds no sound."""
SEEK_SLACK_S = 2.0

MOST_SAMPLES = 1 << 20
"""Of one packet: twenty seconds. Codecs' own pieces are far shorter; the longest of PCM that AVI holds are a second."""


@dataclass(frozen=True)
class Tried:
    """How many packets a sound track has, up to the first that decodes, and what that one holds."""

    packets: int = 0
    first: AudioFrame | None = None


class Track(Protocol):
    """Makes the result's packets of one of the source's tracks."""

    def take(self, packet: "Packet[Any]") -> "Iterator[Packet[Any]]": ...
    def end(self) -> "Iterator[Packet[Any]]": ...


def guards(demuxer: str | None) -> dict[str, str]:
    """Options that keep a crafted file from reading anything but itself, and from being looked into without end."""
    alone = {"protocol_whitelist": "none", "enable_drefs": "0", "use_absolute_path": "0"}
    return {**OPTIONS, **alone, "format_whitelist": demuxer or FORMATS, "max_samples": str(MOST_SAMPLES)}


def opened(original: Original) -> InputContainer:
    """An upload, which may be crafted: read as what it was probed to be, and any bytes are taken for text."""
    demuxer = demuxer_of(original.container) if original.container else None
    original.file.seek(0)
    container: InputContainer = av.open(original.file, mode="r", format=demuxer, options=guards(demuxer), **LENIENTLY)
    for sound in container.streams.audio:
        if sound.codec_context is not None:
            sound.codec_context.options = {"max_samples": str(MOST_SAMPLES)}
    return container


def demuxed(container: InputContainer, indices: list[int], from_s: float) -> "Iterator[Packet[Any]]":
    """The packets of some tracks; the others' are not even read where the container has an index."""
    for stream in container.streams:
        if stream.index not in indices:
            stream.discard = Discard.all
    with suppress(*TROUBLE):  # then it is read from its beginning
        if from_s > (container.start_time or 0) / av.time_base:
            container.seek(int(from_s * av.time_base))
    return announced(container.demux([container.streams[index] for index in indices]))


def announced(packets: "Iterable[Packet[Any]]") -> "Iterator[Packet[Any]]":
    """The packets as they come. Raises ValueError at one of a track that turns up on the way, which PyAV 18 cannot
    take."""
    try:
        yield from packets
    except IndexError:
        raise ValueError("a track begins in the middle of the file") from None


def moment_of(packet: "Packet[Any]") -> Fraction | None:
    """Seconds of the source's clock; None for packets without a time, such as the empty one at the end."""
    stamp = packet.dts if packet.pts is None else packet.pts
    return None if stamp is None or not packet.time_base else stamp * packet.time_base


def tried(original: Original) -> Mapping[int, Tried]:
    """What each sound track of the taken stretch turns out to be; headers are often wrong, and tracks empty."""
    with opened(original) as container:
        readable = [each.index for each in container.streams.audio if each.codec_context is not None]
        found = dict.fromkeys(readable, Tried())
        open_questions = set(readable)
        if not readable:
            return found
        for packet in demuxed(container, readable, original.start_s - SEEK_SLACK_S):
            moment, index = moment_of(packet), packet.stream_index
            if moment is None or index not in open_questions:
                continue
            found[index] = Tried(found[index].packets + 1, _decoded(packet))
            past = moment >= original.end_s or found[index].packets >= TRIED_PACKETS
            if past or found[index].first is not None:
                open_questions.discard(index)
            if not open_questions:
                break
        return found


def _decoded(packet: "Packet[Any]") -> AudioFrame | None:
    with suppress(*TROUBLE):  # the next one may do
        for frame in packet.decode():
            if isinstance(frame, AudioFrame) and frame.sample_rate:
                return frame
    return None


class LeftOut(Exception):
    """Why a track goes to no target, as the end of a sentence that begins with its name."""


def sound_track(
    source: AudioStream, trial: Tried, target: OutputContainer, original: Original, *, copied: bool
) -> tuple[Track, str]:
    """The track on its way to a target, and what it was converted to, if it was. Raises LeftOut."""
    if trial.first is None:
        raise LeftOut(f"{'cannot be decoded' if trial.packets else 'holds no sound'} and was left out")
    codec = source.codec_context.codec.canonical_name
    try:
        if copied and can_copy(source, target.format.name):
            return CopiedTrack(source, target, original.start_s), ""
        track = EncodedTrack(source, trial.first, target, original.start_s, original.end_s)
    except TROUBLE as problem:
        raise LeftOut(f"({codec}) cannot be put into this file and was left out: {reason(problem)}") from problem
    changed = rearranged(trial.first, track.layout)
    encoder = track.encoder.removeprefix("lib")
    same = encoder == codec and not changed and copied
    return track, "" if same else f"{encoder}{changed}"


def text_track(source: SubtitleStream, target: OutputContainer, start_s: float, length_s: float) -> TextTrack:
    """The same for subtitles."""
    try:
        if is_text(source):
            return TextTrack(source, target, start_s, length_s)
    except TROUBLE as problem:
        raise LeftOut(f"was left out: {reason(problem)}") from problem
    raise LeftOut("consists of pictures and was left out")


def reason(problem: Exception) -> str:
    """Why something could not be done, in the tool's own words, as the end of a sentence."""
    said = problem.strerror if isinstance(problem, av.FFmpegError) else str(problem)
    return (said or type(problem).__name__).rstrip(".")


@dataclass
class Chosen:
    """What of the source's tracks goes to a target, by their indices in the source, and what a user should know.

    `names` are for people, who count each kind from 1. `converted` is to what, and which sound tracks were.
    """

    sounds: dict[int, Track] = field(default_factory=dict)
    texts: dict[int, TextTrack] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    converted: dict[str, list[str]] = field(default_factory=dict)

    def add_sound(self, source: AudioStream, number: int, track: Track, into: str) -> None:
        """`into` is what it was converted to, if it was."""
        self.sounds[source.index] = track
        if into:
            name = f"{number} ({source.codec_context.codec.canonical_name})"
            self.converted.setdefault(into, []).append(name)

    @property
    def notes(self) -> list[str]:
        """Complete when all packets have been taken."""
        restyled = [self.names[index].lower() for index, text in self.texts.items() if text.restyled]
        return [
            *(_converted(names, into) for into, names in self.converted.items()),
            *self.left_out,
            *(f"Of the styling of {name} only bold, italic and underlined text is kept." for name in restyled),
        ]


def chosen(
    container: InputContainer,
    trials: Mapping[int, Tried],
    target: OutputContainer,
    original: Original,
    picture_s: float,
    *,
    copied: bool,
) -> Chosen:
    """Adds to the target a track for each of the source's that it can hold. `copied` is false to convert all sound."""
    found = Chosen()
    for number, sound in enumerate(container.streams.audio if original.sound else (), 1):
        name = found.names[sound.index] = f"Sound track {number}"
        try:
            track, into = sound_track(sound, trials.get(sound.index, Tried(1)), target, original, copied=copied)
        except LeftOut as why:
            found.left_out.append(f"{name} {why}.")
        else:
            found.add_sound(sound, number, track, into)
    for number, subtitles in enumerate(container.streams.subtitles, 1):
        name = found.names[subtitles.index] = f"Subtitle track {number}"
        try:
            found.texts[subtitles.index] = text_track(subtitles, target, original.start_s, picture_s)
        except LeftOut as why:
            found.left_out.append(f"{name} {why}.")
    return found


def _converted(names: Sequence[str], into: str) -> str:
    many = len(names) > 1
    return f"Sound track{'s' * many} {listed(names)} {'were' if many else 'was'} converted to {into}."
