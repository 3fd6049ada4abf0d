"""A function that is called by more at once than the account may run, as a state machine lives through it."""

import json
import time

import pytest

from local.cloud import ACCOUNT, LocalCloud
from tests.integration.lambda_host.tiny_functions import function

ROLE = f"arn:aws:iam::{ACCOUNT}:role/everything"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
SLOW = "import time\ndef handler(event, context):\n    time.sleep(0.4)\n    return event"
RETRIER = {"ErrorEquals": ["Lambda.TooManyRequestsException"], "IntervalSeconds": 1, "BackoffRate": 1}
TASK = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Parameters": {"FunctionName": "Slow", "Payload.$": "$"},
    "OutputPath": "$.Payload",
    "End": True,
}


@pytest.fixture
def cloud(tmp_path):
    """An account that may run two functions at once and lets nobody wait."""
    with LocalCloud(tmp_path, concurrency=2, patience_s=0) as running:
        running.policies.put_role(ROLE, [EVERYTHING])
        running._functions.put(function(SLOW, "Slow", role_arn=ROLE))
        yield running


def run(cloud, *retriers):
    """How a Map over six items, all at once, ends."""
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Slow",
        "States": {"Slow": {**TASK, "Retry": list(retriers)}},
    }
    fan = {"Type": "Map", "MaxConcurrency": 6, "ItemProcessor": processor, "End": True}
    states = cloud.client("stepfunctions")
    machine = states.create_state_machine(
        name="machine", roleArn=ROLE, definition=json.dumps({"StartAt": "Fan", "States": {"Fan": fan}})
    )
    execution = states.start_execution(stateMachineArn=machine["stateMachineArn"], input="[1, 2, 3, 4, 5, 6]")
    while (ended := states.describe_execution(executionArn=execution["executionArn"]))["status"] == "RUNNING":
        time.sleep(0.05)
    return ended


def test_a_map_wider_than_the_account_completes_because_the_state_machine_tries_again(cloud):
    ended = run(cloud, {**RETRIER, "MaxAttempts": 100})

    assert ended["status"] == "SUCCEEDED"
    assert json.loads(ended["output"]) == [1, 2, 3, 4, 5, 6]
    assert cloud.meter.lines()["lambda_requests"] == 6


def test_without_a_retrier_it_fails_on_the_throttled_calls(cloud):
    assert run(cloud)["status"] == "FAILED"
