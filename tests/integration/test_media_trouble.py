"""Whatever is wrong with the sound, the subtitles or the tags of a source: its pictures are joined, and it is said."""

import io
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from rotoscope.adapters.mux import PyAvJoiner
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import Joined, Original, PartFormat
from tests import clips, clips_trouble
from tests.clips_sound import beeping, blank
from tests.hearing import beeps, loudness, rejoined
from tests.playing import steady

BEEPS = [0.25, 1.25, 2.25, 3.25]
LEFT_OUT: dict[str, tuple[Callable[[], Path], list[str]]] = {
    "noise": (clips_trouble.ruined, ["Sound track 1 cannot be decoded and was left out."]),
    "unknown codec": (clips_trouble.unknown_codec, ["Sound track 1 cannot be decoded and was left out."]),
}


@pytest.mark.treats("sound that cannot be decoded", "left out, said in the receipt; the job goes on")
@pytest.mark.parametrize("kind", LEFT_OUT)
@pytest.mark.parametrize("form", ["mp4", "webm", "prores"])
def test_sound_that_nobody_can_play_is_left_out(kind: str, form: PartFormat, tmp_path: Path) -> None:
    make, notes = LEFT_OUT[kind]

    _, joined = rejoined(make(), tmp_path, form)

    assert (joined.frames, list(joined.audio), list(joined.notes)) == (120, [], notes)


@pytest.mark.treats("damaged pieces of sound", "left out; what follows stays in time")
@pytest.mark.parametrize("form", ["mp4", "webm", "prores"])
@pytest.mark.parametrize("codec", ["aac", "eac3"])
def test_damaged_pieces_are_left_out_and_the_rest_stays_in_time(codec: str, form: PartFormat, tmp_path: Path) -> None:
    result, joined = rejoined(clips_trouble.holed(codec), tmp_path, form)

    assert joined.notes[-1] == "Sound track 1: 3 damaged pieces were left out."
    assert beeps(result) == pytest.approx(BEEPS, abs=0.01)


@pytest.mark.treats("a sound track without any sound", "left out, said in the receipt")
@pytest.mark.parametrize("form", ["mp4", "webm"])
def test_an_empty_track_is_left_out_and_the_other_stays(form: PartFormat, tmp_path: Path) -> None:
    result, joined = rejoined(clips_trouble.empty_track(), tmp_path, form)

    assert joined.notes[-1] == "Sound track 2 holds no sound and was left out."
    with av.open(str(result)) as container:
        assert len(container.streams.audio) == 1
    assert beeps(result) == pytest.approx(BEEPS, abs=0.01)


def test_one_wrong_time_stamp_costs_one_piece(tmp_path: Path) -> None:
    result, joined = rejoined(clips_trouble.astray(), tmp_path)

    assert joined.notes == ["Sound track 1: 1 damaged piece was left out."]
    assert beeps(result) == pytest.approx(BEEPS, abs=0.01)
    assert joined.duration_s == pytest.approx(4, abs=0.1)


@pytest.mark.treats("sound that changes its rate or channels in the middle", "converted to one, in time")
@pytest.mark.parametrize("form", ["mp4", "webm", "prores"])
def test_sound_that_changes_in_the_middle_goes_on(form: PartFormat, tmp_path: Path) -> None:
    result, _ = rejoined(clips_trouble.changing(), tmp_path, form)

    assert beeps(result) == pytest.approx(BEEPS, abs=0.015)


def test_a_title_in_another_alphabets_bytes_is_no_reason_to_fail(tmp_path: Path) -> None:
    result, joined = rejoined(clips_trouble.foreign_title(), tmp_path)

    assert list(joined.audio) == ["aac mono"]
    with av.open(str(result)) as container:
        assert container.metadata["title"] == "Caf\ufffdbar"


class Torn(io.BytesIO):
    """A file of which a stretch cannot be read."""

    def read(self, size: int | None = -1) -> bytes:
        if 100_000 < self.tell() < 300_000:
            raise ValueError("the tape is torn")
        return super().read(size)


def joined_with(file: io.BytesIO, out: Path) -> Joined:
    return PyAvJoiner().join("mp4", [blank(60), blank(60)], steady(120), out, Original(file, 0, 600), "made")


def test_when_the_sound_cannot_be_joined_the_pictures_and_the_title_are(tmp_path: Path) -> None:
    source = beeping("torn.mp4", seconds=60, picture=("-c:v", "mjpeg", "-g", "1"), more=("-metadata", "title=Torn"))

    joined = joined_with(Torn(source.read_bytes()), tmp_path / "out.mp4")

    assert joined.notes == ["The video's sound, subtitles and chapters were left out: the tape is torn."]
    assert (joined.frames, list(joined.audio)) == (120, [])
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert (container.metadata["title"], container.metadata["comment"]) == ("Torn", "made")


@pytest.mark.parametrize("content", [b"", b"not a video any more" * 1000])
def test_a_source_that_has_become_unreadable_costs_no_picture(content: bytes, tmp_path: Path) -> None:
    joined = joined_with(io.BytesIO(content), tmp_path / "out.mp4")

    assert joined.frames == 120
    assert "nothing but its pictures could be used again" in joined.notes[0]


def test_a_broken_part_is_not_taken_for_broken_sound(tmp_path: Path) -> None:
    broken = clips.written("broken-part.mp4", b"\0" * 1000)

    with pytest.raises(MediaToolFailed, match=r"broken-part.mp4 cannot be read"), blank(9).open("rb") as file:
        PyAvJoiner().join("mp4", [blank(9), broken], steady(18), tmp_path / "out.mp4", Original(file, 0, 600))


LEVELS = {"FL": 0.6, "FR": 0.55, "FC": 0.5, "LFE": 0.45, "BL": 0.4, "BR": 0.35, "SL": 0.3, "SR": 0.25}


@pytest.mark.treats("surround sound", "every loudspeaker keeps its voice; another arrangement is said in the receipt")
@pytest.mark.parametrize("form", ["mp4", "webm", "prores"])
@pytest.mark.parametrize(
    ("layout", "count", "codec", "heard"),
    [
        ("5.1(side)", 6, "ac3", [0.6, 0.55, 0.5, 0.45, 0.4, 0.35]),
        ("5.1(side)", 6, "flac", [0.6, 0.55, 0.5, 0.45, 0.4, 0.35]),
        ("7.1", 8, "flac", [0.6, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25]),
        ("2.1", 3, "flac", [0.6, 0.55, 0.5]),
        ("quad", 4, "flac", [0.6, 0.55, 0.5, 0.45]),
        ("stereo", 2, "pcm_s24le", [0.6, 0.55]),
    ],
)
def test_every_loudspeaker_keeps_its_voice(
    layout: str, count: int, codec: str, heard: list[float], form: PartFormat, tmp_path: Path
) -> None:
    result, joined = rejoined(clips_trouble.speakers(layout, count, codec), tmp_path, form)

    voices = [level for level in loudness(result).values() if level > 0.05]
    assert voices == pytest.approx(heard, abs=0.03)
    assert any("became" in note for note in joined.notes) == (len(loudness(result)) != count)


def test_of_very_many_channels_without_a_name_the_first_two_are_heard_or_all_are_kept(tmp_path: Path) -> None:
    source = clips_trouble.speakers("hexadecagonal", 16)

    _, small = rejoined(source, tmp_path)
    _, large = rejoined(source, tmp_path, "prores")

    assert small.audio == ["aac stereo"]
    assert "of its 16 channels without a name the first two were taken" in small.notes[0]
    assert (list(large.audio), list(large.notes)) == (["pcm_s16le 16"], [])
