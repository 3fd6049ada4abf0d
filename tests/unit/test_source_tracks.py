"""Packets of the source's own tracks, out of files that are not what they announce."""

from collections.abc import Iterator
from typing import Any

import pytest

from rotoscope.adapters.source_tracks import TROUBLE, announced


def packets_and_a_stranger() -> Iterator[Any]:
    """What PyAV does at a packet of a track that it has not opened."""
    yield "first"
    yield [][0]


def test_a_track_that_turns_up_on_the_way_is_trouble_with_the_file_and_no_fault() -> None:
    packets = announced(packets_and_a_stranger())

    assert next(packets) == "first"
    with pytest.raises(TROUBLE, match="a track begins in the middle of the file"):
        next(packets)
