"""Every kind of stored colour comes out as the red, green and blue that went in; errors are in levels of 255."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rotoscope.adapters.ffmpeg import run
from rotoscope.ports import RGB
from tests.clips_colour import COLOURS, GREYS, HDR_LEVELS, Kind, edges, graded, patches
from tests.playing import READER, opened, whole

PAPER_WHITE = 244
"""Of 255 levels: what 203 nits become."""

WORST = 2
"""Levels: 8-bit YUV itself rounds by up to that."""


def first(path: Path, size: tuple[int, int] | None = None) -> RGB:
    clip = opened(path)
    return next(READER.frames(clip, whole(clip.source), size=size))[1]


def error(picture: RGB, colours: Sequence[tuple[int, int, int]]) -> int:
    """The largest in the middles of the patches."""
    height, width = picture.shape[:2]
    middles = picture[height // 2, [int(width * (n + 0.5) / len(colours)) for n in range(len(colours))]]
    return int(np.abs(middles.astype(int) - colours).max())


KINDS = {
    "8 bit 4:2:0, BT.709": Kind(),
    "8 bit 4:2:2, BT.601": Kind("ffv1", "yuv422p", "smpte170m"),
    "8 bit 4:4:4, full range": Kind("h264", "yuv444p", range="pc"),
    "8 bit 4:1:1": Kind("ffv1", "yuv411p", "smpte170m"),
    "8 bit, BT.470": Kind(matrix="bt470bg"),
    "8 bit, SMPTE 240M": Kind(matrix="smpte240m"),
    "8 bit, BT.2020": Kind("ffv1", "yuv420p", "bt2020nc"),
    "10 bit 4:2:0, H.264": Kind("h264", "yuv420p10le"),
    "10 bit 4:2:2, full range": Kind("ffv1", "yuv422p10le", range="pc"),
    "12 bit 4:2:0, HEVC, BT.2020": Kind("h265", "yuv420p12le", "bt2020nc", container="mp4"),
    "10 bit, VP9": Kind("vp9", "yuv420p10le", container="webm"),
    "8 bit, AV1": Kind("av1", container="mp4"),
    "ProRes 4444": Kind("prores", "yuv444p10le", container="mov"),
    "MJPEG 4:2:0": Kind("mjpeg", "yuvj420p", "bt470bg", "pc", "avi"),
    "MJPEG 4:4:4": Kind("mjpeg", "yuvj444p", "bt470bg", "pc", "mov"),
    "odd size, 8 bit": Kind("vp9", container="webm", size=(111, 17)),
    "odd size, 10 bit": Kind("vp9", "yuv420p10le", container="webm", size=(111, 17)),
    "untagged and small": Kind(matrix="smpte170m", tagged=False),
    "untagged and high": Kind(tagged=False, size=(112, 720)),
    "RGB in H.264": Kind("h264-rgb", "rgb24"),
    "RGB in HEVC": Kind("h265", "gbrp"),
    "RGB in VP9": Kind("vp9", "gbrp", container="webm"),
    "RGB in PNG": Kind("png", "rgb24", container="mov"),
    "RGB in PNG, 16 bit": Kind("png", "rgb48be", container="mov"),
    "RGB in QuickTime Animation": Kind("qtrle", "rgb24", container="mov"),
    "RGB, 12 bit": Kind("ffv1", "gbrp12le"),
    "RGB with a fourth byte": Kind("ffv1", "bgr0"),
    "a palette in PNG": Kind("png", "pal8", container="mov"),
    "a palette in GIF": Kind("gif", "pal8", container="gif"),
}
GREY_KINDS = {
    "H.264": Kind("h264", "gray"),
    "H.264, 10 bit": Kind("h264", "gray10le"),
    "H.264, full range": Kind("h264", "gray", range="pc"),
    "MJPEG": Kind("mjpeg", "gray", range="pc", container="avi"),
    "PNG": Kind("png", "gray", container="mov", range="pc"),
}


@pytest.mark.treats(
    "8, 10, 12 and 16 bit; 4:2:0 to 4:4:4; RGB and palettes; BT.601, 709, 2020 and untagged; full and limited range",
    "decoded with its own matrix and range, to within 2 of 255 levels",
)
@pytest.mark.parametrize("name", KINDS)
def test_colours_come_out_as_they_went_in(name: str) -> None:
    path = patches(KINDS[name])

    assert error(first(path), COLOURS) <= WORST
    assert error(first(path, (70, 10)), COLOURS) <= WORST


@pytest.mark.treats("grey pictures (4:0:0)", "grey, in their own range")
@pytest.mark.parametrize("name", GREY_KINDS)
def test_greys_come_out_as_they_went_in(name: str) -> None:
    path = patches(GREY_KINDS[name])

    assert error(first(path), GREYS) <= WORST
    assert error(first(path, (70, 10)), GREYS) <= WORST


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le"])
def test_fine_detail_is_within_one_level_of_an_exact_conversion(pixels: str) -> None:
    path = edges(pixels)

    assert np.abs(first(path) - exactly(path)).max() <= 1


def exactly(path: Path) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """BT.709 limited range to R'G'B' in double precision, from chroma that was enlarged in 16 bits."""
    enlarge = "zscale=f=bicubic,format=yuv444p16le"
    raw = run(["-i", str(path), "-frames:v", "1", "-vf", enlarge, "-f", "rawvideo", "-"])
    y, u, v = np.frombuffer(raw, np.uint16).reshape(3, 64, 96) / 256
    luma, blue, red = (y - 16) / 219, (u - 128) / 224, (v - 128) / 224
    rgb = [luma + 1.5748 * red, luma - 0.187324 * blue - 0.468124 * red, luma + 1.8556 * blue]
    return np.asarray((np.stack(rgb, axis=-1) * 255).clip(0, 255), np.float64)


@pytest.mark.treats(
    "high dynamic range: PQ and HLG",
    "tone-mapped to BT.709; paper white (203 nits) is 244 of 255, highlights lie above it",
)
@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_high_dynamic_range_looks_like_the_picture_that_was_graded(transfer: str) -> None:
    picture = first(graded(transfer))

    assert error(picture, HDR_LEVELS) <= WORST
    assert error(first(graded(transfer), (70, 10)), HDR_LEVELS) <= WORST


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_paper_white_leaves_room_for_highlights(transfer: str) -> None:
    picture = first(graded(transfer, colours=((255, 255, 255),)))

    assert np.abs(picture.astype(int) - PAPER_WHITE).max() <= 1


@pytest.mark.treats("high dynamic range that names its transfer alone", "taken for BT.2020")
@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_high_dynamic_range_without_a_matrix_is_taken_for_bt2020(transfer: str) -> None:
    assert np.array_equal(first(graded(transfer, named=False)), first(graded(transfer)))


def test_high_dynamic_range_of_odd_size_is_tone_mapped_too() -> None:
    assert error(first(graded("smpte2084", size=(111, 17))), HDR_LEVELS) <= WORST
