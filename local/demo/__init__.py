"""The demo's own clip: a harbour in the evening, drawn and set to music by this code alone, the same every time."""

from local.demo.clip import draw_clip

__all__ = ["draw_clip"]
