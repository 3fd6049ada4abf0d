"""The sound of a result: copied where it can be, converted where it must be, always in time."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from rotoscope.adapters.mux import PyAvJoiner
from rotoscope.ports import Original, PartFormat
from tests import clips
from tests.playing import copied, encoded, moving, probe, steady


def packets(path: Path, track: int = 0) -> list[tuple[float, str]]:
    """(seconds, hash) of a sound track's packets."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[track]
        found = [(packet.pts, bytes(packet)) for packet in container.demux(stream) if packet.pts is not None]
        return [(float(pts * stream.time_base), hashlib.md5(body).hexdigest()) for pts, body in found]


def onset_s(path: Path) -> float:
    """When the sound is first loud, by the times that a player goes by."""
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            loud = np.flatnonzero(np.abs(frame.to_ndarray().astype(float)).max(axis=0) > loudness(frame.format.name))
            if loud.size:
                channels = 1 if frame.format.is_planar else frame.layout.nb_channels
                return float(frame.pts * frame.time_base) + float(loud[0]) / channels / frame.sample_rate
    raise AssertionError("there is no sound")


def loudness(sample_format: str) -> float:
    return 0.1 if sample_format.startswith("flt") else 3000


@pytest.mark.parametrize("make", [clips.ntsc, clips.surround, clips.vfr])
def test_sound_is_copied_packet_by_packet(make: Callable[[], Path], tmp_path: Path) -> None:
    result, joined = copied(make(), tmp_path)

    assert [body for _, body in packets(result)] == [body for _, body in packets(make())]
    assert [moment for moment, _ in packets(result)] == pytest.approx(
        [moment for moment, _ in packets(make())], abs=0.001
    )
    assert not joined.notes


def test_surround_sound_and_its_language_survive(tmp_path: Path) -> None:
    result, joined = copied(clips.surround(), tmp_path)

    assert joined.audio == ["aac 5.1"]
    assert probe(result).audio[0].language == "deu"


def test_every_language_comes_along_and_what_mp4_cannot_hold_is_converted(tmp_path: Path) -> None:
    result, joined = copied(clips.two_languages(), tmp_path)

    tracks = probe(result).audio
    assert [(track.codec, track.language) for track in tracks] == [("aac", "eng"), ("aac", "jpn")]
    assert joined.notes == ["Sound track 2 (pcm_s16le) was converted to aac."]


@pytest.mark.parametrize(
    ("audio", "form"), [("aac", "mp4"), ("pcm", "mp4"), ("opus", "mp4"), ("aac", "webm"), ("opus", "webm")]
)
@pytest.mark.parametrize("cut_frames", [0, 15])
def test_sound_stays_with_the_picture(audio: str, form: PartFormat, cut_frames: int, tmp_path: Path) -> None:
    source = clips.beep(audio, f"beep-{audio}.mkv")
    cut_s = cut_frames / 30
    parts = encoded(tmp_path, form, moving(48 - cut_frames), [48 - cut_frames])

    with source.open("rb") as file:
        sound = Original(file, cut_s, 48 / 30)
        PyAvJoiner().join(form, parts, steady(48 - cut_frames), tmp_path / f"out.{form}", sound)

    assert onset_s(tmp_path / f"out.{form}") == pytest.approx(onset_s(source) - cut_s, abs=0.004)
    assert probe(tmp_path / f"out.{form}").container_start_s == 0


def test_sound_of_a_transport_stream_is_copied_and_in_time(tmp_path: Path) -> None:
    source = clips.beep("aac", "beep.ts")
    start_s = float(probe(source).start_pts * probe(source).time_base)

    result, joined = copied(source, tmp_path)

    assert not joined.notes
    assert onset_s(result) == pytest.approx(onset_s(source) - start_s, abs=0.004)
