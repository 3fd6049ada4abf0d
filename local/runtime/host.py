"""Lambda on this machine: functions are put, published and invoked as in the account."""

import tempfile
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from local.meter import Meter
from local.policies import Credentials
from local.runtime.catalogue import Catalogue, Revision
from local.runtime.code_shelf import CodeShelf
from local.runtime.journal import Journal, LogReader
from local.runtime.pool import Pool
from local.runtime.spec import (
    EVENT_LIMIT_BYTES,
    PAYLOAD_LIMIT_BYTES,
    FunctionSpec,
    Invocation,
    RequestTooLarge,
    TooManyRequests,
)

PATIENCE_S = 50.0
"""How long a call waits for a free place: below the minute after which botocore gives up on an answer."""
RETRY_DELAYS_S = (1.0, 2.0)
"""Lambda tries an asynchronous event twice more, after one and two minutes; here a minute is a second."""


class FunctionHost:
    """Runs every function in processes of its own, at most `concurrency` at once over all of them.

    At most `environments` processes are kept, warm ones included. `work_dir` keeps unpacked code and logs; `log_reader`
    is given every call's lines. A `patience_s` of 0 refuses what finds no place at once, as an account does.
    """

    def __init__(
        self,
        work_dir: Path,
        endpoint_url: str,
        meter: Meter,
        credentials: Callable[[str], Credentials],
        concurrency: int = 4,
        *,
        environments: int = 12,
        patience_s: float = PATIENCE_S,
        log_reader: LogReader | None = None,
    ) -> None:
        work_dir.mkdir(parents=True, exist_ok=True)
        self._functions = Catalogue(CodeShelf(work_dir / "code"))
        self._journal = Journal(work_dir / "logs", log_reader)
        folder = Path(tempfile.mkdtemp(prefix="environments-", dir=work_dir))
        self._pool = Pool(
            folder, endpoint_url, credentials, self._functions.is_current, concurrency=concurrency, size=environments
        )
        self._meter = meter
        self._patience_s = patience_s
        self._closing = threading.Event()

    def put_function(self, spec: FunctionSpec) -> None:
        """Creates a function or replaces its $LATEST; published versions stay as they are."""
        self._functions.put(spec)
        self._pool.sweep()

    def publish_version(self, name: str) -> str:
        """Freezes $LATEST; the same number again when nothing changed since the last time."""
        return self._functions.publish(name)

    def remove_function(self, name: str, version: str | None = None) -> None:
        """Removes a function with its versions, or one version; calls at work are finished."""
        self._functions.remove(name, version)
        self._pool.sweep()

    def invoke(self, name: str, qualifier: str | None, payload: bytes, *, asynchronous: bool = False) -> Invocation:
        """Answers when the function has, or at once and empty-handed where it runs asynchronously.

        Raises FunctionNotFound, TooManyRequests, RequestTooLarge.
        """
        revision = self._functions.find(name, qualifier)
        limit = EVENT_LIMIT_BYTES if asynchronous else PAYLOAD_LIMIT_BYTES
        if len(payload) > limit:
            raise RequestTooLarge(
                f"{len(payload)} byte payload is too large for this kind of call (limit {limit} bytes)"
            )
        if not asynchronous:
            return self._run(revision, payload, self._patience_s)
        threading.Thread(target=self._deliver, args=(revision, payload), name=f"event-{name}", daemon=True).start()
        return Invocation(b"", None, "", revision.version, 0.0, 0, 0, str(uuid.uuid4()))

    def log_lines(self, name: str, count: int = 50) -> list[str]:
        """The newest lines of a function's log, oldest first."""
        return self._journal.last_lines(name, count)

    def close(self) -> None:
        """Ends every process at once; calls at work report a Runtime.ExitError."""
        self._closing.set()
        self._pool.close()

    def _run(self, revision: Revision, payload: bytes, patience_s: float | None) -> Invocation:
        with self._pool.environment(revision, patience_s) as environment:
            outcome = environment.run(payload)
        self._bill(revision.spec, outcome.billed_ms)
        return Invocation(
            payload=outcome.verdict.payload,
            function_error="Unhandled" if outcome.verdict.failed else None,
            log_tail=self._journal.write(revision, environment.log_stream, outcome),
            version=revision.version,
            duration_ms=outcome.duration_ms,
            billed_ms=outcome.billed_ms,
            max_memory_mb=outcome.max_memory_mb,
            request_id=outcome.request_id,
            init_ms=outcome.init_ms,
        )

    def _deliver(self, revision: Revision, payload: bytes) -> None:
        for delay_s in (0.0, *RETRY_DELAYS_S):
            # Only the closing host turns away an event that waits for as long as it takes.
            with suppress(TooManyRequests):
                if self._closing.wait(delay_s) or self._run(revision, payload, None).function_error is None:
                    return

    def _bill(self, spec: FunctionSpec, billed_ms: int) -> None:
        gb_s = billed_ms / 1000 * spec.memory_mb / 1024
        for item, amount in (("lambda_requests", 1.0), ("lambda_gb_s", gb_s)):
            self._meter.count(item, amount)
            self._meter.count(f"{item}:{spec.name}", amount)
