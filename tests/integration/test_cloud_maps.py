"""State machines on the local cloud: Distributed Maps, waiting, stopping."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from local.cloud import ACCOUNT, LocalCloud

ROLE = f"arn:aws:iam::{ACCOUNT}:role/machine"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with LocalCloud(tmp_path_factory.mktemp("cloud")) as running:
        running.policies.put_role(ROLE, [EVERYTHING])
        running.client("s3").create_bucket(Bucket="studio")
        yield running


def distributed_map(child, **settings):
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Child", **child}
    state = {"Type": "Map", "MaxConcurrency": 2, "ToleratedFailurePercentage": 100.0, "ItemProcessor": processor}
    return {"StartAt": "Fan", "States": {"Fan": {**state, **settings, "End": True}}}


def started(cloud, definition, given):
    states = cloud.client("stepfunctions")
    name = f"machine-{time.monotonic_ns()}"
    machine = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
    return states.start_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps(given))["executionArn"]


def ended(cloud, execution, within_s=60):
    states, deadline = cloud.client("stepfunctions"), time.monotonic() + within_s
    while time.monotonic() < deadline:
        described = states.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.05)
    raise AssertionError(f"still running after {within_s} s")


def counts(cloud, execution):
    states = cloud.client("stepfunctions")
    (run,) = states.list_map_runs(executionArn=execution)["mapRuns"]
    return states.describe_map_run(mapRunArn=run["mapRunArn"])


def test_a_map_of_five_thousand_items_at_two_at_once_finishes(cloud):
    child = {"States": {"Child": {"Type": "Pass", "End": True}}}

    execution = started(cloud, distributed_map(child), list(range(5000)))

    assert json.loads(ended(cloud, execution)["output"]) == list(range(5000))
    assert counts(cloud, execution)["itemCounts"]["succeeded"] == 5000


def test_a_child_has_an_execution_name_of_its_own(cloud):
    child = {"States": {"Child": {"Type": "Pass", "Parameters": {"name.$": "$$.Execution.Name"}, "End": True}}}

    execution = started(cloud, distributed_map(child), [1, 2, 3])

    names = {output["name"] for output in json.loads(ended(cloud, execution)["output"])}
    assert len(names) == 3
    assert execution.rsplit(":", 1)[1] not in names


def test_the_items_come_from_a_bucket_and_the_results_go_to_one(cloud):
    s3 = cloud.client("s3")
    s3.put_object(Bucket="studio", Key="items/list.json", Body=json.dumps([{"n": 1}, {"n": 2}]))
    child = {"States": {"Child": {"Type": "Pass", "OutputPath": "$.n", "End": True}}}
    definition = distributed_map(
        child,
        ItemReader={
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Parameters": {"Bucket": "studio", "Key.$": "$.items"},
        },
        ItemSelector={"job.$": "$.job", "n.$": "$$.Map.Item.Value.n"},
        ResultWriter={
            "Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket": "studio", "Prefix.$": "States.Format('out/{}', $$.Execution.Name)"},
        },
        ResultSelector={"entered.$": "$$.State.EnteredTime", "key.$": "$.ResultWriterDetails.Key"},
        ResultPath="$.fan",
    )

    execution = started(cloud, definition, {"items": "items/list.json", "job": "j1"})

    output = json.loads(ended(cloud, execution)["output"])
    assert output["job"] == "j1"
    assert datetime.fromisoformat(output["fan"]["entered"]).tzinfo == UTC
    assert output["fan"]["key"].startswith(f"out/{execution.rsplit(':', 1)[1]}/")
    manifest = json.loads(s3.get_object(Bucket="studio", Key=output["fan"]["key"])["Body"].read())
    (file,) = manifest["ResultFiles"]["SUCCEEDED"]
    written = json.loads(s3.get_object(Bucket="studio", Key=file["Key"])["Body"].read())
    assert [json.loads(entry["Output"]) for entry in written] == [1, 2]
    assert json.loads(written[0]["Input"]) == {"job": "j1", "n": 1}


def test_a_list_that_is_not_there_is_an_error_of_the_item_reader(cloud):
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Parameters": {"Bucket": "studio", "Key": "nothing.json"},
    }
    child = {"States": {"Child": {"Type": "Succeed"}}}

    outcome = ended(cloud, started(cloud, distributed_map(child, ItemReader=reader), {}))

    assert (outcome["status"], outcome["error"]) == ("FAILED", "States.ItemReaderFailed")


def test_failed_children_are_counted_and_tolerated(cloud):
    choice = {"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "Bad"}], "Default": "Good"}
    child = {"States": {"Child": choice, "Bad": {"Type": "Fail", "Error": "Odd"}, "Good": {"Type": "Succeed"}}}

    execution = started(cloud, distributed_map(child), [1, 2, 3])

    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    found = counts(cloud, execution)["itemCounts"]
    assert (found["succeeded"], found["failed"], found["running"], found["pending"]) == (2, 1, 0, 0)


def test_more_failures_than_tolerated_fail_the_map(cloud):
    child = {"States": {"Child": {"Type": "Fail", "Error": "Odd"}}}

    execution = started(cloud, distributed_map(child, ToleratedFailurePercentage=50.0), [1, 2])

    assert ended(cloud, execution)["error"] == "States.ExceedToleratedFailureThreshold"


def test_a_map_needs_the_right_to_start_its_children(cloud):
    cloud.policies.put_role(ROLE, [{"Version": "2012-10-17", "Statement": []}])
    child = {"States": {"Child": {"Type": "Succeed"}}}

    outcome = ended(cloud, started(cloud, distributed_map(child), [1]))

    cloud.policies.put_role(ROLE, [EVERYTHING])
    assert outcome["status"] == "FAILED"
    assert "states:StartExecution" in outcome["cause"]


def test_a_wait_ends_at_its_time_stamp_and_not_before(cloud):
    until = datetime.now(UTC) + timedelta(seconds=1.3)
    wait = {"Type": "Wait", "TimestampPath": "$.until", "Next": "End"}
    after = {"Type": "Pass", "Parameters": {"at.$": "$$.State.EnteredTime"}, "End": True}
    child = {"States": {"Child": wait, "End": after}}
    stamp = until.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    execution = started(cloud, distributed_map(child), [{"until": stamp}])

    (output,) = json.loads(ended(cloud, execution)["output"])
    late = datetime.fromisoformat(output["at"]) - until
    assert timedelta(milliseconds=-1) <= late < timedelta(seconds=1)


def test_stopping_an_execution_ends_the_children_that_wait(cloud):
    child = {"States": {"Child": {"Type": "Wait", "Seconds": 300, "End": True}}}
    execution = started(cloud, distributed_map(child), [1, 2, 3])
    time.sleep(0.3)

    cloud.client("stepfunctions").stop_execution(executionArn=execution, error="Cancelled", cause="by the user")

    outcome = ended(cloud, execution, within_s=2)
    assert (outcome["status"], outcome["error"], outcome["cause"]) == ("ABORTED", "Cancelled", "by the user")
    time.sleep(0.3)
    run = counts(cloud, execution)
    assert run["status"] == "ABORTED"
    assert run["itemCounts"]["aborted"] == 3


def test_an_execution_that_outlives_its_machine_s_limit_times_out(cloud):
    wait = {"Type": "Wait", "Seconds": 300, "End": True}

    execution = started(cloud, {"StartAt": "Only", "TimeoutSeconds": 1, "States": {"Only": wait}}, {})

    outcome = ended(cloud, execution, within_s=5)
    assert outcome["status"] == "TIMED_OUT"
    assert outcome["stopDate"] > outcome["startDate"]


def test_the_history_comes_in_pages_and_in_both_directions(cloud):
    execution = started(cloud, {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}, {})
    ended(cloud, execution)
    states = cloud.client("stepfunctions")

    newest = states.get_execution_history(executionArn=execution, reverseOrder=True, maxResults=1)
    pages = list(
        states.get_paginator("get_execution_history").paginate(executionArn=execution, PaginationConfig={"PageSize": 2})
    )

    assert [item["type"] for item in newest["events"]] == ["ExecutionSucceeded"]
    assert len(pages) == 2


def test_transitions_are_metered_with_those_of_children(cloud):
    child = {"States": {"Child": {"Type": "Pass", "End": True}}}
    before = cloud.meter.lines().get("states_transitions", 0)

    ended(cloud, started(cloud, distributed_map(child), [1, 2, 3]))

    assert cloud.meter.lines()["states_transitions"] - before == 4
