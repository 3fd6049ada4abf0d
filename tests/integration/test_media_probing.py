"""Probing finds what a file is, and says in a sentence why it is no whole video."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from rotoscope.errors import MediaToolFailed, NotAVideo, RotoscopeError, TruncatedVideo
from rotoscope.ports import Clip
from tests import clips
from tests.playing import READER, probe, whole

CUT_CLIPS: dict[str, Callable[[], Path]] = {
    "30000/1001": clips.ntsc,
    "variable rate": clips.vfr,
    "open GOP": clips.open_gop,
    "VP9": clips.webm,
    "TS with open GOP": clips.transport_stream,
    "TS with MPEG-2": lambda: clips.transport_stream("mpeg2"),
    "interlaced": clips.interlaced,
    "late picture": clips.late_picture,
    "GIF": clips.gif,
}


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
    assert source.end_pts > READER.stamps(Clip(str(clips.vfr()), source), whole(source))[-1]


UNUSABLE: dict[str, tuple[Callable[[], Path], type[RotoscopeError], str]] = {
    "empty": (lambda: clips.written("empty.mp4", b""), NotAVideo, "empty"),
    "text": (lambda: clips.written("text.mp4", b"not a video at all\n" * 99), NotAVideo, "not a video"),
    "sound only": (clips.sound_only, NotAVideo, "only sound"),
    "cover art": (clips.cover_art, NotAVideo, "only sound"),
    "recording cut off": (lambda: clips.cut_off(clips.ntsc()), TruncatedVideo, "whole file"),
    "upload cut off": (lambda: clips.cut_off(clips.faststart()), TruncatedVideo, "whole file"),
    "WebM cut off": (
        lambda: clips.cut_off(clips.clip("long.webm", codec="vp9", audio="opus", frames=240)),
        TruncatedVideo,
        "whole",
    ),
}


@pytest.mark.parametrize(("make", "error", "says"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_what_is_no_whole_video_is_refused_with_a_sentence(
    make: Callable[[], Path], error: type[RotoscopeError], says: str
) -> None:
    path = make()

    with pytest.raises(error, match=says):
        probe(path)


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
        READER.stamps(Clip(str(path), innocent), whole(innocent))
