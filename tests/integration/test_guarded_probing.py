"""The prober's process: what it finds is what PyAV finds, and whatever becomes of it ends in a sentence."""

import io
import json
import os
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from rotoscope.adapters.ffmpeg import run
from rotoscope.adapters.guarded_probe import ERROR_BYTES, GuardedProber
from rotoscope.adapters.probe import PyAvProber
from rotoscope.errors import JobError, MediaToolFailed, RotoscopeError, SourceUnread, UnreadableVideo, VideoTooLarge
from tests import clips

MAKERS = [clips.ntsc, clips.vfr, clips.webm, clips.transport_stream, clips.gif, clips.two_languages]


def guarded(path: Path, **how):
    with path.open("rb") as file:
        return GuardedProber(**how).probe(file, path.stat().st_size)


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - no folder on a disk


@pytest.mark.parametrize("make", MAKERS)
def test_the_process_finds_what_pyav_finds_key_frames_included(make):
    path = make()
    with path.open("rb") as file:
        here = PyAvProber().probe(file, path.stat().st_size)

    found = guarded(path)

    assert found == here
    assert found.keyframes


@pytest.mark.treats(
    "a file that makes the decoder crash, hang or eat memory", "refused with a sentence; nothing else dies"
)
@pytest.mark.parametrize(
    ("child", "says"),
    [
        ("crashing", "makes the program that reads it fail"),
        ("greedy", "makes the program that reads it fail"),
        ("hanging", "takes too long"),
        ("asking_forever", "takes too long"),
        ("lying", "makes the program that reads it fail"),
        ("babbling", "makes the program that reads it fail"),
    ],
)
def test_a_child_that_goes_wrong_is_a_refusal_and_leaves_nothing_open(child, says, monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
    path, before = clips.ntsc(), open_files()

    with pytest.raises(UnreadableVideo, match=f"{says}.* Please export") as refused:
        guarded(path, timeout_s=3 if says == "takes too long" else 60, child=f"tests.children.{child}")

    del refused
    assert open_files() == before


def test_a_child_that_never_begins_is_not_the_uploaders_fault():
    with pytest.raises(MediaToolFailed, match="ended with 1 before it began"):
        guarded(clips.ntsc(), child="tests.children.never_starting")


def test_the_child_sees_no_environment_and_has_limits(monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)

    with pytest.raises(UnreadableVideo) as told:
        guarded(clips.ntsc(), child="tests.children.telling", timeout_s=100)

    seen, cpus = json.loads(str(told.value)), os.cpu_count() or 1
    assert seen["environment"] == {"LC_ALL": "C.UTF-8"}
    assert seen["folder"] == "/"
    assert seen["limits"] == [(1769 - 256 + 32 * cpus) << 20, 100 * cpus + 1, ERROR_BYTES, 0]


class Broken(io.BytesIO):
    """An upload whose bytes cannot be fetched from some offset on."""

    def __init__(self, body: bytes, problem: Exception, after: int) -> None:
        super().__init__(body)
        self._problem, self._after = problem, after

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() >= self._after:
            raise self._problem
        return super().read(size)


SLOW_DOWN = ClientError({"Error": {"Code": "SlowDown", "Message": "later"}}, "GetObject")


@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize(
    ("problem", "error"), [(SLOW_DOWN, SourceUnread), (OSError("reset"), SourceUnread), (KeyError("k"), JobError)]
)
def test_a_bucket_that_does_not_answer_is_no_fault_of_the_video(problem: Exception, error: type[RotoscopeError], after):
    body = clips.clip("long.mkv", frames=200, size=(320, 240)).read_bytes()
    assert len(body) > 1 << 18

    with pytest.raises(error) as raised:
        GuardedProber().probe(Broken(body, problem, after * 1000), len(body))

    assert type(raised.value) is error


BEGINNINGS = {
    "MP4": b"\0\0\0\x18ftypisom" + bytes(16) + b"\0\0\0\x10moov" + bytes(8),
    "Matroska": b"\x1aE\xdf\xa3" + bytes(3000),
    "GIF": b"GIF89a",
    "Ogg": b"OggS" + bytes(500),
}


@pytest.mark.treats(
    "a file that begins like a video and holds nothing that can be read", "called damaged, not something else"
)
@pytest.mark.parametrize("body", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_a_file_that_begins_like_a_video_and_is_none_is_called_damaged(body):
    with pytest.raises(JobError, match=r"cannot be read|ends before|damaged|holds no pictures"):
        GuardedProber().probe(io.BytesIO(body), len(body))


@pytest.mark.treats("a file of more than 100 GB", "refused before a byte of it is read")
def test_a_file_that_is_too_large_is_not_even_looked_at():
    with pytest.raises(VideoTooLarge, match="120 GB; at most 100 GB"):
        GuardedProber().probe(Broken(b"", OSError(), 0), 120 * 10**9)


@pytest.mark.treats("a copy-protected MP4 (Common Encryption)", "refused; the sentence names the protection")
def test_a_protected_video_is_called_so():
    target = clips.path("protected.mp4")
    keys = [
        "-encryption_key",
        "76a6c65c5ea762046bd749a2e632ccbb",
        "-encryption_kid",
        "a7e61c373e219033c21091fa607bf3b8",
    ]
    scheme = ["-encryption_scheme", "cenc-aes-ctr"]
    run(["-i", str(clips.clip()), "-map", "0", "-c", "copy", *scheme, *keys, str(target)])

    with pytest.raises(UnreadableVideo, match="protected against copying"):
        guarded(target)
