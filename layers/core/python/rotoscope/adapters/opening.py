"""What PyAV 18 and 19 do differently: how text that is no UTF-8 is asked for, and what its ratios are. Film set."""

from fractions import Fraction
from typing import Any, Protocol

import av

LENIENTLY: dict[str, Any] = {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
"""Arguments of `av.open`. From version 19 on every byte that is no UTF-8 becomes a surrogate, which `legible` mends."""


class Ratio(Protocol):
    """A Fraction; from version 19 on PyAV's own kind, which reckons in 32 bits and is never None but 0, or over 0."""

    @property
    def numerator(self) -> int: ...
    @property
    def denominator(self) -> int: ...


def legible(text: str) -> str:
    """The text with U+FFFD for what was no UTF-8, so that it can be written down."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def exact(ratio: Ratio | None) -> Fraction | None:
    """A ratio of PyAV's; None where it is not set."""
    return Fraction(ratio.numerator, ratio.denominator) if ratio else None
