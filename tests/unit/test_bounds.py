"""What no upload can be is refused before it is decoded, and nothing that somebody may have recorded."""

import pytest

from rotoscope.bounds import is_dense, refuse_heavy, refuse_impossible, refuse_stuffed, stated_size
from rotoscope.errors import UnreadableVideo, VideoTooLarge
from tests.builders import a_source
from tests.clips_pictures import packed, picture

HOUR_AT_30 = 108_000


@pytest.mark.treats("a file of a few KB that claims days of 8K", "refused: its bytes cannot hold them")
@pytest.mark.parametrize(
    ("frames", "width", "height", "size"),
    [
        (1_000_000, 8192, 4608, 4_096),
        (1_000_000, 8192, 4608, 30_000_000),
        (100_000, 3840, 2160, 700_000),
        (5_001, 96, 64, 5_000),
    ],
)
def test_claims_that_no_bytes_can_hold_are_refused(frames, width, height, size):
    with pytest.raises(UnreadableVideo, match=f"{size:,} bytes hold {frames:,} pictures of {width}x{height}"):
        refuse_impossible(a_source(frames, width, height), size)


@pytest.mark.parametrize(
    ("what", "frames", "width", "height", "size"),
    [
        ("an hour of black in 4K, as H.264 packs it", HOUR_AT_30, 3840, 2160, 12_900_000),
        ("an hour of black in 4K, as GIF packs it", HOUR_AT_30, 3840, 2160, 6_150_000),
        ("an hour of black in 8K, as GIF would pack it", HOUR_AT_30, 7680, 4320, 6_150_000),
        ("six hours of a still desktop in 4K at 46 bytes a frame", 6 * HOUR_AT_30, 3840, 2160, 6 * HOUR_AT_30 * 46),
        ("one picture", 1, 8192, 4608, 300),
        ("a GIF of 200 nearly empty frames", 200, 4096, 2304, 5_000),
    ],
)
def test_what_encoders_really_reach_passes(what, frames, width, height, size):
    refuse_impossible(a_source(frames, width, height), size)


def test_a_hundred_gigabytes_pass_and_more_do_not():
    refuse_heavy(100 * 10**9)

    with pytest.raises(VideoTooLarge, match="101 GB"):
        refuse_heavy(101 * 10**9)


@pytest.mark.parametrize(
    ("packed_bytes", "unpacked", "dense"),
    [(195_000, 200_000_000, True), (1_000, 9_000_000, False), (2_500_000, 200_000_000, False)],
)
def test_what_is_packed_very_tightly_is_looked_at(packed_bytes, unpacked, dense):
    assert is_dense(packed_bytes, unpacked) == dense


@pytest.mark.parametrize("form", ["PNG", "GIF"])
def test_pictures_state_their_size_in_their_first_bytes(form):
    head = packed(picture(1, size=(77, 44)), form)

    assert stated_size(head) == (77, 44)
    assert stated_size(head[:20]) is None


def test_other_files_state_no_size_in_their_first_bytes():
    assert stated_size(b"BM".ljust(64, b"\x7f")) is None


@pytest.mark.parametrize(("form", "bytes_a_pixel"), [("PNG", 8), ("BMP", 8), ("TIFF", 1000)])
def test_pixels_explain_what_a_picture_unpacks_to(form, bytes_a_pixel):
    size = (1600, 1200)

    refuse_stuffed("1", packed(picture(1, size=size), form)[:64], 100, size[0] * size[1] * bytes_a_pixel)


@pytest.mark.parametrize("form", ["PNG", "BMP", "JPEG", "WEBP"])
def test_what_its_pixels_do_not_explain_is_refused(form):
    head = packed(picture(1, size=(1600, 1200)), form)[:64]

    with pytest.raises(UnreadableVideo, match=r"3.png unpacks from 0.2 MB to 200.0 MB"):
        refuse_stuffed("3.png", head, 195_000, 200_000_000)
