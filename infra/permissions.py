"""What a role may do: one method per capability, resources as exact as AWS knows them."""

from collections.abc import Iterable
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn

from infra.findings import acknowledge_star
from rotoscope.engines.catalog import ENGINES, EngineFacts

PROFILE_PREFIX = "us."

ANY_UPLOAD = "People drop videos under any key they like."
MADE_AT_RUN_TIME = "Keys are made at run time; the prefix is what this role has to do with."
ANY_EXECUTION = "Executions are named at run time; these are of this one state machine."
NO_RESOURCE = "AWS knows no narrower resource for these questions."


@dataclass(frozen=True)
class Grant:
    """One statement, and the reason for the star in its resources if they have one."""

    statement: iam.PolicyStatement
    star: str = ""


def allow(*actions: str, on: str | list[str], star: str = "", **conditions: dict[str, str]) -> Grant:
    """`conditions` are IAM's operators, such as StringEquals={key: value}."""
    resources = [on] if isinstance(on, str) else on
    return Grant(iam.PolicyStatement(actions=list(actions), resources=resources, conditions=conditions or None), star)


def give(policy: iam.Role | iam.Policy, grants: Iterable[Grant]) -> None:
    """Adds the statements, and acknowledges their stars where they are."""
    for grant in grants:
        if isinstance(policy, iam.Role):
            policy.add_to_policy(grant.statement)
        else:
            policy.add_statements(grant.statement)
        for resource in grant.statement.resources if grant.star else ():
            acknowledge_star(policy, resource, grant.star)


def executions_of(machine: sfn.StateMachine) -> str:
    """The ARN pattern of all executions of one state machine, the children of its Maps left out."""
    return cdk.Stack.of(machine).format_arn(
        service="states",
        resource="execution",
        resource_name=f"{machine.state_machine_name}:*",
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )


def watch_executions(machine: sfn.StateMachine) -> list[Grant]:
    """How an execution ended, and why."""
    return [allow("states:DescribeExecution", on=executions_of(machine), star=ANY_EXECUTION)]


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """The capabilities over this stack's resources."""

    inbox: s3.IBucket
    studio: s3.IBucket
    table: dynamodb.ITable
    topic: sns.ITopic
    bedrock_region: str
    sdxl_endpoint: str | None

    def read_uploads(self) -> list[Grant]:
        """The very version that was announced, whatever was dropped over it since."""
        return [allow("s3:GetObject", "s3:GetObjectVersion", on=self.inbox.arn_for_objects("*"), star=ANY_UPLOAD)]

    def look_for_settings(self) -> list[Grant]:
        """Without ListBucket S3 answers 403 for a missing key, and 'no settings here' could not be told."""
        return [allow("s3:ListBucket", on=self.inbox.bucket_arn)]

    def keep(self, *prefixes: str) -> list[Grant]:
        """Read and write under these prefixes of the studio, and find out what is there."""
        objects = self._under(*prefixes)
        return [
            allow("s3:GetObject", "s3:PutObject", on=objects, star=MADE_AT_RUN_TIME),
            allow("s3:ListBucket", on=self.studio.bucket_arn),
        ]

    def abort_uploads(self, *prefixes: str) -> list[Grant]:
        """For what is large enough to go up in parts."""
        return [allow("s3:AbortMultipartUpload", on=self._under(*prefixes), star=MADE_AT_RUN_TIME)]

    def use_ledger(self) -> list[Grant]:
        """Look, and change by conditional updates, which is how the ledger is written everywhere."""
        return [allow("dynamodb:GetItem", "dynamodb:UpdateItem", on=self.table.table_arn)]

    def send_mail(self) -> list[Grant]:
        """To whoever subscribed to the topic."""
        return [allow("sns:Publish", on=self.topic.topic_arn)]

    def ask_about_engines(self) -> list[Grant]:
        """Free questions before anything is paid: lifecycle, availability, quotas, and the user's endpoint."""
        free = (
            "bedrock:GetFoundationModel",
            "bedrock:GetFoundationModelAvailability",
            "servicequotas:ListServiceQuotas",
        )
        return [allow(*free, on="*", star=NO_RESOURCE), *self._endpoint("DescribeEndpoint")]

    def call_engines(self) -> list[Grant]:
        """Paid calls of the models in the engines' table, and of no other. Never the right to subscribe to one."""
        callable_here = [facts for facts in ENGINES.values() if self.bedrock_region in facts.regions]
        return [*(grant for facts in callable_here for grant in self._call(facts)), *self._endpoint("InvokeEndpoint")]

    def _call(self, facts: EngineFacts) -> list[Grant]:
        """A model of the Region; or a profile, and its model wherever it sends a call, but only through the profile."""
        bedrock, model = f"arn:{cdk.Aws.PARTITION}:bedrock", facts.model_id or ""
        if not model.startswith(PROFILE_PREFIX):
            return [allow("bedrock:InvokeModel", on=f"{bedrock}:{self.bedrock_region}::foundation-model/{model}")]
        profile = f"{bedrock}:{self.bedrock_region}:{cdk.Aws.ACCOUNT_ID}:inference-profile/{model}"
        base = model.removeprefix(PROFILE_PREFIX)
        targets = [f"{bedrock}:{region}::foundation-model/{base}" for region in facts.regions]
        return [
            allow("bedrock:InvokeModel", on=profile),
            allow("bedrock:InvokeModel", on=targets, StringEquals={"bedrock:InferenceProfileArn": profile}),
        ]

    def _under(self, *prefixes: str) -> list[str]:
        return [self.studio.arn_for_objects(f"{prefix}*") for prefix in prefixes]

    def _endpoint(self, action: str) -> list[Grant]:
        """SageMaker writes an endpoint's name in lower case in its ARN."""
        if not self.sdxl_endpoint:
            return []
        stack, name = cdk.Stack.of(self.studio), self.sdxl_endpoint.lower()
        endpoint = stack.format_arn(service="sagemaker", resource="endpoint", resource_name=name)
        return [allow(f"sagemaker:{action}", on=endpoint)]
