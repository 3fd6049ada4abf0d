"""Joining reads a crafted upload as what it was probed to be, and opens nothing else: canaries tell."""

from fractions import Fraction

import av
import pytest

from rotoscope.adapters.mux import PyAvJoiner
from rotoscope.adapters.source_tracks import MOST_SAMPLES, guards, opened
from rotoscope.ports import Original
from tests import clips, clips_sound, hostile
from tests.playing import steady

CONTAINERS = (None, "mp4", "mov", "matroska", "avi", "mpegts", "asf", "mxf")
UNGUARDED = {"protocol_whitelist": "file,http,tcp", "enable_drefs": "1", "use_absolute_path": "1"}


@pytest.fixture
def bird(tmp_path):
    with hostile.canary(tmp_path) as bird:
        yield bird


def test_without_guards_the_canary_would_sing(bird, tmp_path):
    path = clips.written("alias-unguarded.mov", hostile.external_mov(bird, "alis"))
    bird.is_touched()

    with path.open("rb") as file, av.open(file, format="mov", options=UNGUARDED) as container:
        assert list(container.demux())

    assert bird.is_touched()


@pytest.mark.treats(
    "a playlist, script, drawing or container that names other files, which has taken the place of a probed upload",
    "nothing else is opened for its sound; the pictures are joined without it",
)
@pytest.mark.parametrize("name", hostile.FILES)
def test_joining_opens_nothing_else(name, bird, tmp_path):
    path = tmp_path / "upload.mp4"
    path.write_bytes(hostile.FILES[name](bird))
    bird.is_touched()

    for container in CONTAINERS:
        with path.open("rb") as file:
            original = Original(file, 0, 600, container=container)
            joined = PyAvJoiner().join("mp4", [clips_sound.blank(9)], steady(9), tmp_path / "out.mp4", original)
        assert joined.frames == 9

    assert not bird.is_touched()


def test_a_file_is_read_as_what_it_was_probed_to_be_and_as_nothing_else():
    with clips.clip("named.mkv", audio="pcm").open("rb") as file:
        with opened(Original(file, 0, 1, container="matroska")) as container:
            named = container.format.name

        with pytest.raises(av.InvalidDataError):
            opened(Original(file, 0, 1, container="mp4"))

    assert named == "matroska"


def huge(samples):
    """A film whose sound is one single piece."""
    target = clips.path(f"huge-{samples}.mkv")
    with av.open(str(target), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48_000, layout="mono")
        container.start_encoding()
        packet = av.Packet(bytes(2 * samples))
        packet.stream, packet.pts, packet.dts, packet.time_base = stream, 0, 0, Fraction(1, 48_000)
        container.mux(packet)
    return target


@pytest.mark.treats("a piece of sound that would take all memory", "left out as one that cannot be decoded")
@pytest.mark.parametrize(("samples", "kept"), [(MOST_SAMPLES, ["aac mono"]), (MOST_SAMPLES + 1, [])])
def test_a_piece_of_sound_has_its_limit(samples, kept, tmp_path):
    with huge(samples).open("rb") as file:
        original = Original(file, 0, 600, container="matroska")
        joined = PyAvJoiner().join("mp4", [clips_sound.blank(9)], steady(9), tmp_path / "out.mp4", original)

    assert list(joined.audio) == kept


def test_only_the_probed_format_is_on_the_list():
    options = guards("mov")

    assert (options["format_whitelist"], options["protocol_whitelist"]) == ("mov", "none")
    assert (options["enable_drefs"], options["use_absolute_path"]) == ("0", "0")
    assert int(options["probesize"]) <= 5_000_000
