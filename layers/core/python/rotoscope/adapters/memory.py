"""Fakes of the ports, shipped: the stages' unit tests run on them, and the contract tests hold them to the real ones'
promises (tests/integration/test_adapter_contracts.py)."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rotoscope.contracts import Job, Mail
from rotoscope.errors import BudgetExceeded, Unaffordable
from rotoscope.ports import Booking, Claim, Clock, Ending, ModelReply, Tally, UploadFacts


class MemoryStore:
    """A BlobStore that is a dictionary."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def read(self, key: str) -> bytes:
        return self.objects[key]

    def write(self, key: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        self.objects[key] = body

    def upload(self, key: str, path: Path, content_type: str) -> None:
        self.objects[key] = path.read_bytes()

    def download(self, key: str, path: Path) -> None:
        path.write_bytes(self.objects[key])

    def exists(self, key: str) -> bool:
        return key in self.objects

    def list(self, prefix: str) -> Iterator[str]:
        return iter(sorted(key for key in self.objects if key.startswith(prefix)))


class MemoryInbox:
    """An Inbox without versions."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.metadata: dict[str, dict[str, str]] = {}

    def put(self, key: str, body: bytes, **metadata: str) -> None:
        """What a user's upload does."""
        self.objects[key], self.metadata[key] = body, metadata

    def facts(self, key: str, version_id: str | None) -> UploadFacts:
        return UploadFacts(len(self.objects[key]), self.metadata[key])

    def read(self, key: str, version_id: str | None = None) -> bytes:
        return self.objects[key]

    def read_range(self, key: str, version_id: str | None, start: int, end: int) -> bytes:
        return self.objects[key][start:end]

    def folder(self, prefix: str) -> Iterator[str]:
        under = (key for key in self.objects if key.startswith(prefix))
        return iter(sorted(key for key in under if "/" not in key.removeprefix(prefix)))


class MemoryClaims:
    """Claims in a dictionary."""

    def __init__(self) -> None:
        self._claims: dict[str, Claim] = {}
        self._stopped: dict[str, tuple[str, str]] = {}

    def claim(self, job: Job, execution: str, *, take_over: bool = False) -> bool:
        held = self._claims.get(job.id)
        if held and held.execution != execution and not (take_over and held.status != "running"):
            return False
        self._claims[job.id] = Claim(job, execution, "running")
        if take_over:
            self._stopped.pop(job.id, None)
        return True

    def claimed(self, job: str) -> Claim | None:
        return self._claims.get(job)

    def stop(self, job: str, reason: str, error: str) -> None:
        self._stopped.setdefault(job, (error, reason))

    def stopped(self, job: str) -> tuple[str, str] | None:
        return self._stopped.get(job)

    def finish(self, job: str, status: str) -> None:
        held = self._claims[job]
        self._claims[job] = Claim(held.job, held.execution, status)


class MemoryPacer:
    """A Pacer in a dictionary."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next: dict[str, int] = {}
        self._slowed: dict[str, int] = {}

    def reserve(self, lane: str, requests_per_minute: float) -> int:
        now = round(self._clock() * 1000)
        gap = round(60_000 / requests_per_minute * (2 if self._slowed.get(lane, 0) > now else 1))
        slot = max(now, self._next.get(lane, 0))
        self._next[lane] = slot + gap
        return slot

    def slow(self, lane: str) -> None:
        self._slowed[lane] = round(self._clock() * 1000) + 60_000


class MemoryPurse:
    """A Purse in a dictionary; every day is the same day."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._booked: dict[str, int] = defaultdict(int)
        self._day = 0

    def spend(
        self, job: str, usd_micros: int, *, job_limit: int, day_limit: int, call_limit: int | None = None
    ) -> Booking:
        if usd_micros and self._counts[job]["usd_micros"] + usd_micros > job_limit:
            raise Unaffordable("The next call would pass limits.max_cost_usd.")
        if call_limit is not None and self._booked[job] >= call_limit:
            raise Unaffordable("The next call would pass limits.max_calls.")
        if usd_micros and self._day + usd_micros > day_limit:
            raise BudgetExceeded("The stack's limit of a day is reached.")
        self._add(job, usd_micros, 1)
        return Booking(job, usd_micros, "today")

    def give_back(self, booking: Booking) -> None:
        self._add(booking.job, -booking.usd_micros, -1)

    def _add(self, job: str, usd_micros: int, calls: int) -> None:
        self._counts[job]["usd_micros"] += usd_micros
        self._booked[job] += calls
        self._day += usd_micros

    def count(self, job: str, **counts: int) -> None:
        for name, number in counts.items():
            self._counts[job][name] += number

    def tally(self, job: str) -> Tally:
        return Tally(**self._counts[job])


@dataclass
class ScriptedRuntime:
    """A ModelRuntime that answers as a function of the request says, and remembers what it was asked."""

    answer: Callable[[str, bytes], ModelReply]
    asked: list[tuple[str, bytes]] = field(default_factory=list)

    def invoke(self, target: str, body: bytes) -> ModelReply:
        self.asked.append((target, body))
        return self.answer(target, body)


class OpenCatalog:
    """A ModelCatalog of an account that may call everything at AWS's default pace."""

    def require_callable(self, model_id: str) -> None:
        return

    def requests_per_minute(self, quota_name: str) -> float | None:
        return None

    def require_endpoint(self, name: str) -> None:
        return


@dataclass
class MailBox:
    """A Notifier that keeps what it was given."""

    mails: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        self.mails.append(mail)


@dataclass
class Endings:
    """Executions that all ended the same way."""

    error: str = ""
    cause: str = ""
    alive: set[str] = field(default_factory=set)

    def ending(self, execution: str) -> Ending:
        return Ending(self.error, self.cause)

    def running(self, execution: str) -> bool:
        return execution in self.alive
