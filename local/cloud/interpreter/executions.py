"""Executions: events about their status, names, stops with a reason, complete histories, metered transitions."""

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import distributed_iteration_component
from moto.stepfunctions.parser.asl.eval import environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.responses import StepFunctionResponse

from local.cloud import replacing

StatusListener = Callable[[Any], None]
_MOMENT_S = 0.005


class _Reporting(BaseExecutionWorkerCommunication):
    """Tells the listener when an execution has ended."""

    def terminated(self) -> None:
        """Called by the interpreter after the last state."""
        super().terminated()
        execution: Any = self.execution
        execution.report()


def announce(listener: StatusListener) -> None:
    """moto tells nobody that an execution began or ended."""

    class Announced(Execution):
        """An execution that reports each status to the listener."""

        def report(self) -> None:
            """Tell the status as it is now."""
            listener(self)

        def start(self) -> None:
            """Begin, and say so."""
            super().start()
            self.report()

        def _get_start_execution_worker_comm(self) -> _Reporting:
            return _Reporting(self)

    replacing.replace(models, "Execution", Announced)


def status_detail(execution: Any) -> dict[str, Any]:
    """The detail of a "Step Functions Execution Status Change" event."""
    output = execution.output
    return {
        "executionArn": execution.exec_arn,
        "stateMachineArn": execution.state_machine.arn,
        "name": execution.name,
        "status": str(execution.status),
        "startDate": _milliseconds(execution.start_date),
        "stopDate": _milliseconds(execution.stop_date),
        "input": to_json_str(execution.input_data),
        "inputDetails": {"included": True},
        "output": None if output is None else to_json_str(output),
        "outputDetails": None if output is None else {"included": True},
        "error": execution.error,
        "cause": execution.cause,
    }


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)


def name_executions() -> None:
    """moto calls every execution that is started without a name "None"."""

    def start_execution(self: StepFunctionResponse) -> ActionResult:
        name = self._get_param("name") or str(uuid.uuid4())
        given = self._get_param("input", if_none="{}")
        started = self.stepfunction_backend.start_execution(self._get_param("stateMachineArn"), name, given)
        return ActionResult({"executionArn": started.execution_arn, "startDate": started.start_date})

    replacing.replace(StepFunctionResponse, "start_execution", start_execution)


def stop_with_reason() -> None:
    """moto drops the error and cause of StopExecution, and fails if the execution has only just begun."""

    def stop_execution(self: StepFunctionResponse) -> ActionResult:
        execution: Any = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        now = datetime.now(UTC)
        if execution.status == "RUNNING":
            execution.error, execution.cause = self._get_param("error"), self._get_param("cause")
            while execution.exec_worker.env is None:
                time.sleep(_MOMENT_S)
            execution.stop(stop_date=now, error=execution.error, cause=execution.cause)
        return ActionResult({"stopDate": execution.stop_date or now})

    replacing.replace(StepFunctionResponse, "stop_execution", stop_execution)


def stop_all() -> None:
    """End what still runs, so that no thread of one local cloud outlives it."""
    now = datetime.now(UTC)
    backend: Any
    for _, _, backend in models.stepfunctions_parser_backends.iter_backends():
        for machine in backend.state_machines:
            for execution in machine.executions:
                if execution.exec_worker and execution.exec_worker.env:
                    execution.stop(stop_date=now, error=None, cause="the local cloud stopped")


def page_histories() -> None:
    """moto ignores maxResults, nextToken and reverseOrder of GetExecutionHistory."""

    def get_execution_history(self: StepFunctionResponse) -> ActionResult:
        arn = self._get_param("executionArn")
        events = self.stepfunction_backend.get_execution_history(arn)["events"]
        if self._get_param("reverseOrder"):
            events = events[::-1]
        first, most = int(self._get_param("nextToken") or 0), int(self._get_param("maxResults") or 1000)
        more = {"nextToken": str(first + most)} if first + most < len(events) else {}
        return ActionResult({"events": events[first : first + most], **more})

    replacing.replace(StepFunctionResponse, "get_execution_history", get_execution_history)


def date_time_outs() -> None:
    """moto tells when an execution stopped unless it timed out."""
    describe = replacing.original(StepFunctionResponse, "describe_execution")
    list_all = replacing.original(StepFunctionResponse, "list_executions")

    def dated(self: StepFunctionResponse, item: dict[str, Any]) -> dict[str, Any]:
        execution: Any = self.stepfunction_backend.describe_execution(item["executionArn"])
        return item | ({"stopDate": execution.stop_date} if execution.stop_date else {})

    def describe_execution(self: StepFunctionResponse) -> ActionResult:
        return ActionResult(dated(self, describe(self).result))

    def list_executions(self: StepFunctionResponse) -> ActionResult:
        found = list_all(self).result
        return ActionResult({**found, "executions": [dated(self, item) for item in found["executions"]]})

    replacing.replace(StepFunctionResponse, "describe_execution", describe_execution)
    replacing.replace(StepFunctionResponse, "list_executions", list_executions)


def meter_transitions(count: Callable[[], None]) -> None:
    """A transition is a state entered, or one more attempt at a task; children count like their parents."""

    class Counting(EventManager):
        """An event manager that counts transitions."""

        def add_event(self, **named: Any) -> int:  # type: ignore[override]
            kind = named["event_type"].value
            if kind == "TaskScheduled" or (kind.endswith("StateEntered") and not kind.startswith("Task")):
                count()
            return int(super().add_event(**named))

    for module in (environment, distributed_iteration_component):
        replacing.replace(module, "EventManager", Counting)
