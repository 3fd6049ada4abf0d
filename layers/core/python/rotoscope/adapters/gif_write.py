"""Writes a GIF part: its pictures are packed losslessly first, so that choosing colours takes no memory. Vision set."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from rotoscope.adapters import ffmpeg
from rotoscope.adapters.gif import clear_after_each
from rotoscope.adapters.gif_graphs import OPAQUE_FROM, gif_arguments, lossless_arguments, palette_arguments
from rotoscope.adapters.part_graphs import Pictures
from rotoscope.adapters.pipe_write import PipeWriter, verified_count
from rotoscope.ports import RGB, Alpha


class GifWriter:
    """The PartWriter of GIFs."""

    def __init__(self, path: Path, pictures: Pictures, timeout_s: float) -> None:
        self._path = path
        self._pictures = pictures
        self._timeout_s = timeout_s
        self._folder = tempfile.TemporaryDirectory(dir=path.parent)
        self._packed = Path(self._folder.name) / "pictures.mkv"
        arguments = lossless_arguments(str(self._packed), pictures.size, pictures.alpha)
        self._writer = PipeWriter(self._packed, arguments, pictures, timeout_s)

    def __enter__(self) -> "GifWriter":
        return self

    def __exit__(self, *_: Any) -> None:
        self._writer.__exit__()
        self._folder.cleanup()

    def write(self, picture: RGB, alpha: Alpha | None = None) -> None:
        """Adds one picture, which must have the part's size, with its alpha if the part has one."""
        if alpha is not None:  # colours that nobody sees would take their share of the palette
            picture = np.where(alpha[..., None] < OPAQUE_FROM, np.uint8(0), picture)
        self._writer.write(picture, alpha)

    def close(self) -> int:
        """Chooses the palette, draws the GIF, counts its frames."""
        with self._folder:
            written = self._writer.close()
            packed, palette = str(self._packed), str(Path(self._folder.name) / "palette.png")
            alpha, enlarged = self._pictures.alpha, self._pictures.enlarged
            ffmpeg.run(palette_arguments(packed, palette, alpha=alpha), timeout_s=self._timeout_s)
            drawn = gif_arguments(packed, palette, str(self._path), alpha=alpha, enlarged=enlarged)
            ffmpeg.run(drawn, timeout_s=self._timeout_s)
        if alpha:
            clear_after_each(self._path)
        return verified_count(self._path, written, self._timeout_s)
