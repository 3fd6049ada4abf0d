"""Joins encoded parts by copying their packets to exact times, with what the source has beside them. Film set."""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.stream import Discard
from av.video.stream import VideoStream

from rotoscope.adapters import tags
from rotoscope.adapters.archive import join_frames
from rotoscope.adapters.beside_pictures import copy_beside_pictures
from rotoscope.adapters.gif import join_gifs
from rotoscope.adapters.retime import countable, decode_ticks, display_durations, last_decoding, said_seconds
from rotoscope.adapters.source_tracks import TROUBLE, reason
from rotoscope.adapters.taking_over import Effort, TakenOver
from rotoscope.adapters.webp import join_webps
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import Joined, Original, PartFormat, Timeline

if TYPE_CHECKING:
    from av.packet import Packet

CONTAINERS: Mapping[PartFormat, str] = {"mp4": "mp4", "hevc": "mp4", "prores": "mov", "webm": "webm"}
MUXER_OPTIONS = {"mp4": {"movflags": "+faststart"}, "mov": {"movflags": "+faststart"}, "webm": {}}
PLAYABLE_TAG = "hvc1"
"""Apple's players take no HEVC that is marked otherwise."""
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
        """Raises MediaToolFailed when the parts do not fit each other or the timeline.

        GIF, WebP and frames take nothing over. Where a container refuses what the source has beside its pictures, the
        parts are gone through again with less of it; for that `parts` has to be more than an iterator.
        """
        if form == "gif":
            return join_gifs(parts, timeline, out, provenance)
        if form == "webp":
            return join_webps(parts, timeline, out, provenance)
        if form == "frames":
            return join_frames(parts, timeline, out, provenance)
        return _join_video(_Task(form, timeline, out, original, provenance), parts)

    def beside_pictures(self, form: PartFormat, finished: Path, out: Path) -> None:
        """Sound, subtitles, chapters and tags of a file that this joiner has made."""
        copy_beside_pictures(finished, out, CONTAINERS[form])


@dataclass(frozen=True)
class _Task:
    """What to join apart from the parts themselves."""

    form: PartFormat
    timeline: Timeline
    out: Path
    original: Original | None
    provenance: str

    @cached_property
    def counted(self) -> Timeline:
        """The timeline in ticks that every container can count."""
        return countable(self.timeline)

    @property
    def seconds(self) -> float:
        return float((self.timeline.ticks[-1] + self.timeline.last_duration) * self.timeline.time_base)


def _join_video(task: _Task, parts: Iterable[Path]) -> Joined:
    """With as much of the source's own as its container takes."""
    efforts = sorted(Effort, reverse=True) if task.original else [Effort.NOTHING]
    refused = list[str]()
    for effort in efforts:
        try:
            notes = _written(task, parts, effort)
        except TROUBLE as problem:
            if effort is Effort.NOTHING or iter(parts) is parts:
                raise MediaToolFailed(f"The parts could not be joined: {reason(problem)}") from problem
            refused = [reason(problem)]
        else:
            return _counted(task, [*notes, *_left_out(effort, refused)])
    raise MediaToolFailed("The parts could not be joined")


def _left_out(effort: Effort, refused: Sequence[str]) -> list[str]:
    """What a user should know of an effort that was not the first."""
    what = {Effort.TAGS: "sound, subtitles and chapters", Effort.NOTHING: "sound, subtitles, chapters and title"}
    return [f"The video's {what[effort]} were left out: {why}." for why in refused if effort in what]


def _written(task: _Task, parts: Iterable[Path], effort: Effort) -> list[str]:
    remaining = iter(parts)
    first = next(remaining, None)
    if first is None:
        raise MediaToolFailed("There are no parts to join")
    container = CONTAINERS[task.form]
    with ExitStack() as stack:
        template = stack.enter_context(_opened(first)).streams.video[0]
        target = stack.enter_context(av.open(str(task.out), "w", format=container, options=MUXER_OPTIONS[container]))
        video = _picture_track(template, target, task)
        taken = TakenOver(task.original, target, task.seconds, effort) if task.original else None
        beside: Iterable[Packet[Any]] = stack.enter_context(taken) if taken else ()
        target.metadata.update(tags.described(taken.tags if taken else {}, task.provenance))
        pictures = _retimed(chain([first], remaining), task.counted, template, video)
        for packet in heapq.merge(pictures, beside, key=_decode_time):
            target.mux(packet)
    return taken.notes if taken else []


def _picture_track(template: VideoStream, target: OutputContainer, task: _Task) -> VideoStream:
    video = target.add_stream_from_template(template)
    video.time_base = task.counted.time_base
    if CONTAINERS[task.form] != "webm":  # ProRes tells its kinds apart by this alone
        video.codec_context.codec_tag = PLAYABLE_TAG if task.form == "hevc" else template.codec_context.codec_tag
    elif {name.lower(): value for name, value in template.metadata.items()}.get("alpha_mode") == "1":
        video.metadata["alpha_mode"] = "1"
    return video


def _opened(part: Path) -> InputContainer:
    try:
        return av.open(str(part))
    except av.FFmpegError as problem:
        raise MediaToolFailed(f"{part.name} cannot be read: {reason(problem)}") from problem


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
        with _opened(part) as container:
            _require_same_headers(container.streams.video[0], template, part)
            order = {pts: rank for rank, pts in enumerate(sorted(pts for pts, _ in _video_packets(container)))}
        with _opened(part) as container:
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


def _counted(task: _Task, notes: Sequence[str]) -> Joined:
    """What the finished file holds; raises MediaToolFailed when frames are missing."""
    expected = len(task.timeline.ticks)
    with _opened(task.out) as container:
        stream = container.streams.video[0]
        audio = [_described(track) for track in container.streams.audio]
        found, seconds = _packets_and_seconds(container, stream)
        size = stream.codec_context.width, stream.codec_context.height
    if found != expected:
        raise MediaToolFailed(f"The joined file holds {found} frames, not {expected}")
    return Joined(found, *size, seconds, audio, notes)


def _packets_and_seconds(container: InputContainer, stream: VideoStream) -> tuple[int, float]:
    """MP4 and MOV list their packets; WebM is gone through. How long its last picture stays, the track alone says."""
    base = stream.time_base or Fraction(0)
    if len(stream.index_entries) and stream.duration:
        return len(stream.index_entries), float(stream.duration * base)
    count, end = 0, 0
    for other in container.streams:
        other.discard = Discard.default if other is stream else Discard.all
    for pts, packet in _video_packets(container):
        count, end = count + 1, max(end, pts + (packet.duration or 0))
    return count, max(float(end * base), said_seconds(stream.metadata.get("DURATION", "")))


def _described(track: AudioStream) -> str:
    return f"{track.codec_context.codec.canonical_name} {CHANNELS.get(track.channels, track.channels)}"
