"""Pictures with transparency, and what the media tests do with them: encode in parts, decode with alpha."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from rotoscope.adapters.ffmpeg import run
from rotoscope.adapters.ffmpeg_write import FfmpegEncoder
from rotoscope.ports import RGB, Alpha, PartFormat

SIZE = (96, 64)
RATE = Fraction(25)
ENCODER = FfmpegEncoder(timeout_s=60)
Seen = tuple[RGB, Alpha]


def moving(count: int, size: tuple[int, int] = SIZE) -> list[Seen]:
    """A red square that moves over nothing, above an opaque floor, below a veil of half opacity."""
    width, height = size
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    ground = np.stack([40 + across * 150 // width, 60 + down * 120 // height, np.full_like(across, 90)], -1)
    return [_with_square(ground.astype(np.uint8), number * 3 % (width - 20)) for number in range(count)]


def _with_square(ground: RGB, left: int) -> Seen:
    picture, alpha = ground.copy(), np.zeros(ground.shape[:2], np.uint8)
    picture[20:40, left : left + 16], alpha[20:40, left : left + 16] = (230, 60, 20), 255
    alpha[-12:] = 255
    alpha[:8, : ground.shape[1] // 2] = 144
    return picture, alpha


def encoded(
    folder: Path,
    form: PartFormat,
    pictures: Sequence[Seen],
    sizes: Sequence[int],
    *,
    alpha: bool = True,
    enlarged: tuple[int, int] | None = None,
) -> list[Path]:
    """The pictures in parts of these sizes."""
    remaining, parts = iter(pictures), []
    height, width, _ = pictures[0][0].shape
    for number, size in enumerate(sizes):
        parts.append(folder / f"{number}.{form}")
        writer = ENCODER.open(parts[-1], form, (width, height), RATE, alpha=alpha, enlarged=enlarged)
        for _ in range(size):
            picture, opacity = next(remaining)
            writer.write(picture, opacity if alpha else None)
        assert writer.close() == size
    return parts


def decoded(path: Path, size: tuple[int, int] = SIZE) -> list[Seen]:
    """Every frame of a video or GIF, with its alpha."""
    decoder = ["-c:v", "libvpx-vp9"] if path.suffix == ".webm" else []
    colours = ["-vf", "scale=in_color_matrix=bt709:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"]
    output = ["-fps_mode", "passthrough", *colours, "-pix_fmt", "rgba", "-f", "rawvideo", "pipe:1"]
    raw = np.frombuffer(run([*decoder, "-i", str(path), *output]), np.uint8).reshape(-1, size[1], size[0], 4)
    return [(frame[..., :3], frame[..., 3]) for frame in raw]


def likeness(shown: RGB, meant: RGB) -> float:
    """PSNR in dB."""
    return float(10 * np.log10(255**2 / max(np.square(shown.astype(float) - meant).mean(), 1e-9)))
