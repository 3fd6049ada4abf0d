"""Encodes one part of a result from pictures through a pipe, and counts what came out. Vision set."""

import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from rotoscope.adapters import ffmpeg
from rotoscope.adapters.archive import PngWriter
from rotoscope.adapters.part_graphs import (
    count_arguments,
    gif_arguments,
    lossless_arguments,
    mp4_arguments,
    palette_arguments,
    webm_arguments,
)
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import RGB, Alpha, PartFormat, PartWriter


class FfmpegEncoder:
    """The PartEncoder. `timeout_s` bounds how long FFmpeg may keep us waiting per part."""

    def __init__(self, timeout_s: float = ffmpeg.TIMEOUT_S) -> None:
        self._timeout_s = timeout_s

    def open(
        self,
        path: Path,
        form: PartFormat,
        size: tuple[int, int],
        rate: Fraction,
        *,
        alpha: bool = False,
        enlarged: tuple[int, int] | None = None,
    ) -> PartWriter:
        """Begins a part. GIF parts need room beside `path` for their pictures, losslessly packed."""
        writers: dict[PartFormat, Callable[[], PartWriter]] = {
            "mp4": lambda: PipeWriter(path, mp4_arguments(str(path), size, rate), size, self._timeout_s),
            "webm": lambda: PipeWriter(path, webm_arguments(str(path), size, rate), size, self._timeout_s),
            "gif": lambda: GifWriter(path, size, self._timeout_s),
            "frames": lambda: PngWriter(path),
        }
        return writers[form]()


class PipeWriter:
    """One FFmpeg process that eats pictures of one size."""

    def __init__(self, path: Path, arguments: list[str], size: tuple[int, int], timeout_s: float) -> None:
        self._path = path
        self._shape = (size[1], size[0], 3)
        self._timeout_s = timeout_s
        self._written = 0
        self._tool = ffmpeg.Tool(arguments, timeout_s=timeout_s, fed=True)

    def write(self, picture: RGB, alpha: Alpha | None = None) -> None:
        """Adds one picture, which must have the part's size."""
        if picture.shape != self._shape or picture.dtype != np.uint8:
            raise ValueError(f"a picture of {picture.shape} {picture.dtype} does not fit into a part of {self._shape}")
        self._tool.feed(np.ascontiguousarray(picture).data.cast("B"))
        self._written += 1

    def close(self) -> int:
        """Ends the part and counts its frames; a zero exit code proves nothing."""
        with self._tool:
            self._tool.finish()
        return verified_count(self._path, self._written, self._timeout_s)

    def __enter__(self) -> "PipeWriter":
        return self

    def __exit__(self, *_: Any) -> None:
        self._tool.__exit__()


class GifWriter:
    """Packs the pictures losslessly first, so that choosing their palette takes no memory."""

    def __init__(self, path: Path, size: tuple[int, int], timeout_s: float) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._folder = tempfile.TemporaryDirectory(dir=path.parent)
        self._packed = Path(self._folder.name) / "pictures.mkv"
        self._writer = PipeWriter(self._packed, lossless_arguments(str(self._packed), size), size, timeout_s)

    def __enter__(self) -> "GifWriter":
        return self

    def __exit__(self, *_: Any) -> None:
        self._writer.__exit__()
        self._folder.cleanup()

    def write(self, picture: RGB, alpha: Alpha | None = None) -> None:
        """Adds one picture, which must have the part's size."""
        self._writer.write(picture)

    def close(self) -> int:
        """Chooses the palette, draws the GIF, counts its frames."""
        with self._folder:
            written = self._writer.close()
            palette = str(Path(self._folder.name) / "palette.png")
            ffmpeg.run(palette_arguments(str(self._packed), palette), timeout_s=self._timeout_s)
            ffmpeg.run(gif_arguments(str(self._packed), palette, str(self._path)), timeout_s=self._timeout_s)
        return verified_count(self._path, written, self._timeout_s)


def verified_count(path: Path, written: int, timeout_s: float) -> int:
    """The frames that are really in a part."""
    listing = ffmpeg.run(count_arguments(str(path)), timeout_s=timeout_s).decode()
    found = sum(1 for line in listing.splitlines() if line and not line.startswith("#"))
    if found != written:
        raise MediaToolFailed(f"A part of {written} pictures was encoded to {found}")
    return found
