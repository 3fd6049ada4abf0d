"""SDXL's 17 style presets as words, for models whose contract has no such field, and as a whole prompt."""

from rotoscope.engines.dialects import Dialect
from rotoscope.settings import EngineName, Preset

LOOKS: dict[Preset, str] = {
    "3d-model": "a rendered 3D model, smooth shaded surfaces, soft studio light, physically based materials",
    "analog-film": "an analog film photograph, faded colours, halation, fine grain, gentle vignette",
    "anime": "anime artwork, clean ink lines, flat cel shading, vivid colours, painted sky",
    "cinematic": "a cinematic film still, dramatic light, shallow depth, teal and orange grade",
    "comic-book": "a comic book panel, bold black ink, flat colours, halftone dots",
    "digital-art": "a digital painting, soft brushwork, luminous colours, high detail",
    "enhance": "the same scene in greater clarity, crisp detail, rich natural colour",
    "fantasy-art": "a fantasy painting, magical light, flowing brush strokes, violet and gold",
    "isometric": "isometric artwork built of clean geometric blocks, even light",
    "line-art": "line art, fine black pen strokes and hatching on white paper",
    "low-poly": "low poly art, flat shaded triangles, crisp facets",
    "modeling-compound": "a scene modelled in clay, soft rounded shapes, fingerprints, stop motion look",
    "neon-punk": "neon punk, glowing cyan and magenta outlines, dark night, bloom",
    "origami": "folded paper art, creased facets, pleated coloured paper, soft shadows",
    "photographic": "a professional photograph, natural light, balanced contrast, sharp focus",
    "pixel-art": "pixel art, coarse square pixels, limited palette, dithering",
    "tile-texture": "a mosaic of small glazed tiles with visible grout",
}


def sent_prompt(engine: EngineName, dialect: Dialect, prompt: str | None, preset: Preset | None) -> str:
    """What a model is really told: where its contract has a field for the preset, the text stays the user's own."""
    has_field = engine in ("control-structure", "control-sketch") or (engine == "sdxl" and dialect == "stability")
    return prompt if has_field and prompt else prompt_of(prompt, preset)


def prompt_of(prompt: str | None, preset: Preset | None) -> str:
    """The text to send: the user's own, the preset's, or the user's within the preset's look."""
    if prompt and preset:
        return f"{prompt}, {LOOKS[preset]}"
    return prompt or (LOOKS[preset] if preset else "")
