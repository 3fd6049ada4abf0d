"""The two mails, for files with every sort of name."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rotoscope import mails
from rotoscope.ports import Tally
from rotoscope.receipts import Calls, Output
from tests.builders import a_job, a_plan
from tests.unit.finished import a_quality, a_receipt, an_output

PRINTABLE = set(string.printable) - set("\t\n\r\x0b\x0c")


def done(plan=None, **changes):
    plan = plan or a_plan()
    return mails.done(plan, a_receipt(plan, **changes), "studio-bucket", "eu-west-1")


@given(st.text(max_size=1024))
@example("踊る猫.mp4")
@example("💃" * 500)
@example("a/" * 500)
@example("x" * 1024)
@example("naïve café.mp4")
@example("\n\r\tSubject: spam.mp4")
@example("\x7f\x00.mp4")
def test_any_name_gives_a_subject_that_sns_takes(key):
    subject = mails.subject(key, "could not be restyled")

    assert len(subject) < 100
    assert set(subject) <= PRINTABLE
    assert subject.startswith("Rotoscope: ")
    assert subject.endswith(" could not be restyled")
    assert "  " not in subject.removeprefix("Rotoscope: ")[:1]


@pytest.mark.parametrize(
    ("key", "subject"),
    [
        ("in/dance.mp4", "Rotoscope: dance.mp4 is ready"),
        ("naïve café.mp4", "Rotoscope: naive cafe.mp4 is ready"),
        ("踊る猫.mp4", "Rotoscope: your video is ready"),
        ("💃", "Rotoscope: your video is ready"),
        ("küss 🎬.mp4", "Rotoscope: kuss.mp4 is ready"),
        ("🎬 küss 💋 mich (👍).mp4", "Rotoscope: kuss mich.mp4 is ready"),
        ("(🎬).mp4", "Rotoscope: your video is ready"),
        ("in/", "Rotoscope: your video is ready"),
    ],
)
def test_a_subject_says_the_name_as_far_as_ascii_can(key, subject):
    assert mails.subject(key, "is ready") == subject


def test_a_done_mail_says_what_where_how_to_fetch_it_what_it_cost_and_how_long():
    mail = done()

    prefix = f"results/dance/{a_job().id}/"
    for part in (
        "Your video clips/dance.mp4 is ready.",
        "dance.mp4  64x36, 10 frames, 0.40 s, 1.2 MB, with sound",
        "poster.jpg  64x36, 4 kB",
        "https://eu-west-1.console.aws.amazon.com/s3/buckets/studio-bucket?prefix=" + prefix,
        f'aws s3 cp "s3://studio-bucket/{prefix}" . --recursive',
        "10 of 10 frames were redrawn by control-structure.",
        "It cost $0.70 for 10 calls and about $0.0123 for the pipeline.",
        "It took 75 seconds.",
    ):
        assert part in mail.text


def test_a_name_in_another_script_makes_a_link_that_can_be_clicked():
    mail = done(a_plan(a_job("踊る 猫.mp4")))

    link = next(line for line in mail.text.splitlines() if "https://" in line)
    assert link.isascii()
    assert "踊る 猫.mp4 is ready" in mail.text


def test_a_simulated_result_never_pretends_to_have_cost_anything():
    text = done(simulated=True).text

    assert "simulated on this machine; no model was called" in text
    assert "In an account this would cost $0.70" in text


def test_filtered_filled_and_ignored_are_said():
    calls = Calls(made=12, filtered=2, retried=0, throttled=0, lost=0, filled=1)

    text = done(calls=calls, ignored=["style.sdxl.steps"], notes=["The source is interlaced."]).text

    assert "the content filter refused 2 calls" in text
    assert "1 frame got no picture and follows its neighbours instead" in text
    assert "The engine control-structure makes no use of: style.sdxl.steps." in text
    assert "The source is interlaced." in text


@pytest.mark.parametrize(
    ("limits", "filled", "said"),
    [
        (
            {},
            3,
            "; 3 frames were left out because limits.max_cost_usd was reached and follow their neighbours instead.",
        ),
        ({"max_calls": 12}, 4, "left out because limits.max_cost_usd or limits.max_calls was reached"),
        ({}, 4, "was reached; 1 frame got no picture and follow their neighbours instead."),
        ({}, 1, "; 1 frame was left out because limits.max_cost_usd was reached and follows its neighbours instead."),
    ],
)
def test_frames_that_the_jobs_limits_left_out_are_said_with_the_limit(limits, filled, said):
    calls = Calls(made=12, filtered=0, retried=0, throttled=0, lost=0, unaffordable=3, filled=filled)

    assert said in done(a_plan(limits=limits), calls=calls).text


def test_frames_that_a_resumed_job_has_paid_for_since_are_not_left_out():
    calls = Calls(made=12, filtered=0, retried=0, throttled=0, lost=0, unaffordable=3, filled=0)

    assert "left out" not in done(calls=calls).text


def test_pictures_of_ones_own_are_told_apart_from_those_that_the_engine_drew():
    receipt = a_receipt(a_plan()).model_copy(update={"plan": {"frames": 240, "keys": 25, "own": 2}})

    text = mails.done(a_plan(), receipt, "studio-bucket", "eu-west-1").text

    assert "23 of 240 frames were redrawn by control-structure; 2 more are pictures of yours." in text


def test_folders_and_papers_are_listed_without_facts_that_they_do_not_have():
    keys = an_output("keys/", 12_300_000, frames=25)
    report = Output(name="report.html", bytes=2_500_000, sha256="", width=0, height=0, frames=0, duration_s=0)

    text = done(outputs=[keys, report]).text

    assert "  keys/  25 pictures of 64x36, 12.3 MB\n  report.html  2.5 MB\n" in text


def test_how_steady_and_sharp_the_picture_is_takes_one_line_without_jargon():
    lines = done(quality=a_quality()).text.splitlines()

    assert "The picture is steady and as sharp as it was drawn." in lines


@pytest.mark.parametrize("harm", ["damaged", "missing", "smeared"])
def test_a_damaged_file_is_not_praised(harm):
    receipt = a_receipt(a_plan(), quality=a_quality()).model_copy(
        update={"plan": {"frames": 10, "keys": 10, "own": 0, harm: 3}}
    )

    lines = mails.done(a_plan(), receipt, "studio-bucket", "eu-west-1").text.splitlines()

    assert "As far as the damaged file allows, the picture is steady and as sharp as it was drawn." in lines


@pytest.mark.parametrize("quality", [None, a_quality(meaningful=False, why_not="No."), a_quality(flicker_levels=None)])
def test_what_was_not_measured_or_means_nothing_is_not_said(quality):
    assert "The picture" not in done(quality=quality).text


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "0 seconds"), (119.4, "119 seconds"), (600, "10 minutes"), (9000, "2.5 hours")]
)
def test_durations_are_said_as_people_do(seconds, said):
    assert f"It took {said}." in done(time={"total": seconds}).text


def test_a_failure_mail_begins_with_the_sentence_and_ends_with_the_details():
    mail = mails.failed(a_job(), "It holds sound only.", "Job  x\nCause  y", Tally(made=3, usd_micros=210_000))

    lines = mail.text.splitlines()
    assert mail.subject == "Rotoscope: dance.mp4 could not be restyled"
    assert lines[0] == "dance.mp4 could not be restyled."
    assert lines[2] == "It holds sound only."
    assert "It made 3 model calls for $0.21; they are kept." in mail.text
    assert f"rotoscope redrive {a_job().id}" in mail.text
    assert lines[-2:] == ["  Job  x", "  Cause  y"]


def test_a_failure_before_any_call_says_that_nothing_was_charged():
    assert "Nothing was charged." in mails.failed(a_job(), "No.", "", Tally()).text


def test_money_for_calls_whose_answers_were_lost_is_not_denied():
    text = mails.failed(a_job(), "No.", "", Tally(lost=2, retried=2, usd_micros=140_000)).text

    assert "Nothing was charged" not in text
    assert "$0.14" in text


def test_a_cancelled_job_was_cancelled_and_did_not_fail():
    mail = mails.failed(a_job(), "Somebody stopped it.", "", Tally(), cancelled=True)

    assert mail.subject == "Rotoscope: dance.mp4 was cancelled"
    assert "could not be restyled" not in mail.text
