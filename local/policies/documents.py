"""Permissions of the calls that name what they want in the body: AWS's JSON and query protocols."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from local.policies.needs import Need, Needs, Place, SignedRequest, UnknownRequest

_TRANSACTED = {"Get": "GetItem", "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}
_SQS_BATCHES = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}
_MACHINE, _EXECUTION, _MAP_RUN, _ANY = "stateMachineArn", "executionArn", "mapRunArn", ""
_STATES_RESOURCES = {
    "StartExecution": _MACHINE,
    "ListExecutions": _MACHINE,
    "DescribeStateMachine": _MACHINE,
    "DescribeExecution": _EXECUTION,
    "GetExecutionHistory": _EXECUTION,
    "StopExecution": _EXECUTION,
    "RedriveExecution": _EXECUTION,
    "ListMapRuns": _EXECUTION,
    "DescribeMapRun": _MAP_RUN,
    "UpdateMapRun": _MAP_RUN,
    "ListStateMachines": _ANY,
    "SendTaskSuccess": _ANY,
    "SendTaskFailure": _ANY,
    "SendTaskHeartbeat": _ANY,
}
_WITHOUT_RESOURCE = {
    "cloudwatch": {"PutMetricData", "GetMetricData", "GetMetricStatistics", "ListMetrics"},
    "servicequotas": {"GetServiceQuota", "GetAWSDefaultServiceQuota", "ListServiceQuotas", "ListServices"},
}


class _Call:
    """An action with the fields that its body carries."""

    def __init__(self, action: str, fields: Mapping[str, Any], place: Place) -> None:
        self.action = action
        self.fields = fields
        self.place = place

    def text(self, name: str) -> str:
        """A field that the permission depends on."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            raise UnknownRequest(f"{self.action} without {name}")
        return value

    def unknown(self, service: str) -> UnknownRequest:
        return UnknownRequest(f"{service}:{self.action}")


def _dynamodb(call: _Call) -> Iterator[Need]:
    def table(name: str) -> str:
        return call.place.arn_or("dynamodb", "table/", name)

    if call.action == "ListTables":
        yield Need("dynamodb:ListTables", "*")
    elif call.action in ("BatchGetItem", "BatchWriteItem"):
        for name in call.fields["RequestItems"]:
            yield Need(f"dynamodb:{call.action}", table(name))
    elif call.action in ("TransactGetItems", "TransactWriteItems"):
        for item in call.fields["TransactItems"]:
            for verb, operation in item.items():
                yield Need(f"dynamodb:{_TRANSACTED.get(verb, verb + 'Item')}", table(operation["TableName"]))
    else:
        index = call.fields.get("IndexName")
        yield Need(f"dynamodb:{call.action}", table(call.text("TableName")) + (f"/index/{index}" if index else ""))


def _states(call: _Call) -> Iterator[Need]:
    if call.action not in _STATES_RESOURCES:
        raise call.unknown("states")
    name = _STATES_RESOURCES[call.action]
    if call.action == "ListExecutions" and "mapRunArn" in call.fields:
        name = _MAP_RUN
    yield Need(f"states:{call.action}", call.text(name) if name else "*")


def _sqs(call: _Call) -> Iterator[Need]:
    if call.action == "ListQueues":
        yield Need("sqs:ListQueues", "*")
        return
    name = call.text("QueueName") if "QueueName" in call.fields else call.text("QueueUrl").rpartition("/")[2]
    yield Need(f"sqs:{_SQS_BATCHES.get(call.action, call.action)}", call.place.arn("sqs", name))


def _sns(call: _Call) -> Iterator[Need]:
    if call.action in ("ListTopics", "ListSubscriptions"):
        yield Need(f"sns:{call.action}", "*")
        return
    action = "Publish" if call.action == "PublishBatch" else call.action
    yield Need(f"sns:{action}", call.text("TargetArn" if "TargetArn" in call.fields else "TopicArn"))


def _logs(call: _Call) -> Iterator[Need]:
    # The service completes a group's ARN by an empty stream, which is why policies write "log-group:NAME:*".
    group, stream = call.text("logGroupName"), call.fields.get("logStreamName", "")
    yield Need(f"logs:{call.action}", call.place.arn("logs", f"log-group:{group}:log-stream:{stream}"))


def _ssm(call: _Call) -> Iterator[Need]:
    names = call.fields.get("Names") or [call.text("Path" if call.action == "GetParametersByPath" else "Name")]
    for name in names:
        yield Need(f"ssm:{call.action}", call.place.arn_or("ssm", "parameter/", name.removeprefix("/")))


def _kms(call: _Call) -> Iterator[Need]:
    yield Need(f"kms:{call.action}", call.place.arn_or("kms", "key/", call.text("KeyId")))


def _events(call: _Call) -> Iterator[Need]:
    if call.action != "PutEvents":
        raise call.unknown("events")
    for bus in sorted({entry.get("EventBusName", "default") for entry in call.fields["Entries"]}):
        yield Need("events:PutEvents", call.place.arn_or("events", "event-bus/", bus))


def _sts(call: _Call) -> Iterator[Need]:
    if call.action == "AssumeRole":
        yield Need("sts:AssumeRole", call.text("RoleArn"))
    elif call.action != "GetCallerIdentity":
        raise call.unknown("sts")
    # GetCallerIdentity needs no permission, and cannot be denied.


def _sagemaker(call: _Call) -> Iterator[Need]:
    if call.action != "DescribeEndpoint":
        raise call.unknown("sagemaker")
    yield Need(
        "sagemaker:DescribeEndpoint", call.place.arn("sagemaker", f"endpoint/{call.text('EndpointName').lower()}")
    )


def _without_resource(service: str) -> Callable[[_Call], Iterator[Need]]:
    def needs(call: _Call) -> Iterator[Need]:
        if call.action not in _WITHOUT_RESOURCE[service]:
            raise call.unknown(service)
        namespace = call.fields.get("Namespace")
        yield Need(f"{service}:{call.action}", "*", {f"{service}:namespace": namespace} if namespace else {})

    return needs


_SERVICES: Mapping[str, Callable[[_Call], Iterator[Need]]] = {
    "dynamodb": _dynamodb,
    "states": _states,
    "sqs": _sqs,
    "sns": _sns,
    "logs": _logs,
    "ssm": _ssm,
    "kms": _kms,
    "events": _events,
    "sts": _sts,
    "sagemaker": _sagemaker,
    "monitoring": _without_resource("cloudwatch"),
    "cloudwatch": _without_resource("cloudwatch"),
    "servicequotas": _without_resource("servicequotas"),
}


def document_needs(request: SignedRequest, place: Place) -> Needs:
    """Raises UnknownRequest for services and actions that are not listed above."""
    needs = _SERVICES.get(request.service)
    if needs is None:
        raise UnknownRequest(f"the service {request.service}")
    action, fields = _read(request)
    return list(needs(_Call(action, fields, place)))


def _read(request: SignedRequest) -> tuple[str, Mapping[str, Any]]:
    """(action, fields) in whichever protocol the call speaks."""
    if target := request.header("X-Amz-Target"):
        return target.rpartition(".")[2], json.loads(request.body or b"{}")
    if "operation" in request.steps:
        # Smithy's RPC with a CBOR body, which is left unread: conditions on what it holds are then not met.
        return request.steps[-1], {}
    form = request.parameters | dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    if "Action" not in form:
        raise UnknownRequest(f"{request.service} {request.method} {request.path} without an action")
    return form["Action"], form
