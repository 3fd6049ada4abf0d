"""Findings of cdk-nag that are as intended, each with its reason beside the resource it is about."""

from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from constructs import IConstruct


def acknowledge(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """`reasons` maps a rule's id, with its finding in brackets where it has one, to why it does not apply here."""
    validations = cdk.Validations.of(construct)
    validations.acknowledge(*(cdk.Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()))


def acknowledge_star(construct: IConstruct, resource: str, reason: str) -> None:
    """The one finding that `construct` may use `resource`, an ARN with a star, or the star itself."""
    name = _as_reported(cdk.Stack.of(construct).resolve(resource))
    acknowledge(construct, {f"AwsSolutions-IAM5[Resource::{name}]": reason})


def _as_reported(value: Any) -> str:
    """The way in which cdk-nag writes what only the deployment will know: <LogicalId.Attribute>."""
    match value:
        case str():
            return value
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(_as_reported(part) for part in parts)
    raise ValueError(f"no way to write {value} in a finding")
