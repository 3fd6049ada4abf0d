"""Which uploads start a job, and what happens when starting fails."""

import json

import pytest
from moto.events.models import EventPattern


@pytest.fixture(scope="session")
def rule(stack):
    return stack.properties("AWS::Events::Rule")["Intake/Uploads"]


def event(key, bucket="Storage/Inbox"):
    return {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {"bucket": {"name": bucket}, "object": {"key": key, "size": 5}},
    }


@pytest.mark.parametrize(
    "key",
    [
        *(
            "clip.mp4",
            "clip.MP4",
            "Clip.Mov",
            "a b/ü+[1]/片.mkv",
            "x.webm",
            "x.AVI",
            "x.m4v",
            "x.mpg",
            "x.MTS",
            "x.m2ts",
        ),
        *(
            "x.ts",
            "x.wmv",
            "x.flv",
            "x.3gp",
            "x.ogv",
            "x.gif",
            "x.apng",
            "x.webp",
            "frames.Zip",
            "again.rotoscope.json",
            "A.ROTOSCOPE.JSON",
        ),
    ],
)
def test_a_video_or_a_job_file_starts_a_job(rule, key):
    assert EventPattern.load(json.dumps(rule["EventPattern"])).matches_event(event(key))


@pytest.mark.parametrize(
    "key",
    [
        *("a.txt", "clip.mp4.json", "rotoscope.json", "folder/rotoscope.json", "clip.mp4/", "mp4", "clip.mp4.part"),
        *("style.png", "style.jpg", "song.mp3", ""),
    ],
)
def test_settings_pictures_and_anything_else_start_nothing(rule, key):
    assert not EventPattern.load(json.dumps(rule["EventPattern"])).matches_event(event(key))


def test_another_bucket_starts_nothing(rule):
    assert not EventPattern.load(json.dumps(rule["EventPattern"])).matches_event(
        event("a.mp4", bucket="Storage/Studio")
    )


def test_the_pattern_stays_below_the_limit_of_eventbridge_with_the_longest_bucket_name(rule):
    pattern = json.dumps(rule["EventPattern"], separators=(",", ":")).replace("Storage/Inbox", "b" * 63)

    assert len(pattern) <= 2048


@pytest.mark.parametrize("name", ["Intake/Uploads", "FailureWatch/Failures"])
def test_an_event_that_cannot_be_delivered_is_kept(stack, name):
    (target,) = stack.properties("AWS::Events::Rule")[name]["Targets"]
    queue = stack.properties("AWS::SQS::Queue")["Undelivered/Queue"]

    assert target["DeadLetterConfig"] == {"Arn": "Undelivered/Queue"}
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_every_way_to_end_badly_is_explained_by_a_published_version(stack):
    rule = stack.properties("AWS::Events::Rule")["FailureWatch/Failures"]

    assert rule["EventPattern"]["detail"] == {
        "stateMachineArn": ["Workflow/Machine"],
        "status": ["FAILED", "TIMED_OUT", "ABORTED"],
    }
    assert [target["Arn"] for target in rule["Targets"]] == ["ExplainFailure/Function/CurrentVersion"]


def test_a_failure_that_could_not_be_explained_is_kept(stack):
    assert stack.functions()["ExplainFailure"]["DeadLetterConfig"] == {"TargetArn": "Undelivered/Queue"}
