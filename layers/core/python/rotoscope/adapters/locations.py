"""A clip's location as a seekable file: a path, or the address of this process's own range server. Both sets."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from rotoscope.adapters.ranges import RangeFile
from rotoscope.errors import MediaToolFailed

LOOPBACK = "http://127.0.0.1:"
BLOCK_BYTES = 1 << 20
PATIENCE_S = 120


@contextmanager
def opened(location: str) -> Iterator[tuple[BinaryIO, int]]:
    """(file, its size in bytes). Raises MediaToolFailed when the bytes do not come."""
    if location.startswith(LOOPBACK):
        size = _size(location)
        remote = RangeFile(lambda start, end: _fetched(location, start, end), size, BLOCK_BYTES)
        with io.BufferedReader(remote, 1 << 16) as file:
            yield file, size
    else:
        with Path(location).open("rb") as file:
            yield file, Path(location).stat().st_size


def _size(location: str) -> int:
    with _answer(location, "HEAD", {}) as response:
        if response.status == 200:
            return int(response.headers["Content-Length"])
    raise MediaToolFailed(f"The source could not be opened (HTTP {response.status})")


def _fetched(location: str, start: int, end: int) -> bytes:
    with _answer(location, "GET", {"Range": f"bytes={start}-{end - 1}"}) as response:
        body = response.read()
    if response.status != 206 or len(body) != end - start:
        raise MediaToolFailed(f"The source could not be read at byte {start} (HTTP {response.status})")
    return body


@contextmanager
def _answer(location: str, method: str, headers: dict[str, str]) -> Iterator[HTTPResponse]:
    """Without looking for a proxy, as urllib would."""
    parts = urlsplit(location)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_S)
    try:
        connection.request(method, parts.path, headers=headers)
        yield connection.getresponse()
    except (OSError, HTTPException) as problem:
        raise MediaToolFailed(f"The source could not be read: {problem}") from problem
    finally:
        connection.close()
