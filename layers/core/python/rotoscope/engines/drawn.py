"""The engines that ask nobody: `sketch` draws by classical image processing, `echo` gives the frame back."""

from functools import lru_cache

import numpy as np

from rotoscope.engines import sketch
from rotoscope.engines.contract import Redrawn, Style
from rotoscope.ports import RGB


class Echo:
    """For tests: what comes out is what went in."""

    def redraw(self, frame: RGB, style: Style) -> Redrawn:
        return Redrawn(frame)


class Sketch:
    """A preset, the style of a picture, or the look that the prompt's words suggest; denoise is the strength."""

    def redraw(self, frame: RGB, style: Style) -> Redrawn:
        anchor = frame if style.anchor is None else style.anchor
        memory = _memory(anchor.tobytes(), anchor.shape, style.seed)
        if style.image is not None:
            return Redrawn(sketch.draw_like(frame, style.image, memory, strength=style.denoise))
        preset = style.preset or sketch.suggest_preset(style.prompt)
        picture = sketch.draw(frame, preset, memory, frame_index=style.frame_index, strength=style.denoise)
        return Redrawn(picture)


@lru_cache(maxsize=2)
def _memory(anchor: bytes, shape: tuple[int, ...], seed: int) -> sketch.ShotMemory:
    """A warm worker draws frame after frame of one shot: its palettes and tables are fitted once."""
    return sketch.ShotMemory.of(np.frombuffer(anchor, np.uint8).reshape(shape), seed)
