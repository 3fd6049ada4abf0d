"""Synthesises clips with transparency. A square moves over red that nobody is meant to see."""

import functools
from pathlib import Path

from rotoscope.adapters.ffmpeg import run
from tests.clips import path

SIZE = (96, 64)
FRAMES = 30
STEPS = 13
"""Of the square, before it begins anew."""
ALPHA_CODECS = {
    "vp9.webm": "-c:v libvpx-vp9 -pix_fmt yuva420p -cpu-used 8 -b:v 2M -g 5",
    "vp8.webm": "-c:v libvpx -pix_fmt yuva420p -auto-alt-ref 0 -cpu-used 8 -b:v 2M -g 5",
    "prores.mov": "-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le -alpha_bits 16",
    "animation.mov": "-c:v qtrle -pix_fmt argb -g 5",
    "png.mov": "-c:v png -pix_fmt rgba",
    "frames.apng": "-c:v apng -pix_fmt rgba -plays 0",
    "card.gif": "-c:v gif",
}
"""File name -> how it is encoded."""


def opacity_at(frame: int, across: int, down: int) -> int:
    """Of a pixel: a square of 16 pixels moves right over a strip of half opacity; all else is transparent."""
    if 24 <= down < 40 and 0 <= across - 6 * (frame % STEPS) < 16:
        return 255
    return 128 if 48 <= down < 60 else 0


@functools.cache
def see_through(name: str) -> Path:
    """The square is green, the strip blue (opaque in a GIF); red lies hidden below what is transparent."""
    target = path(f"alpha-{name}")
    square = f"between(X-6*mod(N\\,{STEPS})\\,0\\,15)*between(Y\\,24\\,39)"
    strip = "between(Y\\,48\\,59)"
    shown = f"{square}+{strip}"
    colours = f"r='255*(1-min(1\\,{shown}))':g='200*{square}':b='220*{strip}'"
    opacity = f"a='255*{square}+128*{strip}'"
    graph = f"color=black:s={SIZE[0]}x{SIZE[1]}:r=10,trim=end_frame={FRAMES},format=rgba,geq={colours}:{opacity}"
    if name.endswith(".gif"):
        graph += ",split[a][b];[a]palettegen=reserve_transparent=1[p];[b][p]paletteuse=alpha_threshold=100"
    elif name.endswith(".webm"):
        graph += ",scale=out_color_matrix=bt601:out_range=tv"
    run(["-f", "lavfi", "-i", graph, *ALPHA_CODECS[name].split(), str(target)])
    return target
