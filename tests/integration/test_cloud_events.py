"""From an upload to a mail on the local cloud: events, rules, targets, dead letters."""

import json
import time
import urllib.request

import pytest

from local.cloud import ACCOUNT, LocalCloud


def role(*allowed, service="lambda.amazonaws.com"):
    statements = [{"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in allowed]
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    policy = {"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": trust, "Policies": [policy] if statements else []},
    }


def function(code, role_id, **properties):
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"ZipFile": code},
            "Handler": "index.handler",
            "Runtime": "python3.13",
            "Role": {"Fn::GetAtt": [role_id, "Arn"]},
            "Timeout": 10,
            **properties,
        },
    }


def rule(pattern, *targets):
    return {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern, "Targets": list(targets)}}


TELL = """
import boto3, json, os
def handler(event, context):
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Subject="failed", Message=json.dumps(event))
"""
BREAK = """
class Unready(Exception): pass
def handler(event, context):
    raise Unready("not yet")
"""
MACHINE = {
    "StartAt": "Look",
    "States": {
        "Look": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.detail.object.key", "StringMatches": "*bad*", "Next": "Break"}],
            "Default": "Tell",
        },
        "Break": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "${Break}", "Payload.$": "$"},
            "Retry": [{"ErrorEquals": ["Unready"], "IntervalSeconds": 1, "MaxAttempts": 1, "MaxDelaySeconds": 2}],
            "TimeoutSeconds": 30,
            "End": True,
        },
        "Tell": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"TopicArn": "${Topic}", "Subject": "done", "Message.$": "$.detail.object.key"},
            "End": True,
        },
    },
}
TEMPLATE = {
    "Parameters": {"Mail": {"Type": "String"}},
    "Resources": {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Address": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {"Protocol": "email", "Endpoint": {"Ref": "Mail"}, "TopicArn": {"Ref": "Topic"}},
        },
        "Inbox": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "VersioningConfiguration": {"Status": "Enabled"},
                "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
            },
        },
        "Dead": {"Type": "AWS::SQS::Queue"},
        "DeadPolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Dead"}],
                "PolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "events.amazonaws.com"},
                            "Action": "sqs:SendMessage",
                            "Resource": {"Fn::GetAtt": ["Dead", "Arn"]},
                        }
                    ]
                },
            },
        },
        "TellRole": role(("sns:Publish", {"Ref": "Topic"})),
        "Tell": function(TELL, "TellRole", Environment={"Variables": {"TOPIC": {"Ref": "Topic"}}}),
        "Break": function(BREAK, "TellRole"),
        "MachineRole": role(
            ("sns:Publish", {"Ref": "Topic"}),
            ("lambda:InvokeFunction", {"Fn::GetAtt": ["Break", "Arn"]}),
            service="states.amazonaws.com",
        ),
        "StartRole": role(("states:StartExecution", {"Ref": "Machine"}), service="events.amazonaws.com"),
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "DefinitionString": json.dumps(MACHINE),
                "DefinitionSubstitutions": {"Topic": {"Ref": "Topic"}, "Break": {"Fn::GetAtt": ["Break", "Arn"]}},
                "RoleArn": {"Fn::GetAtt": ["MachineRole", "Arn"]},
            },
        },
        "Dropped": rule(
            {
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "detail": {
                    "bucket": {"name": [{"Ref": "Inbox"}]},
                    "object": {"key": [{"suffix": {"equals-ignore-case": ".mp4"}}]},
                },
            },
            {"Id": "run", "Arn": {"Ref": "Machine"}, "RoleArn": {"Fn::GetAtt": ["StartRole", "Arn"]}},
        ),
        "Failed": rule(
            {"source": ["aws.states"], "detail": {"stateMachineArn": [{"Ref": "Machine"}], "status": ["FAILED"]}},
            {"Id": "tell", "Arn": {"Fn::GetAtt": ["Tell", "Arn"]}},
        ),
        "MayTell": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Fn::GetAtt": ["Tell", "Arn"]},
                "Principal": "events.amazonaws.com",
                "SourceArn": {"Fn::GetAtt": ["Failed", "Arn"]},
            },
        },
        "Custom": rule(
            {"source": ["my.shop"]},
            {
                "Id": "forbidden",
                "Arn": {"Fn::GetAtt": ["Tell", "Arn"]},
                "InputTransformer": {"InputPathsMap": {"n": "$.detail.n"}, "InputTemplate": '{"n": <n>}'},
                "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Dead", "Arn"]}},
            },
        ),
    },
    "Outputs": {
        name: {"Value": {"Ref": logical}}
        for name, logical in {"Inbox": "Inbox", "Machine": "Machine", "Dead": "Dead"}.items()
    },
}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with LocalCloud(tmp_path_factory.mktemp("cloud")) as running:
        yield running


@pytest.fixture(scope="module")
def stack(cloud):
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(
        StackName="Flow",
        TemplateBody=json.dumps(TEMPLATE),
        Parameters=[{"ParameterKey": "Mail", "ParameterValue": "me@example.org"}],
    )
    waiter = cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName="Flow", WaiterConfig={"Delay": 0.2, "MaxAttempts": 100})
    (described,) = cloudformation.describe_stacks(StackName="Flow")["Stacks"]
    return {item["OutputKey"]: item["OutputValue"] for item in described["Outputs"]}


def eventually(look, within_s=20):
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing came within {within_s} s")


def mails_about(cloud, text):
    return [mail for mail in cloud.mailbox.mails() if text in mail.text]


def executions_for(cloud, stack, key):
    states = cloud.client("stepfunctions")
    listed = states.list_executions(stateMachineArn=stack["Machine"])["executions"]
    described = [states.describe_execution(executionArn=item["executionArn"]) for item in listed]
    return [item for item in described if json.loads(item["input"])["detail"]["object"]["key"] == key]


@pytest.mark.parametrize("key", ["clip.mp4", "a b+c [1] häuser/映画.MP4"])
def test_an_upload_starts_an_execution_and_ends_in_a_mail(cloud, stack, key):
    put = cloud.client("s3").put_object(Bucket=stack["Inbox"], Key=key, Body=b"film")

    (mail,) = eventually(lambda: mails_about(cloud, key))
    (execution,) = executions_for(cloud, stack, key)
    event = json.loads(execution["input"])
    assert (mail.subject, mail.text, mail.to) == ("done", key, ("me@example.org",))
    assert event["detail"]["object"]["version-id"] == put["VersionId"]
    assert event["detail"]["object"]["etag"] == put["ETag"].strip('"')
    assert (event["detail"]["object"]["size"], event["detail"]["reason"]) == (4, "PutObject")
    assert event["account"] == ACCOUNT
    assert len(execution["name"]) == 73


def test_an_upload_with_another_suffix_starts_nothing(cloud, stack):
    cloud.client("s3").put_object(Bucket=stack["Inbox"], Key="notes.txt", Body=b"text")

    time.sleep(0.5)

    assert executions_for(cloud, stack, "notes.txt") == []


def test_a_multipart_upload_is_one_event(cloud, stack):
    s3, bucket, key = cloud.client("s3"), stack["Inbox"], "large.mp4"
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    where = {"Bucket": bucket, "Key": key, "UploadId": upload}
    parts = [
        {"PartNumber": number, "ETag": s3.upload_part(**where, PartNumber=number, Body=body)["ETag"]}
        for number, body in ((1, b"0" * 5_242_880), (2, b"1"))
    ]

    s3.complete_multipart_upload(**where, MultipartUpload={"Parts": parts})

    eventually(lambda: mails_about(cloud, key))
    (execution,) = executions_for(cloud, stack, key)
    assert json.loads(execution["input"])["detail"]["reason"] == "CompleteMultipartUpload"


def test_a_copy_is_an_event(cloud, stack):
    s3 = cloud.client("s3")
    s3.put_object(Bucket=stack["Inbox"], Key="first.txt", Body=b"film")

    s3.copy_object(Bucket=stack["Inbox"], Key="copied.mp4", CopySource={"Bucket": stack["Inbox"], "Key": "first.txt"})

    eventually(lambda: mails_about(cloud, "copied.mp4"))
    (execution,) = executions_for(cloud, stack, "copied.mp4")
    assert json.loads(execution["input"])["detail"]["reason"] == "CopyObject"


def test_an_upload_through_an_address_with_the_bucket_in_the_host_name_arrives(cloud, stack):
    port = cloud.url.rsplit(":", 1)[1]
    request = urllib.request.Request(f"http://127.0.0.1:{port}/hosted.mp4", data=b"film", method="PUT")
    request.add_header("Host", f"{stack['Inbox']}.localhost:{port}")
    request.add_header("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, ...")

    urllib.request.urlopen(request).close()

    assert eventually(lambda: mails_about(cloud, "hosted.mp4"))


def test_a_failed_execution_is_told_with_the_exception_s_name_and_reason(cloud, stack):
    cloud.client("s3").put_object(Bucket=stack["Inbox"], Key="bad.mp4", Body=b"film")

    (mail,) = eventually(lambda: [mail for mail in cloud.mailbox.mails() if mail.subject == "failed"])
    event = json.loads(mail.text)
    assert event["detail-type"] == "Step Functions Execution Status Change"
    assert (event["detail"]["status"], event["detail"]["error"]) == ("FAILED", "Unready")
    assert json.loads(event["detail"]["cause"])["errorMessage"] == "not yet"
    assert event["detail"]["stopDate"] > event["detail"]["startDate"]
    (execution,) = executions_for(cloud, stack, "bad.mp4")
    history = cloud.client("stepfunctions").get_execution_history(executionArn=execution["executionArn"])["events"]
    assert [item["type"] for item in history].count("TaskFailed") == 2


def test_an_event_that_a_target_refuses_goes_to_the_dead_letter_queue(cloud, stack):
    entry = {"Source": "my.shop", "DetailType": "Sold", "Detail": json.dumps({"n": 7})}
    sqs = cloud.client("sqs")

    cloud.client("events").put_events(Entries=[entry])

    (message,) = eventually(
        lambda: sqs.receive_message(QueueUrl=stack["Dead"], MessageAttributeNames=["All"]).get("Messages")
    )
    assert json.loads(message["Body"])["detail"] == {"n": 7}
    assert "no permission" in message["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]


def test_the_mails_can_be_read_over_http(cloud, stack):
    cloud.client("s3").put_object(Bucket=stack["Inbox"], Key="read.mp4", Body=b"film")
    eventually(lambda: mails_about(cloud, "read.mp4"))

    with urllib.request.urlopen(f"{cloud.url}/_rotoscope/mails") as answer:
        mails = json.load(answer)

    assert "read.mp4" in [mail["text"] for mail in mails]
