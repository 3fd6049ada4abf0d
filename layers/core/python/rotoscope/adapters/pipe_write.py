"""Writes a part by one FFmpeg process that eats pictures of one size, and counts what came out. Vision set."""

from pathlib import Path
from typing import Any

import numpy as np

from rotoscope.adapters import ffmpeg
from rotoscope.adapters.pacing import PacedTool
from rotoscope.adapters.part_graphs import Pictures, count_arguments
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import RGB, Alpha


class PipeWriter:
    """The PartWriter of what FFmpeg encodes in one pass."""

    def __init__(self, path: Path, arguments: list[str], pictures: Pictures, timeout_s: float) -> None:
        width, height = pictures.size
        self._path = path
        self._shape = (height, width, 3)
        self._joined = np.empty((height, width, 4), np.uint8) if pictures.alpha else None
        self._timeout_s = timeout_s
        self._written = 0
        self._tool = PacedTool(arguments, timeout_s=timeout_s)

    def __enter__(self) -> "PipeWriter":
        return self

    def __exit__(self, *_: Any) -> None:
        self._tool.__exit__()

    def write(self, picture: RGB, alpha: Alpha | None = None) -> None:
        """Adds one picture, which must have the part's size, with its alpha if the part has one."""
        self._require(picture, alpha)
        whole = np.ascontiguousarray(picture)
        if self._joined is not None and alpha is not None:
            whole = self._joined  # fed to the last byte before the next picture overwrites it
            whole[..., :3], whole[..., 3] = picture, alpha
        self._tool.feed(whole.data.cast("B"))
        self._written += 1

    def close(self) -> int:
        """Ends the part and counts its frames; a zero exit code proves nothing."""
        with self._tool:
            self._tool.finish()
        return verified_count(self._path, self._written, self._timeout_s)

    def _require(self, picture: RGB, alpha: Alpha | None) -> None:
        if picture.shape != self._shape or picture.dtype != np.uint8:
            raise ValueError(f"a picture of {picture.shape} {picture.dtype} does not fit into a part of {self._shape}")
        if (alpha is None) != (self._joined is None):
            raise ValueError("pictures have alpha in parts that were opened with it, and in no others")
        if alpha is not None and (alpha.shape != self._shape[:2] or alpha.dtype != np.uint8):
            raise ValueError(f"alpha of {alpha.shape} {alpha.dtype} does not fit into a part of {self._shape}")


def verified_count(path: Path, written: int, timeout_s: float) -> int:
    """The frames that are really in a part."""
    listing = ffmpeg.run(count_arguments(str(path)), timeout_s=timeout_s).decode()
    found = sum(1 for line in listing.splitlines() if line and not line.startswith("#"))
    if found != written:
        raise MediaToolFailed(f"A part of {written} pictures was encoded to {found}")
    return found
