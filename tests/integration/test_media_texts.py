"""Subtitles and chapters go where a container can hold them, at their own times."""

from pathlib import Path

import av
import pytest

from rotoscope.adapters.ffmpeg import run
from rotoscope.ports import PartFormat
from tests import clips_texts
from tests.hearing import rejoined

WORDS = [("First <i>words</i> here", 0.5, 1.5), ("Zweite Zeile äöü\nand a third", 2.0, 3.25)]
FORMS: list[PartFormat] = ["mp4", "prores", "webm"]
RESTYLED = "Of the styling of subtitle track 1 only bold, italic and underlined text is kept."


def subtitles(path: Path) -> list[tuple[str, float, float]]:
    """Text, begin and end in seconds, of a file's first subtitle track, as the ffmpeg program reads it."""
    srt = run(["-copyts", "-i", str(path), "-map", "0:s:0", "-f", "srt", "-"]).decode()
    found = []
    for block in srt.replace("\r", "").split("\n\n"):
        lines = block.strip("\n").split("\n")
        if len(lines) > 2:
            begin, end = (_seconds(moment) for moment in lines[1].split(" --> "))
            found.append(("\n".join(lines[2:]), begin, end))
    return found


def _seconds(moment: str) -> float:
    hours, minutes, seconds = moment.replace(",", ".").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def same(found: list[tuple[str, float, float]], wanted: list[tuple[str, float, float]]) -> bool:
    texts = [text for text, *_ in found] == [text for text, *_ in wanted]
    times = [moment for _, *moments in found for moment in moments]
    return texts and times == pytest.approx([moment for _, *moments in wanted for moment in moments], abs=0.002)


@pytest.mark.treats("subtitles of text", "kept in mp4, mov and webm, at their own times, with language and title")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("codec", "container"), [("srt", "mkv"), ("webvtt", "mkv"), ("mov_text", "mp4")])
def test_subtitles_keep_their_words_and_times(codec: str, container: str, form: PartFormat, tmp_path: Path) -> None:
    source = clips_texts.subtitled("srt", codec, container)

    result, joined = rejoined(source, tmp_path, form)

    assert same(subtitles(result), WORDS)
    with av.open(str(result)) as container_of_result:
        track = container_of_result.streams.subtitles[0]
        assert track.metadata["language"] == ("ger" if form == "prores" else "deu")
        assert track.disposition & av.stream.Disposition.default
        if container == "mkv":
            assert (track.metadata.get("title") or track.metadata.get("name")) == "Dialog"
    assert not [note for note in joined.notes if "ubtitle" in note]


@pytest.mark.treats("styled subtitles (ASS)", "words, bold, italics and underlines are kept, also where they overlap")
@pytest.mark.parametrize("form", ["mp4", "webm"])
def test_styled_subtitles_keep_their_words_even_where_they_overlap(form: PartFormat, tmp_path: Path) -> None:
    result, joined = rejoined(clips_texts.subtitled("ass", "ass"), tmp_path, form)

    spoken = "<i>First</i> words,\nwith a comma"
    together = [("A sign", 0.5, 1), (f"A sign\n{spoken}", 1, 2), ("A sign", 2, 3)]
    apart = [("A sign", 0.5, 3), (spoken, 1, 2)]
    assert same(subtitles(result), apart if form == "webm" else together)
    assert RESTYLED in joined.notes


@pytest.mark.treats("colours, fonts and places in other subtitles", "left out, said in the receipt")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("words", ['<font color="#ff0000">red</font>', "{\\an8}at the top"])
def test_styling_that_no_result_holds_is_said(words: str, form: PartFormat, tmp_path: Path) -> None:
    _, joined = rejoined(clips_texts.subtitled(words=words), tmp_path, form)

    assert joined.notes[-1] == RESTYLED


@pytest.mark.parametrize("form", FORMS)
def test_places_of_web_subtitles_are_said_to_be_left_out(form: PartFormat, tmp_path: Path) -> None:
    _, joined = rejoined(clips_texts.subtitled("vtt", "copy"), tmp_path, form)

    assert joined.notes[-1] == RESTYLED


@pytest.mark.parametrize("form", ["mp4", "prores"])
def test_timed_text_is_what_players_take_for_subtitles(form: PartFormat, tmp_path: Path) -> None:
    result, _ = rejoined(clips_texts.subtitled("srt", "mov_text", "mp4"), tmp_path, form)

    with av.open(str(result)) as container:
        assert container.streams.subtitles[0].codec_context.codec_tag == "tx3g"


@pytest.mark.parametrize("form", FORMS)
def test_subtitles_of_a_cut_are_cut_with_it(form: PartFormat, tmp_path: Path) -> None:
    result, _ = rejoined(clips_texts.subtitled("srt", "mov_text", "mp4"), tmp_path, form, (1, 3))

    assert same(subtitles(result), [(WORDS[0][0], 0, 0.5), (WORDS[1][0], 1, 2)])


@pytest.mark.treats("subtitles of pictures (PGS, DVB, VobSub)", "left out, said in the receipt")
def test_subtitles_of_pictures_are_left_out_and_said_so(tmp_path: Path) -> None:
    result, joined = rejoined(clips_texts.pictured(), tmp_path)

    assert joined.notes == ["Subtitle track 1 consists of pictures and was left out."]
    with av.open(str(result)) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]


def chapters(path: Path) -> list[tuple[float, float, str]]:
    with av.open(str(path)) as container:
        return [
            (
                float(each["start"] * each["time_base"]),
                float(each["end"] * each["time_base"]),
                each["metadata"]["title"],
            )
            for each in container.chapters()
            if each["time_base"]
        ]


@pytest.mark.treats("chapters", "kept in mp4, mov and webm; shifted and clipped to what is taken")
@pytest.mark.parametrize("form", FORMS)
def test_chapters_are_kept_and_cut(form: PartFormat, tmp_path: Path) -> None:
    whole, _ = rejoined(clips_texts.chaptered(), tmp_path, form)
    assert chapters(whole) == [(0, 1, "Opening"), (1, 3, "Middle"), (3, 4, "End")]

    cut, _ = rejoined(clips_texts.chaptered(), tmp_path, form, (2, 3.5))

    named = chapters(cut)
    assert [title for *_, title in named] == ["Middle", "End"]
    assert [moment for *moments, _ in named for moment in moments] == pytest.approx([0, 1, 1, 1.5], abs=0.04)


def test_what_has_another_time_than_its_source_gets_neither_sound_nor_subtitles_nor_chapters(tmp_path: Path) -> None:
    for source in (clips_texts.subtitled(), clips_texts.chaptered()):
        result, joined = rejoined(source, tmp_path, timed=False)

        with av.open(str(result)) as container:
            assert [stream.type for stream in container.streams] == ["video"]
            assert container.chapters() == []
        assert list(joined.audio) == []


def test_sound_alone_can_stay_out(tmp_path: Path) -> None:
    result, _ = rejoined(clips_texts.subtitled(), tmp_path, sound=False)

    with av.open(str(result)) as container:
        assert [stream.type for stream in container.streams] == ["video", "subtitle"]
