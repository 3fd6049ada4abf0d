"""A stored object as a seekable file and as a loopback URL, fetched in bounded blocks and kept in a small cache."""

import io
import re
import secrets
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from rotoscope.contracts import SourceVideo
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import Clip

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Fetch = Callable[[int, int], bytes]
"""Bytes [start, end) of one object."""

BLOCK_BYTES = 4 << 20
BLOCKS_KEPT = 6
SMALL_BLOCK_BYTES = 256 << 10
BLOCKS_AHEAD = 8
"""For who may read here and there or all of it: an index then takes few bytes, and a whole file few requests."""

HANG_UPS = (BrokenPipeError, ConnectionResetError)


class Blocks:
    """One object's bytes, block by block, the latest ones kept. Threads may share it.

    Each block that follows the one before it doubles how many are fetched at once, up to `ahead`.
    """

    def __init__(self, fetch: Fetch, size: int, block_bytes: int = BLOCK_BYTES, ahead: int = 1) -> None:
        self.size = size
        self._fetch = fetch
        self._block_bytes, self._ahead = block_bytes, ahead
        self._next, self._at_once = -1, 1
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def from_offset(self, offset: int) -> bytes:
        """What one block holds from an offset on; empty at the end."""
        if offset >= self.size:
            return b""
        number, skip = divmod(offset, self._block_bytes)
        return self._block(number)[skip:]

    def _block(self, number: int) -> bytes:
        with self._lock:
            if number not in self._kept:
                self._fetch_from(number)
            self._kept.move_to_end(number)
            return self._kept[number]

    def _fetch_from(self, number: int) -> None:
        self._at_once = min(2 * self._at_once, self._ahead) if number == self._next else 1
        self._next = number + self._at_once
        start, block = number * self._block_bytes, self._block_bytes
        body = self._fetch(start, min(start + self._at_once * block, self.size))
        for offset in range(0, max(1, len(body)), block):
            self._kept[number + offset // block] = body[offset : offset + block]
        while len(self._kept) > BLOCKS_KEPT * self._ahead:
            self._kept.popitem(last=False)


class RangeFile(io.RawIOBase):
    """A stored object as a read-only file, for PyAV."""

    def __init__(self, fetch: Fetch, size: int, block_bytes: int = BLOCK_BYTES, ahead: int = 1) -> None:
        self._blocks = Blocks(fetch, size, block_bytes, ahead)
        self._offset = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves to an offset, which may lie past the end."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._offset, io.SEEK_END: self._blocks.size}[whence]
        if base + offset < 0:
            raise ValueError("a file has no bytes before its beginning")
        self._offset = base + offset
        return self._offset

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Reads from one block at most, so fewer bytes than asked for do not mean the end."""
        target = memoryview(buffer).cast("B")
        found = self._blocks.from_offset(self._offset)[: len(target)]
        target[: len(found)] = found
        self._offset += len(found)
        return len(found)


class RangeServer(ThreadingHTTPServer):
    """Serves exactly one object to this machine, under a path that cannot be guessed."""

    daemon_threads = True

    def __init__(self, fetch: Fetch, size: int, block_bytes: int = BLOCK_BYTES) -> None:
        self.blocks = Blocks(fetch, size, block_bytes)
        self.path = f"/{secrets.token_urlsafe(24)}"
        self.closing = False
        self.failure: BaseException | None = None
        super().__init__(("127.0.0.1", 0), _RangeHandler)

    @property
    def url(self) -> str:
        """Where FFmpeg finds the object; a number, because the static build crashes on host names."""
        return f"http://127.0.0.1:{self.server_port}{self.path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Remembers why bytes could not be fetched: FFmpeg only sees a stream that ends, and may call that success."""
        problem = sys.exc_info()[1]
        if not isinstance(problem, HANG_UPS):
            self.failure = problem


class _RangeHandler(BaseHTTPRequestHandler):
    server: RangeServer

    def do_HEAD(self) -> None:
        self._begin()

    def do_GET(self) -> None:
        span = self._begin()
        offset = span.start
        while offset < span.stop and not self.server.closing:
            block = self.server.blocks.from_offset(offset)[: span.stop - offset]
            try:
                self.wfile.write(block)
            except HANG_UPS:  # FFmpeg has what it needs
                self.close_connection = True
                return
            offset += len(block)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: every seek is a request."""

    def _begin(self) -> range:
        """Sends status and headers; returns the bytes to send."""
        size = self.server.blocks.size
        asked = self.headers.get("Range")
        span = byte_range(asked, size)
        if not secrets.compare_digest(self.path, self.server.path):
            return self._refuse(404)
        if not span:
            return self._refuse(416)
        self.send_response(206 if asked else 200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(span)))
        if asked:
            self.send_header("Content-Range", f"bytes {span.start}-{span.stop - 1}/{size}")
        self.end_headers()
        return span

    def _refuse(self, status: int) -> range:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()
        return range(0)


def byte_range(header: str | None, size: int) -> range:
    """What a Range header asks of `size` bytes; empty when it cannot be met."""
    if header is None:
        return range(size)
    match = re.fullmatch(r"bytes=(\d+)-(\d*)", header)
    if not match:
        return range(0)
    last = int(match[2]) if match[2] else size - 1
    return range(int(match[1]), min(last + 1, size))


@contextmanager
def open_clip(fetch: Fetch, size: int, source: SourceVideo, block_bytes: int = BLOCK_BYTES) -> Iterator[Clip]:
    """Lends FFmpeg a stored object for a while; raises MediaToolFailed when its bytes could not all be fetched."""
    with RangeServer(fetch, size, block_bytes) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield Clip(server.url, source)
        finally:
            server.closing = True
            server.shutdown()
            thread.join()
        if server.failure:
            raise MediaToolFailed(f"The source could not be read: {server.failure}") from server.failure
