"""What a pass of the reader decodes, and in which planes it comes."""

from collections.abc import Collection
from dataclasses import dataclass

from rotoscope.contracts import Segment, SourceVideo
from rotoscope.ports import Clip, Damage
from rotoscope.sizes import Size


@dataclass(frozen=True)
class Take:
    """What is decoded of a segment: the wanted frames or all, in `size` or the source's, their colours or opacity.

    Pictures are turned upright after decoding: what samples of chroma lie between is known only as they are stored.
    `damage` is filled in if it is given.
    """

    clip: Clip
    segment: Segment
    wanted: Collection[int] | None = None
    size: Size | None = None
    opacity: bool = False
    damage: Damage | None = None

    @property
    def source(self) -> SourceVideo:
        """The clip's."""
        return self.clip.source

    @property
    def ticks(self) -> int:
        """How many of FFmpeg's ticks are one of the source's: bwdif halves the time base."""
        return 2 if self.source.interlaced else 1

    @property
    def natural(self) -> Size:
        """The source's own width and height, before it is turned."""
        return self._lying((self.source.width, self.source.height))

    @property
    def drawn(self) -> Size:
        """Width and height of what comes, before it is turned."""
        return self._lying(self.size or (self.source.width, self.source.height))

    @property
    def small(self) -> bool:
        """Whether another size than the source's is asked for."""
        return self.drawn != self.natural

    @property
    def shape(self) -> tuple[int, int, int]:
        """Planes, height and width of what comes: green, blue, red and perhaps opacity, or opacity alone."""
        width, height = self.drawn
        return 1 if self.opacity else 4 if self.source.alpha else 3, height, width

    @property
    def ahead(self) -> int:
        """About how many frames lie before the segment."""
        source = self.source
        share = (self.segment.start_pts - source.start_pts) / max(1, source.end_pts - source.start_pts)
        return round(source.frame_count * share)

    @property
    def due(self) -> tuple[int, int]:
        """From when on the first frame is looked for, and before when."""
        if self.wanted:
            return min(self.wanted), min(self.wanted) + 1
        return self.segment.start_pts, self.segment.end_pts

    def _lying(self, size: Size) -> Size:
        width, height = size
        return (height, width) if self.source.rotation in (90, 270) else (width, height)
