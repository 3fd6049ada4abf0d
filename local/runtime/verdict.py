"""What Lambda tells the caller about an answer, or about there being none."""

import json
from dataclasses import dataclass
from typing import Literal

from local.runtime.runtime_api import News
from local.runtime.spec import PAYLOAD_LIMIT_BYTES


@dataclass(frozen=True)
class Ending:
    """A process that gave no answer. `reason` says how it exited, where it did so by itself."""

    cause: Literal["timeout", "memory", "exit"]
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """`status` is what the REPORT line says of an environment that is lost, and "" of one that can go on."""

    payload: bytes
    failed: bool
    status: str = ""


def judge(answer: News | Ending, request_id: str, timeout_s: float) -> Verdict:
    """Words as a live function uses them; Step Functions makes errorType the name of the error."""
    if isinstance(answer, Ending):
        return _of_ending(answer, f"RequestId: {request_id} Error:", timeout_s)
    if answer.kind == "init_error":
        return Verdict(answer.body, True, _error_status(str(json.loads(answer.body)["errorType"])))
    if len(answer.body) > PAYLOAD_LIMIT_BYTES:
        message = f"Response payload size exceeded maximum allowed payload size ({PAYLOAD_LIMIT_BYTES} bytes)."
        return Verdict(_failure("Function.ResponseSizeTooLarge", message), True)
    return Verdict(answer.body, answer.kind == "error")


def _of_ending(ending: Ending, opening: str, timeout_s: float) -> Verdict:
    if ending.cause == "timeout":
        # In 2023 there was no errorType yet, and Step Functions said Lambda.Unknown: a retrier should name both.
        message = f"{opening} Task timed out after {timeout_s:.2f} seconds"
        return Verdict(_failure("Sandbox.Timedout", message), True, "Status: timeout")
    if ending.cause == "memory":
        message = f"{opening} Runtime exited with error: signal: killed"
        return Verdict(_failure("Runtime.ExitError", message), True, _error_status("Runtime.OutOfMemory"))
    clean = ending.reason == "exit status 0"
    why = "without providing a reason" if clean else f"with error: {ending.reason}"
    return Verdict(
        _failure("Runtime.ExitError", f"{opening} Runtime exited {why}"), True, _error_status("Runtime.ExitError")
    )


def _failure(error_type: str, message: str) -> bytes:
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()


def _error_status(error_type: str) -> str:
    return f"Status: error\tError Type: {error_type}"
