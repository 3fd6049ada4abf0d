"""Damaged and oversized pictures inside zips and animations: nothing else is lost, or a sentence names the picture."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rotoscope.adapters.animated_webp import walked
from rotoscope.adapters.picture_read import PictureReader
from rotoscope.errors import UnreadableVideo, VideoTooLarge
from tests.clips import written
from tests.clips_pictures import DELAYS_MS, animation, numbers, packed, picture, pictured, played, sequence, zip_file
from tests.playing import cut, whole

READER = PictureReader()


@pytest.mark.treats("a damaged picture in the middle of a zip", "the picture before it is shown in its place")
def test_for_a_damaged_picture_the_one_before_it_is_shown() -> None:
    members = sequence(range(8))
    broken = {"frame3.png": b"nonsense", "frame4.png": members["frame4.png"][:200], "frame7.png": b""}
    clip = pictured(zip_file({**members, **broken}))

    every = numbers(clip)

    assert every == list(enumerate([0, 1, 2, 2, 2, 5, 6, 6]))
    assert [frame for part in cut(clip.source, [4, 7]) for frame in numbers(clip, part)] == every


def test_too_many_damaged_pictures_in_a_row_are_refused_with_a_sentence() -> None:
    clip = pictured(zip_file({**sequence(range(1)), **{f"frame{n}.png": b"" for n in range(1, 120)}}))
    bearable, later = cut(clip.source, [100])

    assert numbers(clip, bearable) == [(n, 0) for n in range(100)]
    for segment in (whole(clip.source), later):
        with pytest.raises(UnreadableVideo, match=r"Too many pictures .*frame100\.png.*\.$"):
            numbers(clip, segment)


@pytest.mark.parametrize("body", [b"", b"nonsense", packed(picture(1))[:-60]], ids=["empty", "nonsense", "cut"])
def test_a_first_picture_that_cannot_be_decoded_is_named(body: bytes) -> None:
    with pytest.raises(UnreadableVideo, match=r"The first picture in the zip file, 1\.png, is damaged"):
        pictured(zip_file({"1.png": body, "2.png": packed(picture(2))}))


@pytest.mark.parametrize(("place", "seen"), [(1, "when it is planned"), (2, "when it is read")])
def test_a_picture_that_is_too_large_is_refused_by_its_name(place: int, seen: str) -> None:
    large = {f"frame{place}.png": packed(Image.new("1", (9000, 9000)))}
    path = zip_file({**sequence(range(20)), **large})

    with pytest.raises(VideoTooLarge, match=rf"frame{place}\.png is 9000x9000"):
        numbers(pictured(path))


def damaged(path: Path, frame: int, offset: int) -> Path:
    """The animation with one frame's bytes overwritten, `offset` bytes into its chunk."""
    body = bytearray(path.read_bytes())
    place = walked(io.BytesIO(body), len(body)).frames[frame].offset + offset
    body[place : place + 24] = b"\xff" * 24
    return written(f"damaged-{frame}-{offset}.webp", bytes(body))


@pytest.mark.parametrize("offset", [32, 60], ids=["header", "picture"])
@pytest.mark.parametrize("frame", [0, 1, 5, 9])
@pytest.mark.treats("an animated WebP with a damaged frame", "the frame before it is shown in its place")
def test_a_damaged_frame_costs_no_other_that_can_do_without_it(frame: int, offset: int) -> None:
    path = animation("WEBP", "RGB", name="whole.webp", quality=80, kmin=0, kmax=1)
    clip = pictured(damaged(path, frame, offset))
    if frame == 0:
        with pytest.raises(UnreadableVideo, match="damaged"):
            numbers(clip)
        return

    shown = [shown for _, shown in READER.frames(clip, whole(clip.source))]

    good = [image[..., :3] for image in played(path)]
    keys = [*(clip.source.start_pts + key for key in clip.source.keyframes), clip.source.end_pts]
    assert len(shown) == len(DELAYS_MS)
    assert all(np.abs(shown[n].astype(int) - good[n]).max() <= 1 for n in range(frame))
    assert len(keys) == 11
    assert np.abs(shown[frame].astype(int) - good[frame]).max() > 20
    assert all(np.abs(shown[n].astype(int) - good[n]).max() <= 1 for n in range(frame + 1, 10))
