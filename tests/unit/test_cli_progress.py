"""What is known about a running job, and how it is drawn."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from local.cli import bars, progress
from local.cli.progress import JobProgress, StateProgress
from tests.unit.step_functions import FakeStepFunctions

NOON = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


def after(seconds):
    return NOON + timedelta(seconds=seconds)


def stylizing(done, total=70, since=0):
    return StateProgress("StylizeFrames", True, after(since), None, done, total)


def drawn(job, now, columns=80):
    console = Console(width=columns, force_terminal=False)
    with console.capture() as capture:
        console.print(bars.drawing(job, now))
    return capture.get()


def test_the_rest_takes_as_long_per_item_as_what_is_done():
    assert stylizing(20).remaining_s(after(10)) == pytest.approx(25)


@pytest.mark.parametrize(
    "state",
    [stylizing(0), stylizing(2), stylizing(40, None), stylizing(70), StateProgress("PlanJob", False, NOON)],
    ids=["nothing done", "too little done", "total unknown", "all done", "nothing to count"],
)
def test_no_estimate_is_made_up(state):
    assert state.remaining_s(after(10)) is None


def test_items_that_ended_without_a_picture_are_not_waited_for():
    assert replace(stylizing(10), lost=10).remaining_s(after(10)) == pytest.approx(25)


def test_a_cancelled_state_counts_what_was_made_and_not_what_was_given_up():
    client = FakeStepFunctions(events=[("enter", "StylizeFrames", 0)], status="ABORTED")
    client.map_run(done=7, failed=125, total=132)

    (stylize,) = [state for state in progress.read(client, "execution").states if state.entered]

    assert bars.counted(stylize) == "7/132"


def test_a_job_cannot_end_before_its_present_state_can():
    job = JobProgress("running", (StateProgress("PlanJob", False, NOON, NOON), stylizing(35)), NOON)

    assert job.not_before(after(10)) == after(20)


def test_only_states_that_work_are_shown_in_the_order_of_the_state_machine():
    found = progress.steps(FakeStepFunctions.DEFINITION)

    assert [(state.name, state.counts) for state in found] == [
        ("PlanJob", False),
        ("StylizeFrames", True),
        ("NotifyDone", False),
    ]


def test_history_and_map_run_tell_how_far_a_job_is():
    client = FakeStepFunctions(events=[("enter", "PlanJob", 0), ("exit", "PlanJob", 2), ("enter", "StylizeFrames", 3)])
    client.map_run(done=5, failed=1, total=20)

    found = progress.read(client, "execution")

    plan, stylize, notify = found.states
    assert found.status == "running"
    assert plan.seconds(after(9)) == 2
    assert (stylize.done, stylize.lost, stylize.total, stylize.left) == (5, 1, 20, None)
    assert notify.entered is None
    assert found.current == stylize


def test_a_second_pass_starts_its_state_anew():
    first = [("enter", "StylizeFrames", 0), ("map", "first", 0), ("exit", "StylizeFrames", 9)]
    client = FakeStepFunctions(events=[*first, ("enter", "StylizeFrames", 12)])
    client.map_run(done=1, failed=0, total=2)

    stylize = progress.read(client, "execution").states[1]

    assert (stylize.entered, stylize.left, stylize.done, stylize.total) == (after(12), None, 1, 2)


def test_a_failed_function_speaks_for_itself():
    client = FakeStepFunctions(status="FAILED", error="NotAVideo", cause='{"errorMessage": "This is not a video."}')

    assert progress.read(client, "execution").sentence == "This is not a video."


@pytest.mark.parametrize(
    ("status", "error", "cause", "sentence"),
    [
        ("TIMED_OUT", "States.Timeout", None, "longer than it may"),
        ("ABORTED", None, None, "cancelled"),
        ("ABORTED", "JobStopped", "Enough for today.", "Enough for today."),
        ("FAILED", "States.Runtime", None, "States.Runtime"),
    ],
)
def test_every_bad_ending_has_a_sentence(status, error, cause, sentence):
    client = FakeStepFunctions(status=status, error=error, cause=cause)

    found = progress.read(client, "execution")

    assert found.over
    assert sentence in found.sentence


def test_bars_show_counts_and_an_estimate_within_80_columns():
    job = JobProgress("running", (StateProgress("PlanJob", False, NOON, after(2)), stylizing(20)), NOON)

    lines = drawn(job, after(10)).splitlines()

    assert lines[0].split()[:2] == ["✓", "PlanJob"]
    assert "20/70" in lines[1]
    assert "10 s, about 25 s left" in lines[1]
    assert max(map(len, lines)) <= 80


def test_a_failed_state_is_marked_and_promises_nothing():
    job = JobProgress("failed", (stylizing(20),), NOON, after(10), "NothingStyled", "Nothing.")

    drawing = drawn(job, after(500))

    assert "✗" in drawing
    assert "left" not in drawing


def test_without_a_terminal_news_come_as_plain_lines():
    seen = iter(
        [
            JobProgress("waiting"),
            JobProgress("running", (stylizing(0),), NOON),
            JobProgress("running", (stylizing(1),), NOON),
            JobProgress("succeeded", (StateProgress("StylizeFrames", True, NOON, after(20), 70, 70),), NOON, after(20)),
        ]
    )
    console = Console(width=80, force_terminal=False)

    with console.capture() as capture:
        ended = bars.watch(lambda: next(seen), console, poll_s=0)

    lines = capture.get().splitlines()
    assert ended.status == "succeeded"
    assert [line.split(maxsplit=1) for line in lines] == [
        ["StylizeFrames", "0/70 begins"],
        ["StylizeFrames", "70/70 done after 20 s"],
    ]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.42, "0.4 s"), (59.4, "59 s"), (60, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_durations_are_read_at_a_glance(seconds, words):
    assert bars.duration(seconds) == words
