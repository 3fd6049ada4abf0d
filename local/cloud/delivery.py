"""What a rule sends to a target: the event, or what its transformer makes of it, with the rule's own rights."""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.cloud.async_calls import DeadLetters
from local.cloud.functions import Functions, split_name

_EVENTS = "events.amazonaws.com"
_PLACEHOLDER = re.compile(r"<([A-Za-z0-9._-]+)>")


class Undelivered(Exception):
    """The target does not let the rule in, or does not exist; trying again will not help."""


ClientAs = Callable[[str, str | None], Any]
"""A boto3 client of a service, as a role or as AWS itself."""


def bury_call(client_as: ClientAs, letters: DeadLetters, text: str, wrong: str) -> None:
    """Put an event that a function could not handle into the function's dead-letter queue, as its role."""
    url = client_as("sqs", None).get_queue_url(QueueName=letters.queue_arn.split(":")[-1])["QueueUrl"]
    attributes = {"ErrorMessage": {"DataType": "String", "StringValue": wrong[:1000]}}
    client_as("sqs", letters.role_arn).send_message(QueueUrl=url, MessageBody=text, MessageAttributes=attributes)


@dataclass(frozen=True)
class Delivery:
    """Knows how to reach each kind of target."""

    functions: Functions
    client_as: ClientAs

    def send(self, rule_arn: str, target: Mapping[str, Any], message: Mapping[str, Any]) -> None:
        """Deliver one event to one target."""
        arn, text = target["Arn"], target_input(target, message)
        service = arn.split(":")[2]
        if service == "states":
            self._start(arn, target.get("RoleArn"), text)
        elif service == "lambda":
            self._call(rule_arn, arn, text)
        elif service == "sqs":
            self._enqueue(rule_arn, arn, text)
        elif service == "sns":
            self._publish(rule_arn, arn, text)
        else:
            raise Undelivered(f"targets of {service} are not emulated")

    def bury(self, queue_arn: str, rule_arn: str, target_arn: str, text: str, error: Exception) -> None:
        """Put an event that could not be delivered into the dead-letter queue."""
        facts = {"RULE_ARN": rule_arn, "TARGET_ARN": target_arn, "ERROR_MESSAGE": str(error)[:1000]}
        attributes = {name: {"DataType": "String", "StringValue": value} for name, value in facts.items()}
        self._enqueue(rule_arn, queue_arn, text, attributes)

    def _start(self, arn: str, role: str | None, text: str) -> None:
        if role is None:
            raise Undelivered("a state machine as a target needs a RoleArn")
        name = f"{uuid.uuid4()}_{uuid.uuid4()}"
        self.client_as("stepfunctions", role).start_execution(stateMachineArn=arn, name=name, input=text)

    def _call(self, rule_arn: str, arn: str, text: str) -> None:
        name, qualifier = split_name(arn)
        if not self.functions.permits(name, qualifier, _EVENTS, rule_arn):
            raise Undelivered(f"no permission lets {_EVENTS} invoke {arn} for {rule_arn}")
        self.functions.send(name, qualifier, text.encode())

    def _enqueue(self, rule_arn: str, arn: str, text: str, attributes: Mapping[str, Any] | None = None) -> None:
        sqs = self.client_as("sqs", None)
        url = sqs.get_queue_url(QueueName=arn.split(":")[-1])["QueueUrl"]
        policy = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]).get("Attributes", {}).get("Policy")
        if not admits(policy, "sqs:SendMessage", rule_arn):
            raise Undelivered(f"the policy of {arn} does not let {_EVENTS} send")
        sqs.send_message(QueueUrl=url, MessageBody=text, MessageAttributes=dict(attributes or {}))

    def _publish(self, rule_arn: str, arn: str, text: str) -> None:
        sns = self.client_as("sns", None)
        policy = sns.get_topic_attributes(TopicArn=arn)["Attributes"].get("Policy")
        if not admits(policy, "sns:Publish", rule_arn):
            raise Undelivered(f"the policy of {arn} does not let {_EVENTS} publish")
        sns.publish(TopicArn=arn, Message=text)


def admits(policy: str | None, action: str, source_arn: str) -> bool:
    """Whether a queue's or topic's policy lets EventBridge in on behalf of a rule."""
    statements = json.loads(policy)["Statement"] if policy else []
    return any(
        item["Effect"] == "Allow" and _names_us(item) and action.lower() in _actions(item) and _fits(item, source_arn)
        for item in statements
    )


def _names_us(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal", {})
    services = principal.get("Service", []) if isinstance(principal, dict) else []
    return _EVENTS in ([services] if isinstance(services, str) else services)


def _actions(statement: Mapping[str, Any]) -> set[str]:
    actions = statement.get("Action", [])
    return {action.lower() for action in ([actions] if isinstance(actions, str) else actions)}


def _fits(statement: Mapping[str, Any], source_arn: str) -> bool:
    """Whether the conditions that name a source name this one."""
    for operator in ("ArnEquals", "ArnLike", "StringEquals"):
        for key, wanted in statement.get("Condition", {}).get(operator, {}).items():
            if key.lower() == "aws:sourcearn" and source_arn not in ([wanted] if isinstance(wanted, str) else wanted):
                return False
    return True


def target_input(target: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    """The text that a target receives."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(_at(message, target["InputPath"]))
    transformer = target.get("InputTransformer")
    if transformer is None:
        return json.dumps(message)
    values = {name: _at(message, path) for name, path in transformer.get("InputPathsMap", {}).items()}
    return _filled(transformer["InputTemplate"], values, message)


def _filled(template: str, values: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    """The template with `<name>` replaced: bare ones by JSON, those inside a JSON string by their text."""
    known = {**values, "aws.events.event": message, "aws.events.event.json": message}

    def replaced(match: re.Match[str]) -> str:
        if match[1] not in known:
            return match[0]
        value, inside = known[match[1]], template[: match.start()].replace('\\"', "").count('"') % 2
        if not inside:
            return json.dumps(value)
        return json.dumps(value if isinstance(value, str) else json.dumps(value))[1:-1]

    return _PLACEHOLDER.sub(replaced, template)


def _at(message: Mapping[str, Any], path: str) -> Any:
    """The value at `$.a.b` (names and list positions only), or null."""
    node: Any = message
    for step in re.findall(r"[^.\[\]$]+", path):
        if isinstance(node, list) and step.isdigit():
            node = node[int(step)] if int(step) < len(node) else None
        else:
            node = node.get(step) if isinstance(node, Mapping) else None
    return node
