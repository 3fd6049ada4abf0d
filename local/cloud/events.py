"""EventBridge's default bus: finds the rules that an event matches and delivers it to their targets."""

import json
import threading
import uuid
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from moto.events.models import Rule, events_backends

from local.cloud.delivery import Delivery, Undelivered
from local.meter import Meter

_RETRY_DELAYS_S = (0.5, 1.0, 2.0)


def event(
    detail_type: str, source: str, detail: Mapping[str, Any], *, account: str, region: str, resources: list[str]
) -> dict[str, Any]:
    """An event's envelope around its detail."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": resources,
        "detail": dict(detail),
    }


@dataclass(frozen=True)
class EventBus:
    """Delivers in the background, each target by itself."""

    delivery: Delivery
    meter: Meter
    workers: ThreadPoolExecutor
    held: threading.local = field(default_factory=threading.local)
    closing: threading.Event = field(default_factory=threading.Event)

    def hold(self, message: Mapping[str, Any]) -> None:
        """Keep an event until the request that caused it, in this thread, has been answered."""
        self._held().append(message)

    def release(self) -> None:
        """Publish the events that this thread's request has caused."""
        held = self._held()
        while held:
            self.publish(held.pop(0))

    def _held(self) -> list[Mapping[str, Any]]:
        messages: list[Mapping[str, Any]] = self.held.__dict__.setdefault("messages", [])
        return messages

    def publish(self, message: Mapping[str, Any]) -> None:
        """Deliver an event of an AWS service to every rule that matches."""
        self.meter.count("events_aws")
        backend = events_backends[message["account"]][message["region"]]
        for rule in list(backend.event_buses["default"].rules.values()):
            self.offer(rule, message)

    def offer(self, rule: Any, message: Mapping[str, Any]) -> None:
        """Deliver an event to a rule's targets, if it is on and matches."""
        if not self.closing.is_set() and rule.state == "ENABLED" and rule.event_pattern.matches_event(message):
            for target in list(rule.targets):
                self.workers.submit(self._deliver, rule, dict(target), message).add_done_callback(_surface)

    def close(self) -> None:
        """Stop delivering; what is published from now on is lost."""
        self.closing.set()
        self.workers.shutdown(wait=False, cancel_futures=True)

    def _deliver(self, rule: Rule, target: dict[str, Any], message: Mapping[str, Any]) -> None:
        attempts = min(int(target.get("RetryPolicy", {}).get("MaximumRetryAttempts", 3)), len(_RETRY_DELAYS_S))
        for delay_s in (*_RETRY_DELAYS_S[:attempts], None):
            try:
                self.delivery.send(rule.arn, target, message)
                return
            except (ClientError, BotoCoreError, Undelivered) as error:
                if delay_s is None or not _temporary(error):
                    self._give_up(rule, target, message, error)
                    return
                self.closing.wait(delay_s)

    def _give_up(self, rule: Rule, target: dict[str, Any], message: Mapping[str, Any], error: Exception) -> None:
        queue = target.get("DeadLetterConfig", {}).get("Arn")
        if queue:
            self.delivery.bury(queue, rule.arn, target["Arn"], json.dumps(message), error)


def _temporary(error: Exception) -> bool:
    if isinstance(error, ClientError):
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return bool(status >= 500 or status == 429)
    return isinstance(error, BotoCoreError)


def _surface(future: Future[None]) -> None:
    if not future.cancelled() and (error := future.exception()):
        raise error
