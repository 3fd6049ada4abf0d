"""What a finished file has beside its pictures, copied into a small file of its own. Film set."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.container import InputContainer, OutputContainer

from rotoscope.adapters import tags
from rotoscope.adapters.opening import LENIENTLY
from rotoscope.adapters.sniffing import demuxer_of
from rotoscope.adapters.source_tracks import TROUBLE, guards, reason
from rotoscope.errors import MediaToolFailed

if TYPE_CHECKING:
    from av.stream import Stream


def copy_beside_pictures(finished: Path, out: Path, container: str) -> None:
    """Packet by packet, at the same times, with chapters and tags. Raises MediaToolFailed where that cannot be."""
    demuxer = demuxer_of(container)
    try:
        with (
            av.open(str(finished), format=demuxer, options=_readable(demuxer), **LENIENTLY) as source,
            av.open(str(out), "w", format=container) as target,
        ):
            _copy(source, target)
    except TROUBLE as problem:
        raise MediaToolFailed(f"The sound of {finished.name} cannot be copied: {reason(problem)}") from problem


def _readable(demuxer: str | None) -> dict[str, str]:
    """The guards, but for the file that it is itself."""
    return {**guards(demuxer), "protocol_whitelist": "file"}


def _copy(source: InputContainer, target: OutputContainer) -> None:
    tracks = _tracks(source, target)
    target.metadata.update(source.metadata)
    target.set_chapters(source.chapters())
    for packet in source.demux([source.streams[index] for index in tracks]) if tracks else ():
        if packet.dts is not None:
            packet.stream = tracks[packet.stream_index]
            target.mux(packet)


def _tracks(source: InputContainer, target: OutputContainer) -> Mapping[int, "Stream"]:
    found = dict[int, "Stream"]()
    for track in (*source.streams.audio, *source.streams.subtitles):
        found[track.index] = target.add_stream_from_template(track)
        found[track.index].metadata.update(tags.of_track(track.metadata))
        found[track.index].disposition = track.disposition
    return found
