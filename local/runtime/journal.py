"""The functions' logs, one file each, in the words of Lambda's own; whoever wants them gets them page by page too."""

import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from local.runtime.catalogue import Revision
from local.runtime.environment import Outcome

TAIL_BYTES = 4096
"""How much of a log an Invoke with LogType=Tail brings back."""


@dataclass(frozen=True)
class LogPage:
    """The lines of one call, and the CloudWatch log group and stream that they belong to."""

    group: str
    stream: str
    lines: Sequence[str]


LogReader = Callable[[LogPage], None]


class Journal:
    """Call after call, never mixed: each is written as a whole when it has ended. `reader` must not take its time."""

    def __init__(self, folder: Path, reader: LogReader | None = None) -> None:
        self._folder = folder
        self._reader = reader
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, revision: Revision, stream: str, outcome: Outcome) -> str:
        """Appends one call; gives back its last 4 KB."""
        lines = _lines(revision, outcome)
        if self._reader:
            self._reader(LogPage(revision.spec.logs_to(), stream, lines))
        text = "".join(f"{line}\n" for line in lines)
        with self._lock, self._path(revision.spec.name).open("a", encoding="utf-8") as log:
            log.write(text)
        return text.encode()[-TAIL_BYTES:].decode(errors="ignore")

    def last_lines(self, function: str, count: int) -> list[str]:
        """The newest lines of a function's log, oldest first; none before its first call."""
        path = self._path(function)
        if not path.exists():
            return []
        with path.open(encoding="utf-8") as log:
            return [line.rstrip("\n") for line in deque(log, maxlen=count)]

    def _path(self, function: str) -> Path:
        return self._folder / f"{function}.log"


def _lines(revision: Revision, outcome: Outcome) -> list[str]:
    request = f"RequestId: {outcome.request_id}"
    lines = [f"START {request} Version: {revision.version}", *outcome.output.splitlines()]
    if outcome.init_ms:
        lines.insert(0, f"INIT_START Runtime Version: {_runtime()}")
    if outcome.verdict.status == "Status: timeout":
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        lines.append(f"{now} {outcome.request_id} Task timed out after {revision.spec.timeout_s:.2f} seconds")
    return [*lines, f"END {request}", "\t".join(_report(revision, outcome))]


def _report(revision: Revision, outcome: Outcome) -> list[str]:
    facts = [
        f"REPORT RequestId: {outcome.request_id}",
        f"Duration: {outcome.duration_ms:.2f} ms",
        f"Billed Duration: {outcome.billed_ms} ms",
        f"Memory Size: {revision.spec.memory_mb} MB",
        f"Max Memory Used: {outcome.max_memory_mb} MB",
    ]
    if outcome.init_ms:
        facts.append(f"Init Duration: {outcome.init_ms:.2f} ms")
    return [*facts, *filter(None, [outcome.verdict.status])]


def _runtime() -> str:
    return f"awslambdaric {version('awslambdaric')} on Python {'.'.join(map(str, sys.version_info[:3]))}"
