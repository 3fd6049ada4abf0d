"""How far a job is: read from its execution's history and its Map runs."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

Status = Literal["waiting", "running", "succeeded", "failed", "timed out", "cancelled"]
ENOUGH_TO_EXTRAPOLATE = 3
_STATUS: Mapping[str, Status] = {
    "RUNNING": "running",
    "PENDING_REDRIVE": "running",
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "TIMED_OUT": "timed out",
    "ABORTED": "cancelled",
}


@dataclass(frozen=True)
class StateProgress:
    """One Task or Map state; a Map counts its items: `total` is None while unknown, and for a Task.

    `done` are those that succeeded, `lost` those that ended otherwise.
    """

    name: str
    counts: bool = False
    entered: datetime | None = None
    left: datetime | None = None
    done: int = 0
    total: int | None = None
    lost: int = 0

    @property
    def ended(self) -> int:
        """Items that nothing more will happen to."""
        return self.done + self.lost

    def seconds(self, now: datetime) -> float | None:
        """How long it has been at work, or was."""
        return ((self.left or now) - self.entered).total_seconds() if self.entered else None

    def remaining_s(self, now: datetime) -> float | None:
        """What its own pace so far promises; None while that says nothing."""
        elapsed = self.seconds(now)
        if elapsed is None or self.left or self.total is None:
            return None
        if self.ended < ENOUGH_TO_EXTRAPOLATE or self.ended == self.total:
            return None
        return elapsed / self.ended * (self.total - self.ended)


@dataclass(frozen=True)
class JobProgress:
    """An execution at one moment. `sentence` says in words why it failed."""

    status: Status
    states: tuple[StateProgress, ...] = ()
    started: datetime | None = None
    ended: datetime | None = None
    error: str | None = None
    sentence: str | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.status not in ("waiting", "running")

    @property
    def current(self) -> StateProgress | None:
        """The state that it is in, or was in when it ended badly."""
        return next((state for state in self.states if state.entered and not state.left), None)

    def not_before(self, now: datetime) -> datetime | None:
        """The earliest end that the pace so far allows; None while unknown."""
        remaining = self.current.remaining_s(now) if self.current and not self.over else None
        return None if remaining is None else now + timedelta(seconds=remaining)


def steps(definition: str) -> tuple[StateProgress, ...]:
    """The states that do work, in the order in which the state machine lists them."""
    states: dict[str, dict[str, Any]] = json.loads(definition)["States"]
    return tuple(
        StateProgress(name, counts=state["Type"] == "Map")
        for name, state in states.items()
        if state["Type"] in ("Task", "Map")
    )


def read(client: "SFNClient", execution: str) -> JobProgress:
    """Where an execution is now."""
    described = client.describe_execution(executionArn=execution)
    status = _STATUS[described["status"]]
    definition = client.describe_state_machine(stateMachineArn=described["stateMachineArn"])["definition"]
    return JobProgress(
        status,
        _visited(client, execution, steps(definition)),
        described["startDate"],
        described.get("stopDate"),
        described.get("error"),
        _sentence(status, described.get("error"), described.get("cause")),
    )


def _visited(client: "SFNClient", execution: str, states: tuple[StateProgress, ...]) -> tuple[StateProgress, ...]:
    found = {state.name: state for state in states}
    runs: dict[str, str] = {}
    inside = ""
    for event in _history(client, execution):
        if entered := event.get("stateEnteredEventDetails"):
            inside = entered["name"]
            _update(found, inside, entered=event["timestamp"], left=None)
        elif left := event.get("stateExitedEventDetails"):
            _update(found, left["name"], left=event["timestamp"])
        elif run := event.get("mapRunStartedEventDetails"):
            runs[inside] = run["mapRunArn"]
    for name, arn in runs.items():
        _count(client, found, name, arn)
    return tuple(found.values())


def _update(found: dict[str, StateProgress], name: str, **changes: Any) -> None:
    if name in found:
        found[name] = replace(found[name], **changes)


def _count(client: "SFNClient", found: dict[str, StateProgress], name: str, arn: str) -> None:
    counts = client.describe_map_run(mapRunArn=arn)["itemCounts"]
    lost = sum(counts[end] for end in ("failed", "timedOut", "aborted"))
    _update(found, name, done=counts["succeeded"], lost=lost, total=counts["total"] or None)


def _history(client: "SFNClient", execution: str) -> Iterator[Any]:
    pages = client.get_paginator("get_execution_history").paginate(executionArn=execution, includeExecutionData=False)
    for page in pages:
        yield from page["events"]


def _sentence(status: Status, error: str | None, cause: str | None) -> str | None:
    """A failed function's own message; otherwise what can be said."""
    if status in ("waiting", "running", "succeeded"):
        return None
    if status == "timed out":
        return "The job took longer than it may and was stopped."
    try:
        message = json.loads(cause or "")["errorMessage"]
    except (ValueError, TypeError, KeyError):
        message = cause
    return str(message or error or ("The job was cancelled." if status == "cancelled" else "The job failed."))
