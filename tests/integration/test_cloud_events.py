"""From an upload to a mail on the local cloud: events, rules, targets, dead letters."""

import json
import time
import urllib.request

import pytest

from local.cloud import ACCOUNT, LocalCloud
from tests.integration.uploads_stack import TEMPLATE


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
