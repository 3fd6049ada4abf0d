"""The functions' lines in CloudWatch Logs: which group is whose, and what a function said last."""

import json
from collections.abc import Iterator
from typing import Any

from local.cli.account import Account

TASK = "arn:aws:states:::lambda:invoke"


def groups(account: Account, stack: str) -> list[str]:
    """The log groups of a stack, as its template lists them."""
    pages = account.formation.get_paginator("list_stack_resources").paginate(StackName=stack)
    resources = (resource for page in pages for resource in page["StackResourceSummaries"])
    return [each["PhysicalResourceId"] for each in resources if each["ResourceType"] == "AWS::Logs::LogGroup"]


def of_state(account: Account, machine_arn: str, state: str) -> list[str]:
    """What the functions behind a state of the machine have written, each in the order of time."""
    definition = account.states.describe_state_machine(stateMachineArn=machine_arn)["definition"]
    names = {_function(task) for task in _tasks(json.loads(definition)["States"].get(state, {}))}
    return [line for name in sorted(names) for line in _lines(account, _group(account, name))]


def _tasks(state: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The state itself, and those that a Map holds, as far as they call functions."""
    if state.get("Resource") == TASK:
        yield state
    for inner in state.get("ItemProcessor", {}).get("States", {}).values():
        yield from _tasks(inner)


def _function(task: dict[str, Any]) -> str:
    """The name in the ARN of a version: the log is that of all versions."""
    return str(task["Parameters"]["FunctionName"]).split(":")[6]


def _group(account: Account, function: str) -> str:
    found = account.client("lambda").get_function_configuration(FunctionName=function)
    return str(found["LoggingConfig"]["LogGroup"])


def _lines(account: Account, group: str) -> Iterator[str]:
    pages = account.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    for page in pages:
        for event in page["events"]:
            yield event["message"]
