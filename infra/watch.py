"""What nobody may miss: executions that end badly, whatever the reason, and events that could not be delivered."""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.findings import acknowledge


class Undelivered(Construct):
    """`queue` keeps for 14 days what could not be delivered or explained.

    It has no alarm: an alarm is billed while nothing happens. The outputs name the queue.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.queue = sqs.Queue(
            self,
            "Queue",
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            retention_period=cdk.Duration.days(14),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.queue, {"AwsSolutions-SQS3": "This is the dead-letter queue, of the rules and of ExplainFailure."}
        )


class FailureWatch(Construct):
    """Tells `explain` of every execution of `machine` that failed, timed out or was aborted.

    A Catch in the state machine would see the first kind only.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        machine: sfn.IStateMachine,
        explain: lambda_.IFunction,
        undelivered: sqs.IQueue,
    ) -> None:
        super().__init__(scope, construct_id)
        self.rule = events.Rule(
            self,
            "Failures",
            description="A job ended badly: explain it by mail",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={
                    "stateMachineArn": [machine.state_machine_arn],
                    "status": ["FAILED", "TIMED_OUT", "ABORTED"],
                },
            ),
            targets=[targets.LambdaFunction(explain, dead_letter_queue=undelivered)],
        )
