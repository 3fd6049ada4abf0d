"""A drawing engine without a model: seventeen looks and a style-image mode, by classical image processing on the CPU.

It redraws what it sees; a prompt only chooses the look (`suggest_preset`).
"""

from ..words import suggest_preset
from .canvas import RGB
from .drawing import PRESETS, draw, draw_like
from .memory import ShotMemory

__all__ = ["PRESETS", "RGB", "ShotMemory", "draw", "draw_like", "suggest_preset"]
