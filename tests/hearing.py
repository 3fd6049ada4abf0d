"""What the tests of sound do with files: when it is loud, in which loudspeaker; blank parts, joined with a source."""

import math
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
from numpy import typing as npt

from rotoscope.adapters.mux import PyAvJoiner
from rotoscope.adapters.opening import LENIENTLY
from rotoscope.ports import Joined, Original, PartFormat, Timeline
from tests import clips_sound

CONTAINERS: dict[PartFormat, str] = {"mp4": "mp4", "hevc": "mp4", "prores": "mov", "webm": "webm"}
QUIET_S = 0.2
"""Between two beeps."""


def timeline_of(source: Path) -> tuple[Timeline, float]:
    """The times of a clip's frames, by its packets alone, and when the first one is shown on its own clock."""
    with av.open(str(source), **LENIENTLY) as container:
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.pts is not None and not packet.is_discard]
        stamps, base = sorted(packet.pts or 0 for packet in packets), stream.time_base
    assert base is not None
    return Timeline([pts - stamps[0] for pts in stamps], stamps[-1] - stamps[-2], base), float(stamps[0] * base)


def rejoined(
    source: Path,
    folder: Path,
    form: PartFormat = "mp4",
    cut: tuple[float, float] = (0, math.inf),
    provenance: str = "",
    **original: bool,
) -> tuple[Path, Joined]:
    """Grey pictures in several parts, joined with what a clip has beside its own; `cut` in seconds of its pictures."""
    whole, start_s = timeline_of(source)
    kept = [tick for tick in whole.ticks if cut[0] <= tick * whole.time_base < cut[1]]
    time = Timeline([tick - kept[0] for tick in kept], whole.last_duration, whole.time_base)
    size, rest = max(1, len(kept) // 8), len(kept) % max(1, len(kept) // 8)
    sizes = [size] * (len(kept) // size) + ([rest] if rest else [])
    parts = [clips_sound.blank(frames, CONTAINERS[form]) for frames in sizes]
    out = folder / f"joined.{CONTAINERS[form]}"
    with source.open("rb") as file:
        begin_s = start_s + float(kept[0] * whole.time_base)
        end_s = math.inf if cut[1] == math.inf else start_s + cut[1]
        taken = Original(file, begin_s, end_s, **original)
        return out, PyAvJoiner().join(form, parts, time, out, taken, provenance)


def beeps(path: Path, track: int = 0) -> list[float]:
    """When sound begins after silence, in seconds of the file's own clock."""
    found, last = list[float](), -math.inf
    for begin, rate, _, levels in _levels(path, track):
        for position in np.flatnonzero(levels.max(axis=1) > 0.1):
            moment = begin + position / rate
            found += [moment] if moment - last > QUIET_S else []
            last = moment
    return found


def loudness(path: Path, track: int = 0) -> dict[str, float]:
    """How loud a tone is from each loudspeaker, as the highest level of a sine wave 0..1, by its name."""
    heard = list(_levels(path, track))
    levels = np.concatenate([levels for *_, levels in heard])
    settled = levels[len(levels) // 4 : -len(levels) // 4]
    tones = np.sqrt(2 * (settled**2).mean(axis=0))
    return {name: round(float(tone), 2) for name, tone in zip(heard[0][2], tones, strict=True)}


def _levels(path: Path, track: int) -> Iterator[tuple[float, int, list[str], npt.NDArray[np.float64]]]:
    """Begin, rate, loudspeakers, and levels by sample and loudspeaker; of what can be decoded."""
    packed = av.AudioResampler("flt")
    with av.open(str(path), **LENIENTLY) as container:
        for packet in container.demux(audio=track):
            with suppress(av.InvalidDataError):
                for frame in packet.decode():
                    for each in packed.resample(frame):
                        names = [channel.name for channel in each.layout.channels]
                        array = np.abs(each.to_ndarray().reshape(-1, len(names)).astype(float))
                        yield float(each.pts * each.time_base), each.sample_rate, names, array
