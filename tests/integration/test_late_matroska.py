"""Matroska states when it ends, not how long it lasts: a video that begins late is whole, and no longer for it."""

from pathlib import Path

import pytest

from rotoscope.adapters.probe import PyAvProber
from rotoscope.contracts import SourceVideo
from rotoscope.errors import TruncatedVideo
from tests import clips

BY_PACKETS, BY_CUES = 1 << 30, 0


def probed(path: Path, whole_bytes: int) -> SourceVideo:
    with path.open("rb") as file:
        return PyAvProber(whole_bytes).probe(file, path.stat().st_size)


@pytest.mark.treats("an MKV whose video begins late", "read from its first frame on; a truncated one is refused")
@pytest.mark.parametrize("late_s", [1, 60, 3600])
@pytest.mark.parametrize("audio", [None, "aac"])
@pytest.mark.parametrize("whole_bytes", [BY_PACKETS, BY_CUES])
def test_a_late_beginning_is_no_cut_and_no_longer_end(late_s: int, whole_bytes: int, audio: str | None) -> None:
    whole = clips.clip(f"late-{late_s}-{audio}.mkv", audio=audio, more=("-output_ts_offset", str(late_s)))

    source = probed(whole, whole_bytes)

    assert source.start_pts * source.time_base == late_s
    assert source.duration_s == pytest.approx(source.frame_count / float(source.average_rate), abs=0.05)
    with pytest.raises(TruncatedVideo):
        probed(clips.cut_off(whole), BY_PACKETS)
