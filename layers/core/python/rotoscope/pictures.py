"""JPEG and other still pictures to arrays and back, the same way everywhere."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

from rotoscope.errors import UnreadableVideo
from rotoscope.ports import RGB

MAX_STILL_PIXELS = 50_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")
"""Pillow would start other programs for some of the rest."""

BROKEN = (
    *(OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, AttributeError, OverflowError),
    *(struct.error, zlib.error, Image.DecompressionBombError, RuntimeError),
)
"""What Pillow raises for pictures that are damaged, made to do harm, or of a kind that it cannot decode."""


def to_jpeg(picture: RGB, quality: int = 95) -> bytes:
    """JPEG 4:4:4: at 4:2:0 the round trip costs 10 dB (docs/adr/0006)."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality, subsampling=0)
    return buffer.getvalue()


def from_bytes(body: bytes) -> RGB:
    """Any still picture as RGB; transparency on white. Raises UnreadableVideo when it is none or is too large."""
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as image:
            if image.width * image.height > MAX_STILL_PIXELS:
                raise UnreadableVideo(f"The picture is too large: {image.width}x{image.height}, at most 50 megapixels.")
            if image.has_transparency_data:
                clear = image.convert("RGBA")
                return np.asarray(Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB"))
            return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
    except BROKEN as error:
        raise UnreadableVideo("The file is not a picture that can be read.") from error


def resized(picture: RGB, width: int, height: int) -> RGB:
    """The picture at another size, for functions without OpenCV."""
    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))


def shaped(body: bytes, size: tuple[int, int], fit: str) -> bytes:
    """A JPEG padded with black or cropped to `size`, for functions without OpenCV; as it is if it has that size."""
    with Image.open(io.BytesIO(body), formats=FORMATS) as image:
        if image.size == size:
            return body
        made = ImageOps.fit(image, size) if fit == "crop" else ImageOps.pad(image, size, color="black")
    buffer = io.BytesIO()
    made.convert("RGB").save(buffer, "JPEG", quality=95, subsampling=0)
    return buffer.getvalue()
