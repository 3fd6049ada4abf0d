"""Walks the chunks of an animated WebP (RFC 9649): what it holds and when it is shown, without decoding. Both sets."""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from rotoscope.errors import NotAVideo, TruncatedVideo, UnreadableVideo, VideoTooLarge
from rotoscope.sizes import LARGEST

ANIMATED, WITH_ALPHA = 0x02, 0x10
"""Flags of the VP8X chunk."""
DISPOSED, NOT_BLENDED = 0x01, 0x02
"""Flags of a frame: it leaves its place clear when it ends; it replaces what was there, transparency and all."""

TOO_SHORT_MS, INSTEAD_MS = 10, 100
"""Browsers show a frame that asks for no more than the first for the second."""

MOST_BYTES = 256 << 20
"""They have to fit a function's memory, three times."""
MOST_FRAMES = 50_000
MOST_PIXELS = 5 * 10**9
"""Of all frames together: every segment may have to decode all frames before it."""

CUT_OFF = "The file ends before its animation does: the upload was cut off. Please upload the whole file."
DAMAGED = "The animated WebP file is damaged. Please export it again and upload the new file."
STILL = "The WebP file holds a still picture, not an animation. Please upload a video."
FRAME_BYTES = 16
_PLAYED_ONCE = b"ANIM" + struct.pack("<IIH", 6, 0, 1)


@dataclass(frozen=True)
class Frame:
    """Where a frame's chunk lies in the file, and how long it is shown. `covers` is whether it fills the canvas."""

    offset: int
    end: int
    duration_ms: int
    covers: bool
    may_show_through: bool
    blended: bool
    disposed: bool


@dataclass
class AnimatedWebp:
    """An animation's own facts. `keys` are the frames that need none before them, `alpha` is whether anything may be
    transparent; `starts_ms` has one entry more than there are frames."""

    width: int
    height: int
    alpha: bool
    frames: list[Frame] = field(default_factory=list)
    starts_ms: list[int] = field(default_factory=lambda: [0])
    keys: list[int] = field(default_factory=list)

    def add(self, frame: Frame) -> None:
        """The next frame. Raises VideoTooLarge for one too many."""
        _require_bearable(len(self.frames) + 1, self.width * self.height)
        if self._stands_alone(frame):
            self.keys.append(len(self.frames))
        first_is_small = not self.frames and not frame.covers
        self.alpha = self.alpha or frame.may_show_through or frame.disposed or first_is_small
        self.frames.append(frame)
        self.starts_ms.append(self.starts_ms[-1] + frame.duration_ms)

    def _stands_alone(self, frame: Frame) -> bool:
        """As libwebp finds its key frames: all is drawn over, or all was cleared."""
        if not self.frames:
            return True
        before, number = self.frames[-1], len(self.frames)
        cleared = before.disposed and (before.covers or self.keys[-1] == number - 1)
        return cleared or (frame.covers and not (frame.blended and frame.may_show_through))

    def key_of(self, index: int) -> int:
        """The nearest frame at or before one from which it can be decoded."""
        return self.keys[bisect_right(self.keys, index) - 1]

    def excerpt(self, file: BinaryIO, first: int, last: int) -> bytes:
        """An animation of some of the frames: `first` is one that needs none before it."""
        start, end = self.frames[first].offset, self.frames[last].end
        file.seek(start)
        canvas = (self.width - 1).to_bytes(3, "little") + (self.height - 1).to_bytes(3, "little")
        flags = ANIMATED | (WITH_ALPHA if self.alpha else 0)
        head = b"WEBPVP8X" + struct.pack("<IB3x", 10, flags) + canvas + _PLAYED_ONCE
        return b"RIFF" + struct.pack("<I", len(head) + end - start) + head + file.read(end - start)


def walked(file: BinaryIO, size: int) -> AnimatedWebp:
    """Raises NotAVideo, TruncatedVideo, UnreadableVideo or VideoTooLarge, each with a sentence."""
    found = _canvas(file, size)
    for name, offset, end in _chunks(file, 12, size):
        if name == b"ANMF":
            found.add(_frame(file, offset, end, (found.width, found.height)))
    if not found.frames:
        raise UnreadableVideo(DAMAGED)
    return found


def _canvas(file: BinaryIO, size: int) -> AnimatedWebp:
    """The animation without its frames."""
    file.seek(0)
    head = file.read(30)
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        raise NotAVideo(DAMAGED)
    if len(head) < 30 or 8 + int.from_bytes(head[4:8], "little") > size:
        raise TruncatedVideo(CUT_OFF)
    if head[12:16] != b"VP8X" or not head[20] & ANIMATED:
        raise NotAVideo(STILL)
    width, height = (1 + int.from_bytes(head[at : at + 3], "little") for at in (24, 27))
    if width * height > LARGEST:
        raise VideoTooLarge(
            f"The picture is {width}x{height}; at most {LARGEST / 1e6:.0f} megapixels can be taken. Scale it."
        )
    if size > MOST_BYTES:
        raise VideoTooLarge(
            f"The animated WebP has {size / 1e6:,.0f} MB; at most {MOST_BYTES / 1e6:.0f} MB can be taken. "
            "Please upload it as MP4 or WebM."
        )
    return AnimatedWebp(width, height, bool(head[20] & WITH_ALPHA))


def _chunks(file: BinaryIO, offset: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, offset, end) of each; what comes after the last whole one is somebody's appendix."""
    file.seek(4)
    end = min(end, 8 + int.from_bytes(file.read(4), "little"))
    while offset + 8 <= end:
        file.seek(offset)
        name, length = struct.unpack("<4sI", file.read(8))
        after = offset + 8 + length + length % 2
        if offset + 8 + length > end:
            raise TruncatedVideo(CUT_OFF)
        yield name, offset, after
        offset = after


def _frame(file: BinaryIO, offset: int, end: int, canvas: tuple[int, int]) -> Frame:
    if end - offset < 8 + FRAME_BYTES + 8:
        raise UnreadableVideo(DAMAGED)
    file.seek(offset + 8)
    head = file.read(FRAME_BYTES + 13)
    left, top, width, height, wanted_ms = (int.from_bytes(head[at : at + 3], "little") for at in range(0, 15, 3))
    return Frame(
        offset,
        end,
        duration_ms=INSTEAD_MS if wanted_ms <= TOO_SHORT_MS else wanted_ms,
        covers=(left, top, width + 1, height + 1) == (0, 0, *canvas),
        may_show_through=_has_alpha(head[FRAME_BYTES:]),
        blended=not head[15] & NOT_BLENDED,
        disposed=bool(head[15] & DISPOSED),
    )


def _has_alpha(chunk: bytes) -> bool:
    """Of a frame's first chunk: an ALPH chunk before a lossy picture, or a bit of the lossless picture's header."""
    return chunk[:4] not in (b"VP8 ", b"VP8L") or (chunk[:4] == b"VP8L" and len(chunk) > 12 and bool(chunk[12] & 0x10))


def _require_bearable(frames: int, pixels: int) -> None:
    if frames > MOST_FRAMES or frames * pixels > MOST_PIXELS:
        raise VideoTooLarge(
            f"The animated WebP is too long: at most {min(MOST_FRAMES, MOST_PIXELS // pixels):,} frames of its size "
            "can be taken. Please upload it as MP4 or WebM."
        )
