"""What a large file's index says is what its packets say, and takes a small part of its bytes to find out."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from rotoscope.adapters.ffmpeg import run
from rotoscope.adapters.probe import PyAvProber
from rotoscope.adapters.ranges import RangeFile
from rotoscope.contracts import SourceVideo
from rotoscope.errors import TruncatedVideo, VideoTooLarge
from rotoscope.intervals import cut
from rotoscope.ports import Clip
from tests import clips
from tests.playing import CUT_CLIPS, stamps_of, whole

JITTER = "settb=1/90000,setpts='N*3000+mod(N*37,11)*150'"


def trimmed(make: Callable[[], Path], name: str, *cut_to: str) -> Path:
    """Without encoding again: an edit list hides the frames before the beginning."""
    target = clips.path(name)
    run(["-y", *cut_to, "-i", str(make()), "-c", "copy", str(target)])
    return target


BY_SAMPLES = ("30000/1001", "variable rate", "open GOP", "late picture")
COUNTED: dict[str, Callable[[], Path]] = {
    **{name: CUT_CLIPS[name] for name in BY_SAMPLES},
    "index first": clips.faststart,
    "24000/1001": clips.film_rate,
    "negative offsets": lambda: clips.clip("negative.mp4", more=("-movflags", "+negative_cts_offsets")),
    "no edit list": lambda: clips.clip("unedited.mp4", more=("-use_editlist", "0")),
    "edited open GOP": lambda: trimmed(clips.open_gop, "edited.mp4", "-ss", "1.3"),
    "edited on both sides": lambda: trimmed(clips.ntsc, "edited-both.mp4", "-ss", "0.7", "-t", "1.5"),
    "edited with a variable rate": lambda: trimmed(clips.vfr, "edited.mov", "-ss", "0.7", "-t", "0.8"),
}
"""MP4 and QuickTime: the index lists every frame."""

ESTIMATED: dict[str, Callable[[], Path]] = {
    "WebM": clips.webm,
    "MKV": lambda: clips.clip("card.mkv", frames=300),
    "MKV with open GOPs": lambda: clips.clip("open-gop.mkv", codec="h264-open-gop", frames=300),
    "MKV of variable rate": lambda: clips.clip("vfr.mkv", filters=JITTER),
    "MKV with two languages": clips.two_languages,
    "MPEG-TS": lambda: clips.transport_stream("mpeg2"),
    "MPEG-TS with open GOPs": clips.transport_stream,
    "longer MPEG-TS": lambda: clips.clip("long.ts", codec="h264-open-gop", frames=300),
    "interlaced": clips.interlaced,
    "camcorder": lambda: clips.clip("card.m2ts", audio="ac3"),
}
"""The index lists key frames at best."""

UNINDEXED: dict[str, Callable[[], Path]] = {
    "fragmented MP4": lambda: clips.clip("fragments.mp4", more=("-movflags", "frag_keyframe+empty_moov")),
    "live WebM": lambda: clips.clip("live.webm", codec="vp9", audio="opus", more=("-live", "1")),
    "GIF": clips.gif,
    "AVI": lambda: clips.clip("card.avi", codec="mpeg2", audio="mp3"),
    "FLV": lambda: clips.clip("card.flv"),
}
"""Their packets are read, however large the file."""


def probed(path: Path, whole_bytes: int) -> SourceVideo:
    with path.open("rb") as file:
        return PyAvProber(whole_bytes).probe(file, path.stat().st_size)


def both_ways(path: Path) -> tuple[SourceVideo, SourceVideo]:
    """By the packets, and by the index."""
    return probed(path, path.stat().st_size), probed(path, 0)


@pytest.mark.treats("a long MP4 or MOV, index first or last", "planned from its index alone: exact frames and times")
@pytest.mark.parametrize("make", COUNTED.values(), ids=COUNTED.keys())
def test_an_index_of_every_frame_says_all_that_the_packets_say(make: Callable[[], Path]) -> None:
    by_packets, by_index = both_ways(make())

    assert by_index == by_packets
    assert by_index.counted


@pytest.mark.treats("a long MKV, WebM or MPEG-TS", "planned from both its ends; its frames are counted on the way")
@pytest.mark.parametrize("make", ESTIMATED.values(), ids=ESTIMATED.keys())
def test_both_ends_say_what_the_packets_say_of_start_end_and_rate(make: Callable[[], Path]) -> None:
    by_packets, by_ends = both_ways(make())

    where_from = {"counted": False, "indexed": by_ends.indexed, "keyframes": by_ends.keyframes, "marks": []}
    assert by_ends == by_packets.model_copy(update=where_from)
    assert set(by_ends.keyframes) <= set(by_packets.keyframes)
    assert by_ends.indexed is bool(by_ends.keyframes) is (by_ends.container == "matroska")


@pytest.mark.treats("a file without an index", "read from beginning to end")
@pytest.mark.parametrize("make", UNINDEXED.values(), ids=UNINDEXED.keys())
def test_without_an_index_the_packets_are_read(make: Callable[[], Path]) -> None:
    by_packets, large = both_ways(make())

    assert large == by_packets
    assert large.counted


@pytest.mark.parametrize("name", [*COUNTED, *ESTIMATED])
def test_segments_cut_by_an_index_hold_every_frame_once(name: str) -> None:
    path = {**COUNTED, **ESTIMATED}[name]()
    source = probed(path, 0)
    clip = Clip(str(path), source)
    every_third = source.width * source.height * source.frame_count / 3e6

    segments = cut(source, every_third)

    assert len(segments) > 2
    assert [pts for segment in segments for pts in stamps_of(clip, segment)] == stamps_of(clip, whole(source))


@pytest.mark.parametrize("keep", [0.5, 0.97])
@pytest.mark.parametrize("make", [clips.faststart, ESTIMATED["MKV"], clips.transport_stream], ids=["MP4", "MKV", "TS"])
def test_a_large_file_that_is_cut_off_is_known_by_its_index_too(make: Callable[[], Path], keep: float) -> None:
    path = clips.cut_off(make(), keep)

    with pytest.raises(TruncatedVideo):
        probed(path, 0)


def film(extension: str, *more: str) -> Path:
    """Half a minute of noise: more than 20 MB."""
    encoder = ("-c:v", "mpeg2video", "-q:v", "16", "-bf", "2", "-g", "24", *more)
    name = f"film{len(more)}.{extension}"
    return clips.clip(name, size=(320, 240), frames=900, filters="noise=alls=90:allf=t", audio="mp3", more=encoder)


FILMS: dict[str, tuple[Callable[[], Path], int]] = {
    "MP4": (lambda: film("mp4"), 1_500_000),
    "MP4 for the web": (lambda: film("mp4", "-movflags", "+faststart"), 1_500_000),
    "MKV": (lambda: film("mkv"), 8_000_000),
    "MPEG-TS": (lambda: film("ts"), 15_000_000),
}
"""And how many bytes may be read: at most two hundred frames from the beginning and a few seconds of the end."""


@pytest.mark.parametrize(("make", "most"), FILMS.values(), ids=FILMS.keys())
def test_a_film_is_planned_from_a_small_part_of_its_bytes(make: Callable[[], Path], most: int) -> None:
    content = make().read_bytes()
    fetched: list[int] = []

    def fetch(start: int, end: int) -> bytes:
        fetched.append(end - start)
        return content[start:end]

    source = PyAvProber(0).probe(io.BufferedReader(RangeFile(fetch, len(content), 65_536, 8)), len(content))

    assert len(content) > 20_000_000
    assert source.frame_count == 900
    assert sum(fetched) < most


def test_a_file_of_very_many_tracks_is_refused() -> None:
    path = clips.path("many.mkv")
    sounds = [word for _ in range(501) for word in ("-map", "0:a")]
    run(["-i", str(clips.clip()), "-map", "0:v", *sounds, "-c", "copy", str(path)])

    with pytest.raises(VideoTooLarge, match=r"502 tracks; at most 500"):
        probed(path, 0)
