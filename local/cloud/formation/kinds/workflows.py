"""State machines and the rules that start them."""

import json
import re
from typing import Any

from local.cloud.formation.kind import Made, Order
from local.cloud.formation.properties import Properties, PropertyError

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9_]+)\}")
_NO_LOGS = "the execution history is kept whole, and nothing here traces"


class StateMachine:
    """AWS::StepFunctions::StateMachine."""

    replaced_by = frozenset({"StateMachineName", "StateMachineType"})

    def put(self, order: Order) -> Made:
        """Create the state machine, or give it a new definition for its next executions."""
        props, states = order.props, order.client("stepfunctions")
        name = order.made.attributes["Name"] if order.made else order.name(80)
        name = props.text("StateMachineName") or name
        definition, role = _definition(props), props.required("RoleArn")
        kind = props.text("StateMachineType", "STANDARD")
        if order.made:
            arn = order.made.physical_id
            states.update_state_machine(stateMachineArn=arn, definition=definition, roleArn=role)
        else:
            arn = states.create_state_machine(name=name, definition=definition, roleArn=role, type=kind)[
                "stateMachineArn"
            ]
        props.harmless("LoggingConfiguration", "TracingConfiguration", "Tags", because=_NO_LOGS)
        return Made(arn, {"Arn": arn, "Name": name})

    def remove(self, order: Order) -> None:
        """Delete the state machine."""
        assert order.made
        order.client("stepfunctions").delete_state_machine(stateMachineArn=order.made.physical_id)


def _definition(props: Properties) -> str:
    given = props.value("DefinitionString") or json.dumps(props.required("Definition"))
    substitutions = {name: str(value) for name, value in props.value("DefinitionSubstitutions", {}).items()}

    def replaced(match: re.Match[str]) -> str:
        if match[1] not in substitutions:
            raise PropertyError(f"DefinitionSubstitutions lacks {match[1]}, which the definition uses")
        return substitutions[match[1]]

    return _PLACEHOLDER.sub(replaced, str(given))


_TARGET = ("Arn", "Id", "RoleArn", "Input", "InputPath", "InputTransformer", "DeadLetterConfig", "RetryPolicy")


class Rule:
    """AWS::Events::Rule on events (schedules would never come due on a laptop, so they are refused)."""

    replaced_by = frozenset({"Name", "EventBusName"})

    def put(self, order: Order) -> Made:
        """Create the rule, or set its pattern and targets."""
        props, events = order.props, order.client("events")
        name = props.text("Name") or order.name()
        arn = events.put_rule(
            Name=name,
            EventPattern=json.dumps(props.required("EventPattern")),
            State=props.text("State", "ENABLED"),
            Description=props.text("Description"),
        )["RuleArn"]
        if props.text("EventBusName", "default") != "default":
            raise PropertyError("only the default event bus is emulated")
        self._targets(events, name, props)
        return Made(name, {"Arn": arn})

    def remove(self, order: Order) -> None:
        """Delete the rule and its targets."""
        assert order.made
        events, name = order.client("events"), order.made.physical_id
        self._drop(events, name, keep=set())
        events.delete_rule(Name=name)

    def _targets(self, events: Any, name: str, props: Properties) -> None:
        targets = [target.picked(*_TARGET) for target in props.sections("Targets")]
        self._drop(events, name, keep={target["Id"] for target in targets})
        if targets:
            events.put_targets(Rule=name, Targets=[_typed(target) for target in targets])

    def _drop(self, events: Any, name: str, keep: set[str]) -> None:
        present = {target["Id"] for target in events.list_targets_by_rule(Rule=name)["Targets"]}
        if gone := sorted(present - keep):
            events.remove_targets(Rule=name, Ids=gone)


def _typed(target: dict[str, Any]) -> dict[str, Any]:
    retry = {name: int(value) for name, value in target.get("RetryPolicy", {}).items()}
    return {**target, "RetryPolicy": retry} if retry else target
