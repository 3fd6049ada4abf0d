"""The drawing that the stand-ins use unless told otherwise: the product's `sketch`, the one thing both sides share."""

import numpy as np

from local.models.pictures import Pixels
from rotoscope.engines import sketch


class SketchDrawer:
    """`sketch` behind the stand-ins' Drawer."""

    def memory(self, anchor: Pixels, seed: int) -> sketch.ShotMemory:
        """The shot's memory, from its anchor frame and the seed."""
        return sketch.ShotMemory.of(anchor, seed)

    def draw(self, image: Pixels, preset: str, memory: sketch.ShotMemory, *, strength: float) -> Pixels:
        """The picture in a preset's look."""
        return np.asarray(sketch.draw(image, preset, memory, strength=strength), np.uint8)

    def draw_like(self, image: Pixels, style_image: Pixels, memory: sketch.ShotMemory, *, strength: float) -> Pixels:
        """The picture in another picture's look."""
        return np.asarray(sketch.draw_like(image, style_image, memory, strength=strength), np.uint8)

    def suggest_preset(self, prompt: str) -> str:
        """The look that the prompt's words suggest."""
        return sketch.suggest_preset(prompt)
