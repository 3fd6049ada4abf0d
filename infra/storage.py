"""The two buckets: what people drop, and what the pipeline makes of it. They are all that outlives the stack."""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.findings import acknowledge
from rotoscope import layout

NO_ACCESS_LOGS = "Access logs would need a third bucket and bill for every request; CloudTrail can log both if wanted."


class Storage(Construct):
    """`inbox` is versioned and announces every upload; `studio` holds jobs, cache and results."""

    def __init__(self, scope: Construct, construct_id: str, *, results_days: int | None) -> None:
        super().__init__(scope, construct_id)
        abort = s3.LifecycleRule(abort_incomplete_multipart_upload_after=cdk.Duration.days(7))
        old_versions = s3.LifecycleRule(
            noncurrent_version_expiration=cdk.Duration.days(7), expired_object_delete_marker=True
        )
        self.inbox = _private_bucket(self, "Inbox", versioned=True, rules=[abort, old_versions])
        self.studio = _private_bucket(
            self, "Studio", versioned=False, rules=[abort, _expire(layout.JOBS, 14), _expire(layout.CACHE, 90)]
        )
        if results_days:
            self.studio.add_lifecycle_rule(prefix=layout.RESULTS, expiration=cdk.Duration.days(results_days))
        _announce_uploads(self.inbox)


def _private_bucket(scope: Construct, name: str, *, versioned: bool, rules: list[s3.LifecycleRule]) -> s3.Bucket:
    bucket = s3.Bucket(
        scope,
        name,
        versioned=versioned,
        lifecycle_rules=rules,
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        removal_policy=cdk.RemovalPolicy.RETAIN,
    )
    acknowledge(bucket, {"AwsSolutions-S1": NO_ACCESS_LOGS})
    return bucket


def _expire(prefix: str, days: int) -> s3.LifecycleRule:
    return s3.LifecycleRule(prefix=prefix, expiration=cdk.Duration.days(days))


def _announce_uploads(bucket: s3.Bucket) -> None:
    """Not `event_bridge_enabled=True`: that brings a custom resource and a function of its own for one property."""
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
        event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
    )
