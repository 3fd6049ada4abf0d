"""Opens the parts of results for writing, each format in its own way. Vision set."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from rotoscope.adapters import ffmpeg
from rotoscope.adapters.archive import StillsWriter, png
from rotoscope.adapters.gif_write import GifWriter
from rotoscope.adapters.part_graphs import Pictures, hevc_arguments, mp4_arguments, prores_arguments, webm_arguments
from rotoscope.adapters.pipe_write import PipeWriter
from rotoscope.adapters.webp import webp
from rotoscope.format_limits import refuse_unwritable
from rotoscope.ports import PartFormat, PartWriter

PIPED: dict[PartFormat, Callable[[str, Pictures], list[str]]] = {
    "mp4": mp4_arguments,
    "hevc": hevc_arguments,
    "prores": prores_arguments,
    "webm": webm_arguments,
}


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
        """Begins a part. GIF parts need room beside `path` for their pictures, losslessly packed.

        Raises SettingsInvalid for pictures that this format cannot have.
        """
        pictures = Pictures(size, rate, alpha, enlarged)
        refuse_unwritable([form], pictures.shown, alpha)
        if form == "gif":
            return GifWriter(path, pictures, self._timeout_s)
        if form in ("webp", "frames"):
            return StillsWriter(path, webp if form == "webp" else png, pictures.enlarged)
        return PipeWriter(path, PIPED[form](str(path), pictures), pictures, self._timeout_s)
