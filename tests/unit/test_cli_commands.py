"""How commands end and speak: exit codes, one clear sentence, JSON for programs."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from local.cli import checking, forecast, summary
from local.cli.app import PANELS, app, main
from local.cli.errors import JobFailed
from local.cli.findings import ok, problem
from local.cli.rehearsal import Rehearsal
from local.cli.terminal import failure_as_json
from rotoscope.engines.catalog import ENGINES
from rotoscope.settings import Settings
from tests.builders import a_source
from tests.worlds import FakeReader


@pytest.fixture
def rotoscope(capsys, monkeypatch, tmp_path):
    """Runs a command without AWS in a folder with one broken video; gives (exit code, stdout, stderr)."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for name in ("notes.mp4", "README.md"):
        (tmp_path / name).write_text("Milk, eggs.")

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    return run


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "nowhere.mp4"], "There is no file nowhere.mp4."),
        (["run", "folder"], "folder is a folder"),
        (["submit", "README.md"], "README.md would start no job: videos end in one of mp4, m4v, "),
        (["run", "README.md"], "would start no job"),
        (["demo", "--video", "README.md"], "would start no job"),
        (["estimate", "notes.mp4", "--set", "style.preset=anim"], "style.preset should be one of"),
        (["run", "notes.mp4", "--set", "motion.slow=3"], "not available yet"),
        (["submit", "notes.mp4", "--settings", "nowhere.json"], "nowhere.json cannot be read"),
        (["run", "notes.mp4", "--set", "style.image=nowhere.png"], "There is no style image nowhere.png."),
        (["jobs"], "No Region is set."),
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_sentence_on_stderr_and_exit_2(rotoscope, arguments, sentence):
    code, out, err = rotoscope(*arguments)

    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("command", [command.__name__ for panel in PANELS.values() for command in panel])
def test_every_command_explains_itself_and_speaks_json(rotoscope, command):
    code, out, _ = rotoscope(command, "--help")

    assert code == 0
    assert "--json" in out
    assert f"Usage: rotoscope {command}" in out


def test_there_is_every_command_of_the_design():
    names = "run demo cloud submit jobs watch cancel redrive estimate engines doctor"

    assert [command.callback.__name__ for command in app.registered_commands] == names.split()


def test_engines_as_json_is_the_catalogue(rotoscope):
    code, out, _ = rotoscope("engines", "--json")

    assert code == 0
    assert [engine["name"] for engine in json.loads(out)["engines"]] == list(ENGINES)


def test_a_failed_job_has_a_document_too(capsys):
    with pytest.raises(JobFailed), failure_as_json(True):
        raise JobFailed("It failed.", job="j", status="failed", sentence="It failed.")

    assert json.loads(capsys.readouterr().out) == {"job": "j", "status": "failed", "sentence": "It failed."}


def test_nothing_meant_for_a_terminal_reaches_a_pipe(rotoscope):
    _, out, _ = rotoscope("engines")

    assert "\x1b" not in out
    assert "Redraws from a text" in out


class Panning(FakeReader):
    """A textured wall that passes by at two pixels a frame."""

    def picture(self, index, width, height):
        wall = np.random.default_rng(0).integers(0, 255, (height // 4 + 1, 256, 3), np.uint8)
        return cv2.resize(wall, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)[:height, 2 * index : 2 * index + width]


SD35 = {"engine": "sd35", "prompt": "ink"}


def looked_at(settings, frames=50):
    """The forecasts for a video of one shot, and why it would be refused."""
    source, wanted = a_source(frames=frames, width=320, height=180), Settings.model_validate(settings)
    seen = Rehearsal(Path("clip.mp4"), source, Panning()).look(wanted, None)
    return forecast.of_modes(wanted, source, seen.footage, seen.own_keys), seen.refused


def test_an_estimate_counts_what_would_be_paid():
    found, refusal = looked_at({"style": SD35, "frames": {"keys": "every 10", "end": 50}}, frames=100)

    assert refusal is None
    assert [each.mode for each in found] == ["every 10", "adaptive", "all"]
    assert (found[0].budget.frames, found[0].calls, found[0].budget.estimated_usd) == (50, 5, 0.4)
    assert found[0].calls <= found[2].calls == 50


def test_an_estimate_of_no_video_is_its_refusal(rotoscope):
    code, out, err = rotoscope("estimate", "notes.mp4", "--json")

    assert code == 1
    assert json.loads(out)["refused"].startswith("This is not a video file but text.")
    assert err.startswith("As it is, it would be refused: This is not a video file but text.")


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"style": {"engine": "style-transfer"}}, "needs a style image"),
        ({"style": {"engine": "sketch", "image": "nowhere.png"}}, "There is no style image nowhere.png"),
        ({"motion": {"slow": 2}}, "not available yet"),
        ({"style": SD35, "frames": {"keys": "all"}, "limits": {"max_cost_usd": 1}}, "limits.max_cost_usd"),
    ],
    ids=["style image needed", "style image missing", "unbuilt", "too dear"],
)
def test_an_estimate_is_refused_where_the_job_would_be(settings, reason):
    forecasts, refusal = looked_at(settings)

    assert reason in refusal
    assert forecasts[0].budget.frames == 50


@pytest.mark.parametrize("engine", ["control-structure", "sketch", "sdxl"])
def test_an_estimate_promises_what_a_job_can_keep(engine):
    assert looked_at({"style": {"engine": engine, "preset": "anime"}})[1] is None


def test_an_estimate_names_what_adaptive_keys_save():
    forecasts, _ = looked_at({"style": SD35})

    words = forecast.in_words("clip.mp4", a_source(frames=50), forecasts)

    assert "* adaptive" in words
    assert "  all               50     $4.00" in words
    assert forecasts[0].calls < 50


def test_an_estimate_says_so_where_frames_were_not_counted():
    forecasts, _ = looked_at({"style": SD35})

    known, guessed = (
        forecast.in_words("clip.mkv", a_source(frames=50, counted=counted), forecasts) for counted in (True, False)
    )

    assert "64x36, 50 frames in" in known
    assert "64x36, about 50 frames in" in guessed


def test_an_estimate_for_sdxl_names_the_endpoint_whose_hours_are_the_price():
    forecasts, _ = looked_at({"style": {"engine": "sdxl", "preset": "anime"}})

    words = forecast.in_words("clip.mp4", a_source(), forecasts)

    assert "The stack needs sdxl_endpoint" in words


def test_what_the_doctor_found_shows_the_remedy_below_the_finding(capsys):
    checking.stdout().print(
        checking.table([ok("stack", "is there"), problem("sd35", "may not be called", "Subscribe.")])
    )

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines == ["ok       stack  is there", "problem  sd35   may not be called", "Subscribe."]


RECEIPT = {
    "simulated": True,
    "engine": "control-structure",
    "ignored": ["style.sdxl.steps"],
    "notes": ["The odd picture size was padded."],
    "plan": {"frames": 70, "keys": 14},
    "calls": {"made": 15, "filled": 1},
    "cost": {"model_usd": 1.05, "pipeline_usd": 0.0123},
    "time": {"total": 41.2},
    "outputs": [
        {"name": "clip.mp4", "width": 640, "height": 360, "frames": 70, "duration_s": 2.92, "audio": ["aac stereo"]},
        {"name": "poster.jpg", "width": 640, "height": 360, "frames": 1, "duration_s": 0, "audio": []},
    ],
}


def test_the_summary_says_what_was_done_where_to_look_and_that_it_was_simulated(tmp_path):
    files = [tmp_path / name for name in ("mail.txt", "poster.jpg", "clip.mp4")]
    for file in files:
        file.write_bytes(b"x" * 1500)

    lines = summary.of_run(RECEIPT, tmp_path, files).splitlines()

    assert "14 of 70 frames with control-structure (simulated" in lines[0]
    assert "$1.05 for 15 calls" in lines[1]
    assert lines[2:5] == [
        "Key frames that no call brought, which follow their neighbours instead: 1.",
        "control-structure makes no use of style.sdxl.steps.",
        "The odd picture size was padded.",
    ]
    assert [line.split()[0] for line in lines[-3:]] == ["clip.mp4", "poster.jpg", "mail.txt"]
    assert "640x360, 70 frames, 2.92 s, with sound" in lines[-3]


def test_a_folder_of_results_is_one_line_of_the_summary(tmp_path):
    (tmp_path / "keys" / "source").mkdir(parents=True)
    files = [tmp_path / name for name in ("clip.mp4", "keys/00000000.png", "keys/source/00000000.png")]
    for file in files:
        file.write_bytes(b"x" * 2000)

    lines = summary.of_run(RECEIPT, tmp_path, files).splitlines()

    assert [line.split() for line in lines if "keys/" in line] == [["keys/", "4", "kB", "2", "files"]]
