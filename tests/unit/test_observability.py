"""Logs and metrics with the job on every line; tasks that measure themselves; errors that doom a job or do not."""

import io
import json
import logging

import pytest

from rotoscope import observability
from rotoscope.contracts import Contract, Job, Segment, SegmentTask
from rotoscope.errors import JobStopped, MediaToolFailed, ModelBusy, ModelDenied
from rotoscope.observability import accounted, job_of, observed
from tests.builders import EXECUTION, a_job, an_upload
from tests.worlds import ManualClock, a_world

JOB = a_job()


class Errand(Contract):
    """The least that a task's input has."""

    job: Job


def does(what):
    """A stage that does this with the services."""

    @accounted
    def stage(task, services):
        return what(services)

    return stage


def fails(error):
    def raising(services):
        raise error

    return does(raising)


def test_a_stages_memory_and_time_are_booked_to_its_job():
    clock = ManualClock()
    services = a_world(clock=clock, config={"function_gb": 2})

    def takes_three_seconds(services):
        clock.now += 3
        return "done"

    assert does(takes_three_seconds)(Errand(job=JOB), services) == "done"
    assert services.purse.tally(JOB.id).gb_ms == 6000
    assert services.purse.tally(JOB.id).tasks == 1


@pytest.mark.parametrize("error", [ModelBusy("503"), MediaToolFailed("x"), KeyError("x"), ModelDenied("No.")])
def test_a_stage_that_fails_is_booked_too(error):
    services = a_world()

    with pytest.raises(type(error)):
        fails(error)(Errand(job=JOB), services)

    assert services.purse.tally(JOB.id).tasks == 1


def test_an_error_of_the_job_stops_it_for_everybody():
    services = a_world()

    with pytest.raises(ModelDenied):
        fails(ModelDenied("No."))(Errand(job=JOB), services)

    assert services.claims.stopped(JOB.id) == ("ModelDenied", "No.")


@pytest.mark.parametrize("error", [ModelBusy("503"), MediaToolFailed("x"), KeyError("x"), JobStopped("by hand")])
def test_an_error_of_the_moment_stops_nothing(error):
    services = a_world()

    with pytest.raises(type(error)):
        fails(error)(Errand(job=JOB), services)

    assert services.claims.stopped(JOB.id) is None


def test_the_reason_that_came_first_stays():
    services = a_world()
    services.claims.stop(JOB.id, "First.", "BudgetExceeded")

    with pytest.raises(ModelDenied):
        fails(ModelDenied("Second."))(Errand(job=JOB), services)

    assert services.claims.stopped(JOB.id) == ("BudgetExceeded", "First.")


def test_a_tools_own_words_are_kept_per_segment():
    services = a_world()
    segment = Segment(index=3, start_pts=0, end_pts=1, seeks=[0])

    with pytest.raises(MediaToolFailed):
        fails(MediaToolFailed("moov atom not found"))(SegmentTask(job=JOB, segment=segment), services)

    assert list(services.studio.list("")) == [f"jobs/{JOB.id}/trouble/stage-000003.txt"]
    assert services.documents.trouble(JOB.id, "stage-000003") == "moov atom not found"


@pytest.mark.parametrize(
    ("event", "job"),
    [
        ({"job": JOB.model_dump(), "segment": {}}, JOB.id),
        (an_upload(JOB), JOB.id),
        ({"event": an_upload(JOB), "execution": EXECUTION}, JOB.id),
        ({"event": {"resume": "abc"}}, "abc"),
        ({"resume": "abc"}, "abc"),
        ({}, None),
        ([], None),
        (None, None),
        ("x", None),
        ({"event": []}, None),
        ({"resume": 5}, None),
        ({"job": "abc"}, None),
        ({"detail": {"bucket": {}, "object": {"key": "a"}}}, None),
        ({"detail": {"bucket": {"name": "b"}, "object": {}}}, None),
    ],
)
def test_the_job_of_an_event_is_found_or_there_is_none(event, job):
    assert job_of(event) == job


# --- a handler ------------------------------------------------------------------------------------------------------


class Context:
    """What Lambda passes, as far as anybody looks at it."""

    aws_request_id = "request-1"


@pytest.fixture
def lines(monkeypatch):
    """The log lines that a handler writes, as dictionaries, in order."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Rotoscope")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
    observability.logger.cache_clear()
    observability.metrics.cache_clear()
    written = io.StringIO()
    listener = logging.StreamHandler(written)
    listener.setFormatter(observability.logger().registered_formatter)
    logger = logging.getLogger(observability.logger().name)
    logger.addHandler(listener)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.removeHandler(listener)
    observability.logger.cache_clear()
    observability.metrics.cache_clear()


def test_every_line_names_the_job_and_the_request(lines):
    handler = observed(lambda event, context: {"ok": True})

    assert handler({"job": JOB.model_dump()}, Context()) == {"ok": True}

    assert [(line["job_id"], line["request_id"], line["message"]) for line in lines()] == [
        (JOB.id, "request-1", "done")
    ]


def test_the_next_invocation_in_the_same_process_forgets_the_job_before(lines):
    handler = observed(lambda event, context: {})

    handler({"job": JOB.model_dump()}, Context())
    handler({"resume": "abc"}, Context())

    assert [line["job_id"] for line in lines()] == [JOB.id, "abc"]


def test_a_handler_that_fails_has_its_line_and_its_metric_too(lines, capsys):
    def failing(event, context):
        raise ModelBusy("503")

    with pytest.raises(ModelBusy):
        observed(failing)(an_upload(JOB), Context())

    metric = next(json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line)
    assert [line["job_id"] for line in lines()] == [JOB.id]
    assert metric["Duration"][0] >= 0


def test_services_given_by_a_test_are_passed_on_and_lambda_passes_none(lines):
    services = a_world()
    seen = []

    handler = observed(lambda *arguments: seen.append(arguments) or {})
    handler({}, Context())
    handler({}, Context(), services)

    assert [len(arguments) for arguments in seen] == [2, 3]
    assert seen[1][2] is services
