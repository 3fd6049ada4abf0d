"""Title and date stay, places and devices go, and every file says how it was made."""

import json
import zipfile
from pathlib import Path

import av
import pytest
from PIL import Image

from rotoscope.adapters.ffmpeg import run
from rotoscope.adapters.mux import PyAvJoiner
from rotoscope.ports import PartFormat
from tests import clips_texts
from tests.hearing import rejoined
from tests.playing import encoded, moving, steady

MADE = 'Made with Rotoscope: {"engine": "echo", "prompt": "ink \u00fc"}'
TRACES = ("+48.1", "48.1371", "iPhone", "Apple", "iOS", "quicktime.", "+0200")
FORMS: list[PartFormat] = ["mp4", "prores", "webm"]


def tags(path: Path) -> dict[str, str]:
    with av.open(str(path)) as container:
        return {name.lower(): value for name, value in container.metadata.items()}


@pytest.mark.treats("tags of a phone: place, device, software", "not one byte of them is in the result")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("container", ["mov", "mp4", "mkv"])
def test_nothing_tells_where_and_with_what_it_was_filmed(container: str, form: PartFormat, tmp_path: Path) -> None:
    source = clips_texts.from_a_phone(container)

    result, _ = rejoined(source, tmp_path, form)

    assert any(trace.encode() in source.read_bytes() for trace in TRACES)
    assert [trace for trace in TRACES if trace.encode() in result.read_bytes()] == []


@pytest.mark.treats("title, date, artist, album, comment, description, copyright", "kept")
@pytest.mark.parametrize("form", FORMS)
def test_what_somebody_wrote_about_it_stays(form: PartFormat, tmp_path: Path) -> None:
    result, _ = rejoined(clips_texts.from_a_phone(), tmp_path, form, provenance=MADE)

    found = tags(result)
    assert (found["title"], found["comment"]) == ("Kitchen dance", f"for Mum\n{MADE}")
    assert found["creation_time"] == "2024-05-06T07:08:09.000000Z"
    assert "title=Kitchen dance" in run(["-i", str(result), "-f", "ffmetadata", "-"]).decode()


def test_title_and_date_stay_where_the_time_is_another(tmp_path: Path) -> None:
    result, _ = rejoined(clips_texts.from_a_phone(), tmp_path, timed=False)

    assert tags(result)["title"] == "Kitchen dance"


@pytest.mark.parametrize("form", ["mp4", "hevc", "prores", "webm"])
def test_every_video_says_how_it_was_made(form: PartFormat, tmp_path: Path) -> None:
    parts = encoded(tmp_path, form, moving(4), [4])

    PyAvJoiner().join(form, parts, steady(4), tmp_path / "out", provenance=MADE)

    assert tags(tmp_path / "out")["comment"] == MADE


def test_every_picture_file_says_how_it_was_made_and_nothing_else(tmp_path: Path) -> None:
    said = MADE + "x" * 600
    for form in ("gif", "webp", "frames"):
        PyAvJoiner().join(form, encoded(tmp_path, form, moving(4), [4]), steady(4), tmp_path / form, None, said)

    with Image.open(tmp_path / "gif") as gif, Image.open(tmp_path / "webp") as webp:
        assert gif.info["comment"].decode() == said
        assert json.loads('"ink \\u00fc"') in webp.info["xmp"].decode()
    with zipfile.ZipFile(tmp_path / "frames") as archive:
        assert archive.comment.decode() == said
