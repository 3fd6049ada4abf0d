"""A crafted upload makes nobody open another file or ask another address: canaries tell."""

import pytest

from rotoscope.adapters import ffmpeg
from rotoscope.adapters.guarded_probe import GuardedProber
from rotoscope.adapters.probe import PyAvProber
from rotoscope.errors import JobError, MediaToolFailed
from tests import hostile
from tests.walking import a_walk

SUFFIXES = (".mp4", ".m3u8")
CONTAINERS = (None, "mp4", "matroska", "avi", "mpegts", "asf", "mxf")


@pytest.fixture
def bird(tmp_path):
    with hostile.canary(tmp_path) as bird:
        yield bird


@pytest.fixture(params=hostile.FILES, ids=hostile.FILES.keys())
def crafted(request, bird):
    """The file's content; the canary has seen nothing of its making."""
    body = hostile.FILES[request.param](bird)
    bird.is_touched()
    return body


def decoded(path, guards):
    options = [word for name, value in guards.items() for word in (f"-{name}", value)]
    try:
        ffmpeg.run([*options, "-i", ffmpeg.input_url(str(path)), "-map", "0", "-f", "null", "-"], timeout_s=20)
    except MediaToolFailed as failed:
        return str(failed)
    return ""


def test_without_guards_the_canaries_would_sing(bird, tmp_path):
    path = tmp_path / "list.m3u8"
    path.write_bytes(hostile.hls(bird))
    assert not bird.is_touched()

    decoded(path, {"protocol_whitelist": "file,http,tcp", "allowed_extensions": "ALL"})

    assert bird.is_touched()


def test_and_so_they_would_for_a_mov_that_lies_elsewhere(bird, tmp_path):
    path = tmp_path / "alias.mov"
    path.write_bytes(hostile.external_mov(bird, "alis"))
    bird.is_touched()

    said = decoded(path, {"protocol_whitelist": "file,http,tcp", "enable_drefs": "1", "use_absolute_path": "1"})

    assert bird.is_touched(), said


@pytest.mark.treats(
    "a playlist, script, drawing or container that names other files or addresses, whatever it is called",
    "nothing but the file itself is ever opened",
)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_ffmpeg_binary_opens_nothing_else(crafted, bird, tmp_path, suffix):
    path = tmp_path / f"upload{suffix}"
    path.write_bytes(crafted)

    for container in CONTAINERS:
        decoded(path, ffmpeg.input_guards(str(path), container))

    assert not bird.is_touched()


@pytest.mark.parametrize("prober", [PyAvProber, GuardedProber])
def test_probing_opens_nothing_else(crafted, bird, tmp_path, prober):
    path = tmp_path / "upload.mp4"
    path.write_bytes(crafted)

    with path.open("rb") as file:
        try:
            found = prober().probe(file, len(crafted)).container
        except JobError as refusal:
            found = str(refusal)

    assert not bird.is_touched(), found


def test_the_whole_pipeline_opens_nothing_else(crafted, bird, tmp_path):
    path = tmp_path / "upload.mp4"
    path.write_bytes(crafted)
    walk = a_walk(path, {"style": {"engine": "echo"}}, prober=GuardedProber())

    try:
        found = str(walk.run().names)
    except (JobError, MediaToolFailed) as refusal:
        found = str(refusal)

    assert not bird.is_touched(), found


@pytest.mark.parametrize("name", ["HLS", "concat script", "DASH", "SVG", "ASF reference", "MXF after a playlist"])
def test_a_list_of_other_files_is_called_so(name, bird, tmp_path):
    path = tmp_path / "upload.mp4"
    path.write_bytes(hostile.FILES[name](bird))

    with path.open("rb") as file, pytest.raises(JobError, match=r"playlist|list of files|manifest|drawing"):
        GuardedProber().probe(file, path.stat().st_size)
