"""Size, shape, direction and fields: every picture comes out upright, whole and in its own proportions, once."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rotoscope.contracts import Segment
from rotoscope.ports import RGB, Clip
from tests import clips_facts, clips_shapes
from tests.playing import READER, cut, fingerprints, opened, stamps_of, whole


def pictures(clip: Clip, size: tuple[int, int] | None = None) -> list[RGB]:
    return [picture for _, picture in READER.frames(clip, whole(clip.source), size=size)]


@pytest.mark.treats("turned or mirrored, all eight ways", "every pixel comes out as it was drawn")
@pytest.mark.parametrize("flip", ["", "hflip", "vflip"])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_or_mirrored_picture_is_the_same_turned_back(turn: int, flip: str) -> None:
    drawn = pictures(opened(clips_facts.lying()))[0]
    clip = opened(clips_facts.directed(turn, flip))

    shown = pictures(clip)[0]

    turned = np.rot90(drawn, turn // 90)
    expected = turned[:, ::-1] if flip == "hflip" else turned[::-1] if flip == "vflip" else turned
    assert np.array_equal(shown, expected)
    assert pictures(clip, (30, 20))[0].shape == (20, 30, 3)


CHANGES: dict[str, Callable[[], Path]] = {
    "H.264 in MPEG-TS": lambda: clips_shapes.sizes("h264.ts", (96, 64), (64, 96), (160, 64)),
    "HEVC in MPEG-TS": lambda: clips_shapes.sizes("h265.ts", (96, 64), (64, 96), (160, 64)),
    "VP9 in WebM": lambda: clips_shapes.sizes("vp9.webm", (96, 64), (64, 96), (160, 64)),
    "MJPEG in AVI": lambda: clips_shapes.sizes("mjpeg.avi", (96, 64), (64, 96), (160, 64)),
    "odd sizes": lambda: clips_shapes.sizes("vp9.webm", (96, 64), (63, 95), (161, 65)),
}


@pytest.mark.treats("size that changes on the way", "each picture whole, in its own shape, on black in the first size")
@pytest.mark.parametrize("name", CHANGES)
def test_a_picture_of_another_size_is_fitted_with_black_borders(name: str) -> None:
    clip = opened(CHANGES[name]())

    first, tall, wide = pictures(clip)[5 :: clips_shapes.FRAMES]

    assert first.shape == tall.shape == wide.shape == (64, 96, 3)
    assert shown_part(first) == (0, 0, 96, 64)
    assert shown_part(tall) == (27, 0, 69, 64)
    assert shown_part(wide) == (0, 13, 96, 51)


def shown_part(picture: RGB) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is not a black border."""
    light = picture[..., 1] > 60
    columns, rows = np.flatnonzero(light.any(axis=0)), np.flatnonzero(light.any(axis=1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_size_loses_no_frame_and_no_time_wherever_segments_begin(name: str) -> None:
    clip = opened(CHANGES[name]())
    every = fingerprints(clip, whole(clip.source))
    stamps = [pts for pts, _ in every]

    borders = [stamps[number] for number in (9, 25, 33, 48, 50, 66)]
    found = [frame for segment in cut(clip.source, borders) for frame in fingerprints(clip, segment)]

    assert len(stamps) == clip.source.frame_count == 3 * clips_shapes.FRAMES
    assert len(set(np.diff(stamps))) == 1
    assert found == every


def test_small_pictures_of_a_size_that_changes_keep_their_shapes_too() -> None:
    clip = opened(CHANGES["VP9 in WebM"]())

    tall = pictures(clip, (48, 32))[clips_shapes.FRAMES + 5]

    assert tall[:, :12].max() < 16
    assert tall[:, -12:].max() < 16
    assert tall[10:22, 18:22].min() > 60


@pytest.mark.treats("size that changes where pixels are not square (broadcasts)", "fills the same picture")
def test_other_sizes_of_anamorphic_pictures_come_with_other_pixels() -> None:
    clip = opened(clips_shapes.sizes("h264.ts", (96, 72), (64, 72), filters="setdar=16/9"))

    first, narrow = pictures(clip)[5 :: clips_shapes.FRAMES]

    assert first.shape == narrow.shape == (72, 128, 3)
    assert shown_part(narrow) == (0, 0, 128, 72)


def combing(picture: RGB) -> float:
    """How much more neighbouring lines differ than those of one field."""
    lines = picture.astype(int).mean(axis=2)
    return float(np.abs(lines[2:-1] - lines[1:-2]).mean() - np.abs(lines[3:] - lines[1:-2]).mean())


FIELDS = ["1080i.ts", "pictures.mkv", "mpeg2.ts", "pal.avi", "prores.mov"]


@pytest.mark.treats("interlaced: 1080i and 576i broadcasts, DV, ProRes", "deinterlaced once (bwdif), as many frames")
@pytest.mark.parametrize("kind", FIELDS)
def test_fields_become_as_many_pictures_without_combs(kind: str) -> None:
    clip = opened(clips_shapes.fields(kind))
    woven = Clip(clip.location, clip.source.model_copy(update={"interlaced": False}))

    shown = pictures(clip)

    assert clip.source.interlaced
    assert len(shown) == clip.source.frame_count == 25
    combed = max(combing(picture) for picture in pictures(woven)[3:-3])
    assert combed > 1.5
    assert max(combing(picture) for picture in shown[3:-3]) < combed / 5


@pytest.mark.parametrize("kind", ["1080i.ts", "mpeg2.ts", "pal.avi"])
def test_fields_at_a_border_get_their_neighbours_from_beyond_it(kind: str) -> None:
    clip = opened(clips_shapes.fields(kind))
    every = fingerprints(clip, whole(clip.source))
    stamps = [pts for pts, _ in every]
    parts = [(stamps[0], stamps[7]), (stamps[7], stamps[8]), (stamps[8], clip.source.end_pts)]

    found = [
        fingerprints(clip, Segment(index=0, start_pts=start, end_pts=end, seeks=clip.source.keyframes[:1]))
        for start, end in parts
    ]

    assert [len(part) for part in found] == [7, 1, 17]
    assert [frame for part in found for frame in part] == every


def test_pixels_of_dv_become_square() -> None:
    clip = opened(clips_shapes.fields("pal.avi"))

    assert (clip.source.coded_width, clip.source.coded_height) == (720, 576)
    assert pictures(clip)[0].shape == (576, 768, 3)


@pytest.mark.treats("interlaced in parts", "whole pictures between interlaced ones stay as they are")
def test_a_picture_that_is_whole_is_not_deinterlaced() -> None:
    clip = opened(clips_shapes.partly_interlaced())
    woven = Clip(clip.location, clip.source.model_copy(update={"interlaced": False}))

    shown, stored = pictures(clip), pictures(woven)

    assert clip.source.interlaced
    assert [np.array_equal(a, b) for a, b in zip(shown, stored, strict=True)] == [False] * 12 + [True] * 12


def test_interlaced_pictures_of_another_size_are_all_there() -> None:
    flags = ("-flags", "+ilme+ildct", "-x264-params", "tff=1")
    clip = opened(clips_shapes.sizes("h264.ts", (96, 64), (128, 96), filters="tinterlace=interleave_top", more=flags))

    stamps = stamps_of(clip, whole(clip.source))

    assert clip.source.interlaced
    assert len(stamps) == clip.source.frame_count == clips_shapes.FRAMES
    assert len(set(np.diff(stamps))) == 1
