"""Lambda tasks of state machines on the local cloud: errors, time limits, versions."""

import json
import time

import pytest

from local.cloud import ACCOUNT, LocalCloud

ROLE = f"arn:aws:iam::{ACCOUNT}:role/machine"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
CODE = """
import time
def handler(event, context):
    time.sleep(event.get("sleep", 0))
    return {"version": context.function_version, "arn": context.invoked_function_arn}
"""
TEMPLATE = {
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Statement": []}},
        },
        "Sleep": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"ZipFile": CODE},
                "Handler": "index.handler",
                "Runtime": "python3.13",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Timeout": 2,
            },
        },
        "First": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Sleep"}}},
    },
    "Outputs": {"First": {"Value": {"Ref": "First"}}, "Name": {"Value": {"Ref": "Sleep"}}},
}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with LocalCloud(tmp_path_factory.mktemp("cloud")) as running:
        running.policies.put_role(ROLE, [EVERYTHING])
        yield running


@pytest.fixture(scope="module")
def stack(cloud):
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(StackName="Tasks", TemplateBody=json.dumps(TEMPLATE))
    waiter = cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName="Tasks", WaiterConfig={"Delay": 0.2, "MaxAttempts": 100})
    (described,) = cloudformation.describe_stacks(StackName="Tasks")["Stacks"]
    return {item["OutputKey"]: item["OutputValue"] for item in described["Outputs"]}


def outcome(cloud, function, given, limit_s=30):
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function, "Payload.$": "$"},
        "ResultSelector": {"answer.$": "$.Payload"},
        "ResultPath": "$.task",
        "TimeoutSeconds": limit_s,
        "End": True,
    }
    states = cloud.client("stepfunctions")
    machine = states.create_state_machine(
        name=f"machine-{time.monotonic_ns()}",
        definition=json.dumps({"StartAt": "Only", "States": {"Only": task}}),
        roleArn=ROLE,
    )
    started = states.start_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps(given))
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        described = states.describe_execution(executionArn=started["executionArn"])
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.05)
    raise AssertionError("still running")


def test_a_task_runs_the_version_that_its_arn_names(cloud, stack):
    done = outcome(cloud, stack["First"], {"job": "j1"})

    output = json.loads(done["output"])
    assert output["job"] == "j1"
    assert output["task"]["answer"]["version"] == "1"


def test_a_function_that_outlives_its_time_limit_is_reported_as_on_aws(cloud, stack):
    done = outcome(cloud, stack["First"], {"sleep": 5})

    assert (done["status"], done["error"]) == ("FAILED", "Sandbox.Timedout")


def test_a_task_that_outlives_the_state_s_limit_is_a_time_out_of_the_state(cloud, stack):
    done = outcome(cloud, stack["First"], {"sleep": 1.8}, limit_s=1)

    assert (done["status"], done["error"]) == ("FAILED", "States.Timeout")


def test_a_function_that_does_not_exist_is_an_error_of_lambda(cloud):
    done = outcome(cloud, "nobody", {})

    assert done["error"] == "Lambda.ResourceNotFoundException"


def test_invoking_through_the_api_gives_the_answer_and_the_log(cloud, stack):
    answer = cloud.client("lambda").invoke(FunctionName=stack["Name"], Payload=b"{}", LogType="Tail")

    assert json.loads(answer["Payload"].read())["version"] == "$LATEST"
    assert answer["ExecutedVersion"] == "$LATEST"
    assert answer["LogResult"]


def test_a_new_version_does_not_change_the_old_one(cloud, stack):
    changed = json.loads(json.dumps(TEMPLATE))
    changed["Resources"]["Sleep"]["Properties"]["Code"]["ZipFile"] = "def handler(event, context): return 'new'"
    second = {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Sleep"}, "Description": "2"}}
    changed["Resources"]["Second"] = second
    cloudformation = cloud.client("cloudformation")

    cloudformation.update_stack(StackName="Tasks", TemplateBody=json.dumps(changed))
    waiter = cloudformation.get_waiter("stack_update_complete")
    waiter.wait(StackName="Tasks", WaiterConfig={"Delay": 0.2, "MaxAttempts": 100})

    old = cloud.client("lambda").invoke(FunctionName=stack["First"], Payload=b"{}")
    new = cloud.client("lambda").invoke(FunctionName=stack["Name"], Payload=b"{}")
    assert json.loads(old["Payload"].read())["version"] == "1"
    assert json.loads(new["Payload"].read()) == "new"
