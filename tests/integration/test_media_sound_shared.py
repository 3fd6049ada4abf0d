"""Sound that one result has converted goes to the next one of its container as it is: the same packets, in time."""

import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from rotoscope.adapters.mux import PyAvJoiner
from rotoscope.adapters.sound_encoding import EncodedTrack
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import Original, PartFormat, Timeline
from tests import clips, clips_sound, clips_texts, clips_trouble
from tests.clips_sound import beeping, blank
from tests.hearing import beeps, rejoined, timeline_of
from tests.walking import a_walk

SOURCES: dict[str, Callable[[], Path]] = {
    "AAC": lambda: beeping("short.mp4"),
    "DTS 5.1": lambda: beeping("short-dts.mkv", channels="5.1", sound=("-c:a", "dca", "-strict", "-2")),
    "late FLAC": lambda: beeping("short.mkv", sound=("-c:a", "flac"), before=("-itsoffset", "0.3")),
    "TS": lambda: beeping("short.ts"),
    "edit list": clips_sound.edited,
    "two languages": clips.two_languages,
}


def beside(path: Path) -> dict[str, Any]:
    """All that a file has beside its pictures."""
    with av.open(str(path)) as container:
        tracks = [*container.streams.audio, *container.streams.subtitles]
        named = [(track.language, track.disposition, dict(track.metadata)) for track in tracks]
        packets = [[(p.pts, p.dts, p.duration, bytes(p)) for p in seek(container).demux(track)] for track in tracks]
        return {
            "named": named,
            "packets": packets,
            "chapters": container.chapters(),
            "tags": dict(container.metadata),
        }


def seek(container: Any) -> Any:
    container.seek(0)
    return container


def joined_twice(source: Path, folder: Path, cut: tuple[float, float], second: PartFormat = "mp4") -> tuple[Path, Path]:
    """A result, and another one whose sound is taken from the first."""
    first, _ = rejoined(source, folder, cut=cut, provenance="made so")
    kept, out = folder / "kept.mp4", folder / "second.mp4"
    whole, _ = timeline_of(source)
    ticks = [tick for tick in whole.ticks if cut[0] <= tick * whole.time_base < cut[1]]
    time = Timeline([tick - ticks[0] for tick in ticks], whole.last_duration, whole.time_base)
    PyAvJoiner().beside_pictures("mp4", first, kept)
    with kept.open("rb") as file:
        original = Original(file, 0, math.inf, container="mp4")
        joined = PyAvJoiner().join(second, [blank(len(ticks))], time, out, original, "made so")
    assert not joined.notes
    return first, out


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("cut", [(0, math.inf), (0.5, 1.3)])
def test_the_second_result_has_the_very_same_sound(kind: str, cut: tuple[float, float], tmp_path: Path) -> None:
    first, second = joined_twice(SOURCES[kind](), tmp_path, cut)

    assert beside(second) == beside(first)
    assert beside(first)["packets"]
    assert beeps(second) == beeps(first)


@pytest.mark.parametrize(("make", "chapters", "tracks"), [(clips_texts.chaptered, 3, 1), (clips_texts.subtitled, 0, 2)])
def test_subtitles_chapters_and_tags_come_along_once(
    make: Callable[[], Path], chapters: int, tracks: int, tmp_path: Path
) -> None:
    first, second = joined_twice(make(), tmp_path, (0, math.inf))

    assert beside(second) == beside(first)
    assert (len(beside(second)["chapters"]), len(beside(second)["packets"])) == (chapters, tracks)
    assert beside(second)["tags"]["comment"].count("made so") == 1


def test_a_file_that_is_no_result_has_nothing_to_copy(tmp_path: Path) -> None:
    broken = clips.written("no-result.mp4", b"\0" * 1000)

    with pytest.raises(MediaToolFailed, match=r"no-result.mp4 cannot be copied"):
        PyAvJoiner().beside_pictures("mp4", broken, tmp_path / "kept.mp4")


@pytest.mark.parametrize(
    ("layout", "count", "bits"), [("stereo", 2, 192_000), ("5.1", 6, 384_000), ("7.1", 8, 512_000)]
)
def test_surround_gets_no_more_bits_than_its_encoder_can_spend_in_time(
    layout: str, count: int, bits: int, tmp_path: Path
) -> None:
    source = clips_trouble.speakers(layout, count, "flac")
    with av.open(str(source)) as container, av.open(str(tmp_path / "out.mp4"), "w", format="mp4") as target:
        EncodedTrack(container.streams.audio[0], next(container.decode(audio=0)), target, 0.0, 1.0)

        assert target.streams.audio[0].bit_rate == bits


@pytest.mark.treats("a comparison of a video with sound", "sounds exactly like the result beside it")
def test_a_comparison_sounds_like_the_result(tmp_path: Path) -> None:
    source = clips.clip("compared.mkv", frames=24, size=(96, 64), audio="pcm")

    walk = a_walk(source, {"output": {"formats": ["mp4"], "compare": True}, "frames": {"keys": [0]}}).run()

    for name in ("compared.mp4", "compare.mp4"):
        (tmp_path / name).write_bytes(walk.result(name))
    shown, compared = beside(tmp_path / "compared.mp4"), beside(tmp_path / "compare.mp4")
    assert compared["packets"] == shown["packets"]
    assert [len(track) > 20 for track in shown["packets"]] == [True]
    notes = [note for note in walk.receipt["notes"] if "converted" in note]
    assert notes == ["Sound track 1 (pcm_s16le) was converted to aac."]
    [result, comparison, *_] = walk.receipt["outputs"]
    assert (result["audio"], comparison["audio"]) == (["aac stereo"], ["aac stereo"])
    assert Fraction(result["duration_s"]) == Fraction(comparison["duration_s"])
