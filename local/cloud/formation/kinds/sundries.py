"""Log groups, parameters, alarms, registries: what a stack declares around its main resources."""

import json
from typing import Any

from local.cloud.formation.kind import Made, Order

_NUMBERS = ("Threshold", "Period", "EvaluationPeriods", "DatapointsToAlarm")


class LogGroup:
    """AWS::Logs::LogGroup."""

    replaced_by = frozenset({"LogGroupName"})

    def put(self, order: Order) -> Made:
        """Create the group, or set its retention."""
        props, logs = order.props, order.client("logs")
        name = props.text("LogGroupName") or order.name(512)
        if order.made is None:
            logs.create_log_group(logGroupName=name)
        if "RetentionInDays" in props:
            logs.put_retention_policy(logGroupName=name, retentionInDays=props.number("RetentionInDays", 0))
        props.harmless(
            "KmsKeyId", "LogGroupClass", "Tags", "DataProtectionPolicy", because="nothing leaves the machine"
        )
        return Made(name, {"Arn": order.arn("logs", f"log-group:{name}:*")})

    def remove(self, order: Order) -> None:
        """Delete the group."""
        assert order.made
        order.client("logs").delete_log_group(logGroupName=order.made.physical_id)


class Parameter:
    """AWS::SSM::Parameter."""

    replaced_by = frozenset({"Name", "Type"})

    def put(self, order: Order) -> Made:
        """Write the parameter."""
        props = order.props
        name, kind, value = props.text("Name") or order.name(), props.text("Type"), props.text("Value")
        order.client("ssm").put_parameter(
            Name=name, Type=kind, Value=value, Description=props.text("Description"), Overwrite=order.made is not None
        )
        props.harmless("Tags", "Tier", "AllowedPattern", "DataType", because="they restrict other writers only")
        return Made(name, {"Type": kind, "Value": value})

    def remove(self, order: Order) -> None:
        """Delete the parameter."""
        assert order.made
        order.client("ssm").delete_parameter(Name=order.made.physical_id)


_ALARM = (
    "AlarmDescription",
    "ActionsEnabled",
    "AlarmActions",
    "OKActions",
    "InsufficientDataActions",
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Dimensions",
    "Unit",
    "ComparisonOperator",
    "TreatMissingData",
    "Metrics",
    *_NUMBERS,
)


class Alarm:
    """AWS::CloudWatch::Alarm; it never goes off, for nothing here writes metrics to CloudWatch."""

    replaced_by = frozenset({"AlarmName"})

    def put(self, order: Order) -> Made:
        """Create or set the alarm."""
        props = order.props
        name = props.text("AlarmName") or order.name(255)
        settings: dict[str, Any] = props.picked(*_ALARM)
        for item in _NUMBERS:
            if item in settings:
                settings[item] = float(settings[item]) if item == "Threshold" else int(settings[item])
        order.client("cloudwatch").put_metric_alarm(AlarmName=name, **settings)
        props.harmless("Tags", because="nothing here is found by tag")
        return Made(name, {"Arn": order.arn("cloudwatch", f"alarm:{name}")})

    def remove(self, order: Order) -> None:
        """Delete the alarm."""
        assert order.made
        order.client("cloudwatch").delete_alarms(AlarmNames=[order.made.physical_id])


class Repository:
    """AWS::ECR::Repository: the CDK's bootstrap stack has one; images are not emulated."""

    replaced_by = frozenset({"RepositoryName"})

    def put(self, order: Order) -> Made:
        """Create the repository, or set its policy."""
        props, ecr = order.props, order.client("ecr")
        name = props.text("RepositoryName") or order.name(256, lower=True)
        if order.made is None:
            ecr.create_repository(repositoryName=name)
        policy = props.value("RepositoryPolicyText")
        if policy:
            ecr.set_repository_policy(repositoryName=name, policyText=json.dumps(policy))
        props.harmless("ImageTagMutability", "LifecyclePolicy", "Tags", because="no image ever gets here")
        attributes = {
            "Arn": order.arn("ecr", f"repository/{name}"),
            "RepositoryUri": f"{order.site.account}.dkr.ecr.{order.site.region}.amazonaws.com/{name}",
        }
        return Made(name, attributes)

    def remove(self, order: Order) -> None:
        """Delete the repository."""
        assert order.made
        order.client("ecr").delete_repository(repositoryName=order.made.physical_id)


class Metadata:
    """AWS::CDK::Metadata: the CDK's note to AWS about what it used; nobody reads it here."""

    replaced_by: frozenset[str] = frozenset()

    def put(self, order: Order) -> Made:
        """Take note of nothing."""
        order.props.harmless("Analytics", because="it is for AWS")
        return Made(order.name())

    def remove(self, order: Order) -> None:
        """Forget nothing."""
