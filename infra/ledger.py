"""The ledger table: claims, pace, spend and leases. Everything in it can be lost with the stack."""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.findings import acknowledge

NO_BACKUP = "Claims and leases expire within days; results and receipts lie in the studio bucket, not here."


class Ledger(Construct):
    """`table` has string keys pk and sk, and forgets items at `expires_at` (seconds since the epoch)."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            time_to_live_attribute="expires_at",
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        acknowledge(self.table, {"AwsSolutions-DDB3": NO_BACKUP})
