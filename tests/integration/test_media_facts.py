"""Probing finds what a file says of its picture and of the tracks beside it, and refuses what it says too much of."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from rotoscope.adapters.ffmpeg import Tool
from rotoscope.adapters.probe import PyAvProber
from rotoscope.contracts import SourceVideo
from rotoscope.errors import VideoTooLarge
from rotoscope.ports import RGB
from tests import clips, clips_apng, clips_facts, clips_shapes
from tests.clips_colour import Kind, patches
from tests.clips_pictures import animation


def probe(path: Path) -> SourceVideo:
    with path.open("rb") as file:
        return PyAvProber().probe(file, path.stat().st_size)


def first_picture(path: Path, width: int, height: int, *before: str) -> RGB:
    """As FFmpeg's command line shows it."""
    picture = np.empty((height, width, 3), np.uint8)
    arguments = [*before, "-i", str(path), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    with Tool(arguments) as tool:
        assert tool.read_into(picture.data.cast("B")) == picture.nbytes
    return picture


@pytest.mark.treats("turned or mirrored by a display matrix, all eight ways", "shown as players show it: upright")
@pytest.mark.parametrize("flip", ["", "hflip", "vflip"])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_direction_turns_the_stored_picture_into_what_players_show(turn: float, flip: str) -> None:
    path = clips_facts.directed(turn, flip)
    stored = first_picture(path, *clips_facts.SIZE, "-noautorotate")

    source = probe(path)

    upright = np.rot90(stored, -source.rotation // 90)
    upright = upright[:, ::-1] if source.mirrored else upright
    shown = first_picture(path, source.width, source.height)
    assert np.array_equal(upright, shown)


@pytest.mark.treats("turned by an angle that is not a right one", "turned within its own frame, as FFmpeg does")
def test_a_slanted_picture_keeps_its_size() -> None:
    source = probe(clips_facts.directed(40))

    assert (source.rotation, source.mirrored, source.width, source.height) == (0, False, *clips_facts.SIZE)


TRANSPARENT: dict[str, tuple[Callable[[], Path], bool]] = {
    "VP9": (
        lambda: clips_facts.with_alpha("vp9a.webm", "-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-auto-alt-ref", "0"),
        True,
    ),
    "VP8": (
        lambda: clips_facts.with_alpha("vp8a.webm", "-c:v", "libvpx", "-pix_fmt", "yuva420p", "-auto-alt-ref", "0"),
        True,
    ),
    "opaque VP9": (clips.webm, False),
    "ProRes 4444": (
        lambda: clips_facts.with_alpha("a.mov", "-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le"),
        True,
    ),
    "opaque ProRes 4444": (
        lambda: clips_facts.with_alpha("o.mov", "-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuv444p10le"),
        False,
    ),
    "QuickTime Animation": (lambda: clips_facts.with_alpha("q.mov", "-c:v", "qtrle", "-pix_fmt", "argb"), True),
    "PNG in MOV": (lambda: clips_facts.with_alpha("p.mov", "-c:v", "png", "-pix_fmt", "rgba"), True),
    "animated PNG": (lambda: clips_facts.with_alpha("p.apng", "-c:v", "apng", "-pix_fmt", "rgba"), True),
    "GIF": (
        lambda: clips_facts.with_alpha(
            "t.gif", "-c:v", "gif", "-pix_fmt", "pal8", after="split[a][b];[a]palettegen[p];[b][p]paletteuse"
        ),
        True,
    ),
    "opaque GIF": (clips.gif, False),
    "uncompressed with an unused fourth byte": (
        lambda: clips_facts.with_alpha("r.avi", "-c:v", "rawvideo", "-pix_fmt", "bgra", opacity="0"),
        False,
    ),
}


@pytest.mark.treats("transparent: VP8, VP9, ProRes 4444, QuickTime Animation, PNG, APNG, GIF", "known as transparent")
@pytest.mark.parametrize(("make", "transparent"), TRANSPARENT.values(), ids=TRANSPARENT.keys())
def test_transparency_is_found_where_there_is_some(make: Callable[[], Path], transparent: bool) -> None:
    assert probe(make()).alpha is transparent


@pytest.mark.treats("subtitles, chapters, several sound tracks", "found with their languages")
def test_tracks_beside_the_picture_are_listed() -> None:
    source = probe(clips_facts.tracks())

    assert [(track.codec, track.text, track.language) for track in source.subtitles] == [("subrip", True, "fra")]
    assert [(track.codec, track.language) for track in source.audio] == [("aac", "deu"), ("pcm_s16le", None)]
    assert source.chapters == 2


def test_subtitles_that_are_pictures_are_no_text() -> None:
    source = probe(clips_facts.drawn_subtitles())

    assert [(track.codec, track.text) for track in source.subtitles] == [("hdmv_pgs_subtitle", False)]


@pytest.mark.treats("sound in an unknown codec", "listed as unknown; the picture is taken all the same")
def test_sound_of_an_unknown_codec_does_not_keep_the_picture_from_being_taken() -> None:
    source = probe(clips_facts.with_unknown_sound())

    assert [track.codec for track in source.audio] == ["unknown"]
    assert source.frame_count == 48


@pytest.mark.treats("a title in another encoding than UTF-8", "read as far as it can be")
def test_a_title_that_is_not_utf_8_is_no_reason_to_refuse() -> None:
    assert probe(clips_facts.with_latin_title()).frame_count == 12


@pytest.mark.treats("interlaced only after a progressive title", "known as interlaced by its first few pictures")
def test_fields_that_begin_after_a_title_are_found() -> None:
    assert probe(clips_facts.late_fields()).interlaced
    assert not probe(clips.ntsc()).interlaced


@pytest.mark.treats("an implausible sample aspect ratio", "ignored: pixels are square")
def test_an_aspect_that_would_make_a_stripe_is_ignored() -> None:
    stripe = probe(clips.clip("stripe.mp4", size=clips_facts.SIZE, frames=4, filters="setsar=20/1"))
    wide = probe(clips.anamorphic())

    assert (stripe.width, stripe.height, stripe.sample_aspect) == (*clips_facts.SIZE, Fraction(1))
    assert (wide.width, wide.height, wide.sample_aspect) == (240, 108, Fraction(3, 2))


@pytest.mark.parametrize(
    ("matrix", "transfer", "value_range"),
    [("bt2020nc", "smpte2084", "tv"), ("bt2020nc", "arib-std-b67", "pc"), ("bt709", "bt709", "pc")],
)
def test_colours_are_read_from_their_tags(matrix: str, transfer: str, value_range: str) -> None:
    source = probe(clips_facts.tagged(matrix, transfer, value_range))

    assert (source.color_matrix, source.color_transfer) == (matrix, transfer)
    assert source.full_range is (value_range == "pc")


def test_missing_colour_tags_are_missing() -> None:
    source = probe(clips.patches(tagged=False))

    assert (source.color_matrix, source.color_transfer, source.full_range) == (None, None, False)


DEPTHS = {
    8: Kind(),
    10: Kind("h265", "yuv420p10le", container="mp4"),
    12: Kind("h265", "yuv420p12le", "bt2020nc", container="mp4"),
}


@pytest.mark.treats("more than 8 bits a colour, not HDR", "drawn in 8, said in the receipt")
@pytest.mark.parametrize("bits", DEPTHS)
def test_bits_of_a_colour_are_found(bits: int) -> None:
    assert probe(patches(DEPTHS[bits])).bits == bits


@pytest.mark.treats("several video tracks", "the first is taken, said in the receipt; a cover picture is none")
def test_video_tracks_are_counted_without_covers() -> None:
    assert (probe(clips_facts.two_videos()).videos, probe(clips_facts.lying()).videos) == (2, 1)


@pytest.mark.treats("size that changes on the way", "said in the receipt where key frames show it")
@pytest.mark.parametrize("whole_bytes", [0, 1 << 20])
@pytest.mark.parametrize("kind", clips_shapes.ENCODERS)
def test_other_sizes_on_the_way_are_found(kind: str, whole_bytes: int) -> None:
    path = clips_shapes.sizes(kind, (96, 64), (64, 96), (160, 64))

    with path.open("rb") as file:
        source = PyAvProber(whole_bytes).probe(file, path.stat().st_size)

    assert ((source.width, source.height), source.other_sizes) == ((96, 64), [(64, 96), (160, 64)])


def test_a_change_that_nobody_sees_is_none() -> None:
    assert probe(clips_shapes.sizes("h264.ts", (96, 72), (64, 72), filters="setdar=16/9")).other_sizes == []


VAST: dict[str, tuple[Callable[[], Path], str]] = {
    "a side too long": (
        lambda: clips_facts.vast("mp4", 9000, 200, "-preset", "ultrafast"),
        "The picture is 9000x200; at most 8192x4608",
    ),
    "a little too many pixels": (lambda: clips_facts.vast("gif", 8000, 5000), "The picture is 8000x5000"),
    "far too many pixels": (lambda: clips_facts.vast("gif", 9000, 9000), "The picture is 9000x9000"),
    "a GIF's claim": (
        lambda: clips_apng.claiming("vast.gif", animation("GIF", "P"), 60_000, 60_000),
        "is 60000x60000; at most",
    ),
    "an APNG's claim": (
        lambda: clips_apng.claiming("vast.apng", animation("PNG"), 30_000, 30_000),
        "is 30000x30000; at most",
    ),
    "an APNG's claim of more than FFmpeg can count": (
        lambda: clips_apng.claiming("vaster.apng", animation("PNG"), (1 << 31) - 1, 16),
        "is 2147483647x16; at most",
    ),
}


@pytest.mark.parametrize(("make", "name"), [(clips.clip, "mp4"), (lambda: clips.clip("card.mov"), "mov")])
def test_a_container_has_one_name_whether_its_format_was_guessed_or_given(make: Callable[[], Path], name: str) -> None:
    path = make()

    with path.open("rb") as file:
        given = PyAvProber(demuxer="mov").probe(file, path.stat().st_size)

    assert given == probe(path)
    assert given.container == name


@pytest.mark.treats("pictures of more than 8K", "refused with the limit, before any is decoded")
@pytest.mark.parametrize(("make", "says"), VAST.values(), ids=VAST.keys())
def test_pictures_that_are_too_large_are_refused_undecoded(make: Callable[[], Path], says: str) -> None:
    path = make()

    with pytest.raises(VideoTooLarge, match=says):
        probe(path)
