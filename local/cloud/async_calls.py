"""Asynchronous invocations: they wait for a place, are tried again, and end in a dead-letter queue."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from local.runtime import FunctionHost, TooManyRequests

REFUSED_PAUSE_S = 0.1
"""Before an event that found no place asks for one again."""


@dataclass(frozen=True)
class AsyncRules:
    """How often an invocation that fails is tried again, and how long after: a second stands for a minute."""

    retries: int = 2
    delay_s: float = 1.0


@dataclass(frozen=True)
class DeadLetters:
    """A function's dead-letter queue, and the role that must be allowed to send there."""

    queue_arn: str
    role_arn: str


Bury = Callable[[DeadLetters, str, str], None]
"""Puts an event (its text, and what was wrong) into a dead-letter queue."""


class AsyncCalls:
    """Runs functions in the background."""

    def __init__(self, host: FunctionHost, bury: Bury) -> None:
        self._host = host
        self._bury = bury
        self._closing = threading.Event()
        self._workers = ThreadPoolExecutor(max_workers=16, thread_name_prefix="async-invoke")

    def send(
        self, name: str, qualifier: str | None, payload: bytes, rules: AsyncRules, dead_letters: DeadLetters | None
    ) -> None:
        """Run a function soon."""
        self._workers.submit(self._attempt, name, qualifier, payload, rules, dead_letters)

    def close(self) -> None:
        """Begin nothing more."""
        self._closing.set()
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _attempt(
        self, name: str, qualifier: str | None, payload: bytes, rules: AsyncRules, dead_letters: DeadLetters | None
    ) -> None:
        wrong: str | None = None
        for attempt in range(rules.retries + 1):
            if self._closing.wait(rules.delay_s * attempt):
                return
            wrong = self._run(name, qualifier, payload)
            if wrong is None:
                return
        if dead_letters and wrong:
            self._bury(dead_letters, payload.decode(), wrong)

    def _run(self, name: str, qualifier: str | None, payload: bytes) -> str | None:
        """None when it went well, else the function's error document; waits for a place as long as it takes."""
        while not self._closing.is_set():
            with suppress(TooManyRequests):
                done = self._host.invoke(name, qualifier, payload)
                return done.payload.decode() if done.function_error else None
            self._closing.wait(REFUSED_PAUSE_S)
        return None
