"""AnalyzeSegment on coded clips: what an encoder does to held, still and boxed pictures hides nothing of them."""

from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path

import pytest

from rotoscope.adapters.ffmpeg_read import FfmpegReader
from rotoscope.analysis import analyze_segment
from rotoscope.contracts import SegmentTask
from rotoscope.footage import Footage, merged
from rotoscope.segment_contracts import SegmentAnalysis
from tests import clips
from tests.builders import a_plan
from tests.playing import cut, opened
from tests.worlds import planned

LARGE = (640, 360)


def analysed(path: Path, borders: tuple[int, ...] = ()) -> list[SegmentAnalysis]:
    """One analysis per segment; borders are positions of frames, at the rate of the clip."""
    clip = opened(path)
    plan = a_plan(source=clip.source)
    services = planned(plan, reader=FfmpegReader(timeout_s=60), open_clip=lambda *_: nullcontext(clip))
    ticks = clip.source.start_pts, (clip.source.end_pts - clip.source.start_pts) // clip.source.frame_count
    segments = cut(clip.source, [ticks[0] + border * ticks[1] for border in borders])
    for segment in segments:
        analyze_segment(SegmentTask(job=plan.job, segment=segment), services)
    return [services.documents.analysis(plan.job.id, segment.index) for segment in segments]


def runs(footage: Footage) -> list[int]:
    """How long each picture is held."""
    begins = [*sorted(set(footage.repeats)), len(footage.stamps)]
    return [after - before for before, after in pairwise(begins)]


@pytest.mark.parametrize(("held", "crf"), [(2, 23), (3, 23), (16, 23), (16, 32)])
def test_held_pictures_are_found_through_coding_noise(held: int, crf: int) -> None:
    filters, options = f"framestep={held},fps=30", ("-crf", str(crf))
    path = clips.clip(f"held-{held}-{crf}.mp4", size=LARGE, filters=filters, audio=None, more=options)

    assert runs(merged(analysed(path))) == [held] * (48 // held)


def test_held_pictures_go_on_over_the_borders_of_segments() -> None:
    path = clips.clip("held-16-23.mp4", size=LARGE, filters="framestep=16,fps=30", audio=None, more=("-crf", "23"))

    assert runs(merged(analysed(path, (5, 11, 16, 31)))) == [16, 16, 16]


def test_a_still_camera_with_a_noisy_sensor_sees_one_picture() -> None:
    filters = "trim=end_frame=1,loop=loop=23:size=1,setpts=N/30/TB,noise=alls=8:allf=t"
    path = clips.clip("still.mp4", size=LARGE, filters=filters, audio=None, frames=24)

    assert runs(merged(analysed(path))) == [24]


def test_every_picture_of_a_moving_card_is_its_own() -> None:
    path = clips.clip("large.mp4", size=LARGE, audio=None)

    (found,) = analysed(path)

    assert found.repeats == list(range(48))
    assert (found.cuts, found.flashes, found.bars) == ([], [], None)


def test_letter_box_borders_are_found_at_the_size_of_the_source() -> None:
    boxed = clips.clip("boxed.mp4", size=(1280, 544), filters="pad=1280:720:0:88", audio=None, frames=12)

    (found,) = analysed(boxed)

    assert found.bars is not None
    assert (found.bars.left, found.bars.right) == (0, 0)
    assert 86 <= found.bars.top <= 88
    assert 86 <= found.bars.bottom <= 88


def test_a_clip_in_segments_is_seen_as_in_one() -> None:
    path = clips.open_gop()
    (whole,) = analysed(path)

    pieces = merged(analysed(path, (1, 17, 50, 95)))

    assert list(pieces.stamps) == whole.stamps
    assert list(pieces.shots) == [0, *(step + 1 for step in whole.cuts)]
    assert sum(pieces.costs) == pytest.approx(sum(whole.costs), rel=0.15)
