"""No FFmpeg process takes more than its share, and nothing is left behind however one ends."""

import os
import signal
import struct
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import pytest

from local.runtime.process_group import ProcessGroup
from rotoscope import scratch
from rotoscope.adapters import ffmpeg
from rotoscope.adapters.confinement import FILE_BYTES, Limits, confine, ending
from rotoscope.adapters.ffmpeg_read import FfmpegReader
from rotoscope.adapters.ffmpeg_write import FfmpegEncoder
from rotoscope.complaints import plain_words
from rotoscope.errors import MediaToolFailed
from tests import clips
from tests.builders import a_picture
from tests.integration.lambda_host.tiny_functions import wait_until
from tests.playing import opened, whole

ENDLESS = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30", "-f", "rawvideo"]
MB = 1 << 20


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    clips.path("the clips' own folder")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def children():
    listings = [task / "children" for task in Path("/proc/self/task").iterdir()]
    return {int(number) for listing in listings for number in listing.read_text().split()}


def test_every_process_has_limits_that_follow_from_the_functions_memory(monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769")
    before, cpus = children(), os.cpu_count() or 1

    with ffmpeg.Tool([*ENDLESS, "pipe:1"], timeout_s=50):
        (process,) = children() - before
        said = Path(f"/proc/{process}/limits").read_text()
    limits = {line[:26].strip(): line[26:].split()[0] for line in said.splitlines()}

    assert int(limits["Max data size"]) == (1769 - 256 + 32 * cpus) * MB
    assert int(limits["Max cpu time"]) == 50 * cpus + 1
    assert int(limits["Max file size"]) == FILE_BYTES
    assert int(limits["Max core file size"]) == 0
    assert children() == before


@pytest.mark.treats(
    "a video whose decoding takes more memory than the function has", "FFmpeg ends, the function does not"
)
def test_a_process_that_hoards_pictures_ends_and_says_that_memory_is_short(monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
    hoard = ["-f", "lavfi", "-i", "testsrc2=size=3840x2160:rate=25", "-vf", "reverse", "-f", "null", "-"]

    with pytest.raises(MediaToolFailed) as failed:
        ffmpeg.run(hoard, timeout_s=60)

    assert plain_words(str(failed.value)) == "There was not enough memory for pictures of this size."


@pytest.mark.parametrize(
    ("limits", "code", "meaning"),
    [(Limits(4096 * MB, 60, 1 * MB), -signal.SIGXFSZ, "no room"), (Limits(4096 * MB, 1, 4096 * MB), 255, "too long")],
)
def test_a_process_that_writes_or_computes_without_end_is_ended(limits, code, meaning, tmp_path):
    target = str(tmp_path / "endless") if meaning == "no room" else "-"
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    process = subprocess.Popen([ffmpeg.binary(), *ffmpeg.QUIET, *ENDLESS, target], env=ffmpeg.environment(), **pipes)

    confine(process.pid, limits)
    said = process.communicate(timeout=60)[1].decode()

    assert process.returncode == code
    assert meaning in plain_words(f"FFmpeg {ending(code)}. {said}")


def test_confining_a_process_that_has_ended_does_no_harm():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()

    confine(process.pid, Limits(1, 1, 1))


@pytest.mark.treats("a picture that says it is 16000x16000", "refused before any memory is taken for it")
def test_a_picture_above_the_limit_is_not_decoded(tmp_path):
    body = bytearray(clips.clip("small.apng", frames=2, audio=None, more=("-c:v", "apng")).read_bytes())
    body[16:24] = struct.pack(">II", 16_000, 16_000)
    target = tmp_path / "huge.apng"
    target.write_bytes(body)

    with pytest.raises(MediaToolFailed) as failed:
        ffmpeg.run(["-i", str(target), "-f", "null", "-"], timeout_s=60)

    assert plain_words(str(failed.value)) == "Its picture size is damaged, or larger than can be taken."


def test_reading_that_is_given_up_leaves_neither_process_nor_file(temporary):
    before, clip = children(), opened(clips.ntsc())

    frames = FfmpegReader().frames(clip, whole(clip.source))
    next(frames)
    assert children() != before
    frames.close()

    assert children() == before
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("form", ["mp4", "webm", "gif", "frames"])
def test_encoding_that_is_given_up_leaves_neither_process_nor_file_but_the_part(temporary, form):
    before, part = children(), temporary / f"part.{form}"

    with FfmpegEncoder().open(part, form, (64, 36), Fraction(25)) as writer:
        for number in range(3):
            writer.write(a_picture(seed=number))

    assert children() == before
    assert {path.name for path in temporary.iterdir()} <= {part.name}


SETTLED = (
    "import sys; from rotoscope import scratch; mine = scratch.settle(); print(mine.path, flush=True); sys.stdin.read()"
)


def test_what_a_killed_call_left_behind_is_gone_when_the_next_process_begins(tmp_path):
    run = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": {"TMPDIR": str(tmp_path)}}
    process = subprocess.Popen([sys.executable, "-c", SETTLED], **run)
    left = Path(process.stdout.readline().strip())
    (left / "part.mp4").write_bytes(b"half")
    os.utime(left, (0, 0))

    scratch.sweep(tmp_path)
    while_it_lived = left.exists()
    process.kill()
    process.communicate()
    after_it_died = left.exists()
    scratch.sweep(tmp_path)

    assert (while_it_lived, after_it_died, left.exists()) == (True, True, False)


def test_a_process_that_ends_normally_takes_its_files_with_it(tmp_path):
    run = {"input": "", "capture_output": True, "text": True, "env": {"TMPDIR": str(tmp_path)}, "check": True}

    done = subprocess.run([sys.executable, "-c", SETTLED], **run)

    assert done.stdout.startswith(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has it")
def test_a_function_keeps_its_secrets_from_its_children():
    asked = "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    hidden = f"from rotoscope.adapters import confinement; confinement.hide_itself(); {asked}"

    open_ones, hidden_ones = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for code in (asked, hidden)
    )

    assert (open_ones.strip(), hidden_ones.strip()) == ("1", "0")


FUNCTION = """
import sys, time
sys.path[:0] = {path!r}
from rotoscope.adapters.ffmpeg import Tool
from rotoscope.adapters.guarded_probe import HEAD_BYTES, GuardedProber

class StuckAfterItsHead:
    def seek(self, offset):
        pass

    def read(self, count):
        if count != HEAD_BYTES:
            time.sleep(60)
        return b"FLV\\x01".ljust(count)

if {probing}:
    GuardedProber().probe(StuckAfterItsHead(), {marker})
with Tool(["-f", "lavfi", "-i", "color=size=4096x2304", "-vf", "select=0", "-metadata", "title={marker}", "a.mkv"]):
    time.sleep(60)
"""


def marked(marker):
    """The processes with this word among their arguments."""
    found = [(path.parent.name, path.read_bytes()) for path in Path("/proc").glob("[0-9]*/cmdline")]
    return [int(pid) for pid, line in found if marker in line.decode(errors="replace")]


@pytest.mark.parametrize("probing", [False, True], ids=["FFmpeg", "the prober's process"])
def test_what_a_function_starts_is_measured_and_killed_with_it(tmp_path, probing):
    marker = str(70_000_000 + os.getpid())
    script = tmp_path / "function.py"
    script.write_text(FUNCTION.format(path=sys.path, marker=marker, probing=probing))
    function = ProcessGroup([sys.executable, str(script)], env={}, cwd=tmp_path, output=tmp_path / "log")

    wait_until(lambda: marked(marker))
    (child,) = marked(marker)
    group = os.getpgid(child)
    function.kill()

    assert group == function.id
    assert wait_until(lambda: not marked(marker))
