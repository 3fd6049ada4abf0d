"""The mail box: what SNS would have sent by e-mail."""

import json
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Mail:
    """One message published to a topic; `to` is empty when nobody subscribed to it by e-mail."""

    topic: str
    to: tuple[str, ...]
    subject: str
    text: str
    time: str


class Mailbox:
    """Keeps mails in the order of publishing."""

    def __init__(self) -> None:
        self._mails: list[Mail] = []
        self._lock = threading.Lock()

    def receive(self, topic: str, to: tuple[str, ...], subject: str, message: str, structure: str | None) -> None:
        """Keep a message as a subscriber by e-mail would read it."""
        mail = Mail(topic, to, subject, _email_text(message, structure), datetime.now(UTC).isoformat())
        with self._lock:
            self._mails.append(mail)

    def mails(self) -> list[Mail]:
        """All mails so far."""
        with self._lock:
            return list(self._mails)

    def as_json(self) -> list[dict[str, Any]]:
        """All mails so far, for `/_rotoscope/mails`."""
        return [asdict(mail) for mail in self.mails()]


def _email_text(message: str, structure: str | None) -> str:
    if structure != "json":
        return message
    texts = json.loads(message)
    return str(texts.get("email", texts["default"]))
