"""The Lambda runtime API (2018-06-01) on loopback: how awslambdaric asks for events and hands back answers.

One environment, one port, as in Lambda itself; nothing but the port tells environments apart.
"""

import re
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from queue import SimpleQueue
from socketserver import ThreadingTCPServer
from threading import Thread
from typing import Literal

_NEXT = "/2018-06-01/runtime/invocation/next"
_POSTS = re.compile(r"/2018-06-01/runtime/(?:(?P<init>init/error)|invocation/(?P<id>[^/]+)/(?P<kind>response|error))")


@dataclass(frozen=True)
class Event:
    """What `next` hands to the runtime. `deadline_ms` is since the epoch."""

    request_id: str
    payload: bytes
    deadline_ms: int
    function_arn: str
    trace_id: str

    def headers(self) -> dict[str, str]:
        """As Lambda names them."""
        return {
            "Lambda-Runtime-Aws-Request-Id": self.request_id,
            "Lambda-Runtime-Deadline-Ms": str(self.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": self.function_arn,
            "Lambda-Runtime-Trace-Id": self.trace_id,
        }


@dataclass(frozen=True)
class News:
    """What the runtime said. "ready": it wants an event; after the first time the environment is warm."""

    kind: Literal["ready", "response", "error", "init_error"]
    body: bytes = b""


class RuntimeApi:
    """Serves one environment: events go in through `hand_over`, all that the runtime says comes out of `news`."""

    def __init__(self) -> None:
        self.news: SimpleQueue[News] = SimpleQueue()
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._in_work = ""
        self._server = _Server(self)
        self._closed = False
        Thread(target=self._serve, name="lambda-runtime-api", daemon=True).start()

    @property
    def address(self) -> str:
        """For AWS_LAMBDA_RUNTIME_API."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def hand_over(self, event: Event) -> None:
        """Gives the runtime its next event; there must be none in work."""
        self._in_work = event.request_id
        self._events.put(event)

    def next_event(self) -> Event | None:
        """Blocks until there is one; None when the API closes."""
        self.news.put(News("ready"))
        return self._events.get()

    def accept(self, path: str, body: bytes) -> HTTPStatus:
        """Takes what the runtime posts."""
        post = _POSTS.fullmatch(path)
        if post is None:
            return HTTPStatus.NOT_FOUND
        if post["init"]:
            self.news.put(News("init_error", body))
        elif post["id"] != self._in_work:
            return HTTPStatus.BAD_REQUEST
        else:
            self._in_work = ""
            self.news.put(News("response" if post["kind"] == "response" else "error", body))
        return HTTPStatus.ACCEPTED

    def close(self) -> None:
        """Ends the runtime's wait for an event, and the server."""
        self._closed = True
        self._events.put(None)
        # The server sits in select(): a connection of our own wakes it, where polling would cost every environment.
        with suppress(ConnectionError, TimeoutError):
            socket.create_connection(("127.0.0.1", self._server.server_address[1]), timeout=1).close()

    def _serve(self) -> None:
        while not self._closed:
            self._server.handle_request()
        self._server.server_close()


class _Server(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, api: RuntimeApi) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.api = api

    def handle_error(self, request: object, client_address: object) -> None:
        """A runtime that was killed in mid-sentence is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are separate writes; Nagle's algorithm would hold the second back by 40 ms.
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        event = self.server.api.next_event() if self.path == _NEXT else None
        if event is None:
            self.close_connection = True
            return
        self._answer(HTTPStatus.OK, event.payload, event.headers())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(self.server.api.accept(self.path, body), b'{"status":"OK"}', {})

    def _answer(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the function's log is elsewhere."""
