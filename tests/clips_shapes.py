"""Synthesises clips whose pictures change their size, and clips of fields."""

import functools
from collections.abc import Sequence
from pathlib import Path

from rotoscope.adapters.ffmpeg import run
from tests.clips import path

FRAMES = 24
"""Of each size in a clip that changes it."""

ENCODERS = {
    "h264.ts": "-c:v libx264 -preset ultrafast -g 6 -bf 2 -pix_fmt yuv420p",
    "h265.ts": "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=6:bframes=2 -pix_fmt yuv420p",
    "vp9.webm": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 6 -pix_fmt yuv420p",
    "mjpeg.avi": "-c:v mjpeg -q:v 3 -huffman default -pix_fmt yuvj420p",
}
"""End of a file's name -> what is encoded in it."""


@functools.cache
def sizes(kind: str, *chosen: tuple[int, int], filters: str = "null", more: Sequence[str] = ()) -> Path:
    """White pictures with a moving coloured bar, in one size after the other."""
    name = "-".join(f"{width}x{height}" for width, height in chosen)
    target = path(f"sizes-{name}-{filters.partition('=')[0]}.{kind}")
    parts = []
    for number, (width, height) in enumerate(chosen):
        parts.append(path(f"{target.name}.{number}.{kind.replace('webm', 'ivf')}"))
        picture = f"color=white:s={width}x{height}:r=25,trim=end_frame={FRAMES},format=gbrp"
        bar = f"geq=g='if(between(X-{number}-4*N\\,2\\,5)\\,128\\,g(X\\,Y))':b='g(X,Y)':r='g(X,Y)'"
        stored = "scale=out_range=tv,format=yuv420p" if kind != "mjpeg.avi" else "scale=out_range=pc,format=yuvj420p"
        graph = f"{picture},{bar},{stored},{filters}"
        run(["-f", "lavfi", "-i", graph, *ENCODERS[kind].split(), *more, str(parts[-1])])
    return _joined(target, parts)


def _joined(target: Path, parts: Sequence[Path]) -> Path:
    listing = path(f"{target.name}.txt")
    listing.write_text("".join(f"file '{part}'\n" for part in parts))
    run(["-f", "concat", "-safe", "0", "-i", str(listing), "-c", "copy", str(target)])
    return target


WOVEN = "tinterlace=interleave_{}"
"""Every picture from the lines of two: "top" or "bottom" first."""


@functools.cache
def fields(kind: str) -> Path:
    """25 pictures of 50 fields a second each, in which a bar moves by 4 pixels from field to field."""
    target = path(f"fields-{kind}")
    size, first, encoder = {
        "1080i.ts": (
            "192x108",
            "top",
            "-c:v libx264 -preset veryfast -g 8 -flags +ilme+ildct -x264-params tff=1:bframes=2",
        ),
        "pictures.mkv": (
            "96x64",
            "bottom",
            "-c:v libx264 -preset ultrafast -g 8 -flags +ilme+ildct -x264-params bff=1",
        ),
        "mpeg2.ts": ("96x64", "top", "-c:v mpeg2video -q:v 2 -g 8 -bf 2 -flags +ilme+ildct -field_order tt"),
        "pal.avi": ("720x576", "bottom", "-c:v dvvideo -aspect 4:3"),
        "prores.mov": ("96x64", "top", "-c:v prores_ks -flags +ildct -field_order tt -pix_fmt yuv422p10le"),
    }[kind]
    run(["-f", "lavfi", "-i", f"{moving_bar(size, 50)},{WOVEN.format(first)}", *encoder.split(), str(target)])
    return target


def moving_bar(size: str, rate: int, frames: int = 50) -> str:
    """A lavfi graph: one white bar of 16 pixels on grey, 4 pixels further in every picture."""
    bar = "geq=lum='if(between(mod(X-4*N\\,W)\\,0\\,15)\\,235\\,90)':cb=128:cr=128"
    return f"color=gray:s={size}:r={rate},trim=end_frame={frames},format=yuv420p,{bar}"


@functools.cache
def partly_interlaced() -> Path:
    """Twelve woven pictures, then twelve whole ones, in one stream that is flagged rightly picture by picture."""
    target = path("partly-interlaced.ts")
    woven = "-c:v libx264 -qp 4 -preset ultrafast -g 6 -bf 0 -flags +ilme+ildct -x264-params tff=1"
    plain = "-c:v libx264 -qp 4 -preset ultrafast -g 6 -bf 0"
    parts = [path("partly-1.ts"), path("partly-2.ts")]
    fields_first = f"{moving_bar('96x64', 50, 24)},{WOVEN.format('top')}"
    run(["-f", "lavfi", "-i", fields_first, *woven.split(), str(parts[0])])
    run(["-f", "lavfi", "-i", moving_bar("96x64", 25, 12), *plain.split(), str(parts[1])])
    return _joined(target, parts)
