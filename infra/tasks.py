"""One function of the pipeline: its code, its own role and its own log."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.findings import acknowledge_star
from infra.layers import BYTECODE, RUNTIME
from infra.permissions import Grant, give

TRACES = "AWS knows no narrower resource for traces."


class Task(Construct):
    """`function`, its `role` and its published `version`. The construct's id in snake case is the folder's name."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        lambdas: Path,
        layers: Sequence[lambda_.ILayerVersion],
        memory_mb: int,
        timeout_s: int,
        environment: Mapping[str, str],
        permissions: Sequence[Grant],
        scratch_mb: int = 512,
        dead_letters: sqs.IQueue | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        log = logs.LogGroup(
            self, "Log", retention=logs.RetentionDays.ONE_MONTH, removal_policy=cdk.RemovalPolicy.DESTROY
        )
        self.role = _role(self, permissions, log)
        self.function = lambda_.Function(
            self,
            "Function",
            code=lambda_.Code.from_asset(str(lambdas / snake_case(construct_id)), exclude=BYTECODE),
            layers=list(layers),
            memory_size=memory_mb,
            timeout=cdk.Duration.seconds(timeout_s),
            ephemeral_storage_size=cdk.Size.mebibytes(scratch_mb),
            environment=dict(environment),
            role=self.role,
            log_group=log,
            dead_letter_queue=dead_letters,
            **_what_all_share(),
        )
        self.version = self.function.current_version


def _role(scope: Construct, permissions: Sequence[Grant], log: logs.ILogGroup) -> iam.Role:
    role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    give(role, permissions)
    log.grant_write(role)
    acknowledge_star(role, "*", TRACES)
    return role


def _what_all_share() -> dict[str, Any]:
    return {
        "runtime": RUNTIME,
        "architecture": lambda_.Architecture.ARM_64,
        "handler": "handler.handler",
        "tracing": lambda_.Tracing.ACTIVE,
        # An old version stays when a deployment publishes the next, or a running job would lose its functions.
        # It is no leftover: AWS deletes all versions with the function.
        "current_version_options": lambda_.VersionOptions(removal_policy=cdk.RemovalPolicy.RETAIN),
    }


def snake_case(name: str) -> str:
    """PlanJob -> plan_job."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
