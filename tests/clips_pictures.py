"""Sequences of pictures as zips, animated WebP, GIF and APNG, made with Pillow; no picture is like another."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from rotoscope.adapters.picture_probe import PictureProber
from rotoscope.adapters.picture_read import PictureReader
from rotoscope.contracts import Segment
from rotoscope.ports import Clip
from tests import clips
from tests.playing import whole

SIZE = (96, 64)
STEP = 9
"""How much redder each picture is than the one before it."""

DELAYS_MS = [100, 20, 30, 500, 70, 40, 10, 0, 250, 60]
"""Of an animation whose every frame is shown for another time."""
SEEN_MS = [100, 20, 30, 500, 70, 40, 100, 100, 250, 60]
"""The same as browsers show it: who asks for nearly nothing gets a tenth of a second."""

WEBP: dict[str, dict[str, Any]] = {
    "every frame whole": {"lossless": True, "kmin": 0, "kmax": 1},
    "frames that change a part": {"lossless": True, "minimize_size": True},
    "a key frame now and then": {"lossless": True, "kmin": 2, "kmax": 3},
    "lossy": {"quality": 80},
}


def picture(number: int, size: tuple[int, int] = SIZE, mode: str = "RGB") -> Image.Image:
    """A ball on its way over a flat ground that tells the number (STEP); clear where `mode` has alpha."""
    image = Image.new("RGBA", size, (number * STEP % 256, 90, 160, 0 if mode == "RGBA" else 255))
    draw = ImageDraw.Draw(image)
    left = 4 + number * 5 % (size[0] - 28)
    draw.ellipse((left, 20, left + 20, 40), fill=(240, 200, 10, 255))
    draw.rectangle((left, 44, left + 20, 54), fill=(20, 30, 40, 128 if mode == "RGBA" else 255))
    if mode == "RGBA":
        return image
    return image.convert("RGB").quantize() if mode == "P" else image.convert("RGB").convert(mode)


def number_of(shown: Any) -> int:
    """Which `picture` without alpha this is, by its corner."""
    return round(int(shown[-1, -1, 0]) / STEP)


def packed(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """As a file."""
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip with these members, in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return buffer.getvalue()


def sequence(numbers: Iterable[int] = range(12), name: str = "frame{}.png", **options: Any) -> dict[str, bytes]:
    """Members of a zip, the last one first: their order in the zip says nothing."""
    return {name.format(number): packed(picture(number, **options)) for number in reversed(list(numbers))}


def zip_file(members: Mapping[str, bytes], name: str = "frames.zip", method: int = zipfile.ZIP_STORED) -> Path:
    """A zip on disk."""
    return clips.written(name, zipped(members, method))


def animation(
    form: str, mode: str = "RGBA", delays_ms: Sequence[int] = DELAYS_MS, name: str = "", **options: Any
) -> Path:
    """One `picture` after the other, in the format that Pillow calls so."""
    images = [picture(number, mode=mode) for number in range(len(delays_ms))]
    target = clips.path(name or f"animation-{mode}.{form.lower()}")
    images[0].save(target, form, save_all=True, append_images=images[1:], duration=list(delays_ms), **options)
    return target


def played(path: Path) -> list[Any]:
    """Every frame as Pillow shows it, RGBA."""
    shown = []
    with Image.open(path) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            shown.append(np.array(image.convert("RGBA")))
    return shown


def pictured(path: Path) -> Clip:
    """A zip or an animated WebP, opened."""
    with path.open("rb") as file:
        return Clip(str(path), PictureProber().probe(file, path.stat().st_size))


def numbers(clip: Clip, segment: Segment | None = None) -> list[tuple[int, int]]:
    """(pts, which `picture` is shown) of a clip without alpha, as it is read."""
    frames = PictureReader().frames(clip, segment or whole(clip.source))
    return [(pts, number_of(shown)) for pts, shown in frames]


def on_white(rgba: Any) -> Any:
    """What is seen of a picture on white paper."""
    alpha = rgba[..., 3:].astype(float) / 255
    return (rgba[..., :3] * alpha + 255 * (1 - alpha)).round().astype(np.uint8)
