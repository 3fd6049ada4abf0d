"""What results take over from the source: marked while it is read, converted once, left alone once it was deadly."""

import math

import pytest

from rotoscope import layout
from rotoscope.adapters.memory import MemoryStore
from rotoscope.assembly import assemble_video
from rotoscope.errors import MediaToolFailed
from rotoscope.originals import DIED
from tests.builders import a_plan, a_source
from tests.unit.assembling import receipt_of, rendered
from tests.worlds import FakeJoiner

SOUND = [{"index": 0, "codec": "dts", "channels": 6, "sample_rate": 48000}]
MARK = "joining-video.mp4"


def a_film(**output):
    return a_plan(source=a_source(container="matroska", audio=SOUND), output=output)


def containers(services):
    """What each joined file took its sound out of."""
    return [(form, original and original.container) for form, _, original in services.joiner.joined]


@pytest.mark.treats("sound that has to be converted", "once for all results in MP4 files: the others copy it")
def test_what_one_result_converted_the_others_of_its_container_copy():
    plan = a_film(formats=["mp4", "webm", "hevc"])
    services, task = rendered(plan, range(10))

    assemble_video(task, services)

    assert containers(services) == [("mp4", "matroska"), ("webm", "matroska"), ("hevc", "mp4"), ("mp4", "mp4")]
    assert services.joiner.copied == ["mp4"]
    copied = services.joiner.joined[-1][2]
    assert (copied.start_s, copied.end_s, copied.sound, copied.timed) == (0, math.inf, True, True)
    assert [len(each["audio"]) for each in receipt_of(services, plan)["outputs"][:4]] == [1, 1, 1, 1]


@pytest.mark.parametrize("output", [{"audio": "drop"}, {"fps": 9}, {"loop": "boomerang"}, {"compare": False}])
def test_without_sound_or_anything_after_it_nothing_is_kept(output):
    services, task = rendered(a_film(**output), range(10))

    assemble_video(task, services)

    assert services.joiner.copied == []
    assert {container for _, container in containers(services)} == {"matroska"}


def test_a_comparison_without_a_result_of_its_container_takes_the_sources_sound():
    services, task = rendered(a_film(formats=["webm", "prores"]), range(10))

    assemble_video(task, services)

    assert containers(services) == [("webm", "matroska"), ("prores", "matroska"), ("mp4", "matroska")]


class Uncopied(FakeJoiner):
    """Its results' sound cannot be had."""

    def beside_pictures(self, form, finished, out):
        out.write_bytes(b"half of it")
        raise MediaToolFailed("no")


def test_sound_that_cannot_be_copied_is_converted_again():
    services, task = rendered(a_film(), range(10), joiner=Uncopied())

    assemble_video(task, services)

    assert containers(services) == [("mp4", "matroska"), ("mp4", "matroska")]


class Watched(MemoryStore):
    """Remembers what stood at the mark's place when anything was uploaded."""

    def __init__(self):
        super().__init__()
        self.marks = {}

    def upload(self, key, path, content_type):
        super().upload(key, path, content_type)
        self.marks[key.rpartition("/")[2]] = next(body for name, body in self.objects.items() if MARK in name)


class Watching(FakeJoiner):
    """Remembers the same when it is at work."""

    def __init__(self, studio):
        super().__init__()
        self._studio, self.marks = studio, []

    def join(self, *task):
        self.marks.append([body for name, body in self._studio.objects.items() if MARK in name])
        return super().join(*task)


def test_the_mark_of_a_death_stands_while_the_source_is_read_and_no_longer():
    studio = Watched()
    services, task = rendered(a_film(compare=False), range(10), studio=studio, joiner=Watching(studio))

    assemble_video(task, services)

    assert services.joiner.marks == [[DIED.encode()]]
    assert studio.marks["dance.mp4"] == b""


def test_pictures_alone_leave_no_mark():
    plan = a_film(formats=["gif", "frames"], compare=False)
    services, task = rendered(plan, range(10))

    assemble_video(task, services)

    assert not [key for key in services.studio.objects if "/trouble/" in key]


@pytest.mark.treats("sound that crashes its decoder", "at the next try the job ends with its pictures alone")
def test_a_source_over_which_the_process_died_is_not_touched_again():
    plan = a_film()
    services, task = rendered(plan, range(10))
    services.studio.write(layout.trouble(plan.job.id, MARK), DIED.encode())

    assemble_video(task, services)

    assert containers(services) == [("mp4", None), ("mp4", None)]
    [said] = [note for note in receipt_of(services, plan)["notes"] if "earlier try" in note]
    assert "while it was joining dance.mp4" in said
    assert "left out of dance.mp4 and of what was joined after it" in said


def test_what_was_joined_before_the_death_keeps_its_sound():
    plan = a_film(formats=["mp4", "webm"])
    services, task = rendered(plan, range(10))
    services.studio.write(layout.trouble(plan.job.id, "joining-video.webm"), DIED.encode())

    assemble_video(task, services)

    assert containers(services) == [("mp4", "matroska"), ("webm", None), ("mp4", None)]
    assert any("while it was joining dance.webm" in note for note in receipt_of(services, plan)["notes"])
