"""Buckets, their policies, and tables."""

import json
from typing import Any

from local.cloud.formation.kind import Made, Order
from local.cloud.formation.properties import Properties

_ON_LAPTOP = "the local cloud is one process on the user's own disk and memory"


class Bucket:
    """AWS::S3::Bucket."""

    replaced_by = frozenset({"BucketName"})

    def put(self, order: Order) -> Made:
        """Create the bucket, or set what may change."""
        props, s3, region = order.props, order.client("s3"), order.site.region
        name = props.text("BucketName") or order.name(63, lower=True)
        if order.made is None:
            elsewhere = {} if region == "us-east-1" else {"LocationConstraint": region}
            s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": elsewhere} if elsewhere else {}))
        self._configure(s3, name, props)
        props.harmless("PublicAccessBlockConfiguration", "OwnershipControls", because="nobody else can reach it")
        props.harmless("AccessControl", "BucketEncryption", "Tags", because=_ON_LAPTOP)
        attributes = {
            "Arn": f"arn:aws:s3:::{name}",
            "DomainName": f"{name}.s3.amazonaws.com",
            "RegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
        }
        return Made(name, attributes)

    def remove(self, order: Order) -> None:
        """Delete the bucket; S3 refuses while it holds anything."""
        assert order.made
        order.client("s3").delete_bucket(Bucket=order.made.physical_id)

    def _configure(self, s3: Any, name: str, props: Properties) -> None:
        versioning = props.section("VersioningConfiguration").text("Status", "Suspended")
        if versioning == "Enabled" or s3.get_bucket_versioning(Bucket=name).get("Status"):
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": versioning})
        bridge = props.section("NotificationConfiguration").section("EventBridgeConfiguration")
        on = bridge.flag("EventBridgeEnabled")
        notifications: dict[str, Any] = {"EventBridgeConfiguration": {}} if on else {}
        s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=notifications)
        rules = [_lifecycle_rule(rule) for rule in props.section("LifecycleConfiguration").sections("Rules")]
        if rules:
            s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
        cors = [_cors_rule(rule) for rule in props.section("CorsConfiguration").sections("CorsRules")]
        if cors:
            s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": cors})


def _lifecycle_rule(props: Properties) -> dict[str, Any]:
    rule: dict[str, Any] = {"ID": props.text("Id"), "Status": props.required("Status")}
    rule["Filter"] = {"Prefix": props.text("Prefix")}
    expiration: dict[str, Any] = {}
    if "ExpirationInDays" in props:
        expiration["Days"] = props.number("ExpirationInDays", 0)
    if "ExpiredObjectDeleteMarker" in props:
        expiration["ExpiredObjectDeleteMarker"] = props.flag("ExpiredObjectDeleteMarker")
    if expiration:
        rule["Expiration"] = expiration
    for name, unit in (
        ("NoncurrentVersionExpiration", "NoncurrentDays"),
        ("AbortIncompleteMultipartUpload", "DaysAfterInitiation"),
    ):
        if name in props:
            rule[name] = {unit: props.section(name).number(unit, 0)}
    return rule


def _cors_rule(props: Properties) -> dict[str, Any]:
    names = {"AllowedHeaders", "AllowedMethods", "AllowedOrigins", "MaxAge", "ExposedHeaders"}
    renamed = {"MaxAge": "MaxAgeSeconds", "ExposedHeaders": "ExposeHeaders"}
    return {renamed.get(name, name): value for name, value in props.picked(*names).items()}


class BucketPolicy:
    """AWS::S3::BucketPolicy."""

    replaced_by = frozenset({"Bucket"})

    def put(self, order: Order) -> Made:
        """Set the policy, without the statements that refuse plain HTTP: loopback counts as a safe transport."""
        bucket, document = order.props.text("Bucket"), order.props.required("PolicyDocument")
        statements = [item for item in document["Statement"] if not _refuses_http(item)]
        s3 = order.client("s3")
        if statements:
            s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({**document, "Statement": statements}))
        else:
            s3.delete_bucket_policy(Bucket=bucket)
        return Made(bucket)

    def remove(self, order: Order) -> None:
        """Take the policy away."""
        assert order.made
        order.client("s3").delete_bucket_policy(Bucket=order.made.physical_id)


def _refuses_http(statement: dict[str, Any]) -> bool:
    secure = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
    return statement["Effect"] == "Deny" and str(secure).lower() == "false"


class Table:
    """AWS::DynamoDB::Table."""

    replaced_by = frozenset({"TableName", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes"})

    def put(self, order: Order) -> Made:
        """Create the table, or set what may change."""
        props, dynamodb = order.props, order.client("dynamodb")
        name = props.text("TableName") or order.name(255)
        definition = props.picked(
            "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "StreamSpecification", "BillingMode"
        )
        if order.made is None:
            dynamodb.create_table(TableName=name, **definition)
        self._expiry(dynamodb, name, props)
        recovery = props.section("PointInTimeRecoverySpecification").flag("PointInTimeRecoveryEnabled")
        dynamodb.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": recovery}
        )
        props.harmless("SSESpecification", "Tags", because=_ON_LAPTOP)
        props.harmless("DeletionProtectionEnabled", "TableClass", because=_ON_LAPTOP)
        table = dynamodb.describe_table(TableName=name)["Table"]
        return Made(name, {"Arn": table["TableArn"], "StreamArn": table.get("LatestStreamArn", "")})

    def remove(self, order: Order) -> None:
        """Delete the table with what it holds."""
        assert order.made
        order.client("dynamodb").delete_table(TableName=order.made.physical_id)

    def _expiry(self, dynamodb: Any, name: str, props: Properties) -> None:
        expiry = props.section("TimeToLiveSpecification")
        attribute, enabled = expiry.text("AttributeName"), expiry.flag("Enabled")
        current = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        if attribute and (current.get("TimeToLiveStatus") == "ENABLED") != enabled:
            dynamodb.update_time_to_live(
                TableName=name, TimeToLiveSpecification={"AttributeName": attribute, "Enabled": enabled}
            )
