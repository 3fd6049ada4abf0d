"""Whole jobs on real media in this process: odd clips come back whole or are refused, and segments leave no seam."""

import io
import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from rotoscope import layout
from rotoscope.adapters.ffmpeg import run
from rotoscope.engines.contract import Redrawn, Style
from rotoscope.errors import FrameFiltered, JobError
from rotoscope.ports import RGB, Alpha, PartFormat
from rotoscope.reach import LASTING
from tests import clips
from tests.builders import png
from tests.clips import clip
from tests.walking import Walk, a_walk
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

    def open(self, path: Path, form: PartFormat, size: tuple[int, int], rate: Fraction, **_: object) -> FakeWriter:
        kept = self.pictures

        class Writer(FakeWriter):
            def write(self, picture: RGB, alpha: Alpha | None = None) -> None:
                kept.append(picture.copy())
                super().write(picture, alpha)

        return Writer(path)


def drawn(video: Path, settings: dict[str, object], megapixels: float, **instead: object) -> tuple[list[RGB], int]:
    """The result's pictures before encoding, and in how many segments they were made."""
    encoder = KeptPictures()
    walk = unjoined(video, settings, megapixels, encoder=encoder, **instead).run()
    return encoder.pictures, walk.receipt["plan"]["segments"]


def unjoined(video: Path, settings: dict[str, object], megapixels: float, **instead: object) -> Walk:
    """A job whose pictures are looked at before they are encoded."""
    from tests.worlds import FakeJoiner

    fakes = {"joiner": FakeJoiner(), "config": {"segment_megapixels": megapixels}}
    return a_walk(video, {**FEW, **settings}, **fakes, **instead)


class Inverting:
    """A model that gives back the negative, and keeps to itself the frames that its filter refuses."""

    def __init__(self, *refused: int) -> None:
        self.refused, self.asked = set(refused), list[int]()

    def redraw(self, frame: RGB, style: Style) -> Redrawn:
        self.asked.append(style.frame_index)
        if style.frame_index in self.refused:
            raise FrameFiltered("Not this one.")
        return Redrawn(picture=255 - frame, simulated=False)


MODEL = {"engine": "control-structure", "prompt": "the negative"}
SMALL = 13 * SIZE[0] * SIZE[1] / 1e6
"""Megapixels of a segment of 12 or 13 frames."""


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


@pytest.mark.parametrize("keys", [[3, 20, 31, 44], "every 8", "all"], ids=str)
def test_many_segments_draw_what_one_draws_where_keys_were_lost(keys):
    video = clip("seams.mp4", size=SIZE, frames=60, audio=None)
    lost, settings = (20, 24, 25, 26, 32, 40), {"frames": {"keys": keys}, "style": MODEL}

    one, _ = drawn(video, settings, 250, engine=lambda _: Inverting(*lost))
    many, _ = drawn(video, settings, SMALL, engine=lambda _: Inverting(*lost))

    assert len(one) == len(many) == 60
    assert max(int(np.abs(a.astype(int) - b.astype(int)).max()) for a, b in zip(one, many, strict=True)) == 0


def test_edited_keys_are_shown_as_they_are_and_nothing_is_paid_again():
    video, model, encoder = clip("seams.mp4", size=SIZE, frames=60, audio=None), Inverting(20), KeptPictures()
    settings = {"frames": {"keys": [0, 20, 40, 59]}, "style": MODEL}
    walk = unjoined(video, settings, SMALL, encoder=encoder, engine=lambda _: model).run()
    before, mine = walk.receipt["cost"]["model_usd"], np.full((SIZE[1], SIZE[0], 3), (10, 200, 30), np.uint8)
    for folder, index in (("wrong", 40), ("wrong", 999), ("right", 40)):
        walk.services.inbox.put(f"{folder}/{index:08d}.png", png(mine))
    model.asked.clear()

    walk.services.claims.finish(walk.job.id, "succeeded")
    with pytest.raises(JobError, match=r"999"):
        walk.run({"resume": walk.job.id, "keys": "wrong/"}, "wrong")
    walk.services.claims.finish(walk.job.id, "failed")
    walk.run({"resume": walk.job.id, "keys": "right/"}, "right")

    assert (model.asked, walk.receipt["cost"]["model_usd"]) == ([], before)
    assert walk.receipt["plan"]["own"] == 1
    assert np.abs(encoder.pictures[40 - 60].astype(int) - mine).max() <= 2


def test_a_raised_limit_neither_moves_a_key_nor_drops_one_that_was_paid():
    video, model = clip("seams.mp4", size=SIZE, frames=60, audio=None), Inverting()
    wishes = {"frames": {"max_gap": 6}, "style": MODEL}
    fakes = {"encoder": KeptPictures(), "engine": lambda _: model}
    walk = unjoined(video, {**wishes, "limits": {"max_calls": 4}}, SMALL, **fakes).run()
    paid = sorted(model.asked)
    walk.services.claims.finish(walk.job.id, "failed")
    raised = {**FEW, **wishes, "limits": {"max_calls": 9}}
    walk.services.inbox.put(layout.sidecar(walk.job.key), json.dumps(raised).encode())

    walk.run({"resume": walk.job.id}, "again")

    assert len(paid) == 4
    assert sorted(model.asked) == paid
    assert walk.services.documents.keys(walk.job.id).frames == paid


@pytest.mark.parametrize(
    "settings",
    [
        {"limits": {"max_calls": 3}},
        {"frames": {"keys": [0, 43]}},
        {"frames": {"keys": "every 8"}},
        {"frames": {"keys": "all"}},
    ],
    ids=["adaptive", "list", "every 8", "all, steadied"],
)
def test_pictures_held_across_borders_and_cuts_leave_no_seam(settings):
    on_twos, held, cut = "shuffleframes=0 0", "loop=loop=24:size=1:start=20,setpts=N/30/TB", "negate=enable='gte(n,56)'"
    video = clip("held.mp4", size=SIZE, frames=50, audio=None, filters=f"{on_twos},{held},{cut}")

    one, segments = drawn(video, settings, 250)
    many, more_segments = drawn(video, settings, 13 * SIZE[0] * SIZE[1] / 1e6)

    assert (segments, more_segments) == (1, 6)
    assert len(one) == len(many) == 74
    assert [n for n, (a, b) in enumerate(zip(one, many, strict=True)) if not np.array_equal(a, b)] == []


def test_a_picture_held_longer_than_motion_is_followed_is_the_same_in_every_segment_but_for_noise():
    held = f"loop=loop={LASTING + 20}:size=1:start=10,setpts=N/30/TB"
    video = clip("long-held.mp4", size=SIZE, frames=24, audio=None, filters=held)

    one, _ = drawn(video, {"frames": {"keys": [0, LASTING + 40]}}, 250)
    many, segments = drawn(video, {"frames": {"keys": [0, LASTING + 40]}}, 13 * SIZE[0] * SIZE[1] / 1e6)

    assert segments > 10
    assert max(float(np.abs(a.astype(int) - b).mean()) for a, b in zip(one, many, strict=True)) < 1.5
