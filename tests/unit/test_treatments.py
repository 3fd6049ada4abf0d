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
        ({"videos": 2}, "The source holds 2 video tracks; the first was taken."),
        ({"bits": 10}, "The source has 10 bits a colour; pictures are drawn in 8, and so is the result."),
        (
            {"bits": 10, "color_transfer": "smpte2084"},
            "The source is HDR (PQ); it was tone-mapped to BT.709, which every screen shows.",
        ),
        (
            {"other_sizes": [(36, 64), (32, 32)]},
            "The picture's size changes on the way (36x64 and 32x32 after 64x36): all is fitted into the first one's "
            "size, with borders where its shape is another.",
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


@pytest.mark.treats("an odd width or height", "kept by WebM, GIF, WebP and frames; MP4, HEVC and ProRes repeat a line")
@pytest.mark.parametrize(
    ("formats", "alpha", "named"),
    [
        (["mp4"], False, "MP4"),
        (["prores"], False, "ProRes"),
        (["webm", "hevc", "mp4", "prores"], False, "HEVC, MP4 and ProRes"),
        (["mp4", "prores"], True, "MP4"),
        (["webm", "gif"], False, ""),
    ],
)
def test_every_format_that_cannot_hold_an_odd_size_is_named(formats, alpha, named):
    notes = said({"width": 33, "height": 47, "alpha": alpha}, output={"formats": formats, "compare": False})

    odd = [note for note in notes if "odd" in note]
    assert odd == [f"{named} cannot hold the odd size 33x47; the last column or line was repeated once."] * bool(named)


DRAWN = "The result is drawn from what could be decoded"
GAPS = f"{DRAWN}: the picture before a gap stays on for longer."


@pytest.mark.parametrize(
    ("worn", "container", "sentence"),
    [
        ({"damaged": 2}, "mp4", f"The file is damaged: about 2 pictures are broken. {DRAWN}."),
        (
            {"damaged": 3, "smeared": 40},
            "mp4",
            "The file is damaged: about 3 pictures are broken and up to 40 that build on them may be "
            f"smeared. {DRAWN}.",
        ),
        (
            {"smeared": 9},
            "mp4",
            f"The file is damaged: up to 9 pictures that build on broken ones may be smeared. {DRAWN}.",
        ),
        ({"missing": 1}, "mp4", f"The file is damaged: about 1 picture is missing. {GAPS}"),
        (
            {"damaged": 1, "smeared": 7, "missing": 3},
            "mp4",
            "The file is damaged: about 1 picture is broken, up to 7 that build on it may be smeared and about 3 "
            f"pictures are missing. {GAPS}",
        ),
        ({"damaged": 3}, "webp", "3 pictures of the file are damaged; the one before is shown instead."),
    ],
)
def test_damage_is_said(worn, container, sentence):
    worn = BUDGET.model_copy(update=worn)

    assert treated(a_plan(source=a_source(container=container)), worn) == [sentence]


def test_a_rate_that_only_missing_pictures_disturb_is_not_said_to_vary():
    worn = BUDGET.model_copy(update={"missing": 1, "steady": True})

    assert not [said for said in treated(a_plan(source=a_source(frame_rate=None)), worn) if "varies" in said]
