"""ExplainFailure: one mail per failed job, in the job's own words where it has any."""

import json

import pytest

from rotoscope.adapters.memory import Endings
from rotoscope.contracts import ExplainFailureInput
from rotoscope.explaining import explain_failure
from tests.builders import EXECUTION, a_job, an_upload
from tests.worlds import a_world

JOB = a_job()


def a_failure(error="", cause="", status="FAILED", event=None, execution=EXECUTION, **instead):
    """A world whose claimed job's execution ended so, and the status-change event."""
    services = a_world(executions=Endings(error, cause), **instead)
    services.claims.claim(JOB, EXECUTION)
    text = json.dumps(an_upload(JOB) if event is None else event)
    detail = {"executionArn": execution, "status": status, "input": text, "name": "one", "startDate": 1}
    return services, ExplainFailureInput.model_validate({"version": "0", "source": "aws.states", "detail": detail})


def told(*arguments, **named):
    """The text of the one mail."""
    services, task = a_failure(*arguments, **named)
    explained = explain_failure(task, services)
    assert services.notifier.mails == [explained.mail]
    return explained.mail.text


def raised(error, message):
    """An execution's cause as Lambda and Step Functions make it of an exception."""
    return error, json.dumps({"errorMessage": message, "errorType": error, "requestId": "1", "stackTrace": ["x"]})


def test_a_refusal_is_told_in_its_own_words():
    text = told(*raised("NotAVideo", "audio.mp4 holds sound only. Send a video."))

    assert text.splitlines()[2] == "audio.mp4 holds sound only. Send a video."
    assert "stackTrace" not in text


def test_the_reason_that_stopped_the_job_is_told_before_what_followed_from_it():
    services, task = a_failure(*raised("NothingStyled", "Nothing came back."))
    services.claims.stop(JOB.id, "The account may not call it.", "ModelDenied")

    assert "The account may not call it." in explain_failure(task, services).mail.text.splitlines()[2]


@pytest.mark.parametrize(
    ("error", "cause", "status", "sentence"),
    [
        ("", "", "ABORTED", "Somebody stopped it."),
        ("", "", "TIMED_OUT", "It took longer than it may."),
        ("States.Timeout", "", "FAILED", "It took longer than it may."),
        ("Sandbox.Timedout", '{"errorMessage": "RequestId: 1 Error: Task timed out"}', "FAILED", "It took longer"),
        (*raised("JobError", "Too late."), "FAILED", "Too late."),
        (*raised("MediaToolFailed", "moov atom not found"), "FAILED", "be decoded or encoded. Its index is missing"),
        (*raised("ModelBusy", "503"), "FAILED", "not the video's fault"),
        ("Lambda.Unknown", "", "FAILED", "not the video's fault"),
        ("KeyError", '"not an object"', "FAILED", "not the video's fault"),
        ("NotAVideo", "plain words", "FAILED", "plain words"),
        ("NotAVideo", "[1, 2]", "FAILED", "[1, 2]"),
    ],
)
def test_every_ending_has_a_sentence(error, cause, status, sentence):
    assert sentence in told(error, cause, status).splitlines()[2]


def test_the_details_name_the_file_the_execution_and_the_cause():
    text = told(*raised("ModelBusy", "x" * 5000))

    assert "s3://inbox/clips/dance.mp4 (version v1)" in text
    assert (
        f"https://us-west-2.console.aws.amazon.com/states/home?region=us-west-2#/v2/executions/details/{EXECUTION}"
        in text
    )
    assert "Status     FAILED ModelBusy" in text
    assert len(text) < 4000


@pytest.mark.parametrize(("status", "phase"), [("ABORTED", "cancelled"), ("FAILED", "failed"), ("TIMED_OUT", "failed")])
def test_the_claim_says_how_it_ended_so_that_the_job_can_be_resumed(status, phase):
    services, task = a_failure(status=status)

    explain_failure(task, services)

    assert services.claims.claimed(JOB.id).status == phase
    assert services.claims.claim(JOB, EXECUTION + "-more", take_over=True)


def test_a_second_delivery_of_the_same_failure_sends_no_second_mail():
    services, task = a_failure()
    explain_failure(task, services)

    assert explain_failure(task, services).mail is None
    assert len(services.notifier.mails) == 1


def test_a_resumed_job_is_found_by_its_name():
    assert "Somebody stopped it." in told(status="ABORTED", event={"resume": JOB.id})


@pytest.mark.parametrize(
    "named",
    [
        {"execution": EXECUTION + "-other"},
        {"event": {"resume": "nosuchjob"}},
        {"event": {"resume": 5}},
        {"event": {}},
        {"event": []},
        {"event": "x"},
        {"event": {"detail": 5}},
        {"event": {"detail": {"object": {"key": "a"}}}},
        {"event": {"detail": {"bucket": "b", "object": None}}},
    ],
    ids=str,
)
def test_an_execution_that_owned_no_job_is_nobodys_mail(named):
    services, task = a_failure(*raised("KeyError", "'detail'"), **named)

    assert explain_failure(task, services).mail is None
    assert services.notifier.mails == []
    assert services.claims.claimed(JOB.id).status == "running"


def test_an_event_without_its_input_is_nobodys_mail():
    services, task = a_failure()
    detail = {**task.detail, "input": None}

    assert explain_failure(ExplainFailureInput(detail=detail), services).mail is None


def test_an_upload_whose_planning_never_began_is_told_once_and_can_be_taken_up():
    refused = raised("Lambda.TooManyRequestsException", "slow down")
    services, task = a_failure(*refused, event=an_upload(a_job("new.mp4")))

    first, second = explain_failure(task, services), explain_failure(task, services)

    assert first.mail is not None and first.mail.subject == "Rotoscope: new.mp4 could not be restyled"
    assert second.mail is None
    assert services.claims.claimed(a_job("new.mp4").id).status == "failed"
