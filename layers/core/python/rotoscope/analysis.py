"""AnalyzeSegment: what every frame of a segment shows: time stamps, repeats, cuts, flashes, motion, black borders."""

import math
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice

from pydantic import ValidationError

from rotoscope import layout
from rotoscope.contracts import JobPlan, Segment, SegmentAnalyzed, SegmentTask, SourceVideo
from rotoscope.motion.borders import Borders
from rotoscope.motion.looking import SEEN, Look, fitted, shrunk
from rotoscope.motion.steps import Steps
from rotoscope.observability import accounted
from rotoscope.ports import RGB, Damage
from rotoscope.segment_contracts import SegmentAnalysis
from rotoscope.services import Services
from rotoscope.sheets import window_radius
from rotoscope.sizes import decoded_size, drawn_size
from rotoscope.stills import Stills, surely_wanted
from rotoscope.stopping import refuse_if_stopped

AHEAD = 3
"""Frames beyond the segment's end that are looked at: a flash takes two, and then the picture is back."""


@accounted
def analyze_segment(task: SegmentTask, services: Services) -> SegmentAnalyzed:
    """Looks at each frame of the interval once, small. Skips what is there already.

    Where all frames are sure to be redrawn it keeps their stills at once: they need not be decoded a second time.
    """
    refuse_if_stopped(task.job, services)
    plan = services.documents.plan(task.job.id)
    found = _earlier(task, plan, services) or _analyzed(task, plan, services)
    return SegmentAnalyzed(frames=len(found.stamps))


def _earlier(task: SegmentTask, plan: JobPlan, services: Services) -> SegmentAnalysis | None:
    """What was found before, if it serves: a job planned anew may be cut elsewhere, or look for more."""
    try:
        found = services.documents.analysis(task.job.id, task.segment.index)
    except (KeyError, ValidationError):  # none, or one that an older version wrote
        return None
    same = (found.start_pts, found.end_pts) == (task.segment.start_pts, task.segment.end_pts)
    return found if same and found.followed >= _followed(plan) else None


def _followed(plan: JobPlan) -> bool:
    """Whether any frame is to be drawn from another, or to be compared with it."""
    return window_radius(plan.settings) != 0


def _analyzed(task: SegmentTask, plan: JobPlan, services: Services) -> SegmentAnalysis:
    segment, source, damage = task.segment, plan.source, Damage()
    early = surely_wanted(plan)
    size = decoded_size(source.width, source.height) if early else fitted(source.width, source.height, SEEN)
    and_on = segment.model_copy(update={"end_pts": max(segment.end_pts, source.end_pts)})
    with (
        services.open_clip(plan.video_key, plan.video_version_id, source) as clip,
        closing(services.reader.frames(clip, and_on, size=size, damage=damage)) as frames,
        Stills(plan.job.id, services.studio) as stills,
    ):
        found = _found(segment, source, _Looks(frames, stills if early else None), _followed(plan))
    found = found.model_copy(update=_broken(segment, damage))
    services.documents.save(layout.analysis(task.job.id, segment.index), found)
    return found


def _broken(segment: Segment, damage: Damage) -> dict[str, list[int]]:
    """What was found of the segment itself; it was known only when no more frames were to come."""
    found = {"damaged": damage.pictures, "breaks": damage.places, "smeared": damage.smeared, "spoilt": damage.spoilt}
    return {name: [pts for pts in each if segment.start_pts <= pts < segment.end_pts] for name, each in found.items()}


class _Looks:
    """Frames in order of time. Two at one time cannot both be shown: broken files have them, and the first is kept.

    With `stills` frames come in the size in which they are drawn, and each waits to be kept or to be done with.
    """

    def __init__(self, frames: Iterable[tuple[int, RGB]], stills: Stills | None = None) -> None:
        self._frames, self._last, self._stills = iter(frames), -math.inf, stills
        self._whole = dict[int, RGB]()
        self.untimely = 0

    def done_with(self, look: Look, *, new: bool) -> None:
        """Keeps a still of a frame that is `new` and no repeat."""
        whole = self._whole.pop(look.stamp, None)
        if whole is not None and self._stills and new:
            self._stills.keep(look.stamp, whole)

    def __iter__(self) -> Iterator[Look]:
        return self

    def __next__(self) -> Look:
        for stamp, picture in self._frames:
            if stamp > self._last:
                self._last = stamp
                if self._stills:
                    self._whole[stamp] = picture
                return Look(stamp, shrunk(picture, SEEN))
            self.untimely += 1
        raise StopIteration


def _windows(looks: Iterator[Look], end_pts: int) -> Iterator[list[Look]]:
    """Each frame before the end, with up to AHEAD frames that follow it."""
    window = deque(islice(looks, 1 + AHEAD))
    while window and window[0].stamp < end_pts:
        yield list(window)
        window.popleft()
        if window and window[0].stamp < end_pts:
            window.extend(islice(looks, 1))


def _found(segment: Segment, source: SourceVideo, looks: _Looks, followed: bool) -> SegmentAnalysis:
    steps, borders, drawn = Steps(followed), Borders(), drawn_size(source.width, source.height)
    stamps: list[int] = []
    for window in _windows(looks, segment.end_pts):
        stamps.append(window[0].stamp)
        borders.add(window[0].grey)
        steps.add(window)
        looks.done_with(window[0], new=steps.repeats[-1] == len(stamps) - 1)
    return SegmentAnalysis(
        segment=segment.index,
        start_pts=segment.start_pts,
        end_pts=segment.end_pts,
        stamps=stamps,
        untimely=looks.untimely,
        repeats=steps.repeats,
        costs=steps.costs,
        cuts=steps.cuts,
        flashes=steps.flashes,
        blanks=steps.blanks,
        joins=steps.joins,
        opening=steps.first.signature if steps.first else "",
        closing=steps.kept.signature if steps.kept else "",
        bars=borders.found(*drawn),
        dark=borders.dark(*drawn),
        followed=followed,
    )
