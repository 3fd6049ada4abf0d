"""What `cdk deploy` prints at its end: where to drop, where to look, and what is left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs

from rotoscope import layout

if TYPE_CHECKING:
    from infra.pipeline_stack import PipelineStack


def tell_the_user(stack: PipelineStack, undelivered: sqs.IQueue) -> None:
    """One output each; names first, then commands and sentences made of them."""
    inbox, studio = stack.storage.inbox.bucket_name, stack.storage.studio.bucket_name
    machine = stack.workflow.machine.state_machine_arn
    console = f"https://{cdk.Aws.REGION}.console.aws.amazon.com/states/home?region={cdk.Aws.REGION}"
    outputs = {
        "InboxBucket": inbox,
        "StudioBucket": studio,
        "LedgerTable": stack.ledger.table.table_name,
        "StateMachineArn": machine,
        "TopicArn": stack.notifications.topic.topic_arn,
        "UndeliveredQueue": undelivered.queue_url,
        "DropHere": f"aws s3 cp clip.mp4 s3://{inbox}/",
        "LookHere": f"aws s3 ls --recursive s3://{studio}/{layout.RESULTS}",
        "WatchHere": f"{console}#/statemachines/view/{machine}",
        "Mail": stack.notifications.subscription,
        "AfterDestroy": f"cdk destroy leaves these two buckets with your files, and nothing else: {inbox}, {studio}",
    }
    for name, value in outputs.items():
        cdk.CfnOutput(stack, name, value=value)
