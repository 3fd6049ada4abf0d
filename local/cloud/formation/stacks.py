"""What CloudFormation remembers: stacks, their resources and events, change sets and exports."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.cloud.formation.kind import Made


@dataclass(frozen=True)
class Plan:
    """A template with everything that its evaluation needs from outside."""

    text: str
    template: Mapping[str, Any]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    parameter_texts: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[dict[str, str], ...] = ()
    capabilities: tuple[str, ...] = ()

    def shown_parameters(self) -> list[dict[str, str]]:
        """The parameters as DescribeStacks answers them: NoEcho ones masked."""
        declared = self.template.get("Parameters", {})
        return [
            {"ParameterKey": name, "ParameterValue": "****" if declared[name].get("NoEcho") else text}
            for name, text in self.parameter_texts.items()
        ]


@dataclass
class StackResource:
    """One deployed resource, with the properties that it was made from."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    made: Made
    deletion_policy: str = "Delete"
    replace_policy: str = "Delete"
    status: str = "CREATE_COMPLETE"
    changed: datetime = field(default_factory=lambda: datetime.now(UTC))

    def follow(self, body: Mapping[str, Any]) -> None:
        """Take over the policies that the template gives the resource."""
        self.deletion_policy = str(body.get("DeletionPolicy", "Delete"))
        self.replace_policy = str(body.get("UpdateReplacePolicy", "Delete"))


@dataclass
class Stack:
    """One stack; its status follows CloudFormation's names."""

    name: str
    stack_id: str
    plan: Plan
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime | None = None
    deleted: datetime | None = None
    status: str = "REVIEW_IN_PROGRESS"
    reason: str | None = None
    protected: bool = False
    resources: dict[str, StackResource] = field(default_factory=dict)
    outputs: list[dict[str, str]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    change_sets: dict[str, "ChangeSet"] = field(default_factory=dict)

    def enter(self, status: str, reason: str | None = None) -> None:
        """Go to a status and say so in the events."""
        self.status, self.reason = status, reason
        self.note(self.name, "AWS::CloudFormation::Stack", self.stack_id, status, reason)

    def note(self, logical_id: str, type_: str, physical_id: str, status: str, reason: str | None = None) -> None:
        """Add an event about a resource, or about the stack itself."""
        event = {
            "StackId": self.stack_id,
            "EventId": str(uuid.uuid4()),
            "StackName": self.name,
            "LogicalResourceId": logical_id,
            "PhysicalResourceId": physical_id,
            "ResourceType": type_,
            "Timestamp": datetime.now(UTC),
            "ResourceStatus": status,
        }
        self.events.append(event | ({"ResourceStatusReason": reason} if reason else {}))

    def exports(self) -> dict[str, str]:
        """Export names and their values."""
        return {item["ExportName"]: item["OutputValue"] for item in self.outputs if "ExportName" in item}


@dataclass
class ChangeSet:
    """A planned change of one stack."""

    name: str
    arn: str
    stack: Stack
    plan: Plan
    kind: str
    changes: list[dict[str, Any]]
    status: str = "CREATE_COMPLETE"
    reason: str | None = None
    execution: str = "AVAILABLE"
    description: str | None = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))


class StackBook:
    """Every stack of the account, the deleted ones too (by id)."""

    def __init__(self, account: str, region: str) -> None:
        self._prefix = f"arn:aws:cloudformation:{region}:{account}"
        self._stacks: list[Stack] = []

    def add(self, name: str, plan: Plan) -> Stack:
        """Begin a stack; nothing is deployed yet."""
        stack = Stack(name, f"{self._prefix}:stack/{name}/{uuid.uuid4()}", plan)
        self._stacks.append(stack)
        return stack

    def find(self, name_or_id: str) -> Stack | None:
        """The living stack of that name, or any stack of that id."""
        for stack in reversed(self._stacks):
            if stack.stack_id == name_or_id or (stack.name == name_or_id and stack.status != "DELETE_COMPLETE"):
                return stack
        return None

    def living(self) -> list[Stack]:
        """Stacks that are not deleted."""
        return [stack for stack in self._stacks if stack.status != "DELETE_COMPLETE"]

    def all(self) -> list[Stack]:
        """Every stack, newest first."""
        return list(reversed(self._stacks))

    def exports(self) -> dict[str, str]:
        """The exports of all living stacks."""
        return {name: value for stack in self.living() for name, value in stack.exports().items()}

    def change_set_arn(self, name: str) -> str:
        """A new change set's id."""
        return f"{self._prefix}:changeSet/{name}/{uuid.uuid4()}"

    def change_set(self, name_or_arn: str, stack_name: str | None) -> ChangeSet | None:
        """A change set by ARN, or by name within its stack."""
        stacks = self._stacks if stack_name is None else filter(None, [self.find(stack_name)])
        for stack in stacks:
            for change_set in stack.change_sets.values():
                if name_or_arn in (change_set.arn, change_set.name):
                    return change_set
        return None
