"""Carries the functions' lines to CloudWatch Logs, in a thread of its own so that no invocation waits for it."""

import threading
from queue import SimpleQueue

from moto.core.utils import unix_time_millis
from moto.logs.models import LogsBackend, logs_backends

from local.runtime import LogPage


class LogWriter:
    """Puts every call's lines into its function's group and its environment's stream, at the time of their arrival."""

    def __init__(self, account: str, region: str) -> None:
        self._logs: LogsBackend = logs_backends[account][region]
        self._pages: SimpleQueue[LogPage | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="log-writer", daemon=True)
        self._thread.start()

    def write(self, page: LogPage) -> None:
        """Have the lines written soon."""
        self._pages.put(page)

    def close(self) -> None:
        """Write what has come, and nothing more."""
        self._pages.put(None)
        self._thread.join()

    def _work(self) -> None:
        while page := self._pages.get():
            self._put(page)

    def _put(self, page: LogPage) -> None:
        # In this process: a request per call would cost more than all else that the writer does.
        groups = self._logs.groups
        if page.group not in groups:
            self._logs.create_log_group(page.group, {})
        if page.stream not in groups[page.group].streams:
            self._logs.create_log_stream(page.group, page.stream)
        now_ms = int(unix_time_millis())
        events = [{"timestamp": now_ms, "message": line} for line in page.lines]
        self._logs.put_log_events(page.group, page.stream, events)
