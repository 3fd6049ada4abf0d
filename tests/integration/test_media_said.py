"""What is said of the sound and the subtitles of a result: as a person would count them, and no more than is needed."""

from pathlib import Path

import av
import pytest

from rotoscope.ports import PartFormat
from tests.clips_many_tracks import holed_sound_first, late_picture, many_tracks
from tests.clips_sound import beeping, edited
from tests.hearing import beeps, rejoined
from tests.walking import a_walk

FORMS: list[PartFormat] = ["mp4", "prores", "webm"]
FIRST = "The first 0.5 s of sound, which came before the first picture, were left out."
RED = "Of the styling of subtitle track 2 only bold, italic and underlined text is kept."


@pytest.mark.treats("sound that begins before the first picture", "left out up to it, said in the receipt; in time")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("container", ["mkv", "mp4", "ts"])
def test_sound_from_before_the_first_picture_is_said_to_be_left_out(
    container: str, form: PartFormat, tmp_path: Path
) -> None:
    result, joined = rejoined(late_picture(0.5, container), tmp_path, form, opening=True)

    assert joined.notes[-1] == FIRST
    assert beeps(result) == pytest.approx([0.75, 1.75, 2.75], abs=0.015)


def test_sound_that_begins_long_before_the_first_picture_is_measured_from_its_beginning(tmp_path: Path) -> None:
    _, joined = rejoined(late_picture(3), tmp_path, opening=True)

    assert joined.notes == [FIRST.replace("0.5", "3.0")]


@pytest.mark.parametrize("late_s", [0, 0.03])
def test_what_encoders_put_before_the_sound_is_not_missed(late_s: float, tmp_path: Path) -> None:
    sources = [late_picture(late_s, container) for container in ("mkv", "mp4", "ts")]
    sources += [edited(), beeping("primed.webm", picture=("-c:v", "libvpx-vp9"), sound=("-c:a", "libopus"))]

    said = [rejoined(source, tmp_path, opening=True)[1].notes for source in sources]

    assert not [note for notes in said for note in notes if "came before" in note]


def test_what_lies_before_a_wished_beginning_needs_no_word(tmp_path: Path) -> None:
    _, joined = rejoined(late_picture(0.5), tmp_path, cut=(1, 2))

    assert list(joined.notes) == []


@pytest.mark.treats("sound that goes on after the last picture", "kept to its end")
@pytest.mark.parametrize("form", FORMS)
def test_sound_that_goes_on_after_the_last_picture_is_kept(form: PartFormat, tmp_path: Path) -> None:
    source = beeping("long-sound.mkv", filters="trim=end=1.5")

    result, joined = rejoined(source, tmp_path, form, opening=True)

    assert joined.duration_s == pytest.approx(1.5, abs=0.04)
    assert beeps(result) == pytest.approx([0.25, 1.25, 2.25, 3.25], abs=0.015)


@pytest.mark.parametrize(
    ("form", "converted"),
    [
        ("mp4", "Sound tracks 2 (flac) and 3 (pcm_s16le) were converted to aac."),
        ("webm", "Sound tracks 1 (aac), 2 (flac) and 3 (pcm_s16le) were converted to opus."),
        ("prores", "Sound track 2 (flac) was converted to pcm_s24le."),
    ],
)
def test_tracks_are_counted_by_their_kind_from_one(form: PartFormat, converted: str, tmp_path: Path) -> None:
    result, joined = rejoined(many_tracks(), tmp_path, form)

    assert joined.notes == [converted, RED]
    with av.open(str(result)) as container:
        assert (len(container.streams.audio), len(container.streams.subtitles)) == (3, 2)


def test_damage_is_told_of_a_track_as_it_is_counted(tmp_path: Path) -> None:
    _, joined = rejoined(holed_sound_first(), tmp_path)

    assert joined.notes == ["Sound track 1: 1 damaged piece was left out."]


@pytest.mark.treats("several results of one video", "every remark stands once, with the files that it is about")
def test_the_receipt_and_the_mail_say_once_which_files_a_remark_is_about() -> None:
    formats = {"output": {"formats": ["mp4", "webm", "prores", "gif"]}, "frames": {"keys": [0]}}

    walk = a_walk(many_tracks(), formats, key="clips/many.mkv").run()

    told = [note for note in walk.receipt["notes"] if "track" in note]
    assert told == [
        "In many.mp4 and compare.mp4: Sound tracks 2 (flac) and 3 (pcm_s16le) were converted to aac.",
        RED,
        "In many.webm: Sound tracks 1 (aac), 2 (flac) and 3 (pcm_s16le) were converted to opus.",
        "In many.mov: Sound track 2 (flac) was converted to pcm_s24le.",
    ]
    assert [line for line in walk.result("mail.txt").decode().splitlines() if "track" in line] == told


@pytest.mark.parametrize(("asked", "said"), [(None, [FIRST]), (5, [])])
def test_the_job_knows_a_wished_beginning_from_the_first_picture(asked: int | None, said: list[str]) -> None:
    frames = {"keys": [20], **({"start": asked} if asked else {})}

    walk = a_walk(late_picture(0.5), {"output": {"formats": ["mp4"]}, "frames": frames}).run()

    assert [note for note in walk.receipt["notes"] if "came before" in note] == said
