"""Pictures of every kind that a zip may hold come out as 8 bit RGB or RGBA, upright, in one size."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from rotoscope.adapters import stills
from rotoscope.errors import VideoTooLarge
from tests.clips_pictures import SIZE, packed, picture

RED, GREEN = (200, 40, 30), (20, 180, 60)


def halves(mode="RGB"):
    """Red on the left, green on the right."""
    image = Image.new("RGB", (8, 4), RED)
    image.paste(GREEN, (4, 0, 8, 4))
    return image.convert(mode)


def sixteen_bits(form):
    values = np.linspace(0, 65535, 256).astype(np.uint16).repeat(4).reshape(32, 32)
    return values, packed(Image.fromarray(values), form)


@pytest.mark.parametrize("form", ["PNG", "TIFF", "BMP", "WEBP", "JPEG"])
def test_a_picture_of_each_format_is_decoded(form):
    options = {"lossless": True} if form == "WEBP" else {"quality": 100, "subsampling": 0} if form == "JPEG" else {}

    image = stills.decoded(packed(picture(3), form, **options), "3")

    assert (image.mode, image.size) == ("RGB", SIZE)
    assert np.abs(np.asarray(image, int) - np.asarray(picture(3), int)).max() <= (4 if form == "JPEG" else 0)


@pytest.mark.parametrize(("mode", "form"), [("P", "PNG"), ("P", "BMP"), ("CMYK", "TIFF"), ("CMYK", "JPEG")])
@pytest.mark.treats("palettes, CMYK, 16 bit and 1 bit pictures in a zip", "shown in their own colours, 8 bit RGB")
def test_palettes_and_printing_colours_become_rgb(mode, form):
    image = stills.decoded(packed(halves(mode), form), "x")

    assert image.mode == "RGB"
    assert [np.abs(np.subtract(image.getpixel(at), of)).max() <= 12 for at, of in [((1, 1), RED), ((6, 2), GREEN)]]


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_greys_of_16_bits_keep_their_whole_range(form):
    values, body = sixteen_bits(form)

    image = stills.decoded(body, "x")

    assert image.mode == "RGB"
    assert np.abs(np.asarray(image)[..., 1] - values / 257).max() <= 1


@pytest.mark.parametrize("most", [1.0, 255.0])
def test_floating_point_goes_from_black_to_white(most):
    values = np.linspace(0, most, 256, dtype=np.float32).reshape(16, 16)

    image = np.asarray(stills.decoded(packed(Image.fromarray(values), "TIFF"), "x"))

    assert (image.min(), image.max(), image.mean()) == (0, 255, pytest.approx(127.5, abs=1))


def test_one_bit_is_black_and_white():
    image = stills.decoded(packed(Image.new("1", (4, 4), 1)), "x")

    assert (image.mode, image.getpixel((0, 0))) == ("RGB", (255, 255, 255))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_transparency_stays(mode):
    source = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    source.putpixel((1, 0), (255, 255, 255, 255))
    body = packed(source.convert(mode), "TIFF" if mode == "PA" else "PNG")

    image = stills.decoded(body, "x")

    assert image.mode == "RGBA"
    assert stills.opacity(image).tolist() == [[0, 255]]
    assert stills.on_white(image).tolist() == [[[255] * 3, [255] * 3]]


def test_a_colour_that_is_declared_transparent_is():
    image = stills.decoded(packed(halves(), "PNG", transparency=RED), "x")

    assert stills.opacity(image)[0].tolist() == [0] * 4 + [255] * 4


@pytest.mark.parametrize(
    ("orientation", "corner"), [(1, RED), (2, GREEN), (3, GREEN), (4, RED), (5, RED), (6, RED), (7, GREEN), (8, GREEN)]
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.treats("photographs in a zip that were taken upright or upside down (EXIF)", "turned upright")
def test_a_picture_is_upright(orientation, corner, form):
    exif = Image.Exif()
    exif[stills.ORIENTATION] = orientation
    options = {"lossless": True} if form == "WEBP" else {"quality": 100} if form == "JPEG" else {}

    image = stills.decoded(packed(halves().resize((32, 16)), form, exif=exif, **options), "x")

    assert image.size == ((16, 32) if orientation in stills.LYING else (32, 16))
    assert np.abs(np.subtract(image.getpixel((1, 1)), corner)).max() <= 12


@pytest.mark.parametrize("size", [(100, 40), (30, 90), (200, 400), (7, 5)])
@pytest.mark.treats("pictures of several sizes in a zip", "fitted into the size of the first, with borders")
def test_a_picture_of_another_size_is_shown_whole_in_the_middle(size):
    white = Image.new("RGB", size, "white")

    shown = np.asarray(stills.fitted(white, (64, 48)))

    rows, columns = np.flatnonzero(shown.any(axis=(1, 2))), np.flatnonzero(shown.any(axis=(0, 2)))
    width, height = columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1
    assert shown.shape == (48, 64, 3)
    assert width == 64 or height == 48
    assert width / height == pytest.approx(size[0] / size[1], rel=0.1)
    assert abs(columns[0] - (63 - columns[-1])) <= 1
    assert abs(rows[0] - (47 - rows[-1])) <= 1


def test_borders_are_clear_beside_transparency_and_black_otherwise():
    clear, opaque = (stills.fitted(Image.new(mode, (4, 4), "white"), (8, 4)) for mode in ("RGBA", "RGB"))

    assert (clear.getpixel((0, 0)), opaque.getpixel((0, 0))) == ((0, 0, 0, 0), (0, 0, 0))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_a_damaged_picture_is_none(form):
    body = packed(picture(1), form)

    assert stills.decoded(body[: len(body) // 2], "x") is None
    assert stills.decoded(b"", "x") is None


@pytest.mark.parametrize(
    "body", [b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.4", b"%!PS-Adobe-3.0 EPSF-3.0\n"]
)
def test_what_pillow_would_hand_to_other_programs_is_not_looked_into(body):
    assert stills.decoded(body, "x") is None


@pytest.mark.parametrize(("side", "says"), [(8000, "is 8000x8000"), (16_000, "is too large")])
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(side, says):
    body, header = packed(picture(1)), b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    forged = body[:12] + header + struct.pack(">I", zlib.crc32(header)) + body[33:]

    with pytest.raises(VideoTooLarge, match=rf"2\.png {says}\. At most 38 megapixels"):
        stills.opened(io.BytesIO(forged), "2.png")
