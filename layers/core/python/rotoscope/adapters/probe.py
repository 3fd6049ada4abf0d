"""Reads what an upload is with PyAV, as little of it as will do, and says in a sentence why it is no usable video. Film
set."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from rotoscope.adapters.boxes import is_fragmented
from rotoscope.adapters.indexes import by_cues, by_samples
from rotoscope.adapters.looks import (
    color_facts,
    direction_of,
    displayed_size,
    has_alpha,
    has_interlaced_order,
    plausible_aspect,
)
from rotoscope.adapters.opening import LENIENTLY
from rotoscope.adapters.packets import CUT_OFF, SEND_AGAIN, Timing, all_of, container_name, time_base_of
from rotoscope.adapters.pieces import ends_early
from rotoscope.adapters.sniffing import DEMUXERS, TIMED_AS_SEEN
from rotoscope.adapters.stretches import by_both_ends
from rotoscope.adapters.tracks import audio_track, subtitle_track
from rotoscope.bounds import STATED_BYTES, stated_size
from rotoscope.capacity import MAX_TRACKS, refuse_large
from rotoscope.complaints import unreadable
from rotoscope.contracts import SourceVideo
from rotoscope.errors import NotAVideo, TruncatedVideo, UnreadableVideo, VideoTooLarge
from rotoscope.sizes import LARGEST

FORMATS = ",".join([*DEMUXERS, "mp3", "wav", "flac", "aac"])
"""Containers that are looked into; those of sound alone so that they can be called by their name. No playlists."""

MAX_PIXELS = 2 * LARGEST
"""For the decoders: a little above what is refused by its size, so that the size is known, and room for padding."""

OPTIONS = {
    "format_whitelist": FORMATS,
    "protocol_whitelist": "none",
    "probesize": "5000000",
    "analyzeduration": "10000000",
    "max_pixels": str(MAX_PIXELS),
    **TIMED_AS_SEEN["apng"],  # other demuxers know no such options and are silent about them
}
"""For every container that is opened: bytes and microseconds that FFmpeg may look at to find out what is inside."""

WHOLE_BYTES = 32 << 20
"""Smaller files are read from beginning to end, which finds everything."""

NO_VIDEO = "This is not a video file. Please upload a video, for example MP4, MOV, WebM, MKV or GIF."
SOUND_ONLY = "The file holds only sound, no picture. Please upload a video."
NO_PICTURE = f"Not one picture of the video can be decoded. {SEND_AGAIN}"
NO_SIZE = "The size of the pictures cannot be read: they are damaged, or far larger than 8192x4608, which is the most."

SPARSE = ("mpeg",)
"""Containers in which a packet may leave its time open, which the decoder then finds."""

Way = Callable[[InputContainer, VideoStream, BinaryIO, int], Timing | None]


class PyAvProber:
    """The Prober. Decodes the first few pictures alone.

    Files of more than `whole_bytes` are judged by their index, or by both ends, where that is possible; then their
    frames are not always counted. With a `demuxer` FFmpeg guesses no format.
    """

    def __init__(self, whole_bytes: int = WHOLE_BYTES, *, demuxer: str | None = None) -> None:
        self._whole_bytes, self._demuxer = whole_bytes, demuxer

    def probe(self, file: BinaryIO, size: int) -> SourceVideo:
        """Raises NotAVideo, UnreadableVideo, TruncatedVideo or VideoTooLarge, each with what the uploader can do."""
        if size == 0:
            raise NotAVideo("The file is empty. Please upload the video again.")
        if ends_early(file, size):
            raise TruncatedVideo(CUT_OFF)
        _refuse_absurd(file)
        brief = size > self._whole_bytes and not is_fragmented(file, size)
        return (self._briefly(file, size) if brief else None) or self._fully(file)

    def _briefly(self, file: BinaryIO, size: int) -> SourceVideo | None:
        with _opened(file, self._demuxer) as container:
            way = WAYS.get(container_name(container))
            if way is None:
                return None
            stream = _video_stream(container)
            try:
                timing = way(container, stream, file, size)
            except av.FFmpegError:  # an index that leads nowhere is none
                return None
            return _facts(container, stream, timing) if timing else None

    def _fully(self, file: BinaryIO) -> SourceVideo:
        with _opened(file, self._demuxer) as container:
            stream = _video_stream(container)
            return _facts(container, stream, all_of(container, stream))


def _refuse_absurd(file: BinaryIO) -> None:
    """FFmpeg opens no file that claims pictures of which it could not count the bytes, and says no more of it."""
    file.seek(0)
    stated = stated_size(file.read(STATED_BYTES))
    if stated:
        refuse_large(*stated)


WAYS: dict[str, Way] = {"mp4": by_samples, "mov": by_samples, "matroska": by_cues, "mpegts": by_both_ends}
"""How large files need not be read."""


@contextmanager
def _opened(file: BinaryIO, demuxer: str | None) -> Iterator[InputContainer]:
    file.seek(0)
    try:
        container = av.open(file, mode="r", format=demuxer, options=OPTIONS, **LENIENTLY)
    except (av.FFmpegError, ValueError) as problem:
        if demuxer:  # it begins like one
            raise UnreadableVideo(unreadable(str(problem))) from problem
        raise NotAVideo(NO_VIDEO) from problem
    with container:
        try:
            yield container
        except av.FFmpegError as problem:
            raise UnreadableVideo(unreadable(str(problem))) from problem


def _video_stream(container: InputContainer) -> VideoStream:
    """The first that is no cover picture, ready to be decoded by one thread within limits."""
    if len(container.streams) > MAX_TRACKS:
        raise VideoTooLarge(f"The file has {len(container.streams)} tracks; at most {MAX_TRACKS} can be taken.")
    for stream in _moving(container):
        if stream.codec_context is None:
            raise UnreadableVideo("The video's codec is unknown here. Please upload it as H.264, H.265, VP9 or AV1.")
        refuse_large(stream.codec_context.width, stream.codec_context.height)
        stream.codec_context.options = {"max_pixels": OPTIONS["max_pixels"]}
        stream.codec_context.thread_count = 1
        return stream
    raise NotAVideo(SOUND_ONLY if container.streams.audio else NO_VIDEO)


def _moving(container: InputContainer) -> list[VideoStream]:
    return [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]


def _frames(container: InputContainer, stream: VideoStream, timing: Timing) -> int:
    """In containers where not every packet says its time there may be more frames than stamps."""
    if container_name(container) not in SPARSE or not stream.guessed_rate:
        return timing.frames
    span_s = (timing.end_pts - timing.start_pts) * time_base_of(stream)
    return max(timing.frames, round(span_s * stream.guessed_rate))


def _facts(container: InputContainer, stream: VideoStream, timing: Timing) -> SourceVideo:
    first = timing.pictures.first
    if first is None:
        raise UnreadableVideo(NO_PICTURE) if stream.codec_context.width else VideoTooLarge(NO_SIZE)
    time_base, aspect = time_base_of(stream), plausible_aspect(stream)
    width, height = displayed_size(first, aspect)
    rotation, mirrored = direction_of(first)
    return SourceVideo(
        container=container_name(container),
        codec=stream.codec_context.codec.canonical_name,
        coded_width=first.width,
        coded_height=first.height,
        width=width,
        height=height,
        rotation=rotation,
        mirrored=mirrored,
        sample_aspect=aspect,
        time_base=time_base,
        start_pts=timing.start_pts,
        end_pts=timing.end_pts,
        frame_count=_frames(container, stream, timing),
        counted=timing.counted and container_name(container) not in SPARSE,
        frame_rate=timing.rate,
        average_rate=timing.average,
        duration_s=float((timing.end_pts - timing.start_pts) * time_base),
        container_start_s=(container.start_time or 0) / av.time_base,
        interlaced=timing.pictures.interlaced or has_interlaced_order(stream),
        alpha=has_alpha(stream, first),
        keyframes=timing.keyframes,
        marks=timing.marks,
        indexed=timing.indexed,
        other_sizes=timing.other_sizes,
        videos=len(_moving(container)),
        audio=[audio_track(track) for track in container.streams.audio],
        subtitles=[subtitle_track(track) for track in container.streams.subtitles],
        chapters=len(container.chapters()),
        **color_facts(first),
    )
