"""What a role may do on the local cloud is what its policies say, in each service's own words."""

import boto3
import pytest
from botocore.exceptions import ClientError

from local.cloud import ACCOUNT, LocalCloud

ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with LocalCloud(tmp_path_factory.mktemp("cloud")) as running:
        running.client("s3").create_bucket(Bucket="inbox")
        running.client("sns").create_topic(Name="news")
        yield running


def as_role(cloud, service, *allowed):
    """A client with the credentials of a role that may do (action, resource), ... and nothing else."""
    statements = [{"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in allowed]
    cloud.policies.put_role(ROLE, [{"Version": "2012-10-17", "Statement": statements}])
    credentials = cloud.policies.credentials_for(ROLE)
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=cloud.url,
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key,
        aws_session_token=credentials.session_token,
    )


def test_a_call_that_the_role_allows_goes_through(cloud):
    s3 = as_role(cloud, "s3", ("s3:PutObject", "arn:aws:s3:::inbox/*"))

    s3.put_object(Bucket="inbox", Key="a b/c+d", Body=b"film")

    assert cloud.client("s3").get_object(Bucket="inbox", Key="a b/c+d")["Body"].read() == b"film"


@pytest.mark.parametrize(
    ("service", "call", "arguments", "code"),
    [
        ("s3", "put_object", {"Bucket": "inbox", "Key": "k", "Body": b"x"}, "AccessDenied"),
        (
            "sns",
            "publish",
            {"TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:news", "Message": "m"},
            "AuthorizationError",
        ),
        ("dynamodb", "get_item", {"TableName": "ledger", "Key": {"pk": {"S": "1"}}}, "AccessDeniedException"),
        ("lambda", "invoke", {"FunctionName": "plan"}, "AccessDeniedException"),
        ("bedrock-runtime", "invoke_model", {"modelId": "m", "body": b"{}"}, "AccessDeniedException"),
        ("stepfunctions", "list_state_machines", {}, "AccessDeniedException"),
    ],
)
def test_a_call_that_the_role_does_not_allow_is_denied(cloud, service, call, arguments, code):
    client = as_role(cloud, service)

    with pytest.raises(ClientError) as denied:
        getattr(client, call)(**arguments)

    assert denied.value.response["Error"]["Code"] == code
    assert "not authorized" in denied.value.response["Error"]["Message"]


def test_who_may_not_list_the_bucket_cannot_find_out_that_a_key_is_missing(cloud):
    s3 = as_role(cloud, "s3", ("s3:GetObject", "arn:aws:s3:::inbox/*"))

    with pytest.raises(ClientError) as answer:
        s3.get_object(Bucket="inbox", Key="missing")

    assert answer.value.response["Error"]["Code"] == "AccessDenied"


def test_who_may_list_the_bucket_is_told_that_a_key_is_missing(cloud):
    s3 = as_role(cloud, "s3", ("s3:GetObject", "arn:aws:s3:::inbox/*"), ("s3:ListBucket", "arn:aws:s3:::inbox"))

    with pytest.raises(ClientError) as answer:
        s3.get_object(Bucket="inbox", Key="missing")

    assert answer.value.response["Error"]["Code"] == "NoSuchKey"


def test_the_user_s_own_keys_may_do_everything(cloud):
    assert cloud.client("s3").list_buckets()["Buckets"]
