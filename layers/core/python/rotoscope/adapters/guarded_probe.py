"""The pipeline's Prober: looks at the first bytes, lets PyAV at the rest in a process of its own, checks limits."""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable
from dataclasses import astuple, replace
from typing import IO, Any, BinaryIO, Self

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from rotoscope import errors
from rotoscope.adapters import probing_child
from rotoscope.adapters.confinement import ending, limits
from rotoscope.adapters.probing_child import ANSWER, ASK, BLOCK_BYTES, GIVEN
from rotoscope.adapters.protection import is_protected
from rotoscope.adapters.sniffing import HEAD_BYTES, demuxer_of, sniffed
from rotoscope.bounds import refuse_heavy, refuse_impossible
from rotoscope.contracts import SourceVideo
from rotoscope.errors import JobError, MediaToolFailed, SourceUnread, UnreadableVideo

TIMEOUT_S = 600.0
"""For the whole of it, fetching the upload's bytes included: two thirds of what PlanJob may take."""
ANSWER_BYTES = 64 << 20
"""A million key frames take 12 MB."""
ERROR_BYTES = 1 << 16
"""The only file that the child may write to is that of its error lines."""
SENTENCE = 1_000

FAILS = "The video makes the program that reads it fail: it is damaged, or was made to do that."
TOO_SLOW = "Reading the video's structure takes too long: it is damaged, or was made to do that."
TWO_THINGS = "The file begins like one kind of file and goes on like another."
PROTECTED = "The video is protected against copying (DRM). Please upload one that is not."
SEND_AGAIN = "Please export or record it again and upload the new file."
_START = "import sys, runpy; sys.path[:], sys.argv[1:] = {!r}, {!r}; runpy.run_module({!r}, run_name='__main__')"

BytesAt = Callable[[int, int], bytes]
"""From an offset on, a count."""


class GuardedProber:
    """The Prober. `child` names the module that runs as the process, for tests that need a bad one."""

    def __init__(self, timeout_s: float = TIMEOUT_S, child: str = probing_child.__name__) -> None:
        self._timeout_s, self._child = timeout_s, child

    def probe(self, file: BinaryIO, size: int) -> SourceVideo:
        """Raises a JobError with what the uploader can do, and SourceUnread where the upload cannot be fetched."""
        refuse_heavy(size)

        def bytes_at(offset: int, count: int) -> bytes:
            return _fetched(file, offset, count)

        kind = sniffed(bytes_at(0, min(size, HEAD_BYTES)))
        if kind == "mov" and is_protected(bytes_at, size):
            raise UnreadableVideo(PROTECTED)
        with _Child(self._child, kind, size, self._timeout_s) as child:
            source = _source(child.answer(bytes_at))
        if (demuxer_of(source.container) or source.container) != kind:
            raise UnreadableVideo(f"{TWO_THINGS} {SEND_AGAIN}")
        refuse_impossible(source, size)
        return source


def _fetched(file: BinaryIO, offset: int, count: int) -> bytes:
    try:
        file.seek(offset)
        return file.read(count)
    except (OSError, BotoCoreError, ClientError) as problem:
        raise SourceUnread(f"The upload could not be read from its bucket: {problem}") from problem
    except KeyError as problem:
        raise JobError("The video is no longer in the inbox: it was deleted while it was looked at.") from problem


def _source(answer: dict[str, Any]) -> SourceVideo:
    """What the child found; raises what it refused the upload with. It is not trusted to answer in the right form."""
    if "error" in answer:
        raise errors.named(str(answer["error"]))(str(answer.get("says"))[:SENTENCE])
    try:
        return SourceVideo.model_validate(answer.get("source"))
    except ValidationError as problem:
        raise UnreadableVideo(f"{FAILS} {SEND_AGAIN}") from problem


class _Child:
    """The process and the two pipes to it."""

    def __init__(self, module: str, kind: str, size: int, timeout_s: float) -> None:
        self._deadline, self._heard = time.monotonic() + timeout_s, False
        bounds = replace(limits(timeout_s), file_bytes=ERROR_BYTES)
        arguments = [kind, str(size), *map(str, astuple(bounds))]
        path = [os.path.abspath(folder) for folder in sys.path]  # noqa: PTH100 - "" is the folder that we are in
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _START.format(path, arguments, module)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(),
            cwd="/",
        )
        self._end = weakref.finalize(self, _kill, self._process)
        assert self._process.stdin and self._process.stdout
        self._to, self._from = self._process.stdin, self._process.stdout
        os.set_blocking(self._to.fileno(), False)
        os.set_blocking(self._from.fileno(), False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self._from.close()
        os.set_blocking(self._to.fileno(), True)  # nothing is buffered in it: every write was the system's own
        self._to.close()
        self._errors.close()

    def answer(self, bytes_at: BytesAt) -> dict[str, Any]:
        """Hands over bytes until the child knows. Raises UnreadableVideo when it dies over them or never ends."""
        while True:
            offset, count = ASK.unpack(self._read(ASK.size))
            self._heard = True
            if offset == ANSWER:
                return self._parsed(self._read(min(count, ANSWER_BYTES)))
            block = bytes_at(offset, min(count, BLOCK_BYTES))
            self._write(GIVEN.pack(len(block)) + block)

    def _parsed(self, text: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(text)
        except ValueError as problem:
            raise UnreadableVideo(f"{FAILS} {SEND_AGAIN}") from problem
        return answer if isinstance(answer, dict) else {}

    def _read(self, count: int) -> bytes:
        found = bytearray()
        while len(found) < count:
            self._wait(self._from, selectors.EVENT_READ)
            more = os.read(self._from.fileno(), count - len(found))
            if not more:
                raise self._ended()
            found += more
        return bytes(found)

    def _write(self, block: bytes) -> None:
        rest = memoryview(block)
        while rest:
            self._wait(self._to, selectors.EVENT_WRITE)
            try:
                rest = rest[os.write(self._to.fileno(), rest) :]
            except BrokenPipeError:
                raise self._ended() from None

    def _wait(self, pipe: IO[bytes], event: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, event)
            if not selector.select(timeout=max(0.0, self._deadline - time.monotonic())):
                raise self._refusal(TOO_SLOW)

    def _ended(self) -> errors.RotoscopeError:
        """Why there is nobody to talk to."""
        try:
            code = self._process.wait(timeout=max(1.0, self._deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return self._refusal(TOO_SLOW)
        if not self._heard:
            return MediaToolFailed(
                f"The program that reads videos {ending(code)} before it began.\n{self._last_words()}"
            )
        return self._refusal(TOO_SLOW if code == -signal.SIGXCPU else FAILS)

    def _refusal(self, says: str) -> UnreadableVideo:
        """For the uploader a sentence; for the operator, as its cause, how the process ended."""
        self._end()
        refusal = UnreadableVideo(f"{says} {SEND_AGAIN}")
        refusal.__cause__ = MediaToolFailed(f"The child {ending(self._process.returncode)}.\n{self._last_words()}")
        return refusal

    def _last_words(self) -> str:
        self._errors.seek(0)
        return self._errors.read(ERROR_BYTES).decode(errors="replace").strip()


def _environment() -> dict[str, str]:
    """No credentials, no addresses; only where Lambda keeps Python's own library."""
    libraries = os.environ.get("LD_LIBRARY_PATH")
    return {"LC_ALL": "C.UTF-8", **({"LD_LIBRARY_PATH": libraries} if libraries else {})}


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
