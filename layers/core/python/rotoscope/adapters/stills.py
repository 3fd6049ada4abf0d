"""One file of a sequence as a picture: upright, 8 bit, RGB or RGBA, fitted into the sequence's size. Both sets."""

import io
import warnings
import zipfile
from typing import IO

import numpy as np

# Imported by name: Pillow would look for them on disk when the first picture comes, which a confined process may not.
from PIL import (  # noqa: F401
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from rotoscope import pictures
from rotoscope.errors import VideoTooLarge
from rotoscope.ports import RGB, Alpha
from rotoscope.sizes import LARGEST, Size

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP")
LIMIT = f"At most {LARGEST / 1e6:.0f} megapixels can be taken; scale it."
ORIENTATION = 0x0112
LYING = range(5, 9)
"""Values of EXIF's orientation with which width and height change places."""
SAYING_EARLY = ("JPEG", "MPO", "TIFF")

BROKEN = (*pictures.BROKEN, zipfile.BadZipFile)
"""What a picture raises that is damaged, or made to do harm, in a zip or by itself."""


def opened(file: IO[bytes], name: str) -> Image.Image | None:
    """A picture of which nothing but the header was read; None where it is none. Raises VideoTooLarge."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as problem:
        raise VideoTooLarge(f"The picture {name} is too large. {LIMIT}") from problem
    except BROKEN:
        return None
    if image.width * image.height > LARGEST:
        raise VideoTooLarge(f"The picture {name} is {image.width}x{image.height}. {LIMIT}")
    return image


def decoded(body: bytes, name: str) -> Image.Image | None:
    """A picture as it is meant to be seen, RGBA where it may be transparent, else RGB; None where it is damaged."""
    image = opened(io.BytesIO(body), name)
    if image is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.load()
            return _plain(ImageOps.exif_transpose(image))
    except BROKEN:
        return None


def may_be_transparent(image: Image.Image) -> bool:
    """By the header: whether there are transparent colours or an alpha channel."""
    return image.has_transparency_data


def upright_size(image: Image.Image) -> Size:
    """By the header, where it says how the picture lies: PNG and WebP may say it at their end."""
    try:
        lying = image.format in SAYING_EARLY and image.getexif().get(ORIENTATION) in LYING
    except BROKEN:
        return image.size
    return (image.height, image.width) if lying else image.size


def fitted(image: Image.Image, size: Size) -> Image.Image:
    """The whole picture in the middle of that size; what it leaves free is black, or clear beside transparency."""
    if image.size == size:
        return image
    scale = min(size[0] / image.width, size[1] / image.height)
    width, height = (min(most, max(1, round(side * scale))) for side, most in zip(image.size, size, strict=True))
    canvas = Image.new(image.mode, size)
    inner = image.resize((width, height), Image.Resampling.LANCZOS)
    canvas.paste(inner, ((size[0] - width) // 2, (size[1] - height) // 2))
    return canvas


def shrunk(image: Image.Image, size: Size | None) -> Image.Image:
    """The picture at another size, by means of areas."""
    if size is None or image.size == size:
        return image
    return image.resize(size, Image.Resampling.BOX if size[0] < image.width else Image.Resampling.BICUBIC)


def clear(image: Image.Image) -> Image.Image:
    """The picture with an alpha channel."""
    return image if image.mode == "RGBA" else image.convert("RGBA")


def opaque(image: Image.Image) -> Image.Image:
    """The picture on white paper."""
    if image.mode != "RGBA":
        return image
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def on_white(image: Image.Image) -> RGB:
    """What is seen of the picture on white paper."""
    return np.array(opaque(image))


def opacity(image: Image.Image) -> Alpha:
    """How opaque each pixel is."""
    if image.mode == "RGBA":
        return np.array(image.getchannel("A"))
    return np.full((image.height, image.width), 255, np.uint8)


def _plain(image: Image.Image) -> Image.Image:
    """Of any mode: palettes, greys, CMYK, 16 and 32 bits."""
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image).convert("RGB")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Pillow's own conversion cuts such greys off at 255. Floating point goes to 1, or to 255 if it goes beyond."""
    values = np.nan_to_num(np.asarray(image, np.float32))
    scale = 1 / 257 if image.mode != "F" else 1 if values.max() > 1 else 255
    return Image.fromarray(np.clip(values * scale + 0.5, 0, 255).astype(np.uint8))
