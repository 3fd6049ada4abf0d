"""Walks through an interval and notes what each step from one frame to the next changes."""

from collections.abc import Sequence

from rotoscope.motion.coverage import Coverage, lost
from rotoscope.motion.looking import Look, blank
from rotoscope.motion.repeats import repeats
from rotoscope.motion.shots import flash, jump


class Steps:
    """The lists of a SegmentAnalysis, as far as they have grown. `joins`: the frame after the last repeats `kept`.

    `followed` as in SegmentAnalysis.
    """

    def __init__(self, followed: bool = True) -> None:
        self._followed = followed
        self.repeats: list[int] = []
        self.costs: list[float] = []
        self.cuts: list[int] = []
        self.flashes: list[tuple[int, int]] = []
        self.blanks: list[int] = []
        self.first: Look | None = None
        self.kept: Look | None = None
        self.joins = False
        self._position = 0
        self._flaring = 0
        self._coverage: Coverage | None = None

    def add(self, window: Sequence[Look]) -> None:
        """The next frame, and those that follow it."""
        kept = self._keep(window[0])
        if blank(window[0].coarse):
            self.blanks.append(len(self.costs))
        self.joins = len(window) > 1 and repeats(window[1], kept)
        jumps = len(window) > 1 and not self.joins and jump(window[0], window[1])
        frames = flash(window) if jumps else 0
        position = len(self.costs)
        if jumps:
            self.cuts.append(position)
        if frames:
            self.flashes.append((position, frames))
        self.costs.append(round(self._cost(window, jumps, frames), 4))

    def _keep(self, look: Look) -> Look:
        """The frame that this one repeats, or itself."""
        if self.kept is None or not self.joins:
            self.first, self.kept, self._position = self.first or look, look, len(self.repeats)
        self.repeats.append(self._position)
        return self.kept

    def _cost(self, window: Sequence[Look], jumps: bool, frames: int) -> float:
        """What flares up uncovers nothing: the frames around a flash are followed as if they were neighbours."""
        coverage = self._coverage = self._coverage or Coverage(window[0])
        self._flaring = self._flaring or (frames and frames + 1)
        returns, self._flaring = self._flaring == 1, max(0, self._flaring - 1)
        if len(window) == 1 or self._flaring or (self.joins and not returns):
            return 0.0
        if jumps and not returns:
            self._coverage = Coverage(window[1])
            return 1.0
        return coverage.step(window[1]) if self._followed else lost(window[0], window[1])
