"""Lets a limited number through at a time, in the order in which they came."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from local.runtime.spec import TooManyRequests


class Turnstile:
    """A semaphore that is fair and can be closed."""

    def __init__(self, places: int) -> None:
        self._places = self._free = places
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()
        self._closed = False

    @contextmanager
    def passage(self, patience_s: float | None) -> Iterator[None]:
        """Holds a place; TooManyRequests when none comes free in time (None: waits as long as it takes)."""
        self._enter(patience_s)
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def close(self) -> None:
        """Turns away everybody who waits, and everybody who comes."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait_until_empty(self, patience_s: float) -> bool:
        """Whether everybody who went through has left in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._free == self._places, patience_s)

    def _enter(self, patience_s: float | None) -> None:
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
            try:
                in_time = self._changed.wait_for(lambda: self._closed or self._is_turn_of(ticket), patience_s)
                if self._closed or not in_time:
                    raise TooManyRequests("Rate Exceeded.")
                self._free -= 1
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()

    def _is_turn_of(self, ticket: object) -> bool:
        return self._free > 0 and self._queue[0] is ticket
