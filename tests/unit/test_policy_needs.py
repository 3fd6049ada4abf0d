"""Which permission a request takes, by service and protocol."""

from urllib.parse import quote

import pytest
from policy_requests import ACCOUNT, FRAMES, REGION, ROLE, allow, book_with, call, form, request

PROFILE = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/us.stability.stable-style-transfer-v1:0"
MODEL = "foundation-model/stability.stable-style-transfer-v1:0"
DESTINATIONS = [f"arn:aws:bedrock:{region}::{MODEL}" for region in ("us-east-1", "us-east-2", "us-west-2")]


def denied_need(make, *arguments, **keywords):
    """The permission that a request is refused for when a role has none at all."""
    book = book_with()
    denial = book.check(make(book, *arguments, **keywords))
    return denial.action, denial.resource


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "action", "resource"),
    [
        ("GET", "/studio/jobs/a%20b.png", "", {}, "s3:GetObject", "studio/jobs/a b.png"),
        ("HEAD", "/studio/k", "", {}, "s3:GetObject", "studio/k"),
        ("GET", "/studio/k", "versionId=abc", {}, "s3:GetObjectVersion", "studio/k"),
        ("GET", "/studio/k", "response-content-type=a&x-id=GetObject", {}, "s3:GetObject", "studio/k"),
        ("PUT", "/studio/k", "", {}, "s3:PutObject", "studio/k"),
        ("PUT", "/k%C3%A4se/1", "", {"Host": "studio.localhost:4566"}, "s3:PutObject", "studio/käse/1"),
        ("PUT", "/k", "", {"Host": "studio.s3.us-west-2.amazonaws.com"}, "s3:PutObject", "studio/k"),
        ("PUT", "/studio/k", "", {"Host": "s3.us-west-2.amazonaws.com"}, "s3:PutObject", "studio/k"),
        ("PUT", "/studio/k", "", {"Host": "127.0.0.1:4566"}, "s3:PutObject", "studio/k"),
        ("POST", "/studio/k", "uploads", {}, "s3:PutObject", "studio/k"),
        ("PUT", "/studio/k", "partNumber=1&uploadId=u", {}, "s3:PutObject", "studio/k"),
        ("POST", "/studio/k", "uploadId=u", {}, "s3:PutObject", "studio/k"),
        ("GET", "/studio/k", "uploadId=u", {}, "s3:ListMultipartUploadParts", "studio/k"),
        ("DELETE", "/studio/k", "uploadId=u", {}, "s3:AbortMultipartUpload", "studio/k"),
        ("DELETE", "/studio/k", "", {}, "s3:DeleteObject", "studio/k"),
        ("DELETE", "/studio/k", "versionId=v", {}, "s3:DeleteObjectVersion", "studio/k"),
        ("GET", "/studio/k", "tagging", {}, "s3:GetObjectTagging", "studio/k"),
        ("GET", "/studio/k", "tagging&versionId=v", {}, "s3:GetObjectVersionTagging", "studio/k"),
        ("PUT", "/studio/k", "tagging", {}, "s3:PutObjectTagging", "studio/k"),
        ("GET", "/studio", "list-type=2&prefix=jobs%2F", {}, "s3:ListBucket", "studio"),
        ("HEAD", "/studio", "", {}, "s3:ListBucket", "studio"),
        ("GET", "/", "", {"Host": "studio.localhost"}, "s3:ListBucket", "studio"),
        ("GET", "/studio", "versions", {}, "s3:ListBucketVersions", "studio"),
        ("GET", "/studio", "location", {}, "s3:GetBucketLocation", "studio"),
    ],
)
def test_an_s3_call_takes_the_permission_that_s3_documents(method, path, query, headers, action, resource):
    assert denied_need(request, "s3", method, path, query, **headers) == (action, f"arn:aws:s3:::{resource}")


def table(name):
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"


MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:Rotoscope"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:Mail"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:Letters"


@pytest.mark.parametrize(
    ("service", "target", "fields", "action", "resource"),
    [
        ("dynamodb", "DynamoDB_20120810.PutItem", {"TableName": "Ledger"}, "dynamodb:PutItem", table("Ledger")),
        ("dynamodb", "DynamoDB_20120810.GetItem", {"TableName": table("Ledger")}, "dynamodb:GetItem", table("Ledger")),
        (
            "dynamodb",
            "DynamoDB_20120810.Query",
            {"TableName": "Ledger", "IndexName": "ByDay"},
            "dynamodb:Query",
            table("Ledger/index/ByDay"),
        ),
        (
            "dynamodb",
            "DynamoDB_20120810.TransactWriteItems",
            {"TransactItems": [{"ConditionCheck": {"TableName": "Ledger"}}]},
            "dynamodb:ConditionCheckItem",
            table("Ledger"),
        ),
        (
            "dynamodb",
            "DynamoDB_20120810.BatchWriteItem",
            {"RequestItems": {"Ledger": []}},
            "dynamodb:BatchWriteItem",
            table("Ledger"),
        ),
        ("states", "AWSStepFunctions.StartExecution", {"stateMachineArn": MACHINE}, "states:StartExecution", MACHINE),
        ("states", "AWSStepFunctions.StopExecution", {"executionArn": "arn:x"}, "states:StopExecution", "arn:x"),
        ("states", "AWSStepFunctions.SendTaskSuccess", {"taskToken": "t"}, "states:SendTaskSuccess", "*"),
        ("sqs", "AmazonSQS.SendMessage", {"QueueUrl": f"http://x/{ACCOUNT}/Letters"}, "sqs:SendMessage", QUEUE),
        ("sqs", "AmazonSQS.DeleteMessageBatch", {"QueueUrl": "http://x/1/Letters"}, "sqs:DeleteMessage", QUEUE),
        (
            "logs",
            "Logs_20140328.CreateLogStream",
            {"logGroupName": "/aws/lambda/F", "logStreamName": "s"},
            "logs:CreateLogStream",
            f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/F:log-stream:s",
        ),
        ("servicequotas", "ServiceQuotasV20190624.ListServiceQuotas", {}, "servicequotas:ListServiceQuotas", "*"),
        ("monitoring", "GraniteServiceVersion20100801.PutMetricData", {}, "cloudwatch:PutMetricData", "*"),
        (
            "ssm",
            "AmazonSSM.GetParameter",
            {"Name": "/a/b"},
            "ssm:GetParameter",
            f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/a/b",
        ),
        ("kms", "TrentService.Decrypt", {"KeyId": "k1"}, "kms:Decrypt", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k1"),
        (
            "sagemaker",
            "SageMaker.DescribeEndpoint",
            {"EndpointName": "SDXL"},
            "sagemaker:DescribeEndpoint",
            f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/sdxl",
        ),
        (
            "events",
            "AWSEvents.PutEvents",
            {"Entries": [{}]},
            "events:PutEvents",
            f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default",
        ),
    ],
)
def test_a_json_call_takes_the_permission_for_what_its_body_names(service, target, fields, action, resource):
    assert denied_need(call, service, target, **fields) == (action, resource)


def test_query_calls_take_the_permission_for_what_their_form_names():
    assert denied_need(form, "sns", Action="Publish", TopicArn=TOPIC, Message="x") == ("sns:Publish", TOPIC)
    assert denied_need(form, "sts", Action="AssumeRole", RoleArn=ROLE) == ("sts:AssumeRole", ROLE)


def test_a_cbor_call_is_known_by_its_path():
    path = "/service/GraniteServiceVersion20100801/operation/PutMetricData"

    assert denied_need(request, "monitoring", "POST", path, body=b"\xa1") == ("cloudwatch:PutMetricData", "*")


@pytest.mark.parametrize(
    ("service", "method", "path", "query", "action", "resource"),
    [
        (
            "lambda",
            "POST",
            "/2015-03-31/functions/StylizeFrame/invocations",
            "Qualifier=3",
            "lambda:InvokeFunction",
            f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:StylizeFrame:3",
        ),
        (
            "bedrock",
            "POST",
            "/model/stability.sd3-5-large-v1%3A0/invoke",
            "",
            "bedrock:InvokeModel",
            f"arn:aws:bedrock:{REGION}::foundation-model/stability.sd3-5-large-v1:0",
        ),
        (
            "bedrock",
            "GET",
            "/foundation-models/stability.sd3-5-large-v1%3A0",
            "",
            "bedrock:GetFoundationModel",
            f"arn:aws:bedrock:{REGION}::foundation-model/stability.sd3-5-large-v1:0",
        ),
        (
            "sagemaker",
            "POST",
            "/endpoints/Sdxl/invocations",
            "",
            "sagemaker:InvokeEndpoint",
            f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/sdxl",
        ),
    ],
)
def test_a_rest_call_takes_the_permission_for_what_its_path_names(service, method, path, query, action, resource):
    assert denied_need(request, service, method, path, query) == (action, resource)


@pytest.mark.parametrize(
    "model", ["us.stability.stable-style-transfer-v1:0", PROFILE], ids=["by profile id", "by profile ARN"]
)
def test_a_profile_call_takes_the_profile_and_the_model_in_every_destination(model):
    through_profile = {"StringEquals": {"bedrock:InferenceProfileArn": PROFILE}}
    profile = allow("bedrock:InvokeModel", PROFILE)
    path = f"/model/{quote(model, safe='')}/invoke"

    def denied(*documents):
        book = book_with(*documents)
        denial = book.check(request(book, "bedrock", "POST", path))
        return denial and denial.resource

    assert denied(profile, allow("bedrock:InvokeModel", DESTINATIONS, Condition=through_profile)) is None
    assert denied(allow("bedrock:InvokeModel", DESTINATIONS, Condition=through_profile)) == PROFILE
    assert denied(profile) == DESTINATIONS[0]
    assert denied(profile, allow("bedrock:InvokeModel", DESTINATIONS[:2])) == DESTINATIONS[2]


def test_a_model_allowed_through_its_profile_only_cannot_be_called_directly():
    condition = {"StringEquals": {"bedrock:InferenceProfileArn": PROFILE}}
    book = book_with(allow("bedrock:InvokeModel", DESTINATIONS, Condition=condition))

    denial = book.check(request(book, "bedrock", "POST", "/model/stability.stable-style-transfer-v1%3A0/invoke"))

    assert denial.resource == DESTINATIONS[2]


@pytest.mark.parametrize(
    ("query", "headers", "also"),
    [
        ("", {"x_amz_copy_source": "/inbox/clip%20a.mp4"}, ("s3:GetObject", "arn:aws:s3:::inbox/clip a.mp4")),
        (
            "partNumber=1&uploadId=u",
            {"x_amz_copy_source": "inbox/c.mp4?versionId=v1"},
            ("s3:GetObjectVersion", "arn:aws:s3:::inbox/c.mp4"),
        ),
        ("", {"x_amz_tagging": "a=b"}, ("s3:PutObjectTagging", "arn:aws:s3:::studio/jobs/1")),
        ("", {"x_amz_acl": "public-read"}, ("s3:PutObjectAcl", "arn:aws:s3:::studio/jobs/1")),
        ("", {"If_Match": '"etag"'}, ("s3:GetObject", "arn:aws:s3:::studio/jobs/1")),
    ],
)
def test_a_write_that_does_more_takes_more_permissions(query, headers, also):
    book = book_with(allow("s3:PutObject", FRAMES))

    denial = book.check(request(book, "s3", "PUT", "/studio/jobs/1", query, **headers))

    assert (denial.action, denial.resource) == also


def test_deleting_many_objects_takes_a_permission_for_each_of_them():
    body = (
        b'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>jobs/1</Key></Object>'
        b"<Object><Key>results/2</Key></Object></Delete>"
    )
    book = book_with(allow("s3:DeleteObject", FRAMES))

    denial = book.check(request(book, "s3", "POST", "/studio", "delete", body))

    assert (denial.action, denial.resource) == ("s3:DeleteObject", "arn:aws:s3:::studio/results/2")
