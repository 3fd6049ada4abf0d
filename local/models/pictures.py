"""Pictures in request and answer bodies: base64, format, size; inside, RGB uint8 arrays (height, width, 3)."""

import base64
import binascii
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from local.models.schema import Rejected, wrong_type

Pixels = NDArray[np.uint8]
SizeRule = Callable[[int, int], str | None]
MEGAPIXEL = 1_048_576
FORMATS = ("JPEG", "PNG", "WEBP")
UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)
WRITERS: dict[str, tuple[str, list[int]]] = {
    "png": (".png", [cv2.IMWRITE_PNG_COMPRESSION, 1]),
    "jpeg": (
        ".jpg",
        [cv2.IMWRITE_JPEG_QUALITY, 95, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444],
    ),
    "webp": (".webp", [cv2.IMWRITE_WEBP_QUALITY, 95]),
}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A base64 JPEG, PNG or WebP without a `data:` prefix; `rule` answers with what is wrong with its size, or None."""

    rule: SizeRule
    required: bool = False
    default: None = None

    def read(self, value: Any, pointer: str) -> Pixels:
        """The decoded picture; raises Rejected."""
        if not isinstance(value, str):
            raise wrong_type(pointer, "String", value)
        with _opened(value, pointer) as picture:
            problem = self.rule(picture.width, picture.height)
            if problem:
                raise Rejected(pointer, problem)
            return _pixels(picture, pointer)


def encoded(pixels: Pixels, form: str) -> str:
    """The picture as base64 of a `png`, `jpeg` or `webp` file."""
    suffix, options = WRITERS[form]
    written, buffer = cv2.imencode(suffix, cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    if not written:
        raise ValueError(f"cannot write a picture of shape {pixels.shape} as {form}")
    return base64.b64encode(buffer.tobytes()).decode()


def resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """The picture at `size` (width, height)."""
    height, width = pixels.shape[:2]
    if (width, height) == size:
        return pixels
    shrinks = size[0] * size[1] < width * height
    scaled = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return np.asarray(scaled, np.uint8)


def one_megapixel(aspect: float) -> tuple[int, int]:
    """(width, height) of about 1 MP at this aspect, in steps of 16; which steps the service takes is not documented."""
    return _in_steps(math.sqrt(MEGAPIXEL * aspect)), _in_steps(math.sqrt(MEGAPIXEL / aspect))


def _in_steps(side: float) -> int:
    return max(64, round(side / 16) * 16)


def _opened(text: str, pointer: str) -> Image.Image:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Rejected(pointer, "invalid base64-encoded image") from error
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except UNREADABLE as error:
        raise Rejected(pointer, "unsupported image format, it must be one of JPEG, PNG, WebP") from error


def _pixels(picture: Image.Image, pointer: str) -> Pixels:
    try:
        return np.array(picture.convert("RGB"), np.uint8)
    except UNREADABLE as error:
        raise Rejected(pointer, "the image is damaged") from error
