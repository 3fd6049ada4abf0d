"""What a choice of key frames costs, how long its calls take, and whether the job's limits allow that."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from rotoscope.choosing import Choice, choose, keep
from rotoscope.contracts import Budget, ChosenKeys, JobPlan
from rotoscope.engines.catalog import ENGINES
from rotoscope.errors import BudgetExceeded
from rotoscope.footage import Footage
from rotoscope.scenes import Scenes, scenes
from rotoscope.settings import EngineName, LimitSettings, Settings

WORKERS = 4
"""StylizeFrames' MaxConcurrency: what an engine without a quota is limited by."""

CALLING = 0.9
"""Of the time that is left, what calls are planned to take: frames are brought before, some asked for twice."""


@dataclass(frozen=True)
class Rate:
    """What one call costs, and how many can be made in a minute (None: as fast as they go)."""

    usd: float
    engine: EngineName
    requests_per_minute: float | None

    @classmethod
    def of(cls, plan: JobPlan) -> "Rate":
        """The rate that the plan was made with."""
        return cls(plan.price_usd, plan.settings.engines()[0], plan.requests_per_minute)

    def cost(self, calls: int) -> float:
        """In US dollars."""
        return round(calls * self.usd, 4)

    def minutes(self, calls: int) -> float:
        """How long the calls take at the model's pace; for engines without one, at their own speed."""
        if not calls:
            return 0.0
        at_speed = calls * ENGINES[self.engine].seconds_per_call / WORKERS / 60
        return round(max(at_speed, calls / self.requests_per_minute if self.requests_per_minute else 0), 2)

    def breach(self, limits: LimitSettings, calls: int, minutes: float | None = None) -> tuple[str, str] | None:
        """What so many calls come to, and the limit which that is over; None within all of them.

        `minutes` are those that calls may take, if that is less than all that the job may.
        """
        if self.cost(calls) > limits.max_cost_usd:
            return f" for ${self.cost(calls):.2f}", f"limits.max_cost_usd is ${limits.max_cost_usd:.2f}"
        if limits.max_calls is not None and calls > limits.max_calls:
            return "", f"limits.max_calls is {limits.max_calls}"
        if self.minutes(calls) > (limits.max_minutes if minutes is None else minutes):
            return f" in about {self.minutes(calls):.0f} minutes", f"limits.max_minutes is {limits.max_minutes:g}"
        return None

    def most(self, limits: LimitSettings, calls: int, minutes: float | None = None) -> int:
        """How many of these calls are within all limits."""
        return bisect_left(range(1, calls + 1), True, key=lambda many: self.breach(limits, many, minutes) is not None)


@dataclass(frozen=True)
class Proposal:
    """Key frames as the settings ask for them, and what they come to; nothing is refused yet.

    `minutes` are those that adaptive keys were to keep to; None for all that the job may take.
    """

    settings: Settings
    rate: Rate
    source_frames: int
    scenes: Scenes
    choice: Choice
    minutes: float | None = None

    @property
    def calls(self) -> int:
        """How many pictures have to be bought."""
        return len(self.choice.calls)

    def budget(self, entered: str, last_duration: int) -> Budget:
        """As it is written down."""
        return Budget(
            entered=entered,
            source_frames=self.source_frames,
            frames=len(self.scenes.taken),
            duplicates=len(self.scenes.taken) - len(self.scenes.frames),
            shots=len(self.scenes.shots) - 1,
            keys=len(self.choice.keys),
            own=len(self.choice.own),
            stretched=self.choice.stretched,
            notes=self.notes(),
            estimated_usd=self.rate.cost(self.calls),
            estimated_minutes=self.rate.minutes(self.calls),
            last_duration=last_duration,
        )

    def refuse_over(self, limits: LimitSettings) -> None:
        """Raises BudgetExceeded with what would fit."""
        if not (breach := self.rate.breach(limits, self.calls)):
            return
        comes_to, limit = breach
        if self.settings.frames.keys == "adaptive":
            raise BudgetExceeded(
                f"{_count(self.calls, 'shot')} would each have one frame restyled{comes_to}, the fewest that is "
                f"possible; {limit}. Raise the limit, or take a shorter range."
            )
        raise BudgetExceeded(
            f"{self.calls} of {len(self.scenes.taken)} frames would be restyled{comes_to}; {limit}. "
            'Raise the limit, take a shorter range, or set "frames": {"keys": "adaptive"}, which keeps to the limits.'
        )

    def notes(self) -> list[str]:
        """What a reader of the receipt would not expect."""
        return [*self._stretched(), *self._unkeyed(), *self._own(), *self._deflicker()]

    def _stretched(self) -> list[str]:
        if not self.choice.stretched:
            return []
        breach = self.rate.breach(self.settings.limits, self.choice.chosen + 1, self.minutes)
        reason = f" because {breach[1]}" if breach else ""
        apart = self._widest()
        if not apart:
            return [f"Every shot has one key frame only{reason}."]
        return [f"Key frames are up to {apart} frames apart{reason}: {self.choice.wanted} would keep closer."]

    def _widest(self) -> int:
        """Most frames of the source between two neighbouring keys of a shot."""
        frames, shot = self.scenes.frames, self.scenes.shot
        gaps = [frames[key] - frames[before] for before, key in pairwise(self.choice.keys) if shot(key)[0] <= before]
        return max(gaps, default=0)

    def _unkeyed(self) -> list[str]:
        shots = self.choice.unkeyed
        their = "their first frames as keys" if shots > 1 else "its first frame as key"
        return [f"{_count(shots, 'shot')} without a key got {their}."] if shots else []

    def _own(self) -> list[str]:
        """A picture for a frame that repeats another is shown with the first of them."""
        frames = self.scenes.frames
        moved = [(index, frames[place]) for place, index in self.choice.own.items() if frames[place] != index]
        return [
            *(f"Your picture of frame {index} is key frame {first}, which looks the same." for index, first in moved),
            *(
                f"Your picture of frame {index} is not used: the frame repeats one that has yours."
                for index in self.choice.idle
            ),
        ]

    def _deflicker(self) -> list[str]:
        if self.settings.motion.deflicker in (None, "off") or self.settings.frames.keys == "all":
            return []
        return ['motion.deflicker was ignored: it is for "frames": {"keys": "all"}.']


def propose(
    settings: Settings,
    rate: Rate,
    footage: Footage,
    taken: list[int],
    own: Iterable[int] = (),
    *,
    left: float | None = None,
    earlier: ChosenKeys | None = None,
) -> Proposal:
    """Key frames for the settings, or the `earlier` ones. `own` are frames that the user has restyled: they are free.

    `left` is what is left of limits.max_minutes (minutes), all of it by default.
    """
    seen, frames = scenes(footage, taken), settings.frames
    if earlier:
        return Proposal(settings, rate, len(footage.stamps), seen, keep(frames, seen, earlier, own))
    minutes = (settings.limits.max_minutes if left is None else max(0.0, left)) * CALLING
    choice = choose(frames, seen, footage.starts, own, rate.most(settings.limits, len(seen.frames), minutes))
    return Proposal(settings, rate, len(footage.stamps), seen, choice, minutes)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
