"""What all sheets together say about the result: enough for joining, receipt and report, for a million frames too."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from rotoscope import layout
from rotoscope.contracts import JobPlan
from rotoscope.deliverables import look, way_back
from rotoscope.report.paths import Runs, joined, paths, runs
from rotoscope.segment_contracts import SegmentSheet


@dataclass(frozen=True)
class Overview:
    """One segment, or all of them one after the other. `indices` and `stamps` are those of the result's frames.

    `parts` names the looks of the segments that have any frames, `keys` where the picture lies that a key frame shows,
    `own` those keys that are the user's; `ways` tells how the frames came about, `poster` which segment keeps it.
    `backs` are the segments that also have parts which play backwards.
    """

    indices: "array[int]" = field(default_factory=lambda: array("q"))
    stamps: "array[int]" = field(default_factory=lambda: array("q"))
    parts: dict[int, str] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    shots: set[int] = field(default_factory=set)
    ways: Runs = field(default_factory=list)
    poster: int | None = None
    backs: set[int] = field(default_factory=set)

    def time_of(self, index: int) -> int:
        """The time stamp of one of the result's frames."""
        return self.stamps[bisect_left(self.indices, index)]


def of_sheet(plan: JobPlan, sheet: SegmentSheet, filled: Collection[int]) -> Overview:
    """What one sheet says; `filled` are keys that no call brought."""
    if not sheet.frames:
        return Overview()
    keys = {key.index: key for key in sheet.keys}
    mine = [keys[frame.index] for frame in sheet.chosen]
    return Overview(
        indices=array("q", [frame.index for frame in sheet.frames]),
        stamps=array("q", [frame.pts for frame in sheet.frames]),
        parts={sheet.segment: look(plan, sheet)},
        keys={key.index: key.own or layout.styled_frame(plan.job.id, key.index) for key in mine},
        own={key.index for key in mine if key.own},
        shots={frame.shot for frame in sheet.scene},
        ways=runs(paths(sheet, filled)),
        poster=None if sheet.poster is None else sheet.segment,
        backs={sheet.segment} if way_back(plan, sheet) else set(),
    )


def together(segments: Iterable[Overview]) -> Overview:
    """All of them, in their order."""
    indices, stamps, ways = array("q"), array("q"), Runs()
    parts, keys, own, shots, backs = dict[int, str](), dict[int, str](), set[int](), set[int](), set[int]()
    poster: int | None = None
    for each in segments:
        indices.extend(each.indices)
        stamps.extend(each.stamps)
        ways += each.ways
        parts |= each.parts
        keys |= each.keys
        own |= each.own
        shots |= each.shots
        backs |= each.backs
        poster = each.poster if poster is None else poster
    return Overview(indices, stamps, parts, keys, own, shots, joined(ways), poster, backs)
