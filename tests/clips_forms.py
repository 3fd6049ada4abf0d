"""Clips for results of many formats: something soft that moves over nothing, and pictures larger than are drawn."""

from pathlib import Path

from rotoscope.adapters.ffmpeg import run
from tests import clips

SIZE = (96, 64)
FRAMES = 12
OPACITY = "clip(255*(22-hypot(X-30-3*N,Y-32))/4,0,255)"
"""Of a disc with a soft edge, which moves to the right."""


def soft_disc() -> Path:
    """VP9 with transparency."""
    return clips.clip(
        "soft-disc.webm",
        size=SIZE,
        rate="25",
        frames=FRAMES,
        filters=f"format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='{OPACITY}'",
        audio=None,
        more=("-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-auto-alt-ref", "0", "-crf", "8", "-b:v", "0"),
    )


def rgba(video: Path, *decoder: str, size: tuple[int, int] = SIZE) -> list[bytes]:
    """The pixels of every frame with their opacity."""
    raw = run([*decoder, "-i", str(video), "-f", "rawvideo", "-pix_fmt", "rgba", "-"])
    picture = 4 * size[0] * size[1]
    return [raw[start : start + picture] for start in range(0, len(raw), picture)]


def just_too_large() -> Path:
    """One picture, in greys, of a little more than is drawn as it is."""
    return clips.clip("large.mp4", size=(4400, 2200), rate="25", frames=1, filters="gblur=9,format=gray", audio=None)
