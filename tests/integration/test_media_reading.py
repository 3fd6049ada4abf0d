"""Probing and decoding real clips: any cut gives the same frames as one pass, upright, square, in true colour."""

import hashlib
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from rotoscope.adapters.ffmpeg import run
from rotoscope.adapters.picture_read import PictureReader
from rotoscope.adapters.ranges import open_clip
from rotoscope.contracts import Segment
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import Clip, VideoReader
from tests import clips
from tests.builders import a_source
from tests.clips_pictures import animation, pictured, sequence, zip_file
from tests.playing import CUT_CLIPS, READER, cut, fingerprints, opened, probe, running, stamps_of, whole
from tests.worlds import FakeReader


@pytest.mark.parametrize("make", CUT_CLIPS.values(), ids=CUT_CLIPS.keys())
def test_segments_cut_anywhere_hold_the_same_frames_as_one_pass(make: Callable[[], Path]) -> None:
    clip = opened(make())
    stamps = stamps_of(clip, whole(clip.source))
    inner = random.Random(7).sample(stamps[1:], 4)

    pieces = [fingerprints(clip, segment) for segment in cut(clip.source, sorted(inner))]

    assert [frame for piece in pieces for frame in piece] == fingerprints(clip, whole(clip.source))
    assert stamps == [pts for piece in pieces for pts, _ in piece]
    assert len(stamps) == clip.source.frame_count


@pytest.mark.parametrize("make", CUT_CLIPS.values(), ids=CUT_CLIPS.keys())
def test_small_pictures_come_at_the_same_times_and_show_the_same(make: Callable[[], Path]) -> None:
    clip = opened(make())
    size = (clip.source.width // 3 + 1, clip.source.height // 3)
    large = list(READER.frames(clip, whole(clip.source)))
    border = large[len(large) * 2 // 3][0]

    small = [frame for segment in cut(clip.source, [border]) for frame in READER.frames(clip, segment, size=size)]

    assert [pts for pts, _ in small] == [pts for pts, _ in large]
    shrunk = [cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for _, picture in large]
    assert max(np.abs(one.astype(int) - other[1]).mean() for one, other in zip(shrunk, small, strict=True)) < 4


def test_small_pictures_of_chosen_frames() -> None:
    clip = opened(clips.ntsc())
    wanted = stamps_of(clip, whole(clip.source))[5::9]

    found = list(READER.frames(clip, whole(clip.source), wanted, (31, 17)))

    assert [pts for pts, _ in found] == wanted
    assert {picture.shape for _, picture in found} == {(17, 31, 3)}


def test_a_seek_that_lands_too_late_is_tried_again_further_back() -> None:
    clip = opened(clips.open_gop())
    late, early = clip.source.keyframes[2], clip.source.keyframes[0]
    stamps = stamps_of(clip, whole(clip.source))
    leading = [pts for pts in stamps if pts < late][-2]
    segment = Segment(index=0, start_pts=leading, end_pts=late + 1, seeks=[late, early])

    found = [pts for pts, _ in READER.frames(clip, segment)]

    assert found == [pts for pts in stamps if leading <= pts <= late]


def test_only_wanted_frames_come_and_they_are_the_same_pictures() -> None:
    clip = opened(clips.interlaced())
    every = dict(fingerprints(clip, whole(clip.source)))
    wanted = sorted(every)[3::5]

    chosen = [(pts, hashlib.md5(p.data).hexdigest()) for pts, p in READER.frames(clip, whole(clip.source), wanted)]

    assert chosen == [(pts, every[pts]) for pts in wanted]


READERS: dict[str, Callable[[], tuple[VideoReader, Clip]]] = {
    "fake": lambda: (FakeReader(), Clip("clip.mp4", a_source(60))),
    "FFmpeg": lambda: (READER, opened(clips.ntsc())),
    "zip": lambda: (PictureReader(), pictured(zip_file(sequence(range(12))))),
    "WebP": lambda: (PictureReader(), pictured(animation("WEBP", "RGB"))),
}


@pytest.mark.parametrize("make", READERS.values(), ids=READERS.keys())
def test_readers_and_their_fake_keep_the_same_promises(make: Callable[[], tuple[VideoReader, Clip]]) -> None:
    reader, clip = make()
    every = [pts for pts, _ in reader.frames(clip, whole(clip.source))]
    part = whole(clip.source).model_copy(update={"start_pts": every[5], "end_pts": every[9]})

    chosen = list(reader.frames(clip, part, [every[4], every[6], every[9]]))
    small = list(reader.frames(clip, part, size=(20, 10)))

    assert len(every) == clip.source.frame_count
    assert [(pts, picture.shape[:2]) for pts, picture in chosen] == [
        (every[6], (clip.source.height, clip.source.width))
    ]
    assert [(pts, picture.shape) for pts, picture in small] == [(pts, (10, 20, 3)) for pts in every[5:9]]


def test_a_wanted_frame_that_does_not_exist_is_an_error() -> None:
    clip = opened(clips.ntsc())

    with pytest.raises(MediaToolFailed, match="1 frames did not decode"):
        list(READER.frames(clip, whole(clip.source), [clip.source.start_pts, clip.source.start_pts + 1]))


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks into /proc")
def test_an_abandoned_reader_leaves_no_process_behind() -> None:
    clip = opened(clips.ntsc())
    frames = READER.frames(clip, whole(clip.source))
    next(frames)
    assert running(str(clips.ntsc()))

    frames.close()

    assert not running(str(clips.ntsc()))


def test_a_clip_is_read_through_the_loopback_server_as_from_disk() -> None:
    path = clips.transport_stream()
    clip = opened(path)
    content = path.read_bytes()
    first, second = cut(clip.source, [clip.source.start_pts + 90_000])

    with open_clip(lambda start, end: content[start:end], len(content), clip.source) as remote:
        found = fingerprints(remote, first) + fingerprints(remote, second)

    assert found == fingerprints(clip, whole(clip.source))


def test_a_source_whose_bytes_stop_coming_fails_loudly() -> None:
    path = clips.ntsc()
    content = path.read_bytes()

    def fetch(start: int, end: int) -> bytes:
        if start:
            raise ConnectionAbortedError("the store went away")
        return content[start:end]

    with pytest.raises(MediaToolFailed), open_clip(fetch, len(content), probe(path), block_bytes=8192) as remote:
        list(READER.frames(remote, whole(remote.source)))


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_clip_comes_out_upright(degrees: int) -> None:
    lying = opened(clips.clip(frames=24))
    turned = opened(clips.rotated(degrees))

    stored = next(READER.frames(lying, whole(lying.source)))[1]
    shown = next(READER.frames(turned, whole(turned.source)))[1]

    assert turned.source.rotation == degrees
    assert shown.shape == (turned.source.height, turned.source.width, 3)
    assert np.abs(np.rot90(stored, -degrees // 90).astype(int) - shown).mean() < 2


def test_pixels_that_are_not_square_become_square() -> None:
    clip = opened(clips.anamorphic())

    shown = next(READER.frames(clip, whole(clip.source)))[1]

    assert (clip.source.coded_width, clip.source.sample_aspect) == (160, Fraction(3, 2))
    assert shown.shape == (108, 240, 3)


def test_interlaced_pictures_are_not_combed() -> None:
    clip = opened(clips.interlaced())
    picture = list(READER.frames(clip, whole(clip.source)))[10][1].astype(int).mean(axis=2)

    neighbours = np.abs(picture[2:] - picture[1:-1]).mean()
    same_field = np.abs(picture[2:] - picture[:-2]).mean()

    assert clip.source.interlaced
    assert neighbours < same_field


@pytest.mark.parametrize(
    ("matrix", "tagged", "height"),
    [("bt709", True, 64), ("smpte170m", True, 720), ("bt709", False, 720), ("smpte170m", False, 64)],
)
def test_colours_are_decoded_with_the_right_matrix(matrix: str, tagged: bool, height: int) -> None:
    clip = opened(clips.patches(matrix, tagged=tagged, height=height))

    picture = next(READER.frames(clip, whole(clip.source)))[1]

    middles = picture[height // 2, clips.PATCH // 2 :: clips.PATCH].astype(int)
    assert np.abs(middles - clips.PATCHES).max() <= 3


def test_a_tool_that_stands_still_is_killed_with_its_last_words() -> None:
    endless = ["-v", "warning", "-re", "-f", "lavfi", "-i", "testsrc2", "-f", "null", "-"]

    with pytest.raises(MediaToolFailed, match="time limit"):
        run(endless, timeout_s=0.5)


def test_white_in_high_dynamic_range_comes_out_white() -> None:
    clip = opened(clips.hdr_white())

    picture = next(READER.frames(clip, whole(clip.source)))[1]
    small = next(READER.frames(clip, whole(clip.source), size=(16, 16)))[1]

    assert clip.source.color_transfer == "smpte2084"
    assert picture.min() > 215
    assert np.abs(small.astype(int) - picture[:16, :16]).max() < 3


def test_thousands_of_wanted_frames_are_no_trouble() -> None:
    clip = opened(clips.clip("long.mp4", size=(32, 18), frames=3600, audio=None))
    stamps = stamps_of(clip, whole(clip.source))

    assert [pts for pts, _ in READER.frames(clip, whole(clip.source), stamps[1:])] == stamps[1:]
