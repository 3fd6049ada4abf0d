"""Text from a file that is no UTF-8 can be written down again, whichever PyAV has read it."""

from pathlib import Path

import av
import pytest

from rotoscope.adapters.opening import LENIENTLY, legible


@pytest.mark.parametrize(
    ("read", "told"),
    [("Caf\udce9", "Caf\ufffd"), ("Café 🎬", "Café 🎬"), ("Caf\ufffd", "Caf\ufffd"), ("", "")],
)
def test_bytes_that_are_no_utf_8_are_marked_and_the_rest_stays(read: str, told: str) -> None:
    assert legible(read) == told


def test_pyav_takes_what_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(av.FFmpegError):
        av.open(str(tmp_path / "nothing.mp4"), **LENIENTLY)
