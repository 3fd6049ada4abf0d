"""A stack's jobs as the command line sees them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from local.cli import queueing
from local.cli.account import Stack
from local.cli.errors import WrongUse
from local.cli.jobs import Jobs, JobView
from local.cli.progress import JobProgress, StateProgress
from local.cli.uploading import PICTURES_THAT_ARE_VIDEOS, drop, key_of
from rotoscope import layout
from tests.unit.step_functions import NOON, FakeStepFunctions

STACK = Stack("the-inbox", "the-studio", "machine", "topic", "ledger")


def event(key, version="v1"):
    return {"detail": {"bucket": {"name": "the-inbox"}, "object": {"key": key, "version-id": version}}}


def job_of(key, version="v1"):
    return layout.job_id("the-inbox", key, version)


class FakeTable:
    """A ledger that holds the given items."""

    def __init__(self, **items):
        self.items = items

    def get_item(self, **asked):
        job, kind = asked["Key"]["pk"]["S"].removeprefix("job#"), asked["Key"]["sk"]["S"]
        item = self.items.get(kind, {}).get(job)
        return {"Item": item} if item else {}


def a_claim(key, execution="owner"):
    return {"execution": {"S": execution}, "job": {"S": json.dumps({"key": key})}, "running": {"S": "running"}}


def jobs(states, **ledger):
    return Jobs(SimpleNamespace(states=states, tables=FakeTable(**ledger)), STACK)


def test_a_job_waits_until_its_execution_exists():
    assert jobs(FakeStepFunctions()).progress(job_of("clip.mp4")).status == "waiting"


def test_the_execution_that_claimed_a_job_is_its_own():
    states = FakeStepFunctions(inputs={"loser": event("clip.mp4"), "owner": event("clip.mp4")})
    found = jobs(states, claim={job_of("clip.mp4"): a_claim("clip.mp4")})

    assert found.execution(job_of("clip.mp4")) == "owner"


def test_an_execution_that_ended_before_it_could_claim_is_found_by_its_upload():
    states = FakeStepFunctions(inputs={"other": event("other.mp4"), "mine": event("a b+c.mp4")})

    assert jobs(states).execution(job_of("a b+c.mp4")) == "mine"


def test_an_unknown_job_is_refused_with_the_way_to_find_one():
    with pytest.raises(WrongUse, match="rotoscope jobs"):
        jobs(FakeStepFunctions()).require("nosuchjob")


def test_the_reason_why_a_job_was_stopped_speaks_before_the_error_that_followed():
    states = FakeStepFunctions(status="FAILED", error="JobStopped", cause="States.TaskFailed")
    stopped = {"reason": {"S": "The model was retired."}, "error_name": {"S": "ModelRetired"}}
    found = jobs(states, claim={"j": a_claim("clip.mp4")}, stopped={"j": stopped})

    assert found.progress("j").sentence == "The model was retired."


def test_a_reason_that_was_taken_back_by_a_resume_is_not_repeated():
    states = FakeStepFunctions(status="FAILED", error="X", cause="Something else.")
    found = jobs(states, claim={"j": a_claim("clip.mp4")}, stopped={"j": {"expires_at": {"N": "1"}}})

    assert found.progress("j").sentence == "Something else."


def test_two_deliveries_and_a_resume_are_one_job():
    clip = job_of("clip.mp4")
    states = FakeStepFunctions(inputs={"c": {"resume": clip}, "b": event("clip.mp4"), "a": event("clip.mp4")})
    found = jobs(states, claim={clip: a_claim("clip.mp4")}, spend={clip: {"usd_micros": {"N": "4900000"}}})

    view = found.view(clip)
    assert list(found.latest()) == [clip]
    assert (view.key, view.cost_usd) == ("clip.mp4", 4.9)


def test_what_is_no_job_is_left_out():
    states = FakeStepFunctions(inputs={"child": {"frame": 1}, "job": event("clip.mp4")})

    assert jobs(states).latest() == {job_of("clip.mp4"): True}


@pytest.mark.parametrize(
    ("spend", "cost"),
    [({}, None), ({"j": {"tasks": {"N": "3"}}}, 0.0), ({"j": {"usd_micros": {"N": "70000"}}}, 0.07)],
    ids=["nothing booked", "no paid call", "a paid call"],
)
def test_a_job_that_works_for_free_costs_nothing_and_one_that_has_not_begun_is_unknown(spend, cost):
    assert jobs(FakeStepFunctions(), spend=spend).cost_usd("j") == cost


def a_view(name, status, *states, cost=None):
    return JobView(name * 12, f"folder/{name}-clip.mp4", JobProgress(status, states, NOON), cost)


def test_the_queue_counts_unfinished_jobs_from_the_oldest():
    views = [a_view("c", "running"), a_view("b", "succeeded"), a_view("a", "running")]

    assert [place for _, place in queueing.placed(views)] == [2, None, 1]


def test_who_has_asked_for_all_frames_queues_no_more():
    through = StateProgress("StylizeFrames", True, NOON, NOON, 70, 70)
    views = [a_view("c", "running"), a_view("b", "waiting"), a_view("a", "running", through)]

    assert [place for _, place in queueing.placed(views)] == [2, 1, None]


def test_only_the_name_of_the_video_is_ever_cut():
    now = datetime.now(UTC)
    state = StateProgress("AnalyzeSegments", True, now, None, 120, 1234)
    progress = JobProgress("running", (state,), now - timedelta(days=1))
    view = JobView("abcdefghijkl", f"{'a very long name ' * 9}.mp4", progress, 123.45)

    console = Console(width=80, force_terminal=False)
    with console.capture() as capture:
        console.print(queueing.table([(view, 12)], now))

    _, row = capture.get().splitlines()
    assert row.startswith("abcdefghijkl a very")
    assert "…" in row
    for whole in ("AnalyzeSegments", "120/1234", " 12 ", "$123.45"):
        assert whole in row


def test_a_finished_job_shows_when_it_ended():
    now = datetime.now(UTC)
    view = JobView("j", "clip.mp4", JobProgress("succeeded", (), now - timedelta(minutes=9), now), 0.0)
    console = Console(width=80, force_terminal=False)

    with console.capture() as capture:
        console.print(queueing.table([(view, None)], now))

    assert f"{now.astimezone():%H:%M} $0.00" in capture.get()


@pytest.mark.parametrize(("name", "key"), [(None, "in.MP4"), ("bbb", "bbb.MP4"), ("bbb.mp4", "bbb.mp4")])
def test_a_name_gets_the_suffix_of_the_video_once(name, key):
    assert key_of(Path("videos/in.MP4"), name) == key


def test_the_table_of_jobs_fits_80_columns_and_leaves_unknown_ends_empty():
    now = NOON.astimezone()
    stylizing = StateProgress("StylizeFrames", True, now - timedelta(seconds=10), None, 20, 70)
    views = [
        a_view("a", "running", stylizing, cost=1.4),
        a_view("b", "running", StateProgress("PlanJob", False, now)),
    ]
    console = Console(width=80, force_terminal=False)

    with console.capture() as capture:
        console.print(queueing.table(queueing.placed(views), now))

    known, unknown = capture.get().splitlines()[1:]
    assert max(map(len, capture.get().splitlines())) <= 80
    assert "StylizeFrames" in known
    assert "20/70" in known
    assert "$1.40" in known
    assert f"{(now + timedelta(seconds=25)).astimezone():%H:%M}" in known
    assert len(unknown.split()) == 5


class FakeInbox:
    """Remembers what is dropped into it, in order."""

    def __init__(self):
        self.dropped = {}

    def put_object(self, **said):
        self.dropped[said["Key"]] = said["Body"]

    def upload_file(self, path, bucket, key, **_):
        self.dropped[key] = path

    def head_object(self, **_):
        return {"VersionId": "v1"}


def test_settings_and_style_image_are_there_before_the_video():
    inbox = FakeInbox()
    settings = {"style": {"image": "pictures/wave.jpg", "denoise": 0.4}}

    upload = drop(
        SimpleNamespace(s3=inbox), "the-inbox", "clip.mp4", "in/clip.mp4", settings=settings, image=Path("wave.jpg")
    )

    assert list(inbox.dropped) == ["in/wave.jpg", "in/clip.mp4.json", "in/clip.mp4"]
    assert json.loads(inbox.dropped["in/clip.mp4.json"]) == {"style": {"image": "wave.jpg", "denoise": 0.4}}
    assert upload.job == job_of("in/clip.mp4")


@pytest.mark.parametrize("suffix", PICTURES_THAT_ARE_VIDEOS)
def test_a_style_image_starts_no_job_of_its_own(suffix):
    inbox = FakeInbox()

    drop(
        SimpleNamespace(s3=inbox),
        "the-inbox",
        "clip.mp4",
        "clip.mp4",
        settings={"style": {"image": f"wave{suffix}"}},
        image=Path(f"wave{suffix.upper()}"),
    )

    assert [key for key in inbox.dropped if key.lower().endswith(suffix)] == []


def test_without_settings_no_settings_file_is_left_behind():
    inbox = FakeInbox()

    drop(SimpleNamespace(s3=inbox), "the-inbox", "clip.mp4", "clip.mp4", settings={}, image=None)

    assert list(inbox.dropped) == ["clip.mp4"]
