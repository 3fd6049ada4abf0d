"""Clips whose pictures are sound and whose sound is not: damaged, empty, unknown, of many loudspeakers."""

import functools
import random
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import av

from rotoscope.adapters.ffmpeg import run
from tests import clips
from tests.clips_sound import beeping

Packet: TypeAlias = av.Packet  # type: ignore[type-arg]


def remuxed(name: str, source: Path, changed: Callable[[Packet, int], Packet], empty: bool = False) -> Path:
    """A clip whose sound packets are what `changed` makes of each and its number; `empty` adds a track of nothing."""
    target = clips.path(name)
    with av.open(str(source)) as container, av.open(str(target), "w") as result:
        streams = {stream.index: result.add_stream_from_template(stream) for stream in container.streams}
        if empty:
            result.add_stream_from_template(container.streams.audio[0])
        count = 0
        for packet in container.demux():
            if packet.dts is None:
                continue
            index, found = packet.stream_index, packet
            if packet.stream.type == "audio":
                found, count = changed(packet, count), count + 1
            found.stream = streams[index]
            result.mux(found)
    return target


def noise(packet: Packet) -> Packet:
    """A packet of the same size and time that means nothing."""
    found: Packet = av.Packet(random.Random(packet.size).randbytes(packet.size))
    found.pts, found.dts, found.duration, found.time_base = packet.pts, packet.dts, packet.duration, packet.time_base
    return found


@functools.cache
def holed(codec: str = "aac") -> Path:
    """Three of the sound's packets are noise."""
    source = beeping(f"to-hole-{codec}.mkv", sound=("-c:a", codec))
    return remuxed(f"holed-{codec}.mkv", source, lambda packet, n: noise(packet) if n in (60, 61, 90) else packet)


@functools.cache
def ruined() -> Path:
    """All of the sound is noise."""
    return remuxed("ruined.mkv", beeping("to-ruin.mkv", sound=("-c:a", "libmp3lame")), lambda packet, _: noise(packet))


@functools.cache
def empty_track() -> Path:
    """A second sound track without a single packet."""
    return remuxed("empty-track.mkv", beeping("to-empty.mkv"), lambda packet, _: packet, empty=True)


@functools.cache
def astray() -> Path:
    """One sound packet says that it is to be heard two minutes later."""

    def changed(packet: Packet, number: int) -> Packet:
        if number == 70 and packet.pts is not None:
            packet.pts += round(120 / packet.time_base)
        return packet

    return remuxed("astray.mkv", beeping("to-stray.mkv"), changed)


@functools.cache
def unknown_codec() -> Path:
    """A sound codec that nobody has heard of."""
    source = beeping("to-rename.mkv", sound=("-c:a", "flac")).read_bytes()
    return clips.written("unknown-codec.mkv", source.replace(b"A_FLAC", b"A_NONE"))


@functools.cache
def foreign_title() -> Path:
    """A title that is no UTF-8."""
    target = clips.path("to-misspell.mkv")
    run(["-i", str(beeping("to-title.mp4")), "-c", "copy", "-metadata", "title=Caf!bar", str(target)])
    return clips.written("misspelt.mkv", target.read_bytes().replace(b"Caf!bar", b"Caf\xe9bar"))


@functools.cache
def changing() -> Path:
    """MPEG-TS whose sound is mono at 44.1 kHz for two seconds, and then stereo at 48 kHz."""
    first = beeping("change-1.ts", seconds=2, sound=("-c:a", "mp2"), sampling=44_100)
    more = ("-output_ts_offset", "2")
    second = beeping("change-2.ts", seconds=2, sound=("-c:a", "mp2"), channels="stereo", more=more)
    return clips.written("changing.ts", first.read_bytes() + second.read_bytes())


@functools.cache
def speakers(layout: str, count: int, codec: str = "pcm_s16le", container: str = "mkv") -> Path:
    """A tone of its own from each loudspeaker, each quieter than the one before; low enough for a subwoofer."""
    target = clips.path(f"speakers-{layout}-{codec}.{container}")
    tones = "|".join(f"{0.6 - 0.05 * n}*sin({40 + 10 * n}*2*PI*t)" for n in range(count))
    sound = ["-f", "lavfi", "-i", f"aevalsrc={tones}:s=48000:d=1:c={layout}"]
    run(["-i", str(beeping("silent.mp4", seconds=1)), *sound, "-map", "0:v", "-map", "1", "-c:a", codec, str(target)])
    return target
