"""A packet that cannot be decoded is no picture, whatever PyAV raises over it."""

import av
import pytest

from rotoscope.adapters.resizing import decoded


class Undecodable:
    """A packet of a damaged track."""

    def __init__(self, problem: Exception) -> None:
        self._problem = problem

    def decode(self) -> None:
        raise self._problem


@pytest.mark.parametrize(
    "problem", [av.InvalidDataError(-1, "damaged"), ValueError("cannot decode unknown codec")], ids=["at once", "after"]
)
def test_what_cannot_be_decoded_is_no_picture(problem: Exception) -> None:
    assert decoded(Undecodable(problem)) == []
