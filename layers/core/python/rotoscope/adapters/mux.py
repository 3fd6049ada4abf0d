"""Joins encoded parts by copying their packets to exact times, with the source's sound, by PyAV. Film set."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from rotoscope.adapters.archive import join_frames
from rotoscope.adapters.gif import join_gifs
from rotoscope.adapters.probe import PyAvProber
from rotoscope.adapters.retime import decode_ticks, display_durations, last_decoding
from rotoscope.adapters.sound import SoundTracks
from rotoscope.errors import JobError, MediaToolFailed
from rotoscope.ports import Joined, Original, PartFormat, Timeline

if TYPE_CHECKING:
    from av.packet import Packet

MUXER_OPTIONS: dict[str, dict[str, str]] = {"mp4": {"movflags": "+faststart"}, "webm": {}}
LONGEST_LEAD_S = 1
CHANNELS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


class PyAvJoiner:
    """The Joiner."""

    def join(
        self,
        form: PartFormat,
        parts: Iterable[Path],
        timeline: Timeline,
        out: Path,
        original: Original | None = None,
        provenance: str = "",
    ) -> Joined:
        """Raises MediaToolFailed when the parts do not fit each other or the timeline. GIF and frames have no sound."""
        if form == "gif":
            return join_gifs(parts, timeline, out)
        if form == "frames":
            return join_frames(parts, timeline, out)
        try:
            return _join_video(form, parts, timeline, out, original)
        except av.FFmpegError as problem:
            raise MediaToolFailed(f"The parts could not be joined: {problem}") from problem


def _join_video(form: str, parts: Iterable[Path], timeline: Timeline, out: Path, sound: Original | None) -> Joined:
    remaining = iter(parts)
    first = next(remaining, None)
    if first is None:
        raise MediaToolFailed("There are no parts to join")
    with ExitStack() as stack:
        template = stack.enter_context(av.open(str(first))).streams.video[0]
        target = stack.enter_context(av.open(str(out), "w", format=form, options=MUXER_OPTIONS[form]))
        video = target.add_stream_from_template(template)
        video.time_base = timeline.time_base
        tracks = stack.enter_context(SoundTracks(sound, target, form)) if sound else None
        pictures = _retimed(chain([first], remaining), timeline, template, video)
        sounds: Iterable[Packet[Any]] = tracks or ()
        for packet in heapq.merge(pictures, sounds, key=_decode_time):
            target.mux(packet)
    return counted(out, len(timeline.ticks), tracks.notes if tracks else [])


def _retimed(
    parts: Iterable[Path], timeline: Timeline, template: VideoStream, video: VideoStream
) -> Iterator["Packet[VideoStream]"]:
    ticks = timeline.ticks
    decode = decode_ticks(ticks, _reorder_depth(template), round(LONGEST_LEAD_S / timeline.time_base))
    durations = display_durations(ticks, timeline.last_duration)
    number = 0
    for position, packet in _placed(parts, template):
        if position >= len(ticks):
            raise MediaToolFailed(f"The parts hold more than {len(ticks)} frames")
        packet.stream, packet.time_base = video, timeline.time_base
        packet.pts, packet.dts, packet.duration = ticks[position], decode[number], durations[position]
        if packet.dts > packet.pts:
            raise MediaToolFailed(f"Frame {position} is held back longer than its part's header says")
        number += 1
        if number == len(ticks):
            end = ticks[-1] + timeline.last_duration
            packet.dts, packet.duration = last_decoding(decode, ticks[position], end)
        yield packet
    if number != len(ticks):
        raise MediaToolFailed(f"The parts hold {number} frames, not {len(ticks)}")


def _placed(parts: Iterable[Path], template: VideoStream) -> Iterator[tuple[int, "Packet[VideoStream]"]]:
    """(display position in the whole, packet), in decoding order."""
    base = 0
    for part in parts:
        with av.open(str(part)) as container:
            _require_same_headers(container.streams.video[0], template, part)
            order = {pts: rank for rank, pts in enumerate(sorted(pts for pts, _ in _video_packets(container)))}
        with av.open(str(part)) as container:
            for pts, packet in _video_packets(container):
                yield base + order[pts], packet
        base += len(order)


def _video_packets(container: InputContainer) -> Iterator[tuple[int, "Packet[VideoStream]"]]:
    """(pts, packet) without the empty packet that ends every demuxing."""
    return ((packet.pts, packet) for packet in container.demux(video=0) if packet.pts is not None)


def _require_same_headers(stream: VideoStream, template: VideoStream, part: Path) -> None:
    context, wanted = stream.codec_context, template.codec_context
    if (context.name, context.extradata) != (wanted.name, wanted.extradata):
        raise MediaToolFailed(f"{part.name} has other headers than the first part")
    if (stream.width, stream.height) != (template.width, template.height):
        raise MediaToolFailed(f"{part.name} has another size than the first part")


def _reorder_depth(template: VideoStream) -> int:
    return int(template.codec_context.reorder_depth)


def _decode_time(packet: "Packet[Any]") -> Fraction:
    return (packet.dts or 0) * (packet.time_base or Fraction(0))


def counted(out: Path, expected: int, notes: Sequence[str]) -> Joined:
    """What probing the finished file finds; raises MediaToolFailed when frames are missing."""
    try:
        with out.open("rb") as file:
            found = PyAvProber().probe(file, out.stat().st_size)
    except JobError as problem:
        raise MediaToolFailed(f"The joined file is unusable: {problem}") from problem
    if found.frame_count != expected:
        raise MediaToolFailed(f"The joined file holds {found.frame_count} frames, not {expected}")
    audio = [f"{track.codec} {CHANNELS.get(track.channels, track.channels)}" for track in found.audio]
    return Joined(found.frame_count, found.coded_width, found.coded_height, found.duration_s, audio, notes)
