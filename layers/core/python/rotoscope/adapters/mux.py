"""Joins encoded parts by copying their packets to exact times, with the source's sound, by PyAV. Film set: no OpenCV."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from rotoscope.adapters.archive import join_frames
from rotoscope.adapters.gif import join_gifs
from rotoscope.adapters.retime import decode_ticks, display_durations, last_decoded_duration
from rotoscope.adapters.sound import SoundTracks
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import Joined, PartFormat, Sound, Timeline

MUXER_OPTIONS = {"mp4": {"movflags": "+faststart"}, "webm": {}}
LONGEST_LEAD_S = 1


class PyAvJoiner:
    """The Joiner."""

    def join(
        self, form: PartFormat, parts: Iterable[Path], timeline: Timeline, out: Path, sound: Sound | None = None
    ) -> Joined:
        """Raises MediaToolFailed when the parts do not fit each other or the timeline. GIF and frames have no sound."""
        if form == "gif":
            return join_gifs(parts, timeline, out)
        if form == "frames":
            return join_frames(parts, timeline, out)
        try:
            return _join_video(form, parts, timeline, out, sound)
        except av.FFmpegError as problem:
            raise MediaToolFailed(f"The parts could not be joined: {problem}") from problem


def _join_video(form: str, parts: Iterable[Path], timeline: Timeline, out: Path, sound: Sound | None) -> Joined:
    remaining = iter(parts)
    first = next(remaining)
    with ExitStack() as stack:
        template = stack.enter_context(av.open(str(first))).streams.video[0]
        target = stack.enter_context(av.open(str(out), "w", format=form, options=MUXER_OPTIONS[form]))
        video = target.add_stream_from_template(template)
        video.time_base = timeline.time_base
        tracks = stack.enter_context(SoundTracks(sound, target, form)) if sound else None
        pictures = _retimed(chain([first], remaining), timeline, template, video)
        for packet in heapq.merge(pictures, tracks or (), key=_decode_time):
            target.mux(packet)
    return counted(out, len(timeline.ticks), tracks.notes if tracks else [])


def _retimed(parts: Iterable[Path], timeline: Timeline, template: VideoStream, video: VideoStream) -> Iterator[Packet]:
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
            packet.duration = last_decoded_duration(decode, ticks[position], ticks[-1] + timeline.last_duration)
        yield packet
    if number != len(ticks):
        raise MediaToolFailed(f"The parts hold {number} frames, not {len(ticks)}")


def _placed(parts: Iterable[Path], template: VideoStream) -> Iterator[tuple[int, Packet]]:
    """(display position in the whole, packet), in decoding order."""
    base = 0
    for part in parts:
        with av.open(str(part)) as container:
            _require_same_headers(container.streams.video[0], template, part)
            order = {pts: rank for rank, pts in enumerate(sorted(packet.pts for packet in _video_packets(container)))}
        with av.open(str(part)) as container:
            for packet in _video_packets(container):
                yield base + order[packet.pts], packet
        base += len(order)


def _video_packets(container: InputContainer) -> Iterator[Any]:
    return (packet for packet in container.demux(video=0) if packet.pts is not None)


def _require_same_headers(stream: VideoStream, template: VideoStream, part: Path) -> None:
    context, wanted = stream.codec_context, template.codec_context
    if (context.name, context.extradata) != (wanted.name, wanted.extradata):
        raise MediaToolFailed(f"{part.name} has other headers than the first part")
    if (stream.width, stream.height) != (template.width, template.height):
        raise MediaToolFailed(f"{part.name} has another size than the first part")


def _reorder_depth(template: VideoStream) -> int:
    return int(template.codec_context.reorder_depth)


def _decode_time(packet: Packet) -> Fraction:
    return (packet.dts or 0) * (packet.time_base or Fraction(0))


def counted(out: Path, expected: int, notes: list[str]) -> Joined:
    """What demuxing the finished file finds; raises MediaToolFailed when frames are missing."""
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        spans = [(packet.pts, packet.pts + (packet.duration or 0)) for packet in _video_packets(container)]
        if len(spans) != expected:
            raise MediaToolFailed(f"The joined file holds {len(spans)} frames, not {expected}")
        duration = (max(end for _, end in spans) - min(start for start, _ in spans)) * (stream.time_base or 0)
        audio = [f"{track.codec_context.name} {track.layout.name}" for track in container.streams.audio]
        return Joined(len(spans), stream.width, stream.height, float(duration), audio, notes)
