"""Faults on demand: which call fails, how, how often. Tests arm them by constructor or by `POST /_rotoscope/faults`."""

import threading
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal[
    "throttle",  # 429 ThrottlingException
    "not_ready",  # 429 ModelNotReadyException
    "server_error",  # 500
    "unavailable",  # 503
    "timeout",  # 408 ModelTimeoutException
    "model_error",  # 424 ModelErrorException
    "quota_exceeded",  # 400 ServiceQuotaExceededException
    "access_denied",  # 403, the model's Marketplace subscription is missing
    "filter",  # HTTP 200, but the content filter took the picture
    "inference_error",  # HTTP 200, but no picture
    "slow",  # a good and paid answer after `seconds`: longer than the client waits is an answer lost on the wire
]


class Fault(BaseModel):
    """A way to fail: `model` matches ids and endpoint names, `times` None is for ever, `after` calls pass first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    model: str = "*"
    times: int | None = Field(default=1, ge=1)
    after: int = Field(default=0, ge=0)
    when_prompt_contains: str = ""
    reason: Literal["prompt", "output image", "input image"] = "output image"
    seconds: float = Field(default=0.0, ge=0, le=900)

    def hits(self, model: str, prompt: str) -> bool:
        """Whether it concerns a call of this model with this prompt."""
        return fnmatchcase(model, self.model) and self.when_prompt_contains.lower() in prompt.lower()


class _Armed:
    """A fault and how often it has met a call."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.met = 0

    @property
    def spent(self) -> bool:
        return self.fault.times is not None and self.met >= self.fault.after + self.fault.times


class Faults:
    """The armed faults, oldest first; safe to use from many threads."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._armed = [_Armed(fault) for fault in faults]

    def arm(self, fault: Fault) -> None:
        """Add one behind those that are armed."""
        with self._lock:
            self._armed.append(_Armed(fault))

    def disarm(self) -> None:
        """Forget all."""
        with self._lock:
            self._armed.clear()

    def armed(self) -> list[Fault]:
        """Those that can still strike."""
        with self._lock:
            return [armed.fault for armed in self._armed if not armed.spent]

    def strike(self, model: str, prompt: str, never: tuple[Kind, ...] = ()) -> Fault | None:
        """The fault that this call meets, if any; counts as one of its times. Kinds in `never` pass the model by."""
        with self._lock:
            for armed in self._armed:
                if armed.spent or armed.fault.kind in never or not armed.fault.hits(model, prompt):
                    continue
                armed.met += 1
                if armed.met > armed.fault.after:
                    return armed.fault
        return None

    def denies(self, model: str) -> bool:
        """Whether the model's subscription is missing just now; asking uses nothing up."""
        return any(fault.kind == "access_denied" and fnmatchcase(model, fault.model) for fault in self.armed())
