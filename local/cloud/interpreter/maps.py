"""Distributed Maps: children in a loop instead of a recursion, with executions of their own and honest counts."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType, MapRunStatus
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.program.program import Program
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import distributed_iteration_component
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded, ProgramError, ProgramTimedOut
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

from local.cloud.interpreter.waiting import ExecutionOver
from local.cloud.replacing import replace

Component = distributed_iteration_component.DistributedIterationComponent
RECORD = "rotoscope.map_run"
_MOST_AT_ONCE = 40


class MapRun:
    """One run of a Distributed Map over its items; `results` collects what the ResultWriter writes."""

    def __init__(self, program: Program, env: Environment, options: Any, items: list[Any]) -> None:
        self._program = program
        self._env = env
        self._options = options
        self._record = options.map_run_record
        self._items = items
        self._map_input = env.stack[-1] if env.stack else env.states.get_input()
        self._next: Iterator[tuple[int, Any]] = enumerate(items)
        self._lock = threading.Lock()
        self.results: list[dict[str, Any]] = [{} for _ in items]

    def finish(self) -> list[Any]:
        """Run every child; the outputs of those that succeeded, in the items' order."""
        for counter in (self._record.item_counter, self._record.execution_counter):
            counter.total.count(len(self._items))
            counter.pending.count(len(self._items))
        width = min(self._options.max_concurrency or _MOST_AT_ONCE, _MOST_AT_ONCE, len(self._items))
        workers = [threading.Thread(target=self._work, daemon=True) for _ in range(width)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self._record.results = self.results
        if not self._env.is_running():
            self._end_with_execution()
        if not all(self.results):
            raise RuntimeError("a child of the Map ended without a result")
        self._check_tolerance()
        return [result["output"] for result in self.results if result.get("status") == "SUCCEEDED"]

    def _work(self) -> None:
        while self._env.is_running():
            with self._lock:
                index, item = next(self._next, (None, None))
            if index is None:
                return
            self._count("pending", -1)
            self._count("running", 1)
            self.results[index] = self._child(index, item)
            self._count("running", -1)
            self._count(self.results[index]["status"].lower(), 1)

    def _count(self, name: str, amount: int) -> None:
        for counter in (self._record.item_counter, self._record.execution_counter):
            getattr(counter, name).offset(amount)

    def _child(self, index: int, item: Any) -> dict[str, Any]:
        frame = self._env.open_inner_frame()
        try:
            child = self._prepare(frame, index, item)
            frame.next_state_name = self._program.start_at.start_at_name
            self._program._eval_body(frame)
            return {**child, **_outcome(frame)}
        except FailureEventException as error:
            name, cause = error.extract_error_cause_pair() or ("States.Runtime", "")
            return {"status": "FAILED", "input": item, "error": name, "cause": cause}
        except NoSuchJsonPathError as error:
            cause = f"The JSONPath {error.json_path} could not be found in {error.data}"
            return {"status": "FAILED", "input": item, "error": "States.Runtime", "cause": cause}
        finally:
            self._env.delete_frame(frame)

    def _prepare(self, frame: Environment, index: int, item: Any) -> dict[str, Any]:
        """Give the child its input and a context of its own."""
        context = frame.states.context_object.context_object_data
        context["Map"] = {"Item": {"Index": index, "Value": item}}
        selector = self._options.item_selector or self._options.parameters
        if selector:
            frame.states.reset(self._map_input)
            frame.stack.append(self._map_input)
            selector.eval(frame)
            frame.states.reset(frame.stack[-1])
        else:
            frame.states.reset(item)
        frame.stack.clear()
        name = str(uuid.uuid4())
        parent = context["Execution"]
        arn = self._record.map_state_machine_arn.replace(":stateMachine:", ":execution:")
        context["Execution"] = {
            **parent,
            "Id": f"{arn}:{name}",
            "Name": name,
            "Input": frame.states.get_input(),
            "StartTime": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        return {"name": name, "arn": f"{arn}:{name}", "input": frame.states.get_input()}

    def _end_with_execution(self) -> None:
        """The execution was stopped or ran out of time: what has not begun never will."""
        left = sum(result.get("status") is None for result in self.results)
        self._count("pending", -left)
        self._count("aborted", left)
        self._record.set_stop(MapRunStatus.ABORTED)
        raise ExecutionOver

    def _check_tolerance(self) -> None:
        failed = sum(result.get("status") in ("FAILED", "TIMED_OUT") for result in self.results)
        allowed = max(
            self._record.tolerated_failure_count,
            self._record.tolerated_failure_percentage / 100 * len(self._items),
        )
        if failed > allowed:
            raise FailureEventException(self._too_many_failures())

    def _too_many_failures(self) -> FailureEvent:
        kind = StatesErrorNameType.StatesExceedToleratedFailureThreshold
        cause = "The specified tolerated failure threshold was exceeded"
        details: Any = {"mapRunFailedEventDetails": {"error": kind.to_name(), "cause": cause}}
        return FailureEvent(
            env=self._env,
            error_name=StatesErrorName(typ=kind),
            event_type=HistoryEventType.MapRunFailed,
            event_details=details,
        )


def _check_start(env: Environment, allows: "Allows") -> None:
    """A Distributed Map starts its children as executions, which its role must be allowed to do."""
    machine = env.states.context_object.context_object_data["StateMachine"]["Id"]
    role, action = env.aws_execution_details.role_arn, "states:StartExecution"
    if allows(role, action, machine):
        return
    error, cause = "StepFunctions.AccessDeniedException", f"{role} is not authorized to perform: {action} on {machine}"
    details: Any = {"mapRunFailedEventDetails": {"error": error, "cause": cause}}
    failure = FailureEvent(
        env=env,
        error_name=CustomErrorName(error_name=error),
        event_type=HistoryEventType.MapRunFailed,
        event_details=details,
    )
    raise FailureEventException(failure)


def _outcome(frame: Environment) -> dict[str, Any]:
    state = frame.program_state()
    if isinstance(state, ProgramEnded):
        return {"status": "SUCCEEDED", "output": frame.states.get_input()}
    if isinstance(state, ProgramError):
        error = state.error or {}
        return {"status": "FAILED", "error": error.get("error"), "cause": error.get("cause")}
    return {"status": "TIMED_OUT" if isinstance(state, ProgramTimedOut) else "ABORTED"}


Allows = Callable[[str, str, str], bool]
"""Whether a role may do an action on a resource."""


def use_loop(allows: Allows) -> None:
    """moto's Map worker calls itself for every item (about 1,000 hang it), names no children, counts failures wrongly
    and tolerates every failure.
    """

    def map_run(component: Any, env: Environment, eval_input: Any) -> None:
        items = env.stack.pop()
        _check_start(env, allows)
        env.heap[RECORD] = eval_input.map_run_record
        env.stack.append(MapRun(component._get_iteration_program(), env, eval_input, items).finish())

    replace(Component, "_map_run", map_run)
