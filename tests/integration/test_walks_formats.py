"""Whole jobs on real media: every format, transparency, both ways, a wipe, odd times, large pictures."""

import io
import zipfile
from math import pi, sin

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from rotoscope.engines.contract import Redrawn
from rotoscope.shaping import WIPE_S
from tests import clips
from tests.clips import clip, vfr
from tests.clips_forms import FRAMES, SIZE, just_too_large, rgba, soft_disc
from tests.clips_pictures import animation
from tests.walking import a_walk

ECHO = {"style": {"engine": "echo"}, "frames": {"keys": "all"}, "motion": {"deflicker": "off"}}
SMALL = 5 * SIZE[0] * SIZE[1] / 1e6
"""Megapixels of a segment of 5 frames."""


def a_result(video, output, megapixels=SMALL, **settings):
    """A finished job whose frames come back as they were."""
    wishes = {**ECHO, **settings, "output": {"compare": False, **output}}
    return a_walk(video, wishes, config={"segment_megapixels": megapixels}).run()


def decoded(body):
    """(seconds, picture) of every frame of a video."""
    with av.open(io.BytesIO(body)) as container:
        frames = [(frame.time, frame.to_ndarray(format="rgb24").astype(int)) for frame in container.decode(video=0)]
    return [time for time, _ in frames], [picture for _, picture in frames]


def animated(body):
    """How long each frame of a GIF or WebP is shown (ms), and what it shows, as RGBA."""
    delays, pictures = [], []
    with Image.open(io.BytesIO(body)) as image:
        for frame in ImageSequence.Iterator(image):
            pictures.append(np.array(frame.convert("RGBA")).astype(int))
            delays.append(frame.info["duration"])  # a WebP's is known when it is decoded
    return delays, pictures


def with_opacity(body, name, *decoder):
    """Every frame of a video, as RGBA."""
    path = clips.written(name, body)
    return [np.frombuffer(frame, np.uint8).reshape(SIZE[1], SIZE[0], 4).astype(int) for frame in rgba(path, *decoder)]


@pytest.fixture(scope="module")
def clear():
    """A job of a transparent clip, in three segments, and the clip's frames."""
    formats = ["webm", "prores", "gif", "webp", "frames", "mp4", "hevc"]
    walk = a_result(soft_disc(), {"formats": formats, "background": "#204060"})
    return walk, with_opacity(soft_disc().read_bytes(), "original.webm", "-c:v", "libvpx-vp9")


@pytest.mark.treats("transparency (VP9 in WebM)", "kept in WebM, ProRes, GIF, WebP and frames, frame for frame")
@pytest.mark.parametrize("form", ["webm", "mov", "gif", "webp", "frames.zip"])
def test_transparency_is_kept(clear, form):
    walk, source = clear

    body = walk.result(f"{walk.job.name}.{form}")
    if form in ("webm", "mov"):
        shown = with_opacity(body, f"result.{form}", *(("-c:v", "libvpx-vp9") if form == "webm" else ()))
    elif form == "frames.zip":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            shown = [np.array(Image.open(archive.open(name))).astype(int) for name in sorted(archive.namelist())]
    else:
        shown = animated(body)[1]

    assert walk.receipt["plan"]["segments"] == 3
    assert len(shown) == len(source) == FRAMES
    for here, there in zip(shown, source, strict=True):
        wanted = 255 * (there[..., 3] >= 128) if form == "gif" else there[..., 3]
        assert np.abs(here[..., 3] - wanted).mean() < 2
        inside = there[..., 3] == 255
        assert np.abs(here[inside][:, :3] - there[inside][:, :3]).mean() < 12


@pytest.mark.treats("transparency, into MP4", "shows output.background")
@pytest.mark.parametrize("suffix", [".mp4", ".hevc.mp4"])
def test_what_cannot_be_transparent_shows_the_background(clear, suffix):
    walk, source = clear

    _, shown = decoded(walk.result(walk.job.name + suffix))

    opacity = source[5][..., 3:] / 255
    expected = source[5][..., :3] * opacity + np.array([0x20, 0x40, 0x60]) * (1 - opacity)
    assert len(shown) == FRAMES
    assert np.abs(shown[5] - expected).mean() < 5
    assert np.abs(shown[5][:4, :4] - (0x20, 0x40, 0x60)).max() < 8


def test_the_receipt_says_what_became_of_transparency(clear):
    notes = clear[0].receipt["notes"]

    assert any(note.startswith("Transparency is kept in soft-disc.webm, soft-disc.mov,") for note in notes)
    assert "In soft-disc.mp4 and soft-disc.hevc.mp4 what is transparent shows #204060 (output.background)." in notes


@pytest.mark.treats("several segments, forwards and back (output.loop)", "every frame but the ends is shown twice")
def test_a_boomerang_goes_there_and_back_across_segments():
    video = clip("there.mp4", size=SIZE, frames=FRAMES, audio="aac")

    walk = a_result(video, {"formats": ["mp4", "gif", "webm", "webp"], "loop": "boomerang"})

    times, pictures = decoded(walk.result("there.mp4"))
    assert walk.receipt["plan"]["segments"] == 3
    assert len(pictures) == 2 * FRAMES - 2
    assert np.allclose(np.diff(times), 1 / 30, atol=1e-3)
    there, back = np.stack(pictures[:FRAMES]), pictures[FRAMES:]
    nearest = [int(np.abs(there - picture).mean((1, 2, 3)).argmin()) for picture in back]
    assert nearest == list(range(FRAMES - 2, 0, -1))
    assert [len(animated(walk.result(f"there.{form}"))[0]) for form in ("gif", "webp")] == [22, 22]
    assert "Sound was dropped because the result also plays backwards." in walk.receipt["notes"]


@pytest.mark.parametrize("frames", [1, 2])
def test_a_boomerang_of_nearly_nothing_is_the_clip_itself(frames):
    walk = a_result(clip(f"nearly-{frames}.mp4", size=SIZE, frames=frames, audio=None), {"loop": "boomerang"})

    assert len(decoded(walk.result(f"nearly-{frames}.mp4"))[1]) == frames


class Inverting:
    """A model that gives back the negative."""

    def redraw(self, frame, style):
        return Redrawn(picture=255 - frame, simulated=False)


def test_the_border_of_a_wipe_follows_time_across_segments():
    video = clip("dark.mp4", size=SIZE, frames=FRAMES, rate="5", filters="drawbox=t=fill:c=0x202020", audio=None)
    settings = {
        "style": {"engine": "control-structure", "prompt": "the negative"},
        "frames": {"keys": "all"},
        "motion": {"deflicker": "off"},
        "output": {"compare": "wipe"},
    }
    walk = a_walk(video, settings, engine=lambda _: Inverting(), config={"segment_megapixels": SMALL}).run()

    times, pictures = decoded(walk.result("compare.mp4"))

    assert len(pictures) == FRAMES
    for time, picture in zip(times, pictures, strict=True):
        border = round(SIZE[0] * (0.5 + 0.5 * sin(2 * pi * time / WIPE_S)))
        assert abs((picture.mean((0, 2)) < 120).sum() - border) <= 2


@pytest.mark.treats("GIF whose frames are shown for different times", "GIF and WebP come back with the same times")
def test_mixed_delays_come_back_as_they_were():
    delays_ms = [100, 20, 30, 500, 70, 10, 40, 250, 60]
    shown_ms = [100, 20, 30, 500, 70, 100, 40, 250, 60]
    video = animation("GIF", mode="RGB", delays_ms=delays_ms, name="mixed.gif")

    walk = a_result(video, {"formats": ["gif", "webp"]})

    assert animated(walk.result("mixed.gif"))[0] == shown_ms
    assert animated(walk.result("mixed.webp"))[0] == shown_ms


@pytest.mark.treats(
    "variable frame rate, cut and thinned (frames.start, end, step)", "the frames left keep their times"
)
def test_what_is_left_of_a_variable_rate_keeps_its_times():
    source, _ = decoded(vfr().read_bytes())
    wanted = [time for time in source[:40] if time - source[0] >= 0.3 - 1e-9][::3]

    walk = a_result(vfr(), {}, 1, frames={"keys": "all", "start": "0.3s", "end": 40, "step": 3})

    times, _ = decoded(walk.result("vfr-h264.mp4"))
    assert len(times) == walk.receipt["plan"]["frames"] == len(wanted)
    assert np.allclose(np.subtract(times, times[0]), np.subtract(wanted, wanted[0]), atol=1e-4)


@pytest.mark.treats("pictures above 4096x2304", "drawn at about 2560x1440 and enlarged again to the source's size")
def test_large_pictures_come_back_in_their_own_size():
    walk = a_result(just_too_large(), {}, 250)

    (source,), (shown,) = (decoded(body)[1] for body in (just_too_large().read_bytes(), walk.result("large.mp4")))
    poster = next(each for each in walk.receipt["outputs"] if each["name"] == "poster.jpg")
    assert shown.shape == source.shape == (2200, 4400, 3)
    assert np.abs(shown - source).mean() < 3
    assert Image.open(io.BytesIO(walk.result("poster.jpg"))).size == (poster["width"], poster["height"])
    assert "Drawn at 2716x1358 and enlarged to 4400x2200." in walk.receipt["notes"]
