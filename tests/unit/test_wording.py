"""Numbers as people say them."""

import pytest

from rotoscope.wording import clock, counted, file_size, numbers, share


@pytest.mark.parametrize(
    ("ascending", "said"),
    [([], ""), ([4], "4"), ([0, 8, 16], "0, 8, 16"), ([1, 2, 3, 7, 9, 10], "1-3, 7, 9-10"), (list(range(99)), "0-98")],
)
def test_neighbouring_numbers_are_drawn_together(ascending, said):
    assert numbers(ascending) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00.00"), (62.48, "1:02.48"), (59.999, "1:00.00"), (3602.5, "1:00:02.50")]
)
def test_a_moment_reads_like_a_clock(seconds, said):
    assert clock(seconds) == said


@pytest.mark.parametrize(("part", "whole", "said"), [(1, 8, "12 %"), (0, 8, "0 %"), (1, 400, "0.2 %"), (0, 0, "0 %")])
def test_a_small_share_is_not_rounded_to_nothing(part, whole, said):
    assert share(part, whole) == said


def test_things_are_counted_and_sizes_said_in_their_unit():
    assert (counted(1, "frame"), counted(0, "frame")) == ("1 frame", "0 frames")
    assert (file_size(34_000), file_size(1_240_000)) == ("34 kB", "1.2 MB")
