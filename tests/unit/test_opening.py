"""What PyAV tells can be written down and reckoned with, whichever version has read it."""

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import pytest

from rotoscope.adapters.opening import LENIENTLY, Ratio, exact, legible


class Pair(NamedTuple):
    """PyAV 19's ratios: never None, and false unless they are a number other than 0."""

    numerator: int
    denominator: int

    def __bool__(self) -> bool:
        return bool(self.numerator and self.denominator)


@pytest.mark.parametrize(
    ("read", "told"),
    [("Caf\udce9", "Caf\ufffd"), ("Café 🎬", "Café 🎬"), ("Caf\ufffd", "Caf\ufffd"), ("", "")],
)
def test_bytes_that_are_no_utf_8_are_marked_and_the_rest_stays(read: str, told: str) -> None:
    assert legible(read) == told


@pytest.mark.parametrize(
    ("read", "told"),
    [
        (Pair(1, 90_000), Fraction(1, 90_000)),
        (Fraction(1001, 30_000), Fraction(1001, 30_000)),
        (None, None),
        (Pair(0, 1), None),
        (Pair(0, 0), None),
        (Pair(1, 0), None),
    ],
)
def test_a_ratio_is_an_exact_fraction_or_nothing(read: Ratio | None, told: Fraction | None) -> None:
    found = exact(read)

    assert found == told
    assert found is None or type(found) is Fraction


def test_pyav_takes_what_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(av.FFmpegError):
        av.open(str(tmp_path / "nothing.mp4"), **LENIENTLY)
