"""CloudFormation's answers, field by field."""

from collections.abc import Mapping
from typing import Any

from local.cloud.formation.stacks import ChangeSet, Stack, StackResource


def stack(item: Stack) -> dict[str, Any]:
    """A stack in DescribeStacks."""
    plan = item.plan
    return _given(
        StackId=item.stack_id,
        StackName=item.name,
        Description=plan.template.get("Description"),
        Parameters=plan.shown_parameters(),
        CreationTime=item.created,
        LastUpdatedTime=item.updated,
        DeletionTime=item.deleted,
        StackStatus=item.status,
        StackStatusReason=item.reason,
        DisableRollback=False,
        NotificationARNs=[],
        Capabilities=list(plan.capabilities),
        Outputs=item.outputs,
        Tags=list(plan.tags),
        EnableTerminationProtection=item.protected,
        DriftInformation={"StackDriftStatus": "NOT_CHECKED"},
    )


def stack_summary(item: Stack) -> dict[str, Any]:
    """A stack in ListStacks."""
    return _given(
        StackId=item.stack_id,
        StackName=item.name,
        TemplateDescription=item.plan.template.get("Description"),
        CreationTime=item.created,
        LastUpdatedTime=item.updated,
        DeletionTime=item.deleted,
        StackStatus=item.status,
        StackStatusReason=item.reason,
    )


def change_set(item: ChangeSet) -> dict[str, Any]:
    """A change set in DescribeChangeSet."""
    return {
        **change_set_summary(item),
        "Parameters": item.plan.shown_parameters(),
        "Capabilities": list(item.plan.capabilities),
        "Tags": list(item.plan.tags),
        "NotificationARNs": [],
        "Changes": item.changes,
    }


def change_set_summary(item: ChangeSet) -> dict[str, Any]:
    """A change set in ListChangeSets."""
    return _given(
        ChangeSetName=item.name,
        ChangeSetId=item.arn,
        StackId=item.stack.stack_id,
        StackName=item.stack.name,
        Description=item.description,
        CreationTime=item.created,
        ExecutionStatus=item.execution,
        Status=item.status,
        StatusReason=item.reason,
    )


def resource(owner: Stack, item: StackResource) -> dict[str, Any]:
    """A resource in DescribeStackResources."""
    return {
        "StackName": owner.name,
        "StackId": owner.stack_id,
        "LogicalResourceId": item.logical_id,
        "PhysicalResourceId": item.made.physical_id,
        "ResourceType": item.type,
        "Timestamp": item.changed,
        "ResourceStatus": item.status,
    }


def resource_detail(owner: Stack, item: StackResource) -> dict[str, Any]:
    """A resource in DescribeStackResource."""
    return {**resource(owner, item), "LastUpdatedTimestamp": item.changed, "Metadata": "{}"}


def resource_summary(item: StackResource) -> dict[str, Any]:
    """A resource in ListStackResources."""
    return {
        "LogicalResourceId": item.logical_id,
        "PhysicalResourceId": item.made.physical_id,
        "ResourceType": item.type,
        "LastUpdatedTimestamp": item.changed,
        "ResourceStatus": item.status,
    }


def template_summary(template: Mapping[str, Any]) -> dict[str, Any]:
    """GetTemplateSummary's answer."""
    parameters = [
        _given(
            ParameterKey=name,
            DefaultValue=body.get("Default"),
            ParameterType=body["Type"],
            NoEcho=bool(body.get("NoEcho")),
            Description=body.get("Description"),
        )
        for name, body in template.get("Parameters", {}).items()
    ]
    return _given(
        Parameters=parameters,
        Description=template.get("Description"),
        ResourceTypes=sorted({body["Type"] for body in template["Resources"].values()}),
        Version=template.get("AWSTemplateFormatVersion"),
        Metadata=None,
    )


def template_validation(template: Mapping[str, Any]) -> dict[str, Any]:
    """ValidateTemplate's answer."""
    summary = template_summary(template)
    shown = ("ParameterKey", "DefaultValue", "NoEcho", "Description")
    parameters = [{key: item[key] for key in shown if key in item} for item in summary["Parameters"]]
    return _given(Parameters=parameters, Description=template.get("Description"))


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What differs between two templates' resources, as a change set lists it."""
    found = []
    for logical_id in sorted(before.keys() | after.keys()):
        old, new = before.get(logical_id), after.get(logical_id)
        if old == new:
            continue
        action = "Add" if old is None else "Remove" if new is None else "Modify"
        change = {
            "Action": action,
            "LogicalResourceId": logical_id,
            "ResourceType": (new or old or {})["Type"],
        } | ({"Replacement": "Conditional", "Scope": [], "Details": []} if action == "Modify" else {})
        found.append({"Type": "Resource", "ResourceChange": change})
    return found


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
