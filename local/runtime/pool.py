"""The environments that stand ready, and how many there may be."""

import itertools
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local.policies import Credentials
from local.runtime.catalogue import Revision
from local.runtime.environment import Environment
from local.runtime.spec import TooManyRequests
from local.runtime.turnstile import Turnstile
from local.runtime.watchdog import Watchdog

CLOSING_LIMIT_S = 5.0


class Pool:
    """Keeps environments warm for their revision; the one unused for longest gives way when there are too many.

    `folder` holds the environments' passing files and goes when the pool does, or when this process ends in any way.
    """

    def __init__(
        self,
        folder: Path,
        endpoint_url: str,
        credentials: Callable[[str], Credentials],
        is_current: Callable[[Revision], bool],
        *,
        concurrency: int,
        size: int,
    ) -> None:
        self._folder = folder
        self._endpoint_url = endpoint_url
        self._credentials = credentials
        self._is_current = is_current
        self._size = size
        self._turnstile = Turnstile(concurrency)
        self._watchdog = Watchdog(folder)
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._idle: list[Environment] = []
        self._busy: set[Environment] = set()
        self._closed = False

    @contextmanager
    def environment(self, revision: Revision, patience_s: float | None) -> Iterator[Environment]:
        """An environment of one's own for one event; TooManyRequests when no place comes free in time."""
        with self._turnstile.passage(patience_s):
            environment = self._take(revision)
            try:
                yield environment
            finally:
                self._give_back(environment)

    def sweep(self) -> None:
        """Closes the idle environments of revisions that nobody can call any more."""
        with self._lock:
            for environment in [idle for idle in self._idle if not self._is_current(idle.revision)]:
                self._idle.remove(environment)
                self._discard(environment)

    def close(self) -> None:
        """Ends all environments, waits for the calls at work to notice, and removes the files."""
        self._turnstile.close()
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for environment in (*self._idle, *self._busy):
                self._end(environment)
            self._idle.clear()
        self._turnstile.wait_until_empty(CLOSING_LIMIT_S)
        self._watchdog.close()

    def _take(self, revision: Revision) -> Environment:
        with self._lock:
            if self._closed:
                raise TooManyRequests("The host is closing.")
            for idle in [idle for idle in reversed(self._idle) if idle.revision is revision]:
                self._idle.remove(idle)
                if idle.usable():
                    self._busy.add(idle)
                    return idle
                self._discard(idle)
            while self._idle and len(self._idle) + len(self._busy) >= self._size:
                self._discard(self._idle.pop(0))
            return self._start(revision)

    def _start(self, revision: Revision) -> Environment:
        environment = Environment(
            revision,
            home=self._folder / f"{next(self._numbers):04}",
            endpoint_url=self._endpoint_url,
            credentials=self._credentials(revision.spec.role_arn),
        )
        self._watchdog.guard(environment.process.id)
        self._busy.add(environment)
        return environment

    def _give_back(self, environment: Environment) -> None:
        with self._lock:
            self._busy.discard(environment)
            if environment.usable() and self._is_current(environment.revision):
                self._idle.append(environment)
            elif not self._closed:
                self._discard(environment)

    def _discard(self, environment: Environment) -> None:
        self._end(environment)
        shutil.rmtree(environment.home, ignore_errors=True)

    def _end(self, environment: Environment) -> None:
        environment.close()
        self._watchdog.release(environment.process.id)
