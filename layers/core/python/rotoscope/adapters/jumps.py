"""Tells a single wrong time stamp from a pause: after a pause, what follows goes on from there."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Generic, TypeVar

T = TypeVar("T")

USUAL_S = 10
"""Pieces of one track lie closer than this, unless it pauses."""


class Jumps(Generic[T]):
    """Holds back a piece that lies far from the one before until the next one confirms it. Moments are in seconds.

    Past `until`, when there is nothing to be seen any more, nothing is waited for. `strays` counts what was left out.
    """

    def __init__(self, begin: Fraction, until: Fraction) -> None:
        self._last, self._until = begin, until
        self._held: tuple[Fraction, T] | None = None
        self.strays = 0

    def take(self, moment: Fraction, piece: T) -> Iterator[tuple[Fraction, T]]:
        """The pieces that are certain now."""
        if _near(moment, self._last):
            self._give_up()
        elif self._held is None or not _near(moment, self._held[0]):
            self._give_up()
            self._hold(moment, piece)
            return
        else:
            yield from self._confirmed()
        self._last = moment
        yield moment, piece

    def end(self) -> Iterator[tuple[Fraction, T]]:
        """What was still held: there may have been only this one."""
        yield from self._confirmed()

    def _hold(self, moment: Fraction, piece: T) -> None:
        if moment < self._until:
            self._held = (moment, piece)
        else:
            self.strays += 1

    def _confirmed(self) -> Iterator[tuple[Fraction, T]]:
        held, self._held = self._held, None
        if held:
            yield held

    def _give_up(self) -> None:
        self.strays += self._held is not None
        self._held = None


def _near(moment: Fraction, other: Fraction) -> bool:
    return abs(moment - other) < USUAL_S
