"""Whole jobs on real media in this process: odd clips come back whole or are refused, and segments leave no seam."""

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from rotoscope.adapters.ffmpeg import run
from rotoscope.errors import JobError
from rotoscope.ports import RGB, PartFormat
from tests import clips
from tests.clips import clip
from tests.walking import a_walk
from tests.worlds import FakeWriter

SIZE = (128, 72)
FEW = {"output": {"compare": False}}


def cut_at_every_frame() -> Path:
    """Another scene in every frame."""
    return clip("strobe.mp4", size=SIZE, frames=12, filters="hue=h=n*97:s=2,rotate=n*1.3,negate=enable='mod(n,2)'")


def size_change() -> Path:
    """A stream whose pictures become smaller and lower in the middle."""
    target = clips.path("size-change.ts")
    parts = [clip(f"part-{n}.ts", size=size, frames=12, audio=None) for n, size in enumerate([(160, 96), (128, 96)])]
    run(["-i", f"concat:{parts[0]}|{parts[1]}", "-c", "copy", str(target)])
    return target


ODD = {
    "one frame": (lambda: clip("one.mp4", size=SIZE, frames=1, audio=None), 1),
    "two frames": (lambda: clip("two.mp4", size=SIZE, frames=2, audio=None), 2),
    "all black": (lambda: clip("black.mp4", size=SIZE, frames=20, filters="drawbox=t=fill:c=black"), 20),
    "one colour": (lambda: clip("colour.mp4", size=SIZE, frames=20, filters="drawbox=t=fill:c=orange"), 20),
    "a cut at every frame": (cut_at_every_frame, 12),
    "tiny": (lambda: clip("tiny.mp4", size=(16, 16), frames=8, audio=None), 8),
    "odd size": (clips.odd_size, 24),
    "variable rate": (clips.vfr, 48),
}


def frames_of(body: bytes) -> int:
    with av.open(io.BytesIO(body)) as container:
        return sum(1 for _ in container.decode(video=0))


@pytest.mark.parametrize(("make", "frames"), ODD.values(), ids=ODD.keys())
def test_an_odd_clip_comes_back_whole(make, frames):
    video = make()

    walk = a_walk(video, FEW).run()

    assert frames_of(walk.result(f"{walk.job.name}.mp4")) == frames
    assert walk.receipt["plan"]["frames"] == frames
    assert 1 <= walk.receipt["plan"]["keys"] <= frames
    assert b"<html" in walk.result("report.html")


def test_a_picture_size_that_changes_on_the_way_comes_back_whole_or_is_refused_with_a_sentence():
    walk = a_walk(size_change(), FEW)

    try:
        walk.run()
    except JobError as refusal:
        assert str(refusal).endswith(".")
    else:
        assert walk.receipt["plan"]["frames"] == 24


def test_one_colour_costs_one_key():
    walk = a_walk(clip("still.mp4", size=SIZE, frames=40, filters="drawbox=t=fill:c=teal"), FEW).run()

    assert (walk.receipt["plan"]["keys"], walk.receipt["plan"]["duplicates"]) == (1, 39)


def test_a_cut_at_every_frame_over_the_limit_is_refused_with_the_reason():
    walk = a_walk(cut_at_every_frame(), {**FEW, "limits": {"max_calls": 3}})

    with pytest.raises(JobError, match=r"shots"):
        walk.run()


class KeptPictures:
    """An encoder that keeps every picture of video.mp4 as it was given."""

    def __init__(self) -> None:
        self.pictures: list[RGB] = []

    def open(self, path: Path, form: PartFormat, size: tuple[int, int], rate: Fraction) -> FakeWriter:
        kept = self.pictures

        class Writer(FakeWriter):
            def write(self, picture: RGB) -> None:
                kept.append(picture.copy())
                super().write(picture)

        return Writer(path)


def drawn(video: Path, settings: dict[str, object], megapixels: float) -> tuple[list[RGB], int]:
    """The result's pictures before encoding, and in how many segments they were made."""
    from tests.worlds import FakeJoiner

    encoder = KeptPictures()
    instead = {"encoder": encoder, "joiner": FakeJoiner(), "config": {"segment_megapixels": megapixels}}
    walk = a_walk(video, {**FEW, **settings}, **instead).run()
    return encoder.pictures, walk.receipt["plan"]["segments"]


@pytest.mark.parametrize(
    "settings",
    [{"frames": {"keys": [3, 31, 44]}}, {"frames": {"keys": "every 8"}}, {"frames": {"keys": "all"}}],
    ids=["list", "every 8", "all, steadied"],
)
def test_a_video_made_in_many_segments_is_the_video_made_in_one(settings):
    video = clip("seams.mp4", size=SIZE, frames=60, audio=None)

    one, segments = drawn(video, settings, 250)
    many, more_segments = drawn(video, settings, 13 * SIZE[0] * SIZE[1] / 1e6)

    assert (segments, more_segments) == (1, 5)
    assert len(one) == len(many) == 60
    assert max(int(np.abs(a.astype(int) - b.astype(int)).max()) for a, b in zip(one, many, strict=True)) == 0
