"""The look that a prompt's words suggest."""

import re

DEFAULT_PRESET = "digital-art"

# The first row with a matching word wins: peculiar crafts before broad ones, so that "pixel art in a fantasy forest"
# is pixel art. A word also matches as the beginning of a longer one ("paint" in "painting") where it ends in "*".
WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("pixel-art", ("pixel*", "8 bit", "16 bit", "8bit", "16bit", "sprite*", "retro game", "voxel art")),
    ("origami", ("origami", "kirigami", "folded paper", "paper craft", "papercraft", "paper cut*")),
    ("modeling-compound", ("modeling compound", "clay*", "plasticine", "play doh", "stop motion")),
    ("tile-texture", ("tile texture", "mosaic*", "tiles", "tiled", "stained glass", "azulejo*")),
    ("isometric", ("isometric*", "voxel*", "lego*", "minecraft")),
    ("low-poly", ("low poly*", "lowpoly", "polygon*", "geometric", "cubis*", "faceted")),
    ("neon-punk", ("neon*", "cyberpunk", "cyber punk", "synthwave", "vaporwave", "blade runner", "tron", "glowing")),
    ("line-art", ("line art", "lineart", "line drawing", "ink drawing", "pencil*", "sketch*", "charcoal", "etching",
                  "engraving", "woodcut", "pen and ink", "doodle*", "manga", "black and white drawing")),
    ("comic-book", ("comic*", "graphic novel", "pop art", "half tone", "halftone", "superhero*",
                    "lichtenstein", "cartoon*")),
    ("anime", ("anime*", "ghibli", "miyazaki", "cel shad*", "cel animation", "chibi", "shonen", "animated film")),
    ("3d-model", ("3d*", "cgi", "pixar", "render*", "plastic", "blender", "octane", "unreal engine", "toy", "toys")),
    ("fantasy-art", ("fantasy", "oil paint*", "oil on canvas", "impressionis*", "expressionis*", "van gogh", "monet",
                     "munch", "renaissance", "baroque", "fairy tale*", "fairytale*", "magic*", "dragon*", "mythic*",
                     "epic", "dream*", "ethereal", "surreal*")),
    ("digital-art", ("digital art", "digital paint*", "concept art", "watercolo*", "gouache", "acrylic*", "pastel*",
                     "paint*", "illustrat*", "artstation", "brush*", "matte painting", "art")),
    ("analog-film", ("analog*", "35mm", "16mm", "super 8", "kodak*", "kodachrome", "polaroid", "film grain", "vintage",
                     "retro", "lomography", "nineteen seventies", "1970s", "faded")),
    ("cinematic", ("cinema*", "movie*", "film*", "blockbuster", "teal and orange", "dramatic lighting", "noir")),
    ("enhance", ("enhance*", "hdr", "sharp*", "restore*", "upscale*", "crisp", "high detail")),
    ("photographic", ("photo*", "realis*", "dslr", "natural light", "portrait lens", "bokeh")),
)  # fmt: skip


def suggest_preset(prompt: str) -> str:
    """The preset of the first row in WORDS that the prompt has a word of, in any case; else DEFAULT_PRESET."""
    text = " ".join(re.findall(r"\w+", prompt.lower()))
    return next((preset for preset, words in WORDS if _matches(words, text)), DEFAULT_PRESET)


def _matches(words: tuple[str, ...], text: str) -> bool:
    return any(re.search(_pattern(word), text) for word in words)


def _pattern(word: str) -> str:
    ending = r"\w*" if word.endswith("*") else ""
    return rf"\b{word.rstrip('*')}{ending}\b"
