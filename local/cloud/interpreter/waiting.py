"""Waiting: tasks end with a stopped execution, and time stamps are met to the millisecond."""

import copy
import threading
import time
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import EvalTimeoutError
from moto.stepfunctions.parser.asl.component.state import state
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.eval.environment import Environment

from local.cloud.replacing import replace

_LOOK_EVERY_S = 0.1


class ExecutionOver(BaseException):
    """Ends work that nobody waits for any more, before it can add to the history of an execution that is over."""


def end_tasks_with_execution() -> None:
    """moto waits for a running task (a whole Lambda call, a whole Map) before it notices StopExecution."""

    def evaluate_with_timeout(self: Any, env: Environment) -> None:
        self.timeout.eval(env=env)
        limit_s = env.stack.pop()
        work = _Work(self, env)
        finished = work.run(limit_s)
        if not env.is_running():
            return
        if work.error is not None:
            raise work.error
        if not finished:
            raise EvalTimeoutError
        _take_result(self, env, work.frame.stack[-1])

    replace(ExecutionState, "_evaluate_with_timeout", evaluate_with_timeout)


class _Work:
    """A state's work in a thread and a frame of its own."""

    def __init__(self, state_: Any, env: Environment) -> None:
        self._state = state_
        self._env = env
        self.frame = env.open_frame()
        self.frame.states.reset(input_value=env.states.get_input())
        self.frame.stack = copy.deepcopy(env.stack)
        self.error: Exception | None = None
        self._done = threading.Event()

    def run(self, limit_s: float) -> bool:
        """Whether the work was done in time; it is left behind when it was not, or when the execution ended."""
        threading.Thread(target=self._evaluate, daemon=True).start()
        deadline = time.monotonic() + limit_s
        while self._env.is_running() and (left_s := deadline - time.monotonic()) > 0:
            if self._done.wait(min(left_s, _LOOK_EVERY_S)):
                break
        finished = self._done.is_set()
        self.frame.set_ended()
        self._env.close_frame(self.frame)
        return finished

    def _evaluate(self) -> None:
        try:
            self._state._eval_execution(self.frame)
        except ExecutionOver:
            return
        except Exception as error:  # noqa: BLE001 (raised again where the state is waiting)
            self.error = error
        self._done.set()


def _take_result(state_: Any, env: Environment, result: Any) -> None:
    env.stack.append(result)
    if not state_._is_language_query_jsonpath():
        env.states.set_result(result)
    for step in (state_.assign_decl, state_.result_selector):
        if step:
            step.eval(env=env)
    if state_.result_path:
        state_.result_path.eval(env)
    else:
        env.states.reset(input_value=env.stack.pop())


def meet_time_stamps() -> None:
    """moto takes time stamps for local time and cuts them to seconds, so that a Wait may end two seconds early."""

    def wait_seconds(self: Timestamp, env: Environment) -> float:
        self.string.eval(env=env)
        text = env.stack.pop()
        if not self._is_valid_timestamp_pattern(text):
            raise FailureEventException(self._create_failure_event(env, text))
        return (datetime.fromisoformat(text) - datetime.now(UTC)).total_seconds()

    def wait_interval(self: WaitFunction, env: Environment, wait_seconds: float) -> None:
        deadline = time.monotonic() + wait_seconds
        while env.is_running() and (left_s := deadline - time.monotonic()) > 0:
            env.program_state_event.wait(min(left_s, _LOOK_EVERY_S))

    replace(Timestamp, "_get_wait_seconds", wait_seconds)
    replace(WaitFunction, "_wait_interval", wait_interval)


def write_times_like_aws() -> None:
    """moto writes `+00:00` where AWS writes `Z`."""

    def state_data(**fields: Any) -> dict[str, Any]:
        entered = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {**fields, "EnteredTime": entered}

    replace(state, "StateData", state_data)
