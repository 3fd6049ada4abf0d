"""Probing finds what a file is, and says in a sentence why it is no whole video."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from rotoscope.adapters.ffmpeg import run
from rotoscope.errors import MediaToolFailed, NotAVideo, RotoscopeError, TruncatedVideo
from rotoscope.ports import Clip
from tests import clips
from tests.playing import probe, stamps_of, whole


@pytest.mark.parametrize(
    ("make", "rate", "frames", "audio"),
    [
        (clips.ntsc, Fraction(30000, 1001), 60, ["aac"]),
        (clips.film_rate, Fraction(24000, 1001), 48, ["aac"]),
        (clips.vfr, None, 48, ["aac"]),
        (clips.webm, Fraction(30000, 1001), 48, ["opus"]),
        (clips.transport_stream, Fraction(30), 96, ["aac"]),
        (clips.gif, Fraction(10), 20, []),
        (clips.silent, Fraction(30), 48, []),
        (clips.two_languages, Fraction(30), 48, ["aac", "pcm_s16le"]),
    ],
)
def test_probing_finds_count_exact_rate_and_sound(
    make: Callable[[], Path], rate: Fraction | None, frames: int, audio: list[str]
) -> None:
    source = probe(make())

    assert source.frame_rate == rate
    assert source.frame_count == frames
    assert [track.codec for track in source.audio] == audio


def test_the_last_frame_of_a_variable_rate_lasts_as_long_as_the_file_says() -> None:
    source = probe(clips.vfr())

    assert source.duration_s == pytest.approx((source.end_pts - source.start_pts) / 90_000)
    assert source.end_pts > stamps_of(Clip(str(clips.vfr()), source), whole(source))[-1]


UNUSABLE: dict[str, tuple[Callable[[], Path], type[RotoscopeError], str]] = {
    "empty": (lambda: clips.written("empty.mp4", b""), NotAVideo, "empty"),
    "text": (lambda: clips.written("text.mp4", b"not a video at all\n" * 99), NotAVideo, "not a video"),
    "sound only": (clips.sound_only, NotAVideo, "only sound"),
    "cover art": (clips.cover_art, NotAVideo, "only sound"),
    "recording cut off": (lambda: clips.cut_off(clips.ntsc()), TruncatedVideo, "whole file"),
    "upload cut off": (lambda: clips.cut_off(clips.faststart()), TruncatedVideo, "whole file"),
}


@pytest.mark.parametrize(("make", "error", "says"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_what_is_no_whole_video_is_refused_with_a_sentence(
    make: Callable[[], Path], error: type[RotoscopeError], says: str
) -> None:
    path = make()

    with pytest.raises(error, match=says):
        probe(path)


def _subtitled() -> Path:
    """A subtitle stays until long after the last picture, and the file's stated duration counts it."""
    words = clips.written("late.srt", b"1\n00:00:00,000 --> 00:00:09,000\nThe end\n")
    target = clips.path("subtitled.mkv")
    run(["-i", str(clips.clip()), "-i", str(words), "-map", "0", "-map", "1", "-c", "copy", "-y", str(target)])
    return target


CONTAINERS: dict[str, Callable[[], Path]] = {
    "GIF": clips.gif,
    "WebM": clips.webm,
    "live WebM": lambda: clips.clip("live.webm", codec="vp9", audio="opus", more=("-live", "1")),
    "MKV with long subtitles": _subtitled,
    "AVI": lambda: clips.clip("card.avi", codec="mpeg2", audio="mp3"),
    "AVI with dropped frames": lambda: clips.clip(
        "dropped.avi", codec="mpeg2", audio="mp3", filters="select=lt(mod(n\\,8)\\,5)"
    ),
    "FLV": lambda: clips.clip("card.flv"),
    "WMV": lambda: clips.clip("card.wmv", codec="vp9", audio="mp3", more=("-c:v", "wmv2")),
    "Ogg": lambda: clips.clip("card.ogv", audio="vorbis", more=("-c:v", "libtheora")),
    "animated PNG": lambda: clips.clip("card.apng", audio=None, more=("-c:v", "apng")),
    "MPEG-TS": lambda: clips.transport_stream("mpeg2"),
    "camcorder": lambda: clips.clip("card.m2ts", audio="ac3"),
}


@pytest.mark.parametrize("make", CONTAINERS.values(), ids=CONTAINERS.keys())
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_of_every_container_the_whole_file_passes_and_the_cut_one_does_not(
    make: Callable[[], Path], share: float
) -> None:
    path = make()

    assert probe(path).frame_count > 1
    with pytest.raises(TruncatedVideo, match="Please upload the whole file"):
        probe(clips.cut_off(path, share))


def test_a_matroska_file_that_ends_between_clusters_is_known_by_its_stated_duration() -> None:
    content = clips.clip("clusters.mkv", frames=96, more=("-cluster_time_limit", "500")).read_bytes()
    cluster = b"\x1f\x43\xb6\x75"
    segment = content.index(b"\x18\x53\x80\x67") + 4
    unknown = content[:segment] + b"\x01" + b"\xff" * 7 + content[segment + 8 :]

    with pytest.raises(TruncatedVideo):
        probe(clips.written("between.mkv", unknown[: unknown.rindex(cluster, 0, unknown.rindex(cluster))]))


PLAYLISTS = {
    "ffconcat": "ffconcat version 1.0\nfile '{0}'\n",
    "HLS": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{0}\n#EXT-X-ENDLIST\n",
}


@pytest.mark.parametrize("playlist", PLAYLISTS.values(), ids=PLAYLISTS.keys())
def test_a_playlist_that_calls_itself_a_video_opens_nothing_else(playlist: str) -> None:
    path = clips.written("playlist.mp4", playlist.format(clips.ntsc()).encode())
    innocent = probe(clips.ntsc())

    with pytest.raises(NotAVideo):
        probe(path)
    with pytest.raises(MediaToolFailed):
        stamps_of(Clip(str(path), innocent), whole(innocent))
