"""Synthesises still clips of known colours: every depth, sampling, matrix and range, and high dynamic range."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rotoscope.adapters.ffmpeg import run
from tests.clips import path

COLOURS = [(235, 16, 16), (16, 235, 16), (16, 16, 235), (255, 255, 255), (0, 0, 0), (200, 180, 40), (128, 128, 128)]
GREYS = [(level, level, level) for level in (0, 16, 90, 128, 200, 235, 255)]
PATCH = 16
"""Pixels of a patch's side."""

LOSSLESS = {
    "ffv1": ["-c:v", "ffv1"],
    "h264": ["-c:v", "libx264", "-qp", "0", "-preset", "ultrafast"],
    "h264-rgb": ["-c:v", "libx264rgb", "-qp", "0", "-preset", "ultrafast"],
    "h265": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "lossless=1:log-level=none"],
    "vp9": ["-c:v", "libvpx-vp9", "-lossless", "1", "-cpu-used", "8"],
    "av1": ["-c:v", "libaom-av1", "-crf", "0", "-b:v", "0", "-cpu-used", "8", "-usage", "realtime"],
    "mjpeg": ["-c:v", "mjpeg", "-q:v", "1", "-huffman", "default"],
    "prores": ["-c:v", "prores_ks", "-profile:v", "4444", "-q:v", "1"],
    "qtrle": ["-c:v", "qtrle"],
    "png": ["-c:v", "png"],
    "gif": ["-c:v", "gif"],
}


@dataclass(frozen=True)
class Kind:
    """How patches are stored; `matrix`, `range` are FFmpeg's names, and untagged files do not say them."""

    codec: str = "h264"
    pixels: str = "yuv420p"
    matrix: str = "bt709"
    range: str = "tv"
    container: str = "mkv"
    tagged: bool = True
    size: tuple[int, int] = (PATCH * len(COLOURS), PATCH)

    @property
    def name(self) -> str:
        """Of the file."""
        tag = "tagged" if self.tagged else "bare"
        size = f"{self.size[0]}x{self.size[1]}"
        return f"{self.codec}-{self.pixels}-{self.matrix}-{self.range}-{tag}-{size}.{self.container}"


MORE_NAMES = {"bt2020nc": ("bt2020", "bt2020-10"), "bt470bg": ("bt470bg", "gamma28")}
"""Matrix -> FFmpeg's names of its primaries and transfer, where they are not its own."""


def _tags(kind: Kind) -> list[str]:
    if not kind.tagged:
        return ["-bsf:v", "h264_metadata=matrix_coefficients=2:colour_primaries=2:transfer_characteristics=2"]
    if not kind.pixels.startswith(("yuv", "gray")):
        return []
    primaries, transfer = MORE_NAMES.get(kind.matrix, (kind.matrix, kind.matrix))
    matrix = "bt2020_ncl" if kind.matrix == "bt2020nc" else kind.matrix
    return ["-colorspace", matrix, "-color_primaries", primaries, "-color_trc", transfer, "-color_range", kind.range]


def _patches(colours: Sequence[tuple[int, int, int]], size: tuple[int, int], seconds: float) -> str:
    """A lavfi graph: the colours side by side, each as wide as the others."""
    width, height = size
    drawn = "".join(
        f",drawbox=x={width * n // len(colours)}:w={width}:h={height}:t=fill:color=0x{r:02x}{g:02x}{b:02x}:replace=1"
        for n, (r, g, b) in enumerate(colours)
    )
    return f"color=s={width}x{height}:r=25:d={seconds},format=gbrp{drawn}"


@functools.cache
def patches(kind: Kind) -> Path:
    """COLOURS (GREYS where the format has no other) side by side, five frames."""
    target = path(f"colour-{kind.name}")
    graph = _patches(GREYS if kind.pixels.startswith("gray") else COLOURS, kind.size, 0.2)
    run(["-f", "lavfi", "-i", graph + _stored(kind), *LOSSLESS[kind.codec], *_tags(kind), str(target)])
    return target


def _stored(kind: Kind) -> str:
    """From RGB to what is stored."""
    if kind.pixels == "pal8":
        return ",split[a][b];[a]palettegen=max_colors=16[p];[b][p]paletteuse=dither=none"
    if kind.pixels.startswith("gray"):  # FFmpeg takes grey for full range, whatever it is told
        return f",extractplanes=g{',lut=c0=16+val*219/255' if kind.range == 'tv' else ''},format={kind.pixels}"
    if kind.pixels.startswith("yuv"):
        extent = {"tv": "limited", "pc": "full"}[kind.range]
        odd = ",format=yuv444p,scale=flags=accurate_rnd" if kind.size[0] % 2 else ""
        return f",format=gbrp14le,zscale=m={kind.matrix}:r={extent}{odd},format={kind.pixels}"
    return f",format={kind.pixels}"


HDR_LEVELS = [(0, 0, 0), (60, 60, 60), (128, 128, 128), (200, 120, 60), (60, 140, 90), (90, 110, 190), (235, 235, 235)]
"""Colours within BT.709, of a picture whose white is paper white: 203 nits (ITU-R BT.2408)."""


@functools.cache
def graded(
    transfer: str,
    *,
    named: bool = True,
    size: tuple[int, int] = (PATCH * len(HDR_LEVELS), PATCH),
    colours: tuple[tuple[int, int, int], ...] = tuple(HDR_LEVELS),
) -> Path:
    """The colours as a colourist would show them in PQ ("smpte2084") or HLG ("arib-std-b67"), 10 bit, BT.2020.

    When not `named`, the file says its transfer alone.
    """
    target = path(f"graded-{transfer}-{named}-{size[0]}-{len(colours)}.mkv")
    seen = "setparams=colorspace=gbr:color_trc=bt709:color_primaries=bt709:range=pc"
    linear = "zscale=t=linear:npl=203,format=gbrpf32le"
    stored = f"zscale=p=bt2020:t={transfer}:m=bt2020nc:r=limited:npl=203,format=yuv444p10le"
    graph = f"{seen},{linear},{stored},format=yuv420p10le"
    graph += "" if named else ",setparams=colorspace=unknown:color_primaries=unknown"
    tags = ["-color_trc", transfer, "-color_range", "tv"]
    tags += (
        ["-colorspace", "bt2020_ncl", "-color_primaries", "bt2020"]
        if named
        else ["-colorspace", "unknown", "-color_primaries", "unknown"]
    )
    run(["-f", "lavfi", "-i", _patches(colours, size, 0.2), "-vf", graph, *LOSSLESS["ffv1"], *tags, str(target)])
    return target


@functools.cache
def edges(pixels: str = "yuv420p") -> Path:
    """Fine coloured lines and slopes: what shows where the samples of chroma are taken to lie."""
    target = path(f"edges-{pixels}.mkv")
    picture = "testsrc2=s=96x64:r=25,trim=end_frame=2,format=gbrp,zscale=min=gbr:m=bt709:r=limited"
    tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
    run(["-f", "lavfi", "-i", f"{picture},format={pixels}", *LOSSLESS["ffv1"], *tags, str(target)])
    return target
