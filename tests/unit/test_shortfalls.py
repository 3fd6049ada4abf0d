"""A result that cannot be made costs no other: it is left out, said, and may be had by taking the job up again."""

import errno

import pytest

from rotoscope import layout
from rotoscope.adapters.memory import MemoryStore
from rotoscope.assembly import assemble_video
from rotoscope.errors import JobError, MediaToolFailed
from tests.builders import a_plan
from tests.unit.assembling import receipt_of, rendered, result
from tests.worlds import FakeJoiner


class Choosy(FakeJoiner):
    """Does not join some forms."""

    def __init__(self, *refused):
        super().__init__()
        self._refused = refused

    def join(self, form, *task):
        if form in self._refused:
            raise MediaToolFailed("first line\n[mp4 @ 0x55d0] Invalid data found when processing input")
        return super().join(form, *task)


def names(services, plan):
    return [output["name"] for output in receipt_of(services, plan)["outputs"]]


def lose_part(services, name, segment=0):
    """As if RenderSegment had failed over it."""
    lost = [key for key in services.studio.objects if key.endswith(f"/{name}") and f"parts/{segment:06d}" in key]
    return {key: services.studio.objects.pop(key) for key in lost}


@pytest.mark.treats("a result that cannot be joined", "left out with a sentence; all others are handed over")
def test_a_result_that_cannot_be_joined_costs_no_other():
    plan = a_plan(output={"formats": ["webm", "mp4", "gif"], "compare": False})
    services, task = rendered(plan, range(10), joiner=Choosy("webm"))

    mail = assemble_video(task, services).mail

    assert names(services, plan) == ["dance.mp4", "dance.gif", "poster.jpg", "report.html"]
    [note] = [note for note in receipt_of(services, plan)["notes"] if "dance.webm" in note]
    assert note == (
        "dance.webm was not made: its parts could not be joined. It is damaged. "
        "([mp4] Invalid data found when processing input) "
        f"The parts are kept; to join them again: rotoscope redrive {plan.job.id}"
    )
    assert note in mail.text


def test_the_tools_own_words_are_kept_for_the_operator():
    plan = a_plan(output={"formats": ["webm", "mp4"], "compare": False})
    services, task = rendered(plan, range(10), joiner=Choosy("webm"))

    assemble_video(task, services)

    assert services.documents.trouble(plan.job.id, "assemble_video-video.webm").startswith("first line\n")


@pytest.mark.treats(
    "a part that could not be encoded", "its result is left out, and made when the job is taken up again"
)
def test_a_result_of_which_a_part_is_missing_costs_no_other_and_comes_when_the_job_is_resumed():
    plan = a_plan(output={"formats": ["mp4", "gif"], "compare": False})
    services, task = rendered(plan, range(5), range(5, 10))
    lost = lose_part(services, "video.gif", 1)
    services.studio.write(layout.trouble(plan.job.id, "render_segment-000001"), b"There was\nno room.")

    mail = assemble_video(task, services).mail

    assert names(services, plan) == ["dance.mp4", "poster.jpg", "report.html"]
    assert "dance.gif was not made. Part 2 could not be encoded. There was no room." in mail.text
    assert f"rotoscope redrive {plan.job.id}" in mail.text
    assert services.claims.claimed(plan.job.id).status == "incomplete"

    services.studio.objects.update(lost)
    assemble_video(task, services)

    assert names(services, plan) == ["dance.mp4", "dance.gif", "poster.jpg", "report.html"]
    assert services.claims.claimed(plan.job.id).status == "succeeded"


def test_when_no_result_can_be_made_the_job_ends_with_what_its_owner_can_do():
    plan = a_plan(output={"formats": ["webm", "gif"], "compare": False})
    services, task = rendered(plan, range(10), joiner=Choosy("webm"))
    lose_part(services, "video.gif")

    with pytest.raises(JobError, match=r"Part 1 could not be encoded\. .* Resume the job to try again\."):
        assemble_video(task, services)


def test_when_nothing_can_be_joined_the_task_is_tried_again():
    services, task = rendered(a_plan(), range(10), joiner=Choosy("mp4"))

    with pytest.raises(MediaToolFailed):
        assemble_video(task, services)


def test_key_frames_are_handed_over_also_without_a_video():
    plan = a_plan(output={"formats": ["mp4", "keys"], "compare": False})
    services, task = rendered(plan, range(10), joiner=Choosy("mp4"))

    assemble_video(task, services)

    assert names(services, plan) == ["poster.jpg", "keys/", "report.html"]


class Full(MemoryStore):
    """A disk with no room for GIFs."""

    def download(self, key, path):
        if key.endswith(".gif"):
            raise OSError(errno.ENOSPC, "No space left on device")
        super().download(key, path)


def test_a_full_disk_is_a_result_too_large_and_no_reason_to_resume():
    plan = a_plan(output={"formats": ["gif", "mp4"], "compare": False})
    services, task = rendered(plan, range(10), studio=Full())

    assemble_video(task, services)

    assert names(services, plan) == ["dance.mp4", "poster.jpg", "report.html"]
    assert any("dance.gif was not made: it is too large" in note for note in receipt_of(services, plan)["notes"])
    assert services.claims.claimed(plan.job.id).status == "succeeded"
    assert b"dance.gif" in result(services, plan, "mail.txt")
