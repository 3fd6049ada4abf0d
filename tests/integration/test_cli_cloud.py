"""The command line against a local cloud that runs as a server of its own, as two people at two terminals would."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest

from tests.clips import clip

ROTOSCOPE = [sys.executable, "-c", "from local.cli import main; main()"]
CHEAP = ("--set", "style.engine=sketch", "--set", "style.preset=low-poly")


def rotoscope(*arguments, environment=None):
    """Exit code, stdout, stderr; never a terminal."""
    done = subprocess.run(
        [*ROTOSCOPE, *map(str, arguments)],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr)


@pytest.fixture(scope="module")
def cloud():
    """`rotoscope cloud --deploy` at work; what it says as JSON."""
    server = subprocess.Popen(
        [*ROTOSCOPE, "cloud", "--port", "0", "--deploy", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = ""
    while not said.endswith("\n}\n"):
        line = server.stdout.readline()
        assert line, server.stderr.read()
        said += line
    yield json.loads(said)
    server.terminate()
    assert server.wait(timeout=30) == 0


@pytest.fixture
def there(cloud):
    """Runs commands with the environment that the cloud printed."""
    return lambda *arguments: rotoscope(*arguments, environment=cloud["environment"])


def client(cloud, service):
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    return boto3.client(service, endpoint_url=cloud["url"], region_name="us-west-2", **keys)


@pytest.fixture(scope="module")
def short():
    return clip("short one.mp4", frames=12)


def test_a_submitted_video_can_be_followed_listed_and_fetched(there, short):
    submitted = json.loads(there("submit", short, *CHEAP, "--json").out)

    watched = there("watch", submitted["job"], "--json")

    result = json.loads(watched.out)
    listed = {job["job"]: job for job in json.loads(there("jobs", "--json").out)}
    assert (watched.code, result["status"]) == (0, "succeeded")
    assert result["results"].endswith(f"/results/short-one/{submitted['job']}/")
    assert "StylizeFrames" in watched.err
    assert listed[submitted["job"]]["key"] == "short one.mp4"
    assert listed[submitted["job"]]["queue"] is None


def test_a_refused_upload_says_why_and_ends_with_1(there, tmp_path):
    text = tmp_path / "notes.mp4"
    text.write_text("Milk, eggs.")

    refused = there("submit", text, *CHEAP, "--watch", "--json")

    assert refused.code == 1
    assert json.loads(refused.out)["sentence"].startswith("This is not a video file but text.")
    assert refused.err.splitlines()[-1].startswith("This is not a video file but text.")


def test_a_cancelled_job_can_be_taken_up_again(there):
    long = clip("long.mp4", frames=140)
    job = json.loads(there("submit", long, *CHEAP, "--json").out)["job"]

    too_early = there("redrive", job)
    cancelled = there("cancel", job, "--reason", "Enough for today.")
    ended = there("watch", job)
    again = there("redrive", job)
    done = there("watch", job)

    assert (too_early.code, "still running" in too_early.err) == (2, True)
    assert (cancelled.code, cancelled.out) == (0, f"Job {job} is cancelled.\n")
    assert (ended.code, ended.err.splitlines()[-1]) == (1, "Enough for today.")
    assert (again.code, done.code) == (0, 0)
    assert there("cancel", job).code == 2


def test_a_job_that_is_done_is_not_done_again(there, short):
    job = json.loads(there("submit", short, *CHEAP, "--watch", "--json").out)["job"]

    again = there("redrive", job)

    assert again.code == 2
    assert "is already done: its results are in s3://" in again.err


def test_a_job_that_lacks_a_result_may_be_taken_up_again(there, cloud, short):
    job = json.loads(there("submit", short, *CHEAP, "--watch", "--json").out)["job"]
    ledger = client(cloud, "dynamodb")
    [table] = [name for name in ledger.list_tables()["TableNames"] if "Ledger" in name]
    ledger.update_item(
        TableName=table,
        Key={"pk": {"S": f"job#{job}"}, "sk": {"S": "claim"}},
        UpdateExpression="SET phase = :phase",
        ExpressionAttributeValues={":phase": {"S": "incomplete"}},
    )

    again, done = there("redrive", job), there("watch", job)

    assert (again.code, done.code) == (0, 0), again.err


def test_the_doctor_finds_a_freshly_deployed_cloud_ready(there):
    found = there("doctor", "--json")

    findings = json.loads(found.out)
    assert (found.code, {finding["level"] for finding in findings}) == (0, {"ok"})
    assert {"account", "stack", "mail", "functions", "control-structure", "sd35"} <= {
        each["about"] for each in findings
    }


def test_a_stack_that_is_not_there_is_named(there):
    missing = there("jobs", "--stack", "Kaleidoscope")

    assert missing.code == 2
    assert "There is no stack named Kaleidoscope" in missing.err


def test_the_port_of_a_running_cloud_is_taken(cloud):
    second = rotoscope("cloud", "--port", cloud["url"].rpartition(":")[2])

    assert second.code == 2
    assert "choose another with --port" in second.err


def test_run_brings_everything_home_without_a_cloud_of_the_users(short, tmp_path):
    ran = rotoscope("run", short, *CHEAP, "--name", "my result", "--out", tmp_path / "out", "--json")

    document = json.loads(ran.out)
    files = sorted(Path(path).name for path in document["files"])
    receipt = json.loads((tmp_path / "out" / "receipt.json").read_text())
    assert ran.code == 0
    assert files == ["compare.mp4", "mail.txt", "my-result.mp4", "poster.jpg", "receipt.json", "report.html"]
    assert document["receipt"] == receipt
    assert receipt["plan"]["frames"] == 12
    assert receipt["cost"]["metered"]["states_transitions"] > 12
    assert (tmp_path / "out" / "mail.txt").read_text().startswith("Subject: Rotoscope: my result.mp4 is ready\n")
    assert "\x1b" not in ran.out + ran.err


def test_what_a_functions_handler_logs_is_in_its_log_group(cloud, there, short):
    job = json.loads(there("submit", short, *CHEAP, "--watch", "--json").out)["job"]
    (group,) = [name for name in cloud["logs"] if "StylizeFrame" in name]

    events = client(cloud, "logs").filter_log_events(logGroupName=group, filterPattern=f'"{job}"')["events"]

    documents = [json.loads(event["message"]) for event in events]
    assert {document["job_id"] for document in documents} == {job}
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\d+\][0-9a-f]{32}", events[0]["logStreamName"])


def test_functions_are_listed_as_the_template_describes_them(cloud):
    functions = client(cloud, "lambda").list_functions()["Functions"]

    assert {architecture for each in functions for architecture in each["Architectures"]} == {"arm64"}
    assert {each["LoggingConfig"]["LogGroup"] for each in functions} <= set(cloud["logs"])


def test_a_run_that_fails_leaves_what_its_function_said(tmp_path):
    notes = tmp_path / "notes.mp4"
    notes.write_text("Milk, eggs.")

    ran = rotoscope("run", notes, "--out", tmp_path / "out")

    assert ran.code == 1
    assert f"What the function said is in {tmp_path / 'out' / 'logs.txt'}." in ran.err
    assert "NotAVideo" in (tmp_path / "out" / "logs.txt").read_text()
