"""What a job hands over: which files, how each is encoded, at which rate."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction

from rotoscope import layout
from rotoscope.contracts import JobPlan
from rotoscope.ports import PartFormat
from rotoscope.segment_contracts import SegmentSheet


@dataclass(frozen=True)
class Deliverable:
    """One thing to hand over: its parts' file name, and how it is encoded. `compare` shows the source beside it."""

    name: str
    form: PartFormat
    compare: bool = False

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
    "webm": Deliverable("video.webm", "webm"),
    "gif": Deliverable("video.gif", "gif"),
    "frames": Deliverable("frames.zip", "frames"),
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
    return (plan.source.frame_rate or plan.source.average_rate) / plan.settings.frames.step
