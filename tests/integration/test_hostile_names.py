"""File names, keys and settings are words, never commands, options, addresses or filter expressions."""

import shutil

import pytest

from rotoscope.adapters.ffmpeg import input_url
from rotoscope.adapters.ffmpeg_read import FfmpegReader
from rotoscope.adapters.ffmpeg_write import FfmpegEncoder
from rotoscope.adapters.guarded_probe import GuardedProber
from rotoscope.adapters.mux import PyAvJoiner
from rotoscope.ports import Clip
from tests import clips
from tests.playing import probe, stamps_of, whole
from tests.walking import a_walk

NAMES = {
    "quotes": 'it\'s "quoted".mp4',
    "filter signs": "a:b,c;d[in]=e\\,f.mp4",
    "newline": "two\nlines.mp4",
    "pattern": "%03d-%s-{ptsi}.mp4",
    "option": "-i -vf.mp4",
    "address": "file:etc:passwd.mp4",
    "other address": "concat:a|b.mp4",
    "shell": "$(touch owned) `touch owned` & touch owned; #.mp4",
    "backslashes": "a\\b\\\\c'\\''.mp4",
    "other scripts": "köln-北京-\u202egnp.\U0001f600.mp4",
    "dots": "..a..mp4",
}
WISHES = {"output": {"compare": False, "formats": ["mp4", "gif"]}, "style": {"engine": "echo"}}


def names():
    return pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())


@pytest.mark.treats(
    "a file name with quotes, signs, line ends, options or addresses in it", "taken as a name and no more"
)
@names()
def test_a_local_file_of_any_name_is_read_as_itself(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    shutil.copy(clips.ntsc(), path)
    source = probe(path)

    here = stamps_of(Clip(str(path), source), whole(source))
    relative = [pts for pts, _ in FfmpegReader(20).frames(Clip(f"./{name}", source), whole(source))]

    assert len(here) == 60
    assert relative == here
    assert [each.name for each in tmp_path.iterdir()] == [name]


@names()
def test_an_upload_of_any_name_goes_through_the_whole_pipeline(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    video = clips.clip("plain.mp4", frames=12)
    media = {
        "prober": GuardedProber(),
        "reader": FfmpegReader(20),
        "encoder": FfmpegEncoder(20),
        "joiner": PyAvJoiner(),
    }

    walk = a_walk(video, WISHES, key=f"clips/{name}", **media).run()

    assert {output["frames"] for output in walk.receipt["outputs"] if output["name"].endswith((".mp4", ".gif"))} == {12}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES.keys())
def test_a_prompt_is_text_and_reaches_no_command(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wishes = {**WISHES, "style": {"engine": "echo", "prompt": text, "negative_prompt": text}}

    walk = a_walk(clips.clip("plain.mp4", frames=12), wishes).run()

    assert walk.receipt["settings"]["style"]["prompt"] == text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["-i.mp4", "concat:a|b", "file:x", "pipe:0", "https://a/b", "data:,x", "crypto:x"])
def test_whatever_a_local_name_looks_like_ffmpeg_gets_it_as_a_file(name):
    assert input_url(name) == f"file:{name}"
