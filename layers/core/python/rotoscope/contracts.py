"""What goes into and comes out of every state, in pipeline order, and the documents between them.

Frames are named by `index`, 0-based in presentation order over the whole source, and timed by `pts`, an integer
in the video stream's `time_base` (seconds per tick). Intervals are half open. State documents carry keys and counts,
never pixels (256 KiB limit); larger lists lie in the studio bucket under `layout`.
"""

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from rotoscope.settings import Settings

Rational = Annotated[
    Fraction,
    BeforeValidator(lambda value: Fraction(value) if isinstance(value, str | int) else value),
    PlainSerializer(lambda value: f"{value.numerator}/{value.denominator}", return_type=str),
]
"""A fraction that is written as "30000/1001"."""


class Contract(BaseModel):
    """Frozen, and strict about what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Job(Contract):
    """What every state knows of the job."""

    id: str
    bucket: str
    key: str
    version_id: str | None = None
    name: str


# --- what the source is ---------------------------------------------------------------------------------------------


class AudioTrack(Contract):
    """One sound track of the source."""

    index: int
    codec: str
    channels: int
    sample_rate: int
    language: str | None = None


class SubtitleTrack(Contract):
    """One subtitle track of the source; `text` is false for tracks that hold pictures."""

    index: int
    codec: str
    text: bool
    language: str | None = None


class SourceVideo(Contract):
    """What probing found. `width` and `height` are the displayed ones: upright, square pixels.

    `rotation` is in degrees clockwise, then `mirrored` flips left and right. `frame_count` is exact where `counted`:
    else it follows from duration and rate, and AnalyzeSegment counts. `keyframes` are time stamps from which decoding
    can begin, `marks` those of every n-th frame where the rate varies. `indexed` is false where the container lists no
    key frames: then seeks are mere times, well before what is wanted. `bits` are those of a colour; `other_sizes` are
    displayed ones too, of key frames that were looked at on the way.
    """

    container: str
    codec: str
    coded_width: int
    coded_height: int
    width: int
    height: int
    rotation: int = 0
    mirrored: bool = False
    sample_aspect: Rational = Fraction(1)
    time_base: Rational
    start_pts: int
    end_pts: int
    frame_count: int
    counted: bool = True
    frame_rate: Rational | None
    average_rate: Rational
    duration_s: float
    container_start_s: float = 0.0
    interlaced: bool = False
    alpha: bool = False
    full_range: bool = False
    color_matrix: str | None = None
    color_transfer: str | None = None
    bits: int = 8
    other_sizes: list[tuple[int, int]] = []
    keyframes: list[int] = Field(default_factory=list, exclude=True)
    marks: list[int] = Field(default_factory=list, exclude=True)
    indexed: bool = True
    videos: int = 1
    audio: list[AudioTrack] = []
    subtitles: list[SubtitleTrack] = []
    chapters: int = 0


class Segment(Contract):
    """A half-open interval of time stamps, and from where to decode it: `seeks` are key frames, nearest first."""

    index: int
    start_pts: int
    end_pts: int
    seeks: list[int]


class JobPlan(Contract):
    """The document that every later stage reads: made once by PlanJob.

    `own_keys` are the frames for which the user supplied a picture, and each picture's content (layout.own_key);
    `revision` counts how often they were exchanged.
    """

    job: Job
    video_key: str
    video_version_id: str | None
    source: SourceVideo
    settings: Settings
    settings_from: list[str]
    ignored: list[str] = []
    seed: int
    prompt: str
    price_usd: float
    requests_per_minute: float | None
    started: str
    own_keys: dict[int, str] = {}
    revision: int = 0


# --- PlanJob --------------------------------------------------------------------------------------------------------


class PlanJobInput(Contract):
    """`event` is EventBridge's Object Created event, or {"resume": job id}."""

    event: dict[str, Any]
    execution: str
    started: str


class Listing(Contract):
    """Where a Map finds its items, and how many there are."""

    key: str
    count: int


class PlanJobResult(Contract):
    """`owned` is false when another execution has claimed this upload; then nothing else is to be done."""

    job: Job
    owned: bool
    segments: Listing


# --- AnalyzeSegment -------------------------------------------------------------------------------------------------


class SegmentTask(Contract):
    """Input of the three tasks that work on one segment."""

    job: Job
    segment: Segment


class SegmentAnalyzed(Contract):
    """How many frames were found."""

    frames: int


# --- BudgetCalls ----------------------------------------------------------------------------------------------------


class BudgetCallsInput(Contract):
    """The whole video's segments; `entered` is when the state was entered (ISO 8601)."""

    job: Job
    segments: Listing
    entered: str


class FrameCall(Contract):
    """One frame to restyle, with its time stamp.

    `anchor` is the time stamp of its shot's first chosen frame; `attempt` counts passes from 1.
    """

    index: int
    pts: int
    anchor: int
    attempt: int = 1


class Budget(Contract):
    """What BudgetCalls decided, for the receipt. `frames` are the taken ones; `last_duration` is in ticks.

    `duplicates` are taken frames that repeat another; `keys` are the frames with a restyled picture, `own` of them the
    user's; `stretched` is true where a limit left fewer keys than the picture asks for. `damaged`, `missing`,
    `smeared`, `spoilt` and `steady` are wear.Wear's.
    """

    entered: str
    source_frames: int
    frames: int
    duplicates: int
    shots: int
    keys: int
    own: int = 0
    stretched: bool = False
    notes: list[str] = []
    estimated_usd: float
    estimated_minutes: float | None
    last_duration: int
    damaged: int = 0
    missing: int = 0
    smeared: int = 0
    spoilt: int = 0
    steady: bool = False


class ChosenKeys(Contract):
    """The key frames by index, ascending: once a frame is restyled the choice stands. `own` says where the user's
    pictures of some of them lie (studio keys); the numbers are those of choosing.Choice."""

    frames: list[int]
    own: dict[int, str]
    wanted: int
    chosen: int
    unkeyed: int


class BudgetCallsResult(Contract):
    """The calls of the first pass."""

    calls: Listing


# --- ExtractSegment -------------------------------------------------------------------------------------------------


class SegmentExtracted(Contract):
    """How many frames were written, including those that were there already."""

    frames: int


# --- StylizeFrame ---------------------------------------------------------------------------------------------------


class CallState(Contract):
    """What StylizeFrame left behind on its last visit: the slot that it holds, and how often the model was `busy`."""

    outcome: str | None = None
    wait_until: str | None = None
    slot_ms: int | None = None
    busy: int = 0


class StylizeFrameInput(Contract):
    """One visit of the reserve - wait - call loop."""

    job: Job
    frame: FrameCall
    call: CallState = CallState()


class StylizeFrameResult(CallState):
    """Either `wait_until` with `slot_ms`, or an `outcome`."""

    outcome: Literal["made", "exists", "filtered", "lost", "failed", "unaffordable", "stopped"] | None = None


# --- ReviewFrames ---------------------------------------------------------------------------------------------------


class ReviewFramesInput(Contract):
    """The calls of the pass that just ended."""

    job: Job
    calls: Listing
    attempt: int


class ReviewFramesResult(Contract):
    """`again` asks for another pass over `calls`."""

    again: bool
    calls: Listing
    attempt: int
    missing: int


class FilledFrame(Contract):
    """A key frame that no call brought, and the restyled key whose look it takes: of its own shot if there is one."""

    index: int
    shows: int


# --- RenderSegment --------------------------------------------------------------------------------------------------


class SegmentRendered(Contract):
    """How many frames every part of the segment has."""

    frames: int


# --- AssembleVideo --------------------------------------------------------------------------------------------------


class AssembleVideoInput(Contract):
    """When each Map state was entered, and the last ReviewFrames, and this state (ISO 8601)."""

    job: Job
    segments: Listing
    entered: dict[str, dict[str, str]]
    reviewed: str
    now: str


class Mail(Contract):
    """Subject (ASCII, under 100 characters) and text."""

    subject: str
    text: str


class AssembleVideoResult(Contract):
    """The mail that NotifyDone sends."""

    mail: Mail


# --- ExplainFailure -------------------------------------------------------------------------------------------------


class ExplainFailureInput(Contract):
    """EventBridge's status-change event of an execution that FAILED, TIMED_OUT or was ABORTED."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    detail: dict[str, Any]


class FailureExplained(Contract):
    """The mail that was sent; none when another execution owns the job."""

    mail: Mail | None
