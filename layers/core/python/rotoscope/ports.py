"""What the stages need of the outside, by role. Adapters stand behind these; `adapters/memory.py` holds the fakes."""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol

from rotoscope.contracts import Job, Mail, Segment, SourceVideo

if TYPE_CHECKING:
    import numpy as np
    from numpy import typing as npt

    RGB = npt.NDArray[np.uint8]
else:
    RGB = object  # functions that touch no picture have no numpy in their layers
"""One picture: (height, width, 3), 8 bit, R'G'B' full range, upright, square pixels."""
Alpha = RGB
"""How opaque a picture is: (height, width), 8 bit, 255 is opaque."""
Clock = Callable[[], float]
"""Seconds since the epoch."""
PartFormat = Literal["mp4", "hevc", "prores", "webm", "gif", "webp", "frames"]
KEEPS_ALPHA: tuple[PartFormat, ...] = ("prores", "webm", "gif", "webp", "frames")


class BlobStore(Protocol):
    """One bucket's objects. A missing key raises KeyError."""

    def read(self, key: str) -> bytes: ...
    def write(self, key: str, body: bytes, content_type: str = "application/octet-stream") -> None: ...
    def upload(self, key: str, path: Path, content_type: str) -> None: ...
    def download(self, key: str, path: Path) -> None: ...
    def exists(self, key: str) -> bool: ...
    def list(self, prefix: str) -> Iterator[str]: ...


@dataclass(frozen=True)
class UploadFacts:
    """What the inbox knows of one object version. `size` is in bytes; metadata keys are lower case."""

    size: int
    metadata: Mapping[str, str]
    version_id: str | None = None


class Inbox(Protocol):
    """The user's bucket, read only. A missing key raises KeyError."""

    def facts(self, key: str, version_id: str | None) -> UploadFacts: ...
    def read(self, key: str, version_id: str | None = None) -> bytes: ...
    def read_range(self, key: str, version_id: str | None, start: int, end: int) -> bytes: ...
    def folder(self, prefix: str) -> Iterator[str]:
        """The keys under a prefix that ends in a slash, without those of deeper folders."""


# --- the ledger: three small views of one table ---------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """`status` is "running" until `finish` says otherwise."""

    job: Job
    execution: str
    status: str


class Claims(Protocol):
    """Who owns a job, and whether it was stopped: by which error class's name, and its reason."""

    def claim(self, job: Job, execution: str, *, take_over: bool = False) -> bool:
        """True when `execution` owns the job now. `take_over` wins from an execution that has ended."""

    def claimed(self, job: str) -> Claim | None: ...
    def stop(self, job: str, reason: str, error: str) -> None: ...
    def stopped(self, job: str) -> tuple[str, str] | None: ...

    def finish(self, job: str, status: str) -> None:
        """Writes how the job ended: "succeeded", "failed", "cancelled"; "incomplete" if a resume may bring more."""


class Pacer(Protocol):
    """Spreads the calls of all jobs over a model's requests per minute (GCRA)."""

    def reserve(self, lane: str, requests_per_minute: float) -> int:
        """The next free slot of a lane, in milliseconds since the epoch; it is the caller's now."""

    def slow(self, lane: str) -> None:
        """The service said 429: for a minute, half the pace."""


@dataclass(frozen=True)
class Tally:
    """What a job came to: its calls, their price in millionths of a US dollar, its tasks' memory x time (GB x ms)."""

    made: int = 0
    filtered: int = 0
    retried: int = 0
    throttled: int = 0
    lost: int = 0
    unaffordable: int = 0
    usd_micros: int = 0
    simulated: int = 0
    gb_ms: int = 0
    tasks: int = 0


@dataclass(frozen=True)
class Booking:
    """One call as it was booked, on the day (UTC, ISO 8601) whose limit it counts against."""

    job: str
    usd_micros: int
    day: str


class Purse(Protocol):
    """What jobs may spend and have spent."""

    def spend(
        self, job: str, usd_micros: int, *, job_limit: int, day_limit: int, call_limit: int | None = None
    ) -> Booking:
        """Books one call before it is made. Money is in millionths; a free call counts against `call_limit` alone.

        Raises Unaffordable at the job's own limits, BudgetExceeded at the day's.
        """

    def give_back(self, booking: Booking) -> None:
        """Undoes the booking of a call that was certainly not charged; the call is given back too."""

    def count(self, job: str, **counts: int) -> None:
        """Adds to the Tally's counters by name."""

    def tally(self, job: str) -> Tally: ...


# --- the models -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ModelReply:
    """A service's answer with HTTP 200, which does not yet mean a picture."""

    body: bytes
    simulated: bool = False


class ModelRuntime(Protocol):
    """Sends one request, once. Raises Throttled or ModelBusy (not charged), AnswerLost (perhaps charged), ModelDenied,
    ModelRetired, and CallRefused for its body."""

    def invoke(self, target: str, body: bytes) -> ModelReply: ...


class ModelCatalog(Protocol):
    """What the account knows of a model, for free."""

    def require_callable(self, model_id: str) -> None:
        """Raises ModelRetired or ModelDenied when a call would certainly fail; silent when it cannot tell."""

    def requests_per_minute(self, quota_name: str) -> float | None:
        """The account's real quota, or None where it may not be read."""

    def require_endpoint(self, name: str) -> None:
        """Raises ModelDenied when there is no such SageMaker endpoint in service."""


# --- pictures and sound ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clip:
    """An opened source: a local path or a loopback URL that FFmpeg reads, and what probing found."""

    location: str
    source: SourceVideo


@dataclass
class Damage:
    """What decoding a segment found broken, known when its frames end or their generator is closed.

    `pictures` are time stamps of pictures that came out damaged, about; `places` those near which something is broken
    or missing; `smeared` those of whole pictures that build on a broken one, `spoilt` those of pictures of either kind
    of which more than half is taken to look wrong.
    """

    pictures: Sequence[int] = ()
    places: Sequence[int] = ()
    smeared: Sequence[int] = ()
    spoilt: Sequence[int] = ()


class VideoReader(Protocol):
    """Decodes a segment exactly: every frame whose pts is in [start_pts, end_pts), each once, in order."""

    def frames(
        self,
        clip: Clip,
        segment: Segment,
        wanted: Collection[int] | None = None,
        size: tuple[int, int] | None = None,
        damage: Damage | None = None,
    ) -> Generator[tuple[int, RGB]]:
        """(pts, picture) of the wanted time stamps (all when None), upright, square pixels.

        `size` is the pictures' width and height, the source's when None; a small one costs little more than decoding.
        Transparency lies on white. Closing the generator early frees everything. `damage` is filled in at the end.
        """

    def alphas(
        self,
        clip: Clip,
        segment: Segment,
        wanted: Collection[int] | None = None,
        size: tuple[int, int] | None = None,
    ) -> Generator[tuple[int, Alpha]]:
        """(pts, opacity) of the same frames as `frames` gives; for sources with `alpha` alone."""


class PartWriter(AbstractContextManager["PartWriter"], Protocol):
    """Takes the pictures of one part, in order. Leaving it before `close` gives up the part and frees everything."""

    def write(self, picture: RGB, alpha: Alpha | None = None) -> None:
        """`alpha` is given with every picture of a part that was opened with it, and with no other."""

    def close(self) -> int:
        """The number of frames in the part; raises MediaToolFailed when it differs from what was written."""


class PartEncoder(Protocol):
    """Encodes parts that can be joined without encoding again."""

    def open(
        self,
        path: Path,
        form: PartFormat,
        size: tuple[int, int],
        rate: Fraction,
        *,
        alpha: bool = False,
        enlarged: tuple[int, int] | None = None,
    ) -> PartWriter:
        """`size` is width x height of every picture; `rate` steers the encoder (parts carry no time of their own).

        `alpha` parts keep transparency (ports.KEEPS_ALPHA); `enlarged` is the part's own size if it is another.
        """


class Prober(Protocol):
    """Reads what a file is from its index and packets, without decoding."""

    def probe(self, file: BinaryIO, size: int) -> SourceVideo:
        """Raises NotAVideo, UnreadableVideo or TruncatedVideo."""


@dataclass(frozen=True)
class Original:
    """What a result takes over from its source: the file, and seconds of the source's own clock, half open.

    Title and date are always kept. `timed` is false where the result's time is not the source's: then sound, subtitles
    and chapters stay out; `sound` is false where the sound alone is to stay out. `container` is what probing found
    (SourceVideo.container): the file is read as that and nothing else. `opening` is true where `start_s` is the first
    picture of all: what sounds before it was not left out by anybody's wish, and is told.
    """

    file: BinaryIO
    start_s: float
    end_s: float
    sound: bool = True
    timed: bool = True
    container: str | None = None
    opening: bool = False


@dataclass(frozen=True)
class Timeline:
    """When the joined frames are shown: ascending ticks from 0, and how long the last one stays."""

    ticks: Sequence[int]
    last_duration: int
    time_base: Fraction


@dataclass(frozen=True)
class Joined:
    """What counting the finished file found."""

    frames: int
    width: int
    height: int
    duration_s: float
    audio: Sequence[str] = ()
    notes: Sequence[str] = ()


class Joiner(Protocol):
    """Joins parts in order into one deliverable, streaming, without encoding pictures again."""

    def join(
        self,
        form: PartFormat,
        parts: Iterable[Path],
        timeline: Timeline,
        out: Path,
        original: Original | None = None,
        provenance: str = "",
    ) -> Joined:
        """`provenance` is a line of text that every format keeps: how the pictures were made."""

    def beside_pictures(self, form: PartFormat, finished: Path, out: Path) -> None:
        """Copies all but the pictures of a finished file, at its times: an Original for others of its container.

        Raises MediaToolFailed where that cannot be.
        """


class Notifier(Protocol):
    """Sends mails to whoever is subscribed."""

    def send(self, mail: Mail) -> None: ...


@dataclass(frozen=True)
class Ending:
    """Why an execution ended: Step Functions' error name and cause, either may be empty."""

    error: str
    cause: str


class Executions(Protocol):
    """What Step Functions knows of an execution."""

    def ending(self, execution: str) -> Ending: ...
    def running(self, execution: str) -> bool: ...


ClipOpener = Callable[[str, str | None, SourceVideo], AbstractContextManager[Clip]]
"""Opens an inbox object (key, version id) for FFmpeg."""
FileOpener = Callable[[str, str | None], BinaryIO]
"""Opens an inbox object (key, version id) as a seekable file; a missing key raises KeyError."""
