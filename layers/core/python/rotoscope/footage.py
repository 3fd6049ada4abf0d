"""The whole source as its segments' analyses describe it: shots, repeated frames, and what every step uncovers."""

from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rotoscope.segment_contracts import Bars, SegmentAnalysis
from rotoscope.signatures import far_apart

NOTHING_LEFT = 0.6
"""Share of the picture that a single step has to uncover to be as good as a cut, such as the next slide on the same
paper: no key can be carried over it."""
SIDES = ("top", "bottom", "left", "right")


@dataclass(frozen=True)
class Footage:
    """All frames by index. `starts` are the segments' first frames, and the number of frames as the last one.

    `shots` are the first frames of the shots. `repeats` names for each frame the first of the run that looks like it,
    `costs` the share of the picture that the step to the next frame newly uncovers; `bars` hold for the whole video;
    `blanks` show nothing, unless no frame of all shows anything; `untimely` frames have no place in time.
    `damaged` and `breaks` are time stamps of damaged pictures, and of places near which something is broken; `smeared`
    and `spoilt` as in ports.Damage.
    """

    stamps: Sequence[int]
    starts: Sequence[int]
    shots: Sequence[int]
    repeats: Sequence[int]
    costs: Sequence[float]
    bars: Bars | None
    blanks: Collection[int] = frozenset()
    untimely: int = 0
    damaged: Sequence[int] = ()
    breaks: Sequence[int] = ()
    smeared: Sequence[int] = ()
    spoilt: Sequence[int] = ()


def merged(analyses: Iterable[SegmentAnalysis]) -> Footage:
    """One footage out of all segments' analyses, in order. Reads each once: an iterator need not hold them all."""
    joint = _Joint()
    for found in analyses:
        joint.add(found)
    return joint.footage()


class _Joint:
    """Segments put behind one another; numbers lie in arrays, for a million frames have to fit the function."""

    def __init__(self) -> None:
        self._stamps, self._repeats, self._costs = array("q"), array("q"), array("d")
        self._starts, self._bars, self._dark = [0], list[Bars](), list[Bars]()
        self._cuts, self._flashes, self._blanks = set[int](), set[int](), set[int]()
        self._joins, self._run = False, ""
        self._untimely = 0
        self._damaged, self._breaks, self._smeared, self._spoilt = (array("q") for _ in range(4))

    def add(self, found: SegmentAnalysis) -> None:
        if found.stamps:
            self._add_frames(found)
        self._untimely += found.untimely
        self._damaged.extend(found.damaged)
        self._breaks.extend(found.breaks)
        self._smeared.extend(found.smeared)
        self._spoilt.extend(found.spoilt)
        self._starts.append(len(self._stamps))
        self._bars += [found.bars] if found.bars else []
        self._dark += [found.dark] if found.dark else []

    def _add_frames(self, found: SegmentAnalysis) -> None:
        first = len(self._stamps)
        goes_on = self._joins and first - 1 not in self._cuts and not far_apart(self._run, found.opening)
        opening = self._repeats[-1] if goes_on else first
        self._stamps.extend(found.stamps)
        self._repeats.extend(first + position if position else opening for position in found.repeats)
        self._costs.extend(found.costs)
        self._cuts.update(first + position for position in found.cuts)
        self._blanks.update(first + position for position in found.blanks)
        for position, frames in found.flashes:
            self._flashes.update((first + position, first + position + frames))
        # A fade may take a run through many segments: each opening is held against the picture that began the run.
        if not (goes_on and found.repeats[-1] == 0):
            self._run = found.closing
        self._joins = found.joins

    def footage(self) -> Footage:
        frames = len(self._stamps)
        for step in self._flashes:
            if step < frames:
                self._costs[step] = 0.0  # the picture comes back
        blanks = self._blanks if len(self._blanks) < frames else frozenset[int]()
        lost = {step for step, cost in enumerate(self._costs) if cost > NOTHING_LEFT}
        shots = [0, *sorted(step + 1 for step in (self._cuts | lost) - self._flashes if step + 1 < frames)]
        return Footage(
            stamps=self._stamps,
            starts=self._starts,
            shots=shots,
            repeats=self._repeats,
            costs=self._costs,
            bars=self._borders(),
            blanks=blanks,
            untimely=self._untimely,
            damaged=self._damaged,
            breaks=self._breaks,
            smeared=self._smeared,
            spoilt=self._spoilt,
        )

    def _borders(self) -> Bars | None:
        """What some segment shows to be a border and no other lights up: one answer, or they would come and go."""
        found = {side: min((rows for bars in self._bars if (rows := getattr(bars, side))), default=0) for side in SIDES}
        lit = {side: min((getattr(dark, side) for dark in self._dark), default=0) for side in SIDES}
        bars = Bars(**{side: rows if rows <= lit[side] else 0 for side, rows in found.items()})
        return None if bars == Bars() else bars
