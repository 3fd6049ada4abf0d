"""The state machine: `statemachine/pipeline.asl.json` with this stack's names filled in."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.findings import acknowledge_star
from infra.permissions import ANY_EXECUTION, MADE_AT_RUN_TIME, Grant, allow, executions_of, give
from infra.tasks import Task
from rotoscope import layout

ANY_VERSION = "A job that began before a deployment goes on calling the versions of its time."
NO_RESOURCE = "AWS knows no narrower resource for traces and for the delivery of logs."


class Workflow(Construct):
    """`machine`, of type STANDARD. Its tasks are the functions' published versions, named as its states are."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        definition: Path,
        tasks: Mapping[str, Task],
        studio: s3.IBucket,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
        give(role, [_invoke(tasks.values()), *_run_maps_over(studio), allow("sns:Publish", on=topic.topic_arn)])
        acknowledge_star(role, "*", NO_RESOURCE)
        names = {"StudioBucket": studio.bucket_name, "Topic": topic.topic_arn, "MapResults": layout.MAP_RESULTS}
        versions = {name: task.version.function_arn for name, task in tasks.items()}
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_type=sfn.StateMachineType.STANDARD,
            # Inline, where linters and `cdk diff` see it; from_file would hide it in an asset.
            definition_body=sfn.DefinitionBody.from_string(definition.read_text()),
            definition_substitutions={**names, **versions},
            role=role,
            logs=_log(self),
            tracing_enabled=True,
        )
        # A policy of its own: in the role's policy, on which the machine depends, these would be a cycle.
        give(iam.Policy(self, "RunMaps", roles=[role]), _start_children(self.machine))


def _log(scope: Construct) -> sfn.LogOptions:
    """Every event, some 10 kB for a frame that costs cents; no data, which the history keeps and logs should not."""
    group = logs.LogGroup(
        scope,
        "Log",
        # This prefix saves an entry in the account's log policy, which has room for a few dozen.
        log_group_name=f"/aws/vendedlogs/states/{cdk.Aws.STACK_NAME}",
        retention=logs.RetentionDays.ONE_MONTH,
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )
    return sfn.LogOptions(destination=group, level=sfn.LogLevel.ALL, include_execution_data=False)


def _invoke(tasks: Iterable[Task]) -> Grant:
    versions = [f"{task.function.function_arn}:*" for task in tasks]
    return allow("lambda:InvokeFunction", on=versions, star=ANY_VERSION)


def _run_maps_over(studio: s3.IBucket) -> list[Grant]:
    """Maps read their items from what tasks left among the jobs, and write one manifest each."""
    items, results = studio.arn_for_objects(f"{layout.JOBS}*"), studio.arn_for_objects(f"{layout.MAP_RESULTS}/*")
    write = ("s3:PutObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload")
    return [
        allow("s3:GetObject", on=items, star=MADE_AT_RUN_TIME),
        allow(*write, on=results, star=MADE_AT_RUN_TIME),
    ]


def _start_children(machine: sfn.StateMachine) -> list[Grant]:
    control = ("states:DescribeExecution", "states:StopExecution")
    return [
        allow("states:StartExecution", on=machine.state_machine_arn),
        allow(*control, on=executions_of(machine), star=ANY_EXECUTION),
    ]
