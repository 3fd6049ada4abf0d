"""What a job hands over: which files, how each is encoded, at which rate."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction

from rotoscope import layout
from rotoscope.contracts import JobPlan
from rotoscope.ports import PartFormat
from rotoscope.segment_contracts import SegmentSheet, SheetFrame
from rotoscope.settings import output_size
from rotoscope.sizes import Size, drawn_size


@dataclass(frozen=True)
class Deliverable:
    """One thing to hand over: its parts' file name, and how it is encoded. `compare` shows the source beside it."""

    name: str
    form: PartFormat
    compare: bool = False

    @property
    def suffix(self) -> str:
        """How the finished file's name ends: two formats of one video may share a container."""
        return f".{self.name.removeprefix('video.')}"

    @property
    def container(self) -> str:
        """What kind of file it is; two deliverables may be of one."""
        return self.name.rpartition(".")[2]

    @property
    def content_type(self) -> str:
        """Of the finished file."""
        return _CONTENT_TYPES[self.container]

    @property
    def plays(self) -> bool:
        """Whether it has a time of its own; single pictures have none."""
        return self.form != "frames"

    def file_name(self, video: str) -> str:
        """Of the finished file, for a result of that name."""
        return self.name if self.compare else f"{video}{self.suffix}"

    @property
    def back_name(self) -> str:
        """The file name of a part that plays backwards, for output.loop = "boomerang".

        It holds the segment's frames in reverse order without the whole video's first and last frame, which the way
        there has shown; a segment of which nothing is left has none.
        """
        stem, _, suffix = self.name.rpartition(".")
        return f"{stem}.back.{suffix}"


_DELIVERABLES: dict[str, Deliverable] = {
    "mp4": Deliverable("video.mp4", "mp4"),
    "hevc": Deliverable("video.hevc.mp4", "hevc"),
    "prores": Deliverable("video.mov", "prores"),
    "webm": Deliverable("video.webm", "webm"),
    "gif": Deliverable("video.gif", "gif"),
    "webp": Deliverable("video.webp", "webp"),
    "frames": Deliverable("frames.zip", "frames"),
}
_CONTENT_TYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "gif": "image/gif",
    "webp": "image/webp",
    "zip": "application/zip",
}
COMPARE = Deliverable(layout.COMPARISON, "mp4", compare=True)
GAP = 4
"""Pixels between the comparison's two pictures."""


def deliverables(plan: JobPlan) -> list[Deliverable]:
    """What of a job's settings is encoded segment by segment, each once, in the order asked."""
    wanted = [_DELIVERABLES[form] for form in dict.fromkeys(plan.settings.output.formats) if form in _DELIVERABLES]
    return [*wanted, COMPARE] if plan.settings.output.compare else wanted


def look(plan: JobPlan, sheet: SegmentSheet) -> str:
    """Names the parts of a segment by all that they are made of: parts of one name show the same.

    Restyled frames are never exchanged, and the user's pictures are named by their content.
    """
    made_of = (plan.video_version_id or "", plan.settings.model_dump_json(exclude={"limits"}), sheet.model_dump_json())
    return hashlib.sha256("\n".join(made_of).encode()).hexdigest()[:16]


def output_rate(plan: JobPlan) -> Fraction:
    """Frames per second of the result: the source's over `step`, unless replayed at another."""
    if plan.settings.output.fps is not None:
        return Fraction(plan.settings.output.fps).limit_denominator(1_001_000)
    return _taken_rate(plan)


def pace(plan: JobPlan) -> float:
    """Seconds of the result for one of the source: 1 unless replayed at another rate."""
    return 1.0 if plan.settings.output.fps is None else float(_taken_rate(plan) / output_rate(plan))


def _taken_rate(plan: JobPlan) -> Fraction:
    return (plan.source.frame_rate or plan.source.average_rate) / plan.settings.frames.step


def loops(plan: JobPlan) -> bool:
    """Whether every deliverable that plays does so forwards, then backwards."""
    return plan.settings.output.loop == "boomerang"


def way_back(plan: JobPlan, sheet: SegmentSheet) -> list[SheetFrame]:
    """The frames of a segment that its back parts show, in their order; empty where there are no such parts."""
    return [frame for frame in reversed(sheet.frames) if frame.pts not in sheet.bounds] if loops(plan) else []


def result_frames(plan: JobPlan, taken: int) -> int:
    """How many frames a deliverable that plays shows, of so many that were taken."""
    return max(taken, 2 * taken - 2) if loops(plan) else taken


def drawing_size(plan: JobPlan) -> Size:
    """Width and height of the source's pictures as they are decoded and drawn."""
    return drawn_size(plan.source.width, plan.source.height)


def result_size(plan: JobPlan) -> Size:
    """Width and height of the finished files' pictures."""
    return output_size(plan.settings.output, plan.source.width, plan.source.height)


def picture_size(plan: JobPlan) -> Size:
    """Width and height of the result's pictures as the encoders are given them: larger files they enlarge."""
    return drawn_size(*result_size(plan))
