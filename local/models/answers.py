"""Requests as the stand-ins see them, and what they send back: an HTTP answer or an error under AWS's name."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

SIGNED_FOR = re.compile(r"Credential=[^/]+/\d{8}/(?P<region>[a-z0-9-]+)/")


@dataclass(frozen=True)
class ModelAnswer:
    """One HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Request:
    """One HTTP request: path decoded, without its query; header names in lower case; the Region it was signed for."""

    service: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    region: str

    @property
    def target(self) -> str:
        """The operation's name in the protocols that put it into `X-Amz-Target`, else empty."""
        return self.headers.get("x-amz-target", "").rpartition(".")[2]

    def document(self) -> dict[str, Any]:
        """The body of a JSON-protocol call; raises Refusal where it is not an object."""
        try:
            document = json.loads(self.body or b"{}")
        except ValueError as error:
            raise Refusal(400, "SerializationException", str(error)) from error
        if not isinstance(document, dict):
            raise Refusal(400, "SerializationException", "Expected a JSON object.")
        return document


@dataclass
class Refusal(Exception):
    """An error answer; `members` stand in its body next to the message."""

    status: int
    code: str
    message: str
    members: dict[str, Any] = field(default_factory=dict)

    def answer(self) -> ModelAnswer:
        """The error in the form that every AWS protocol of JSON understands."""
        document = {"__type": self.code, "message": self.message, **self.members}
        return json_answer(document, self.status, {"x-amzn-errortype": self.code})


def json_answer(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> ModelAnswer:
    """A JSON answer with a request id."""
    named = {"content-type": "application/json", "x-amzn-requestid": str(uuid.uuid4()), **(headers or {})}
    return ModelAnswer(status, named, json.dumps(document).encode())


def parsed(service: str, method: str, path: str, headers: Mapping[str, str], body: bytes, region: str) -> Request:
    """The request with its parts apart; `region` counts where the signature names none."""
    lowered = {name.lower(): value for name, value in headers.items()}
    signed = SIGNED_FOR.search(lowered.get("authorization", ""))
    bare, _, query = path.partition("?")
    where = signed["region"] if signed else region
    return Request(service, method.upper(), unquote(bare), dict(parse_qsl(query)), lowered, body, where)
