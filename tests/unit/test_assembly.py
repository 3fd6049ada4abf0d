"""AssembleVideo: every frame of every part, and the papers beside the result."""

import json

import numpy as np
import pytest

from rotoscope import layout, pictures
from rotoscope.assembly import assemble_video
from rotoscope.contracts import FilledFrame
from rotoscope.deliverables import look
from rotoscope.errors import BudgetExceeded, MediaToolFailed
from tests.builders import EXECUTION, a_job, a_picture, a_plan
from tests.unit.assembling import receipt_of, rendered, result


def test_all_parts_come_together_in_order_for_every_deliverable():
    plan = a_plan(output={"formats": ["mp4", "frames"]})
    services, task = rendered(plan, range(4), range(4, 10))

    assemble_video(task, services)

    for file in ("dance.mp4", "dance.frames.zip", "compare.mp4"):
        assert [picture["mean"][0] for picture in json.loads(result(services, plan, file))] == list(range(10))


def test_the_receipt_lists_what_came_out_as_counted_and_not_as_planned():
    plan = a_plan()
    services, task = rendered(plan, range(10))

    assemble_video(task, services)

    outputs = {output["name"]: output for output in receipt_of(services, plan)["outputs"]}
    assert list(outputs) == ["dance.mp4", "compare.mp4", "poster.jpg", "report.html"]
    assert (outputs["dance.mp4"]["frames"], outputs["dance.mp4"]["duration_s"]) == (10, 0.4)
    assert outputs["dance.mp4"]["bytes"] == len(result(services, plan, "dance.mp4"))
    assert outputs["report.html"]["bytes"] == len(result(services, plan, "report.html"))
    assert len(outputs["poster.jpg"]["sha256"]) == 64


def test_a_joined_file_with_another_number_of_frames_is_an_error_and_no_result():
    plan = a_plan()
    services, task = rendered(plan, range(10), lost=1)

    with pytest.raises(MediaToolFailed, match=r"dance.mp4 has 9 frames instead of 10"):
        assemble_video(task, services)

    assert services.claims.claimed(plan.job.id).status == "running"


def test_a_segment_of_which_nothing_was_taken_has_no_part_to_fetch():
    plan = a_plan()
    services, task = rendered(plan, range(4), [], range(4, 10))

    assemble_video(task, services)

    assert len(json.loads(result(services, plan, "dance.mp4"))) == 10


def poster_of(services, plan):
    return pictures.from_bytes(result(services, plan, "poster.jpg")).astype(int)


def test_the_poster_is_the_finished_picture_that_a_segment_kept():
    plan = a_plan()
    services, task = rendered(plan, range(4), range(4, 10))

    assemble_video(task, services)

    assert np.abs(poster_of(services, plan) - a_picture(seed=50)).max() < 12


def test_without_a_kept_picture_the_poster_is_the_nearest_key_and_never_a_hole():
    plan = a_plan()
    services, task = rendered(plan, range(10), keys=[0, 3, 5], filled=[FilledFrame(index=3, shows=5)], poster=False)

    assemble_video(task, services)

    assert np.abs(poster_of(services, plan) - a_picture(seed=5)).max() < 12


def test_the_job_is_finished_and_its_mail_lies_beside_the_result():
    plan = a_plan()
    services, task = rendered(plan, range(10))

    done = assemble_video(task, services)

    assert services.claims.claimed(plan.job.id).status == "succeeded"
    assert services.claims.claimed(plan.job.id).execution == EXECUTION
    written = result(services, plan, "mail.txt").decode()
    assert written == f"Subject: {done.mail.subject}\n\n{done.mail.text}\n"
    assert services.notifier.mails == []


def test_a_stopped_job_is_not_assembled():
    services, task = rendered(a_plan(), range(10))
    services.claims.stop(task.job.id, "Over the day's limit.", "BudgetExceeded")

    with pytest.raises(BudgetExceeded, match=r"Over the day's limit"):
        assemble_video(task, services)


def test_an_upload_called_compare_keeps_both_its_result_and_its_comparison():
    plan = a_plan(a_job("compare.mp4"))
    services, task = rendered(plan, range(10))

    assemble_video(task, services)

    names = [output["name"] for output in receipt_of(services, plan)["outputs"]]
    assert len(set(names)) == len(names) == 4


def test_the_segments_figures_come_together_in_the_receipt():
    plan = a_plan()
    services, task = rendered(plan, range(4), range(4, 10), keys=[0, 9])

    assemble_video(task, services)

    receipt = receipt_of(services, plan)
    assert receipt["quality"]["samples"] == 2
    assert receipt["quality"]["meaningful"]
    assert (receipt["plan"]["keys"], receipt["plan"]["shots"], receipt["plan"]["own"]) == (2, 1, 0)


def test_a_job_of_key_frames_alone_has_no_video_and_all_its_papers():
    plan = a_plan(output={"formats": ["keys"], "compare": False})
    services, task = rendered(plan, range(10), keys=[0, 5, 9], poster=False)

    mail = assemble_video(task, services).mail

    receipt = receipt_of(services, plan)
    assert [output["name"] for output in receipt["outputs"]] == ["poster.jpg", "keys/", "report.html"]
    assert receipt["quality"]["samples"] == 0
    assert not receipt["quality"]["meaningful"]
    assert "keys/  3 pictures of 64x36" in mail.text


def test_after_keys_were_exchanged_by_hand_only_what_was_made_anew_is_taken():
    plan = a_plan()
    services, task = rendered(plan, range(10), keys=[0, 9])
    made_as = look(plan, services.documents.sheet(plan.job.id, 0))
    for stale in [key.replace(made_as, "before") for key in services.studio.list("") if made_as in key]:
        services.studio.write(stale, b"of before")

    assemble_video(task, services)

    assert len(json.loads(result(services, plan, "dance.mp4"))) == 10
    assert receipt_of(services, plan)["quality"]["samples"] == 1
    assert np.abs(poster_of(services, plan) - a_picture(seed=50)).max() < 12


def test_assembling_twice_writes_the_same_video():
    plan = a_plan()
    services, task = rendered(plan, range(10))
    assemble_video(task, services)
    first = dict(services.studio.objects)

    assemble_video(task, services)

    assert result(services, plan, "dance.mp4") == first[layout.result("dance", plan.job.id, "dance.mp4")]
    assert set(services.studio.objects) == set(first)
