"""The account that a command speaks to, real or local, and the stack that is deployed there."""

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError

from local.cli.errors import WrongUse

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_stepfunctions import SFNClient

STACK = "Rotoscope"
LOCAL_REGION = "us-west-2"
LOCAL_HOSTS = ("localhost", "127.0.0.1")


class Account:
    """Clients of one account and Region, made when first asked for. `endpoint` is None for AWS itself."""

    def __init__(self, session: boto3.Session, endpoint: str | None) -> None:
        self.session, self.endpoint = session, endpoint

    @classmethod
    def from_environment(cls) -> Self:
        """Whatever the AWS CLI would speak to from here, AWS_ENDPOINT_URL included."""
        # Alone among AWS's SDKs, boto3 does not read AWS_REGION.
        session = boto3.Session(region_name=os.environ.get("AWS_REGION"))
        if session.region_name is None:
            raise WrongUse("No Region is set. Export AWS_REGION, or run rotoscope cloud and export what it prints.")
        boto3.setup_default_session(region_name=session.region_name)
        endpoint: str = session.client("sts").meta.endpoint_url
        return cls(session, endpoint if urlsplit(endpoint).hostname in LOCAL_HOSTS else None)

    @classmethod
    def local(cls, url: str) -> Self:
        """The local cloud at `url`; it takes any credentials."""
        session = boto3.Session("local", "local", region_name=LOCAL_REGION)
        return cls(session, url)

    @property
    def poll_s(self) -> float:
        """How often one may ask how a job is doing: an account's API calls are shared with other programs."""
        return 0.3 if self.endpoint else 5.0

    @property
    def region(self) -> str:
        """Such as us-west-2."""
        return self.session.region_name

    def client(self, service: str, region: str | None = None) -> Any:
        """A client of any other service, possibly of another Region."""
        make: Any = self.session.client
        return make(service, region_name=region, endpoint_url=self.endpoint)

    @cached_property
    def s3(self) -> "S3Client":
        """Uploads and results."""
        return self.session.client("s3", endpoint_url=self.endpoint)

    @cached_property
    def states(self) -> "SFNClient":
        """Executions."""
        return self.session.client("stepfunctions", endpoint_url=self.endpoint)

    @cached_property
    def tables(self) -> "DynamoDBClient":
        """The ledger."""
        return self.session.client("dynamodb", endpoint_url=self.endpoint)

    @cached_property
    def formation(self) -> "CloudFormationClient":
        """Stacks."""
        return self.session.client("cloudformation", endpoint_url=self.endpoint)


@dataclass(frozen=True)
class Stack:
    """The names that a deployed stack gave its resources."""

    inbox: str
    studio: str
    machine_arn: str
    topic_arn: str
    table: str


OUTPUTS = {
    "inbox": "InboxBucket",
    "studio": "StudioBucket",
    "machine_arn": "StateMachineArn",
    "topic_arn": "TopicArn",
    "table": "LedgerTable",
}


def find_stack(account: Account, name: str) -> Stack:
    """The deployed stack of that name; raises WrongUse when there is none."""
    try:
        described = account.formation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"].get("Code") != "ValidationError":
            raise
        raise WrongUse(_no_stack(account, name)) from error
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
    if missing := [key for key in OUTPUTS.values() if key not in outputs]:
        raise WrongUse(f"The stack {name} is no Rotoscope stack, or not fully deployed: no {', '.join(missing)}.")
    return Stack(**{field: outputs[key] for field, key in OUTPUTS.items()})


def _no_stack(account: Account, name: str) -> str:
    where = f"the local cloud at {account.endpoint}" if account.endpoint else f"this account in {account.region}"
    return f"There is no stack named {name} in {where}. Deploy it with: npx cdk deploy {name}"
