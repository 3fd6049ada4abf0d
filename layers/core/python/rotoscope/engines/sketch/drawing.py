"""The seventeen looks by name, and the two ways to ask for a drawing."""

import cv2
import numpy as np

from . import looks_built, looks_drawn, looks_painted, looks_photographic, looks_sculpted
from .canvas import RGB, as_bytes
from .memory import ShotMemory
from .style_image import restyled
from .subject import Look, Subject

LOOKS: dict[str, Look] = {
    "3d-model": looks_sculpted.model_3d,
    "analog-film": looks_photographic.analog_film,
    "anime": looks_drawn.anime,
    "cinematic": looks_photographic.cinematic,
    "comic-book": looks_drawn.comic_book,
    "digital-art": looks_painted.digital_art,
    "enhance": looks_photographic.enhance,
    "fantasy-art": looks_painted.fantasy_art,
    "isometric": looks_built.isometric,
    "line-art": looks_drawn.line_art,
    "low-poly": looks_built.low_poly,
    "modeling-compound": looks_sculpted.modeling_compound,
    "neon-punk": looks_drawn.neon_punk,
    "origami": looks_built.origami,
    "photographic": looks_photographic.photographic,
    "pixel-art": looks_drawn.pixel_art,
    "tile-texture": looks_built.tile_texture,
}
PRESETS: tuple[str, ...] = tuple(LOOKS)


def draw(image: RGB, preset: str, memory: ShotMemory, *, frame_index: int = 0, strength: float = 1.0) -> RGB:
    """The frame in the look of a preset; `strength` 0 gives the frame back, 1 the whole look.

    Raises ValueError for a name that is not in PRESETS.
    """
    if preset not in LOOKS:
        raise ValueError(f"there is no preset {preset!r}; the presets are {', '.join(PRESETS)}")
    if strength <= 0:
        return image.copy()
    return _at_strength(image, as_bytes(LOOKS[preset](Subject(image, memory, frame_index))), strength)


def draw_like(image: RGB, style_image: RGB, memory: ShotMemory, *, strength: float = 1.0) -> RGB:
    """The frame in the colours and brush strokes of another picture; its motifs are not copied."""
    if strength <= 0:
        return image.copy()
    return _at_strength(image, restyled(Subject(image, memory, 0), style_image), strength)


def _at_strength(image: RGB, drawn: RGB, strength: float) -> RGB:
    if strength >= 1:
        return drawn
    return np.asarray(cv2.addWeighted(image, 1 - strength, drawn, strength, 0), np.uint8)
