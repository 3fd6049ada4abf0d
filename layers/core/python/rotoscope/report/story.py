"""What a report tells, gathered from the job's documents."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from rotoscope.contracts import Budget, JobPlan
from rotoscope.overview import Overview
from rotoscope.receipts import Receipt
from rotoscope.report.paths import Path, Runs
from rotoscope.segment_contracts import QualitySample


@dataclass(frozen=True)
class Story:
    """`moments` says when each frame of the result is shown, and at the end when the last one goes (seconds)."""

    plan: JobPlan
    budget: Budget
    receipt: Receipt
    film: Overview
    filled: Mapping[int, int]
    samples: Sequence[QualitySample]
    moments: Sequence[float]

    @property
    def indices(self) -> Sequence[int]:
        """Of the result's frames, in the source."""
        return self.film.indices

    @property
    def ways(self) -> Runs:
        """How each frame came about."""
        return self.film.ways

    @property
    def own(self) -> Collection[int]:
        """The key pictures that are the user's."""
        return self.film.own

    @cached_property
    def keys(self) -> list[int]:
        """The frames that were to be restyled, ascending."""
        return sorted({*self.film.keys, *self.filled})

    @cached_property
    def shots(self) -> list[int]:
        """The first frames of all shots."""
        return sorted(self.film.shots)

    @property
    def length_s(self) -> float:
        """How long the result is."""
        return self.moments[-1]

    def when(self, index: int) -> float:
        """When a source frame is shown in the result."""
        return self.moments[bisect_left(self.indices, index)]

    def way(self, key: int) -> Path:
        """How a key frame came by its picture."""
        return "filled" if key in self.filled else "own" if key in self.own else "paid"

    def stretches(self) -> list[tuple[Path, float, float]]:
        """The frames' ways with when each begins and ends."""
        ends = list(accumulate(count for _, count in self.ways))
        starts = [0, *ends[:-1]]
        return [
            (way, self.moments[start], self.moments[end])
            for (way, _), start, end in zip(self.ways, starts, ends, strict=True)
        ]

    def free(self) -> bool:
        """Whether no picture of this engine costs anything."""
        return self.plan.price_usd == 0
