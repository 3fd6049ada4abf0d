"""From an upload to an execution: which objects start a job."""

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from rotoscope.intake import SUFFIXES


class Intake(Construct):
    """Starts `machine` with the whole event for each video or job file that arrives in `inbox`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        inbox: s3.IBucket,
        machine: sfn.IStateMachine,
        undelivered: sqs.IQueue,
    ) -> None:
        super().__init__(scope, construct_id)
        self.rule = events.Rule(
            self,
            "Uploads",
            description="A video or a job file was dropped: start the pipeline",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={"bucket": {"name": [inbox.bucket_name]}, "object": {"key": key_patterns()}},
            ),
            targets=[targets.SfnStateMachine(machine, dead_letter_queue=undelivered)],
        )


def key_patterns() -> list[dict[str, dict[str, str]]]:
    """EventBridge's way of saying: any of these suffixes, in any case."""
    return [{"suffix": {"equals-ignore-case": suffix}} for suffix in SUFFIXES]
