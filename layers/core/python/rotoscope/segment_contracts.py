"""What is written down about one segment between the states: what it shows, what is to be drawn, how good it became.

A position counts the segment's frames from 0, an `index` the whole source's. All lie in the studio under `layout`.
"""

from pydantic import Field

from rotoscope.contracts import Contract, Segment


class Bars(Contract):
    """Black borders that every frame of an interval has: rows and columns of the picture as it is drawn."""

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0


class SegmentAnalysis(Contract):
    """What looking at every frame of an interval found. A position counts the interval's frames from 0.

    `stamps` are their presentation time stamps, strictly ascending, as decoded; `untimely` frames were left out because
    theirs were not. The other lists run along them:
    `repeats[n]` is the position of the frame that frame n repeats (its own when it is new), `costs[n]` the share (0..1)
    of the picture that the step from frame n to the next newly uncovers. The step after the last frame leads into the
    next segment; so do a cut at the last position and `joins`, which says that the next segment begins with a frame
    that repeats this one's last kept frame. `cuts` are positions whose next frame looks like another shot, `flashes`
    (position, frames): that many frames after the position flare up and the picture comes back; `blanks` are positions
    of frames with nothing in them (black, white, one colour). `opening` and
    `closing` are coarse pictures (hex) of the first and of the last kept frame. `bars` are borders that show as such,
    `dark` how far from each side nothing ever lit up (None where all is black): no border can be thicker. `damaged`,
    `breaks`, `smeared` and `spoilt` are the interval's time stamps of ports.Damage: pictures, places, and so on.
    `followed` is false where no frame is to be drawn from another: then only steps that leave nothing cost anything.
    """

    segment: int
    start_pts: int
    end_pts: int
    stamps: list[int]
    untimely: int = 0
    repeats: list[int]
    costs: list[float]
    cuts: list[int]
    flashes: list[tuple[int, int]]
    blanks: list[int] = Field(default_factory=list)
    joins: bool
    opening: str
    closing: str
    bars: Bars | None = None
    dark: Bars | None = None
    followed: bool = True
    damaged: list[int] = Field(default_factory=list)
    breaks: list[int] = Field(default_factory=list)
    smeared: list[int] = Field(default_factory=list)
    spoilt: list[int] = Field(default_factory=list)


class SheetFrame(Contract):
    """One taken frame; `shows` is the index of the scene frame that it looks like: its own unless it repeats one."""

    index: int
    pts: int
    shows: int


class SceneFrame(Contract):
    """A taken frame that repeats no other; `shot` is the index of its shot's first taken frame.

    `last` is the last taken frame that looks like it. `pts` says where it is decoded: mostly where it begins, but of a
    picture that is held for long another frame is.
    """

    index: int
    pts: int
    shot: int
    last: int


class KeyFrame(Contract):
    """A scene frame with a restyled picture, and its time stamp. `last` as in SceneFrame.

    `own` says where it lies if it is the user's own (studio key); such a picture is shown as it is.
    """

    index: int
    pts: int
    shot: int
    last: int
    own: str | None = None


class SegmentSheet(Contract):
    """What RenderSegment draws, and the frames that ExtractSegment has to bring.

    `window` is the interval to decode and `scene` its scene frames: the segment's own, and those before and after it
    as far as their motion is needed. `keys` are the scene's, and the next ones of the same shots on either side.
    `anchors` holds for every shot the key whose colours it follows: its first, or the nearest of all where it has none.
    `poster` is the frame that is kept as the job's poster, if it lies here. `empties` says that the video has frames
    with nothing in them, which are left as they are. `bounds` are the time stamps of the whole result's first and last
    frame.
    """

    segment: int
    frames: list[SheetFrame]
    chosen: list[SheetFrame]
    window: Segment
    scene: list[SceneFrame]
    keys: list[KeyFrame]
    anchors: dict[int, KeyFrame]
    bounds: tuple[int, int]
    bars: Bars | None = None
    poster: int | None = None
    empties: bool = False


class QualitySample(Contract):
    """Two neighbouring scene frames, `index` the first, measured on the result before it is encoded (motion.quality).

    Warping errors (Lai et al. 2018) are mean squares of values 0..1; flicker is in 8-bit levels; sharpness is the mean
    absolute Laplacian; structure is SSIM of result and source (luma); `shift` is result minus source, mean CIELAB.
    """

    index: int
    shot: int
    source_warp: float
    result_warp: float
    source_flicker: float
    result_flicker: float
    sharpness: float
    structure: float
    shift: tuple[float, float, float]


class SegmentQuality(Contract):
    """A segment's samples, and the sharpness of its keys as they were paid for, by frame index."""

    segment: int
    samples: list[QualitySample]
    key_sharpness: dict[int, float]
