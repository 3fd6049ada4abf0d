"""Reads what an upload is from its packets with PyAV, and says in a sentence why it is no usable video. Film set."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, BinaryIO

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from rotoscope.adapters.looks import color_facts, displayed_size, is_interlaced, rotation_of
from rotoscope.adapters.pieces import ends_early
from rotoscope.adapters.rates import FALLBACK, constant_rate, mean_rate, usual_gap
from rotoscope.contracts import AudioTrack, SourceVideo
from rotoscope.errors import NotAVideo, TruncatedVideo, UnreadableVideo

if TYPE_CHECKING:
    from av.packet import Packet

FORMATS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,gif,apng,mxf,dv,ivf,mp3,wav,flac,aac"
"""Containers that are looked into; those of sound alone so that they can be called by their name. No playlists."""

TRUSTED_LENGTH = ("mp4", "mov", "matroska", "webm", "flv", "asf")
"""Containers that state their own duration, so that a file which ends before it is known to be cut. AVI written to a
pipe states a wrong one."""

LENGTH_SLACK_S, LENGTH_SLACK = 0.5, 0.02
"""How far the last packet of all streams may stay behind the stated duration: the larger of seconds and share."""

SEND_AGAIN = "Please export or record it again and upload the new file."
NO_VIDEO = "This is not a video file. Please upload a video, for example MP4, MOV, WebM, MKV or GIF."
SOUND_ONLY = "The file holds only sound, no picture. Please upload a video."
CUT_OFF = "The file ends before its video does: the upload or the recording was cut off. Please upload the whole file."


@dataclass
class PacketTable:
    """What one pass over the packets finds, in the video stream's time base."""

    stamps: list[int] = field(default_factory=list)
    keyframes: list[int] = field(default_factory=list)
    discarded: int = 0
    last_duration: int = 0
    longest_s: Fraction = Fraction(0)
    first: VideoFrame | None = None


class PyAvProber:
    """The Prober. Reads every packet once; decodes the first picture alone."""

    def probe(self, file: BinaryIO, size: int) -> SourceVideo:
        """Raises NotAVideo, UnreadableVideo or TruncatedVideo, each with what the uploader can do."""
        if size == 0:
            raise NotAVideo("The file is empty. Please upload the video again.")
        if ends_early(file, size):
            raise TruncatedVideo(CUT_OFF)
        with _opened(file) as container:
            stream = _video_stream(container)
            table = _packet_table(container, stream)
            if _is_truncated(container, stream, table):
                raise TruncatedVideo(CUT_OFF)
            if table.first is None:
                raise UnreadableVideo(f"Not one picture of the video can be decoded. {SEND_AGAIN}")
            return _facts(container, stream, table, table.first)


@contextmanager
def _opened(file: BinaryIO) -> Iterator[InputContainer]:
    file.seek(0)
    try:
        container = av.open(file, mode="r", options={"format_whitelist": FORMATS, "protocol_whitelist": "none"})
    except (av.FFmpegError, ValueError) as problem:
        raise NotAVideo(NO_VIDEO) from problem
    with container:
        try:
            yield container
        except av.FFmpegError as problem:
            raise UnreadableVideo(f"The video cannot be read ({problem.strerror}). {SEND_AGAIN}") from problem


def _video_stream(container: InputContainer) -> VideoStream:
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            if stream.codec_context is None:
                raise UnreadableVideo(
                    "The video's codec is unknown here. Please upload it as H.264, H.265, VP9 or AV1."
                )
            return stream
    raise NotAVideo(SOUND_ONLY if container.streams.audio else NO_VIDEO)


def _packet_table(container: InputContainer, stream: VideoStream) -> PacketTable:
    table = PacketTable()
    for packet in container.demux():  # all of them: subtitles may be what lasts until the stated end
        if packet.stream is stream:
            _note(table, packet)
        if packet.dts is not None and packet.time_base:
            table.longest_s = max(table.longest_s, (packet.dts + (packet.duration or 0)) * packet.time_base)
    if not table.stamps:
        raise UnreadableVideo(f"The file names a video but holds no pictures. {SEND_AGAIN}")
    table.stamps.sort()
    return table


def _note(table: PacketTable, packet: "Packet[Any]") -> None:
    if table.first is None:
        table.first = _decoded(packet)
    stamp = packet.dts if packet.pts is None else packet.pts
    if stamp is None:
        return
    if packet.is_discard:
        table.discarded += 1
        return
    if not table.stamps or stamp >= max(table.stamps[-64:]):  # within the reach of any reordering
        table.last_duration = packet.duration or 0
    table.stamps.append(stamp)
    if packet.is_keyframe:
        table.keyframes.append(stamp)


def _decoded(packet: "Packet[Any]") -> VideoFrame | None:
    try:
        frames = packet.decode()
    except av.FFmpegError:  # a stream may begin in the middle of something; a later packet will do
        return None
    return next((frame for frame in frames if isinstance(frame, VideoFrame)), None)


def _is_truncated(container: InputContainer, stream: VideoStream, table: PacketTable) -> bool:
    name = container_name(container)
    if name != "avi" and stream.frames > len(table.stamps) + table.discarded:  # AVI counts frames that were dropped
        return True
    if name not in TRUSTED_LENGTH or not container.duration:
        return False
    promised_s = container.duration / av.time_base
    found_s = float(table.longest_s) - (container.start_time or 0) / av.time_base
    return found_s < promised_s - max(LENGTH_SLACK_S, promised_s * LENGTH_SLACK)


def _end_pts(container: InputContainer, stream: VideoStream, table: PacketTable) -> int:
    """Where the last frame ends. MP4's packet durations are distances of decoding, so its total counts instead."""
    last, stated = table.stamps[-1], 0
    if container_name(container) in ("mp4", "mov") and not table.discarded:
        stated = table.stamps[0] + (stream.duration or 0)
    elif container_name(container) == "matroska" and not container.streams.audio and stream.time_base:
        stated = table.stamps[0] + round(Fraction(container.duration or 0, av.time_base) / stream.time_base)
    return stated if stated > last else last + (table.last_duration or usual_gap(table.stamps))


def container_name(container: InputContainer) -> str:
    """One name for what FFmpeg calls "mov,mp4,m4a,3gp,3g2,mj2" or "matroska,webm"."""
    names = container.format.name.split(",")
    if "mp4" in names:
        return "mov" if container.metadata.get("major_brand", "").startswith("qt") else "mp4"
    return names[0]


def _facts(container: InputContainer, stream: VideoStream, table: PacketTable, first: VideoFrame) -> SourceVideo:
    time_base = stream.time_base or Fraction(1, av.time_base)
    end_pts = _end_pts(container, stream, table)
    span_s = (end_pts - table.stamps[0]) * time_base
    hints = [Fraction(rate) for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate) if rate]
    rate = constant_rate(table.stamps, time_base, hints)
    aspect = stream.sample_aspect_ratio or Fraction(1)
    width, height = displayed_size(first, aspect)
    return SourceVideo(
        container=container_name(container),
        codec=stream.codec_context.codec.canonical_name,
        coded_width=first.width,
        coded_height=first.height,
        width=width,
        height=height,
        rotation=rotation_of(first),
        sample_aspect=aspect,
        time_base=time_base,
        start_pts=table.stamps[0],
        end_pts=end_pts,
        frame_count=len(table.stamps),
        frame_rate=rate,
        average_rate=rate or (mean_rate(len(table.stamps), span_s) if len(table.stamps) > 1 else FALLBACK),
        duration_s=float(span_s),
        container_start_s=(container.start_time or 0) / av.time_base,
        interlaced=is_interlaced(stream, first),
        keyframes=sorted(table.keyframes),
        audio=[_audio_track(track) for track in container.streams.audio],
        **color_facts(first),
    )


def _audio_track(stream: AudioStream) -> AudioTrack:
    language = stream.language
    return AudioTrack(
        index=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        channels=stream.codec_context.channels,
        sample_rate=stream.codec_context.sample_rate,
        language=None if language in (None, "und") else language,
    )
