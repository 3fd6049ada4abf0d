"""One execution environment: a process in which awslambdaric runs a function's own handler, one event at a time."""

import math
import secrets
import sys
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty

from local.policies import Credentials
from local.runtime.catalogue import Revision
from local.runtime.process_group import ProcessGroup
from local.runtime.runtime_api import Event, News, RuntimeApi
from local.runtime.variables import variables
from local.runtime.verdict import Ending, Verdict, judge

INIT_LIMIT_S = 10.0
"""Lambda's own; it repeats a longer start within the first call's time limit, so here the two add up."""
SAMPLE_S = 0.1
"""Between two looks at the process: how late too much memory is noticed."""


@dataclass(frozen=True)
class Outcome:
    """How one event ended. `init_ms` is 0 in a warm environment; `output` is all that was written meanwhile."""

    request_id: str
    verdict: Verdict
    duration_ms: float
    init_ms: float
    max_memory_mb: int
    output: str

    @property
    def billed_ms(self) -> int:
        """Whole milliseconds, the start of the environment included."""
        return math.ceil(self.duration_ms + self.init_ms)


class Environment:
    """Its process starts with it; a crash, a timeout or too much memory ends it."""

    def __init__(self, revision: Revision, *, home: Path, endpoint_url: str, credentials: Credentials) -> None:
        self.revision = revision
        self.home = home
        self.log_stream = f"{datetime.now(UTC):%Y/%m/%d}/[{revision.version}]{uuid.uuid4().hex}"
        self._api = RuntimeApi()
        self._log = home / "output"
        self._log_read = 0
        scratch = home / "tmp"
        scratch.mkdir(parents=True)
        self._started: float | None = time.monotonic()
        self._peak_mb = 0.0
        self._lost = False
        self.process = ProcessGroup(
            [sys.executable, "-m", "awslambdaric", revision.spec.handler],
            env=variables(
                revision,
                runtime_api=self._api.address,
                log_stream=self.log_stream,
                scratch=scratch,
                endpoint_url=endpoint_url,
                credentials=credentials,
            ),
            cwd=revision.task_root,
            output=self._log,
        )

    def usable(self) -> bool:
        """Whether it can take another event."""
        return not self._lost and self.process.exit_reason() is None

    def run(self, payload: bytes) -> Outcome:
        """Has the handler answer one event, within the function's time and memory."""
        request_id, limit_s = str(uuid.uuid4()), self.revision.spec.timeout_s
        answer, init_ms = self._get_ready()
        began = time.monotonic()
        if answer == News("ready"):
            self._api.hand_over(self._event(request_id, payload))
            answer = self._listen(limit_s)
        duration_ms = min((time.monotonic() - began) * 1000, limit_s * 1000)
        self._measure()
        verdict = judge(answer, request_id, limit_s)
        self._lost = bool(verdict.status)
        return Outcome(request_id, verdict, duration_ms, init_ms, math.ceil(self._peak_mb), self._new_output())

    def close(self) -> None:
        """Kills the process with everything it started."""
        self._lost = True
        self.process.kill()
        self._api.close()

    def _get_ready(self) -> tuple[News | Ending, float]:
        """(News "ready" or why not, milliseconds that a fresh environment took to start)."""
        limit_s = self.revision.spec.timeout_s
        if self._started is None:
            return self._listen(limit_s), 0.0
        answer = self._listen(INIT_LIMIT_S + limit_s)
        init_ms, self._started = (time.monotonic() - self._started) * 1000, None
        return answer, init_ms

    def _event(self, request_id: str, payload: bytes) -> Event:
        now_s, spec = time.time(), self.revision.spec
        trace_id = f"Root=1-{int(now_s):08x}-{secrets.token_hex(12)};Parent={secrets.token_hex(8)};Sampled=0"
        deadline_ms = int((now_s + spec.timeout_s) * 1000)
        return Event(request_id, payload, deadline_ms, spec.arn(self.revision.version), trace_id)

    def _listen(self, limit_s: float) -> News | Ending:
        """What the runtime says next, or what became of it instead."""
        deadline = time.monotonic() + limit_s
        while (left := deadline - time.monotonic()) > 0:
            # Before the look into the queue: what a process said last is in it by the time that the process is gone.
            exit_reason = self.process.exit_reason()
            try:
                return self._api.news.get(timeout=min(left, SAMPLE_S))
            except Empty:
                if exit_reason is not None:
                    return Ending("exit", exit_reason)
                if self._over_memory():
                    return Ending("memory")
        return Ending("timeout")

    def _over_memory(self) -> bool:
        # Twice, because between vfork and exec a child is seen with all of its parent's memory.
        limit_mb = self.revision.spec.memory_mb
        return self._measure() > limit_mb and self._measure() > limit_mb

    def _measure(self) -> float:
        now_mb = self.process.resident_mb()
        self._peak_mb = max(self._peak_mb, min(now_mb, self.revision.spec.memory_mb))
        return now_mb

    def _new_output(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._log_read)
            fresh = log.read()
        self._log_read += len(fresh)
        # awslambdaric separates the lines of a stack trace by carriage returns.
        return fresh.decode(errors="replace").replace("\r", "\n")
