"""The ledger: one DynamoDB table seen as Claims, Pacer and Purse. Every write is one conditional, atomic update.

Items: pk `job#<id>`, sk `claim` | `stopped` | `spend`; pk `day#<date>`, sk `spend`; pk `pace#<lane>`, sk `slot`.
`expires_at` lets DynamoDB remove them (TTL).
"""

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from rotoscope.adapters.clients import client
from rotoscope.contracts import Job
from rotoscope.errors import BudgetExceeded, Unaffordable
from rotoscope.ports import Booking, Claim, Clock, Tally

KEPT_S = 90 * 24 * 3600
SLOW_MS = 60_000
_LOST = "ConditionalCheckFailedException"


class _Table:
    """Short forms of the two calls that all views make."""

    def __init__(self, table: str, clock: Clock = time.time) -> None:
        self._table, self._clock = table, clock
        self._dynamodb, self._dynamodb_once = client("dynamodb"), client("dynamodb", once=True)

    def _get(self, pk: str, sk: str) -> dict[str, Any]:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        item: dict[str, Any] = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get(
            "Item", {}
        )
        return {name: _plain(value) for name, value in item.items()}

    def _update(
        self,
        pk: str,
        sk: str,
        change: str,
        values: dict[str, str | int],
        condition: str | None = None,
        *,
        once: bool = False,
    ) -> dict[str, Any] | None:
        """The item after `SET ...` or `ADD ...` or `REMOVE ...`; None when the condition did not hold.

        `once` leaves out botocore's repetitions, for a change that a lost answer must not double.
        """
        expiry = "SET expires_at = :expires_at"
        change = f"{expiry}, {change.removeprefix('SET ')}" if change.startswith("SET ") else f"{expiry} {change}"
        values = {**values, "expires_at": int(self._clock()) + KEPT_S}
        try:
            answer = (self._dynamodb_once if once else self._dynamodb).update_item(
                TableName=self._table,
                Key={"pk": {"S": pk}, "sk": {"S": sk}},
                UpdateExpression=change,
                ExpressionAttributeValues={f":{name}": _typed(value) for name, value in values.items()},
                ReturnValues="ALL_NEW",
                **({"ConditionExpression": condition} if condition else {}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == _LOST:
                return None
            raise
        return {name: _plain(value) for name, value in answer["Attributes"].items()}


class LedgerTable(_Table):
    """Claims."""

    def claim(self, job: Job, execution: str, *, take_over: bool = False) -> bool:
        mine = "attribute_not_exists(execution) OR execution = :execution"
        won = self._update(
            f"job#{job.id}",
            "claim",
            "SET execution = :execution, job = :job, phase = :phase, since = :since",
            {"execution": execution, "job": job.model_dump_json(), "phase": "running", "since": int(self._clock())},
            f"{mine} OR phase <> :phase" if take_over else mine,
        )
        if won and take_over:
            self._update(f"job#{job.id}", "stopped", "REMOVE reason, error_name", {})
        return won is not None

    def claimed(self, job: str) -> Claim | None:
        item = self._get(f"job#{job}", "claim")
        return Claim(Job.model_validate_json(item["job"]), item["execution"], item["phase"]) if item else None

    def stop(self, job: str, reason: str, error: str) -> None:
        """The first reason stays: later errors follow from it."""
        self._update(
            f"job#{job}",
            "stopped",
            "SET reason = :reason, error_name = :error",
            {"reason": reason, "error": error},
            "attribute_not_exists(reason)",
        )

    def stopped(self, job: str) -> tuple[str, str] | None:
        item = self._get(f"job#{job}", "stopped")
        return (item["error_name"], item["reason"]) if "reason" in item else None

    def finish(self, job: str, status: str) -> None:
        self._update(f"job#{job}", "claim", "SET phase = :status", {"status": status})


class LedgerPace(_Table):
    """Pacer by the generic cell rate algorithm: `slot` is the next free moment of a lane, in ms."""

    def reserve(self, lane: str, requests_per_minute: float) -> int:
        now = round(self._clock() * 1000)
        item = self._get(f"pace#{lane}", "slot")
        slowed = item.get("slowed_until", 0) > now
        gap = round(60_000 / requests_per_minute * (2 if slowed else 1))
        queued = self._update(f"pace#{lane}", "slot", "SET slot = slot + :gap", {"gap": gap, "now": now}, "slot > :now")
        if queued:
            return int(queued["slot"]) - gap
        fresh = "attribute_not_exists(slot) OR slot <= :now"
        free = self._update(f"pace#{lane}", "slot", "SET slot = :next", {"next": now + gap, "now": now}, fresh)
        return now if free else self.reserve(lane, requests_per_minute)

    def slow(self, lane: str) -> None:
        self._update(
            f"pace#{lane}", "slot", "SET slowed_until = :until", {"until": round(self._clock() * 1000) + SLOW_MS}
        )


class LedgerPurse(_Table):
    """Purse: a job's and a day's money and calls are counters that refuse to pass their limit."""

    def spend(
        self, job: str, usd_micros: int, *, job_limit: int, day_limit: int, call_limit: int | None = None
    ) -> Booking:
        booking = Booking(job, usd_micros, f"{datetime.fromtimestamp(self._clock(), UTC):%Y-%m-%d}")
        if not self._book(f"job#{job}", usd_micros, job_limit, call_limit):
            raise Unaffordable(self._why(job, job_limit, call_limit))
        if usd_micros and not self._book(f"day#{booking.day}", usd_micros, day_limit):
            self._undo(f"job#{job}", usd_micros)
            raise BudgetExceeded(
                f"The stack's limit of ${day_limit / 1e6:.2f} a day is reached. Resume the job tomorrow (UTC)."
            )
        return booking

    def _book(self, pk: str, usd_micros: int, limit: int, call_limit: int | None = None) -> bool:
        """One write for both limits, so that nothing can come between looking and booking."""
        if usd_micros > max(limit, 0):
            return False
        values, conditions = {"price": usd_micros, "one": 1}, []
        if usd_micros:
            values["room"] = limit - usd_micros
            conditions.append("(attribute_not_exists(usd_micros) OR usd_micros <= :room)")
        if call_limit is not None:
            values["most"] = call_limit
            conditions.append("(attribute_not_exists(booked) OR booked < :most)")
        change = "ADD usd_micros :price, booked :one"
        return self._update(pk, "spend", change, {**values}, " AND ".join(conditions) or None) is not None

    def _why(self, job: str, job_limit: int, call_limit: int | None) -> str:
        """Which limit stands in the way, for a sentence only."""
        full = call_limit is not None and self._get(f"job#{job}", "spend").get("booked", 0) >= call_limit
        limit = f"limits.max_calls ({call_limit})" if full else f"limits.max_cost_usd (${job_limit / 1e6:.2f})"
        return f"The next call would pass {limit}. Raise it and resume the job."

    def give_back(self, booking: Booking) -> None:
        self._undo(f"job#{booking.job}", booking.usd_micros)
        if booking.usd_micros:
            self._undo(f"day#{booking.day}", booking.usd_micros)

    def _undo(self, pk: str, usd_micros: int) -> None:
        # Sent once: a repetition after a lost answer would give back twice and let the job pass its limit. Where it
        # fails the call stays booked, which errs on the careful side and is no reason to lose the frame.
        with suppress(ClientError, BotoCoreError):
            change, values = "ADD usd_micros :price, booked :one", {"price": -usd_micros, "one": -1}
            self._update(pk, "spend", change, {**values}, once=True)

    def count(self, job: str, **counts: int) -> None:
        changed: dict[str, str | int] = {name: number for name, number in counts.items() if number}
        if changed:
            self._update(f"job#{job}", "spend", "ADD " + ", ".join(f"{name} :{name}" for name in changed), changed)

    def tally(self, job: str) -> Tally:
        item = self._get(f"job#{job}", "spend")
        return Tally(**{name: int(item.get(name, 0)) for name in Tally.__dataclass_fields__})


def _typed(value: str | int) -> dict[str, str]:
    return {"S": value} if isinstance(value, str) else {"N": str(value)}


def _plain(value: dict[str, Any]) -> str | int:
    return int(value["N"]) if "N" in value else str(value["S"])
