"""Key frames as small pictures inside the page: the source's and the restyled one of each."""

import io
from base64 import b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image

from rotoscope import layout
from rotoscope.overview import Overview
from rotoscope.ports import BlobStore

SHOWN = 48
WIDTH, LARGE_WIDTH = 320, 1280
QUALITY = 78
AT_ONCE = 8


@dataclass(frozen=True)
class Pair:
    """One key frame as JPEGs in data URLs; `styled` is None where no call brought a picture."""

    index: int
    source: str
    styled: str | None
    size: tuple[int, int]


def spread(ascending: Sequence[int], most: int = SHOWN) -> list[int]:
    """At most so many of them, evenly chosen, the first and the last among them."""
    if len(ascending) <= most:
        return list(ascending)
    return [ascending[round(n * (len(ascending) - 1) / (most - 1))] for n in range(most)]


def pairs(job: str, keys: Sequence[int], film: Overview, studio: BlobStore, width: int = WIDTH) -> list[Pair]:
    """Of these key frames of a film."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda key: _pair(job, key, film, studio, width), keys))


def _pair(job: str, key: int, film: Overview, studio: BlobStore, width: int) -> Pair:
    source, size = _reduced(studio.read(layout.source_frame(job, film.time_of(key))), width)
    shown = film.keys.get(key)
    styled = None if shown is None else _reduced(studio.read(shown), width)[0]
    return Pair(key, source, styled, size)


def _reduced(body: bytes, width: int) -> tuple[str, tuple[int, int]]:
    """At most `width` pixels wide; a large JPEG is decoded at a fraction of its size."""
    with Image.open(io.BytesIO(body)) as image:
        size = (min(width, image.width), max(1, round(image.height * min(1.0, width / image.width))))
        image.draft("RGB", size)
        small = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=QUALITY)
    return f"data:image/jpeg;base64,{b64encode(buffer.getvalue()).decode()}", size
