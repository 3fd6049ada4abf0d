"""The chunks of an animated WebP tell everything that planning needs, and nothing is decoded for it."""

import io
import struct

import pytest

from rotoscope.adapters.animated_webp import MOST_BYTES, walked
from rotoscope.errors import JobError, NotAVideo, TruncatedVideo, UnreadableVideo, VideoTooLarge
from tests.clips_pictures import packed, picture

DISPOSED, NOT_BLENDED = 1, 2
LOSSY, CLEAR_LOSSY = b"VP8 \x0a\0\0\0" + bytes(10), b"ALPH\x02\0\0\0\0\0VP8 \x0a\0\0\0" + bytes(10)
CLEAR_LOSSLESS = b"VP8L\x06\0\0\0\x2f\0\0\0\x10\0"


def chunk(name, content):
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def frame(size=(8, 6), at=(0, 0), ms=40, flags=0, content=LOSSY):
    numbers = (at[0] // 2, at[1] // 2, size[0] - 1, size[1] - 1, ms)
    return chunk(b"ANMF", b"".join(number.to_bytes(3, "little") for number in numbers) + bytes([flags]) + content)


def webp(*frames, size=(8, 6), flags=0x02, more=b""):
    canvas = b"".join((side - 1).to_bytes(3, "little") for side in size)
    body = b"WEBP" + chunk(b"VP8X", bytes([flags, 0, 0, 0]) + canvas) + chunk(b"ANIM", bytes(6)) + b"".join(frames)
    return b"RIFF" + struct.pack("<I", len(body)) + body + more


def look(body):
    return walked(io.BytesIO(body), len(body))


@pytest.mark.parametrize(("asked", "shown"), [(0, 100), (10, 100), (11, 11), (20, 20), (1000, 1000), (0xFFFFFF,) * 2])
def test_a_frame_that_asks_for_nearly_no_time_gets_what_browsers_give_it(asked, shown):
    assert look(webp(frame(ms=40), frame(ms=asked))).starts_ms == [0, 40, 40 + shown]


def test_a_frame_that_covers_everything_needs_none_before_it():
    small = frame(size=(4, 4), at=(2, 2))

    found = look(webp(frame(), small, frame(), small, frame(content=CLEAR_LOSSY)))

    assert found.keys == [0, 2]
    assert [found.key_of(index) for index in range(5)] == [0, 0, 2, 2, 2]


@pytest.mark.parametrize("content", [CLEAR_LOSSY, CLEAR_LOSSLESS])
def test_a_clear_frame_stands_alone_only_if_it_replaces_what_was_there(content):
    found = look(webp(frame(), frame(content=content), frame(content=content, flags=NOT_BLENDED)))

    assert found.keys == [0, 2]


def test_what_follows_a_cleared_canvas_needs_nothing_before_it():
    small, cleared = frame(size=(4, 4)), frame(flags=DISPOSED)

    assert look(webp(cleared, small, small, cleared, small)).keys == [0, 1, 3, 4]
    assert look(webp(frame(size=(4, 4), flags=DISPOSED), small)).keys == [0, 1]


@pytest.mark.parametrize(
    ("frames", "flags", "alpha"),
    [
        ([frame()], 0x02, False),
        ([frame()], 0x12, True),
        ([frame(), frame(content=CLEAR_LOSSY)], 0x02, True),
        ([frame(content=CLEAR_LOSSLESS)], 0x02, True),
        ([frame(flags=DISPOSED)], 0x02, True),
        ([frame(size=(4, 4))], 0x02, True),
        ([frame(), frame(size=(4, 4))], 0x02, False),
    ],
)
def test_whatever_may_show_through_is_alpha(frames, flags, alpha):
    assert look(webp(*frames, flags=flags)).alpha is alpha


def test_what_lies_after_the_animation_is_no_part_of_it():
    assert len(look(webp(frame(), frame(), more=frame() + b"junk")).frames) == 2


STILL = packed(picture(0), "WEBP")
REFUSED = {
    "a still picture": (lambda: STILL, NotAVideo, "still picture"),
    "cut off": (lambda: webp(frame(), frame())[:-9], TruncatedVideo, "cut off"),
    "only its first bytes": (lambda: webp(frame())[:25], TruncatedVideo, "cut off"),
    "a chunk longer than the file": (lambda: webp(frame(), b"ANMF" + b"\xff" * 4), TruncatedVideo, "cut off"),
    "no frames": (lambda: webp(), UnreadableVideo, "damaged"),
    "an empty frame": (lambda: webp(frame(content=b"")), UnreadableVideo, "damaged"),
    "too many pixels": (lambda: webp(frame(), size=(16_000, 16_000)), VideoTooLarge, "16000x16000"),
    "too many frames": (lambda: webp(*[frame()] * 600, size=(8192, 4608)), VideoTooLarge, "at most 132 frames"),
}


@pytest.mark.parametrize(("made", "error", "says"), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.treats("an animated WebP that was cut off, is too large or holds no frame", "refused with a sentence")
def test_what_is_no_whole_animation_is_refused_with_a_sentence(made, error, says):
    with pytest.raises(error, match=says) as refusal:
        look(made())

    assert str(refusal.value).endswith(".")


def test_a_file_that_does_not_fit_a_function_is_refused():
    with pytest.raises(VideoTooLarge, match="at most 268 MB"):
        walked(io.BytesIO(webp(frame())), MOST_BYTES + 1)


def test_any_byte_may_be_wrong():
    whole = webp(frame(), frame(size=(4, 4), at=(2, 2)))

    for offset in range(len(whole)):
        body = bytearray(whole)
        body[offset] ^= 0xFF
        try:
            assert look(bytes(body)).frames
        except JobError as refusal:
            assert str(refusal).endswith(".")
