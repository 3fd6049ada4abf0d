"""FFmpeg filters from what is stored to what is shown: size and shape, colours, opacity. Vision set: no PyAV here."""

from typing import Any

from rotoscope.adapters.ffmpeg_takes import Take
from rotoscope.contracts import SourceVideo
from rotoscope.sizes import Size

SMALL = "area"
"""Means of areas: no noise is picked out, and it costs a sixth of an exact picture (720p to 640 pixels)."""
SMOOTH = "bicubic+accurate_rnd"
EXACT = f"{SMOOTH}+full_chroma_int"
HDR_TRANSFERS = ("smpte2084", "arib-std-b67")
SCALE_MATRICES = {"bt470bg": "bt470", "bt2020nc": "bt2020"}
"""The scale filter's names where they are not those of SourceVideo.color_matrix, which are zscale's."""
PACKED = (
    "rgb24|bgr24|rgba|bgra|argb|abgr|rgb0|bgr0|0rgb|0bgr|rgb48le|rgb48be|rgba64le|rgba64be|gray|gray16le|gray16be|ya8|"
    "ya16le|ya16be|gbrap|gbrap10le|gbrap12le|gbrap16le|gbrp|gbrp9le|gbrp10le|gbrp12le|gbrp14le|gbrp16le"
)
"""RGB that becomes planar as it is. FFmpeg takes palettes and fewer bits than 8 through YUV unless they come so."""
PLANAR = "gbrp|gbrp9le|gbrp10le|gbrp12le|gbrp14le|gbrp16le"
NOT_SUBSAMPLED = "yuv444p|yuv444p10le|yuv444p12le"


def one_size(stream: Any, source: SourceVideo) -> Any:
    """Pictures of other sizes get that of the first: a graph that is not built anew for them has to cope."""
    return stream.filter("scale", source.coded_width, source.coded_height, flags=SMOOTH, interl=-1)


def drawn(stream: Any, take: Take) -> Any:
    """Planes of take.shape, on black where a picture of another shape leaves it open.

    zscale goes from YUV to RGB for a third of what scale takes, and knows where the samples of chroma lie.
    """
    source = take.source
    if source.alpha:
        return _with_opacity(stream, take)
    if source.color_matrix == "gbr":
        stream = stream.filter("format", PACKED).filter("format", PLANAR)
        stream = stream.filter("zscale", *_sides(take), f="bilinear" if take.small else "bicubic", **_seen_as(source))
    elif source.color_transfer in HDR_TRANSFERS:  # tone mapping costs more than all else, by the pixel
        stream = _tone_mapped(_fitted(stream, take), source)
    elif take.small:
        stream = _fitted(stream, take, **_read_as(source))
    else:
        stream = _even(_fitted(stream, take), source)
        stream = stream.filter("zscale", m="gbr", r="full", f="bicubic", **_seen_as(source))
    return _padded(stream.filter("format", "gbrp"), take, "black")


def _with_opacity(stream: Any, take: Take) -> Any:
    """Colours multiplied by opacity before they are mixed in scaling, or the opacity alone."""
    if take.source.color_matrix != "gbr":
        stream = stream.filter("scale", flags=EXACT, **_read_as(take.source)).filter("format", "gbrap")
    if take.opacity:
        opaque = _fitted(stream.filter("alphaextract").filter("format", "gray"), take)
        return _padded(opaque.filter("format", "gray"), take, "white")
    stream = stream.filter("format", PACKED).filter("format", "gbrap")
    return _padded(_fitted(stream.filter("premultiply", inplace=1), take).filter("format", "gbrap"), take, "black")


def _fitted(stream: Any, take: Take, **options: str) -> Any:
    """Scaled to the size asked for."""
    return stream.filter("scale", *_sides(take), flags=SMALL if take.small else SMOOTH, **options)


def _sides(take: Take) -> Size | tuple[str, str]:
    """Width and height to scale to. A picture of another shape keeps its own; its sides are even, for its chroma."""
    (width, height), (wide, high) = take.drawn, take.natural
    if not _keeps_shapes(take.source):
        return width, height
    shape = f"a*{high}/{wide}"
    alike = f"lt(abs({shape}-1),{1 / min(wide, high):.6f})"
    across = f"if({alike},{width},trunc(({width}*min(1,{shape})+0.5)/2)*2)"
    down = f"if({alike},{height},trunc(({height}*min(1,1/({shape}))+0.5)/2)*2)"
    return across, down


def _padded(stream: Any, take: Take, ground: str) -> Any:
    """In the middle of what a picture of another shape leaves open."""
    stream = stream.filter("setsar", 1)
    return stream.filter("pad", *take.drawn, -1, -1, color=ground) if _keeps_shapes(take.source) else stream


def _keeps_shapes(source: SourceVideo) -> bool:
    """Whether a picture whose size differs from the first one's has another shape, too.

    FFmpeg takes the first pixels' shape for all. Where they are not square, as in broadcasts, other sizes come with
    other pixels, and what is shown stays the same.
    """
    return source.sample_aspect == 1 and not source.interlaced


def _even(stream: Any, source: SourceVideo) -> Any:
    """With chroma as large as luma where the sides are odd: zscale cannot halve them."""
    odd = source.coded_width % 2 or source.coded_height % 2
    return stream.filter("format", NOT_SUBSAMPLED) if odd else stream


def matrix_of(source: SourceVideo) -> str:
    """The colour matrix to decode with: the file's, or what its kind and size suggest when it names none."""
    if source.color_matrix:
        return source.color_matrix
    if source.color_transfer in HDR_TRANSFERS:
        return "bt2020nc"
    high_definition = source.coded_height >= 720 or source.coded_width >= 1280
    return "bt709" if high_definition else "smpte170m"


def _read_as(source: SourceVideo) -> dict[str, str]:
    """What scale is told of the colours."""
    matrix = matrix_of(source)
    return {"in_color_matrix": SCALE_MATRICES.get(matrix, matrix), "in_range": "pc" if source.full_range else "tv"}


def _seen_as(source: SourceVideo) -> dict[str, str]:
    """What zscale is told of the colours."""
    return {"min": matrix_of(source), "rin": "full" if source.full_range else "limited"}


def _tone_mapped(stream: Any, source: SourceVideo) -> Any:
    """HDR to BT.709: 203 nits is 244 of 255, highlights roll off (best of six by PSNR to the SDR original)."""
    stream = _even(stream, source).filter("setparams", **_meant_as(source)).filter("zscale", t="linear", npl=203)
    stream = stream.filter("format", "gbrpf32le").filter("zscale", p="bt709")
    stream = stream.filter("tonemap", tonemap="mobius", param=0.8, desat=0)
    return stream.filter("zscale", t="bt709", m="gbr", r="full")


def _meant_as(source: SourceVideo) -> dict[str, str | None]:
    """What a picture in high dynamic range says of its colours, also where the file says no more than its transfer."""
    colours = {"color_trc": source.color_transfer, "color_primaries": "bt2020", "colorspace": matrix_of(source)}
    return colours | {"range": "pc" if source.full_range else "tv"}
