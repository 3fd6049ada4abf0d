"""What was done to a source that is not a plain video is said in the receipt."""

from fractions import Fraction

import pytest

from rotoscope.treatments import treated
from tests.builders import a_plan, a_source
from tests.unit.test_receipts import BUDGET

SOUND = [{"index": 0, "codec": "aac", "channels": 2, "sample_rate": 48000}]


def said(source=None, **wishes):
    return treated(a_plan(source=a_source(**(source or {})), **wishes), BUDGET)


def test_a_plain_video_needs_no_words():
    assert said() == []


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ({"interlaced": True}, "The source is interlaced; it was deinterlaced once."),
        (
            {"color_transfer": "smpte2084"},
            "The source is HDR (PQ); it was tone-mapped to BT.709, which every screen shows.",
        ),
        (
            {"color_transfer": "arib-std-b67"},
            "The source is HDR (HLG); it was tone-mapped to BT.709, which every screen shows.",
        ),
        ({"frame_rate": None}, "The source's frame rate varies; every frame keeps its own time."),
        ({"rotation": 90}, "The source is stored turned by 90 degrees; the result is upright."),
        ({"mirrored": True}, "The source is stored mirrored; the result is upright."),
        (
            {"rotation": 270, "mirrored": True},
            "The source is stored turned by 270 degrees and mirrored; the result is upright.",
        ),
        (
            {"sample_aspect": Fraction(64, 45), "coded_width": 720, "coded_height": 576, "width": 1024, "height": 576},
            "The source's pixels are not square (64:45): its 720x576 are shown as 1024x576, and so is the result.",
        ),
    ],
)
def test_what_was_done_to_an_unusual_source_is_said(source, sentence):
    assert said(source) == [sentence]


def test_what_kept_transparency_and_what_did_not_is_named():
    assert said({"alpha": True}, output={"formats": ["webm", "mp4", "gif", "frames"], "background": "#102030"}) == [
        "Transparency is kept in dance.webm, dance.gif and dance.frames.zip.",
        "In dance.mp4 and compare.mp4 what is transparent shows #102030 (output.background).",
    ]


def test_what_was_drawn_small_says_so_unless_the_result_is_no_larger():
    source = {"width": 7680, "height": 4320}

    assert said(source) == ["Drawn at 2560x1440 and enlarged to 7680x4320."]
    assert said(source, output={"size": "1920x1080"}) == []
    assert said(output={"size": "3840x2160"}) == []


@pytest.mark.parametrize(
    ("output", "reason"),
    [({"fps": 9}, "output.fps changes the duration"), ({"loop": "boomerang"}, "the result also plays backwards")],
)
def test_sound_that_had_to_go_is_missed(output, reason):
    assert said({"audio": SOUND}, output=output) == [f"Sound was dropped because {reason}."]
    assert said({"audio": SOUND}, output={**output, "audio": "drop"}) == []
    assert said({}, output=output) == []


def test_a_rate_that_the_result_does_not_keep_is_not_said_to_be_kept():
    assert said({"frame_rate": None}, output={"fps": 9}) == []
