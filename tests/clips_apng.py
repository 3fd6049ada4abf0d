"""APNG made chunk by chunk, and what has to be seen of it: Pillow's player does not composite as the format says."""

import itertools
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests import clips
from tests.clips_pictures import packed

NONE, BACKGROUND, PREVIOUS = 0, 1, 2
SOURCE, OVER = 0, 1
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Layer:
    """One frame: its picture (height, width, 4), where it lies, and what is done with it."""

    picture: Any
    left: int = 0
    top: int = 0
    dispose: int = NONE
    blend: int = SOURCE
    delay_ms: int = 40


def layers(dispose: int, blend: int, size: tuple[int, int] = (32, 24)) -> list[Layer]:
    """The first one covers everything; the others are half-transparent squares on their way."""
    ground = np.zeros((size[1], size[0], 4), np.uint8)
    ground[:, : size[0] // 2] = (40, 90, 160, 255)
    square = np.full((10, 10, 4), (240, 200, 10, 128), np.uint8)
    square[3:7, 3:7] = (10, 220, 60, 255)
    square[:2, :2] = 0
    moved = [Layer(square, 3 + 4 * n, 2 + 2 * n, dispose, blend, 30 + 10 * n) for n in range(5)]
    return [Layer(ground, dispose=NONE if dispose == PREVIOUS else dispose), *moved]


def apng(name: str, frames: Sequence[Layer], still: Any = None) -> Path:
    """The file; `still` is a picture for programs that know no animation, which is no frame of it."""
    numbers = itertools.count()
    height, width, _ = frames[0].picture.shape
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"acTL", struct.pack(">II", len(frames), 0))
    if still is not None:
        body += _chunk(b"IDAT", _pixels(still))
    for layer in frames:
        tall, wide, _ = layer.picture.shape
        place = struct.pack(">IIIII", next(numbers), wide, tall, layer.left, layer.top)
        body += _chunk(b"fcTL", place + struct.pack(">HHBB", layer.delay_ms, 1000, layer.dispose, layer.blend))
        if layer is frames[0] and still is None:
            body += _chunk(b"IDAT", _pixels(layer.picture))
        else:
            body += _chunk(b"fdAT", struct.pack(">I", next(numbers)) + _pixels(layer.picture))
    return clips.written(name, body + _chunk(b"IEND", b""))


def seen(frames: Sequence[Layer]) -> list[Any]:
    """Every frame as it has to be seen, RGBA (PNG specification, third edition, 11.3.6.2)."""
    canvas, shown = np.zeros_like(frames[0].picture), []
    for layer in frames:
        tall, wide, _ = layer.picture.shape
        place = np.s_[layer.top : layer.top + tall, layer.left : layer.left + wide]
        before = canvas.copy()
        canvas[place] = layer.picture if layer.blend == SOURCE else _over(layer.picture, canvas[place])
        shown.append(canvas.copy())
        if layer.dispose == BACKGROUND:
            canvas[place] = 0
        elif layer.dispose == PREVIOUS:
            canvas = before
    return shown


def claiming(name: str, source: Path, width: int, height: int) -> Path:
    """The same APNG or GIF with another size in its header."""
    body = source.read_bytes()
    if body.startswith(b"GIF"):
        return clips.written(name, body[:6] + struct.pack("<HH", width, height) + body[10:])
    head = _chunk(b"IHDR", struct.pack(">II", width, height) + body[24:29])
    return clips.written(name, body[:8] + head + body[33:])


def _over(above: Any, below: Any) -> Any:
    return np.asarray(Image.alpha_composite(Image.fromarray(below), Image.fromarray(above)))


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _pixels(picture: Any) -> bytes:
    """What Pillow puts into IDAT."""
    body, offset, found = packed(Image.fromarray(picture)), len(SIGNATURE), b""
    while offset < len(body):
        (length,) = struct.unpack(">I", body[offset : offset + 4])
        if body[offset + 4 : offset + 8] == b"IDAT":
            found += body[offset + 8 : offset + 8 + length]
        offset += 12 + length
    return found
