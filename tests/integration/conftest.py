"""An AWS account inside this process, by moto, for the adapters' contract tests."""

import itertools
from types import SimpleNamespace

import boto3
import pytest

from rotoscope.adapters.clients import client
from tests.worlds import ManualClock


@pytest.fixture(scope="module")
def aws():
    """An account in this process, whose lists are cut after three keys; clients for another one are forgotten."""
    from moto import mock_aws  # only here: it takes a second, and most tests of this folder need none of it

    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environment.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")
        environment.delenv("AWS_ENDPOINT_URL", raising=False)
        client.cache_clear()
        yield SimpleNamespace(s3=boto3.client("s3"), dynamodb=boto3.client("dynamodb"), names=itertools.count())
    client.cache_clear()


@pytest.fixture
def table(aws):
    """An empty ledger as the stack makes it."""
    name, keys = f"ledger-{next(aws.names)}", {"pk": "HASH", "sk": "RANGE"}
    aws.dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


@pytest.fixture
def bucket(aws):
    """An empty versioned bucket."""
    name = f"bucket-{next(aws.names)}"
    aws.s3.create_bucket(Bucket=name)
    aws.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


@pytest.fixture
def clock():
    return ManualClock()
