"""A Step Functions client that answers in AWS's shapes about one execution."""

import json
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


class FakeStepFunctions:
    """`events` are ("enter" | "exit" | "map", state or run, seconds); a Map run starts where its state is entered."""

    DEFINITION = json.dumps(
        {
            "StartAt": "PlanJob",
            "States": {
                "PlanJob": {"Type": "Task", "Next": "OwnsJob"},
                "OwnsJob": {"Type": "Choice", "Default": "StylizeFrames"},
                "StylizeFrames": {"Type": "Map", "Next": "NotifyDone"},
                "NotifyDone": {"Type": "Task", "End": True},
            },
        }
    )

    def __init__(self, *, events=(), status="RUNNING", error=None, cause=None, inputs=None):
        self.events, self.counts = list(events), None
        self.ending = {name: value for name, value in {"error": error, "cause": cause}.items() if value}
        self.status, self.inputs = status, inputs or {}

    def map_run(self, *, done, failed, total):
        self.counts = {"succeeded": done, "failed": failed, "timedOut": 0, "aborted": 0, "total": total}
        self.events.append(("map", "latest", self.events[-1][2]))

    def describe_execution(self, **asked):
        document = self.inputs.get(asked["executionArn"], {})
        return {
            "stateMachineArn": "machine",
            "status": self.status,
            "startDate": NOON,
            "input": json.dumps(document),
            **self.ending,
        }

    def describe_state_machine(self, **_):
        return {"definition": self.DEFINITION}

    def describe_map_run(self, **asked):
        return {"itemCounts": self.counts if asked["mapRunArn"] == "latest" else {}}

    def get_paginator(self, operation):
        pages = {
            "get_execution_history": lambda **_: [{"events": [event]} for event in map(self._event, self.events)],
            "list_executions": lambda **_: [
                {"executions": [{"executionArn": arn, "status": self.status}]} for arn in self.inputs
            ],
        }
        return type("Pages", (), {"paginate": staticmethod(pages[operation])})

    def _event(self, event):
        kind, name, seconds = event
        details = {
            "enter": {"stateEnteredEventDetails": {"name": name}},
            "exit": {"stateExitedEventDetails": {"name": name}},
            "map": {"mapRunStartedEventDetails": {"mapRunArn": name}},
        }
        return {"timestamp": NOON + timedelta(seconds=seconds), **details[kind]}
