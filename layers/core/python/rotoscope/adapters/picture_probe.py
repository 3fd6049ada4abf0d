"""Reads what a zip of pictures or an animated WebP is, from its lists and a few headers. Film set; no PyAV."""

from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

from rotoscope.adapters import animated_webp, stills
from rotoscope.adapters.picture_archive import PictureArchive
from rotoscope.adapters.rates import FALLBACK, constant_rate, marks_of, mean_rate
from rotoscope.contracts import SourceVideo
from rotoscope.errors import NotAVideo, UnreadableVideo
from rotoscope.sizes import Size

PICTURES_A_SECOND = 24
"""Of a zip, which knows no time."""

LOOKED_INTO = 8
"""Pictures of a zip, spread over the whole of it, whose headers are looked at besides the first one's."""

NO_PICTURES = "This is neither a zip file of pictures nor an animated WebP. Please upload a video."


class PictureProber:
    """The Prober of what FFmpeg does not read. The first picture of a zip is decoded, nothing else is."""

    def probe(self, file: BinaryIO, size: int) -> SourceVideo:
        """Raises NotAVideo, UnreadableVideo, TruncatedVideo or VideoTooLarge, each with what the uploader can do."""
        file.seek(0)
        head = file.read(12)
        if head.startswith(b"PK"):
            return _sequence(PictureArchive(file, size))
        if head[:4] == b"RIFF" and head[8:] == b"WEBP":
            return _animation(animated_webp.walked(file, size))
        raise NotAVideo(NO_PICTURES)


def _sequence(archive: PictureArchive) -> SourceVideo:
    name = archive.name(0)
    header = _header(archive, 0)
    body = archive.read(0) if header else None
    first = stills.decoded(body, name) if body else None
    if first is None or header is None:
        raise UnreadableVideo(
            f"The first picture in the zip file, {name}, is damaged or of a kind that cannot be decoded. "
            "Please save it again as PNG and pack the pictures anew."
        )
    count = len(archive)
    others = [found for index in _spread(count) if (found := _header(archive, index))]
    stored = header.stored
    return SourceVideo(
        container="zip",
        codec=header.form,
        coded_width=stored[0],
        coded_height=stored[1],
        width=first.width,
        height=first.height,
        time_base=Fraction(1, PICTURES_A_SECOND),
        start_pts=0,
        end_pts=count,
        frame_count=count,
        frame_rate=Fraction(PICTURES_A_SECOND),
        average_rate=Fraction(PICTURES_A_SECOND),
        duration_s=count / PICTURES_A_SECOND,
        alpha=any(found.clear for found in (header, *others)),
        other_sizes=[size for size in dict.fromkeys(found.shown for found in others) if size != first.size],
        full_range=True,
        color_matrix="gbr",
    )


@dataclass(frozen=True)
class _Header:
    """A picture's format, its stored and its upright size, whether it may be transparent."""

    form: str
    stored: Size
    shown: Size
    clear: bool


def _header(archive: PictureArchive, index: int) -> _Header | None:
    """None where there is none: a damaged picture says nothing, the one before it is shown in its place."""
    file = archive.open(index)
    if file is None:
        return None
    with file:
        image = stills.opened(file, archive.name(index))
        if image is None:
            return None
        form = str(image.format).lower()
        return _Header(form, image.size, stills.upright_size(image), stills.may_be_transparent(image))


def _spread(count: int) -> list[int]:
    """Without the first one."""
    return sorted({1 + (count - 2) * n // max(1, LOOKED_INTO - 1) for n in range(LOOKED_INTO)}) if count > 1 else []


def _animation(found: animated_webp.AnimatedWebp) -> SourceVideo:
    count, end_ms = len(found.frames), found.starts_ms[-1]
    time_base, length_s = Fraction(1, 1000), Fraction(end_ms, 1000)
    rate = constant_rate(found.starts_ms[:-1], time_base, [])
    return SourceVideo(
        container="webp",
        codec="webp",
        coded_width=found.width,
        coded_height=found.height,
        width=found.width,
        height=found.height,
        time_base=time_base,
        start_pts=0,
        end_pts=end_ms,
        frame_count=count,
        frame_rate=rate,
        average_rate=rate or (mean_rate(count, length_s) if count > 1 else FALLBACK),
        duration_s=float(length_s),
        alpha=found.alpha,
        full_range=True,
        color_matrix="gbr",
        keyframes=[found.starts_ms[key] for key in found.keys],
        marks=marks_of(found.starts_ms[:-1], rate),
    )
