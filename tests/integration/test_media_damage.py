"""Damaged pictures are found while a video is analysed, in whatever part they lie; intact videos are never accused."""

import io
from pathlib import Path

import pytest

from rotoscope.adapters.animated_webp import walked
from rotoscope.adapters.ffmpeg import run
from rotoscope.adapters.picture_read import PictureReader
from rotoscope.contracts import Segment, SourceVideo
from rotoscope.errors import UnreadableVideo
from rotoscope.footage import Footage
from rotoscope.intervals import cut
from rotoscope.ports import Clip, Damage
from rotoscope.wear import Wear, refuse_broken, wear
from tests.clips import vfr, written
from tests.clips_cut import MAKINGS as CUT_MAKINGS
from tests.clips_cut import cut_clip, edited
from tests.clips_damaged import FRAMES, MAKINGS, begun_late, flipped, holed, intact, joined, riddled
from tests.clips_pictures import animation, pictured, sequence, zip_file
from tests.playing import READER, opened, whole
from tests.walking import a_walk

PARTS = 4
SPARING = {"output": {"formats": ["mp4"], "compare": False}, "frames": {"keys": "every 24"}}


def parts_of(source: SourceVideo) -> list[Segment]:
    return cut(source, source.coded_width * source.coded_height * source.frame_count / PARTS / 1e6)


def worn(path: Path) -> tuple[Wear, list[int]]:
    """What AnalyzeSegment finds part by part, and at which frames; each part is read beyond its end, as it does."""
    clip = opened(path)
    stamps, damaged, places, smeared, spoilt = (list[int]() for _ in range(5))
    for part in parts_of(clip.source):
        seen, damage = looked(clip, part)
        stamps += seen
        damaged += [pts for pts in damage.pictures if part.start_pts <= pts < part.end_pts]
        places += [pts for pts in damage.places if part.start_pts <= pts < part.end_pts]
        smeared += [pts for pts in damage.smeared if part.start_pts <= pts < part.end_pts]
        spoilt += [pts for pts in damage.spoilt if part.start_pts <= pts < part.end_pts]
    broken = {"damaged": damaged, "breaks": places, "smeared": smeared, "spoilt": spoilt}
    footage = Footage(stamps, [0], [0], [0], [0.0], None, **broken)
    return wear(clip.source, footage, range(len(stamps))), places


def looked(clip: Clip, part: Segment) -> tuple[list[int], Damage]:
    damage, stamps, beyond = Damage(), list[int](), 0
    frames = READER.frames(
        clip, part.model_copy(update={"end_pts": clip.source.end_pts + 9}), size=(32, 18), damage=damage
    )
    for pts, _ in frames:
        if pts < part.end_pts:
            stamps.append(pts)
            continue
        beyond += 1
        if beyond == 3:
            break
    frames.close()
    return stamps, damage


@pytest.mark.parametrize("name", MAKINGS)
def test_of_an_intact_video_nothing_is_said(name: str) -> None:
    assert worn(intact(name)) == (Wear(), [])


@pytest.mark.parametrize("kind", [*CUT_MAKINGS, "an edit list", "a variable rate"])
def test_hidden_frames_edit_lists_and_open_groups_are_no_damage(kind: str) -> None:
    path = {"an edit list": edited, "a variable rate": vfr}[kind]() if kind not in CUT_MAKINGS else cut_clip(kind)

    assert worn(path) == (Wear(), [])


@pytest.mark.parametrize("name", [name for name in MAKINGS if name.endswith(".ts")])
@pytest.mark.treats("a transport stream that begins in the middle of a picture, or two joined", "taken for intact")
def test_a_recording_that_begins_anywhere_or_was_joined_is_no_damage(name: str) -> None:
    assert worn(begun_late(name)) == (Wear(), [])
    assert worn(joined(name)) == (Wear(), [])


@pytest.mark.treats("metadata that looks like FFmpeg's own complaints", "not taken for them")
def test_what_a_file_says_of_itself_is_no_damage(tmp_path: Path) -> None:
    frame = "[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x1] [info] decoder -> pts:{} x keyframe:{} frame_type:1 "
    torn = "[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x1] [warning] corrupt decoded frame"
    lines = [frame.format(0, 1), *(line for pts in (512, 1024) for line in (torn, frame.format(pts, 0)))]
    forged = tmp_path / "forged.mp4"
    key = "\n".join(["x", "[info] Stream mapping:", *lines, "y"])
    run(
        [
            "-i",
            str(intact("h264.mp4")),
            "-c",
            "copy",
            "-metadata",
            f"{key}=1",
            "-movflags",
            "use_metadata_tags",
            str(forged),
        ]
    )

    assert worn(forged)[0] == Wear()


@pytest.mark.parametrize("name", MAKINGS)
@pytest.mark.treats(
    "damaged pictures",
    "counted where the decoder notices them, and said in the receipt and the mail; VP8 and VP9 notice none, HEVC few",
)
def test_a_hole_in_the_middle_is_found_where_it_is(name: str) -> None:
    found, places = worn(holed(name))

    source = opened(intact(name)).source
    frame = (source.end_pts - source.start_pts) / FRAMES
    assert found.damaged + found.missing in range(1, FRAMES // 2)
    assert all(0.2 * FRAMES < (pts - source.start_pts) / frame < 0.8 * FRAMES for pts in places)


@pytest.mark.parametrize("name", ["h264.mp4", "h264.ts"])
def test_the_receipt_of_a_damaged_video_says_so_and_not_that_its_rate_varies(name: str) -> None:
    walk = a_walk(holed(name), SPARING, config={"segment_megapixels": 0.15}).run()

    [said] = [note for note in walk.receipt["notes"] if "damaged" in note]
    assert said.startswith("The file is damaged: about ")
    assert not [note for note in walk.receipt["notes"] if "varies" in note]


@pytest.mark.parametrize("name", ["mpeg2.ts", "prores.mov", "av1.mp4"])
@pytest.mark.treats("a video most of whose pictures are damaged", "refused before anything is paid")
def test_a_video_that_is_mostly_broken_is_refused_before_anything_is_paid(name: str) -> None:
    walk = a_walk(riddled(name), SPARING)

    with pytest.raises(UnreadableVideo, match=r"Most of the video is damaged: of \d+ pictures .* Please upload"):
        walk.run()

    assert walk.services.purse.tally(walk.job.id).made == 0


@pytest.mark.treats(
    "a broken picture that others build on",
    "those up to the next key frame are counted as smeared; refused where most of what is seen is lost",
)
def test_one_wrong_byte_spoils_what_builds_on_a_key_frame_and_smears_what_builds_on_another() -> None:
    key, other = (worn(flipped(share))[0] for share in (0.3, 1.3))

    nearly_all = range(FRAMES - 4, FRAMES + 1)  # under load FFmpeg's threads are not always heard in the same order
    assert (key.damaged, key.missing) == (1, 0)
    assert key.smeared in nearly_all
    assert key.spoilt in nearly_all
    assert other.damaged == 1
    assert other.smeared in range(FRAMES // 2, FRAMES)
    assert other.spoilt == 0
    refuse_broken(other, FRAMES)
    with pytest.raises(UnreadableVideo, match=r"about 1 broken and up to 4[4-8] smeared"):
        refuse_broken(key, FRAMES)


@pytest.mark.parametrize("name", ["h264.mp4", "h264.ts"])
def test_h264_that_is_broken_everywhere_is_refused_and_with_one_hole_it_is_not(name: str) -> None:
    refuse_broken(worn(holed(name))[0], FRAMES)

    with pytest.raises(UnreadableVideo, match="Most of the video is damaged"):
        refuse_broken(worn(riddled(name))[0], FRAMES)


@pytest.mark.parametrize("share", [0.7, 0.75])
def test_a_part_of_which_nothing_decodes_does_not_fail_the_others(share: float) -> None:
    found, _ = worn(holed("av1.mp4", share))

    assert found.missing >= 10


def test_of_a_zip_and_an_animation_exactly_the_pictures_that_are_replaced_are_damaged() -> None:
    members = sequence(range(8))
    broken = {"frame3.png": b"nonsense", "frame4.png": members["frame4.png"][:200]}
    webp = tattered(animation("WEBP", "RGB", name="to-tatter.webp", quality=80, kmin=0, kmax=1), 5)

    for path, expected in ((zip_file({**members, **broken}), [3, 4]), (webp, [5])):
        clip, damage = pictured(path), Damage()
        stamps = [pts for pts, _ in PictureReader().frames(clip, whole(clip.source), damage=damage)]
        assert damage.pictures == damage.places == [stamps[place] for place in expected]


def tattered(path: Path, frame: int) -> Path:
    body = bytearray(path.read_bytes())
    place = walked(io.BytesIO(body), len(body)).frames[frame].offset + 32
    body[place : place + 24] = b"\xff" * 24
    return written("tattered.webp", bytes(body))
