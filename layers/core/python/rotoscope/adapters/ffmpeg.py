"""Runs the static FFmpeg 7.0.2: fed and drained without deadlock, bounded in time and memory, its last words kept."""

import fcntl
import os
import select
import subprocess
import tempfile
import time
import weakref
from collections.abc import Iterator, Sequence
from typing import IO, Self

from imageio_ffmpeg import get_ffmpeg_exe

from rotoscope.adapters.confinement import confine, ending, limits
from rotoscope.adapters.decode_log import TRACING, told
from rotoscope.adapters.sniffing import DEMUXERS, TIMED_AS_SEEN, demuxer_of
from rotoscope.errors import MediaToolFailed
from rotoscope.sizes import LARGEST

LAST_WORDS = 1_500
TRACED_WORDS = 100 * LAST_WORDS
"""Bytes of a trace in which those may be found."""
PIPE_BYTES = 1 << 20
LARGE = 2560 * 1440
"""Pixels. Of larger pictures FFmpeg holds as few as it can, in as few threads: they have to fit a function's memory."""
TIMEOUT_S = 540.0
"""Less than any function has that decodes, so that FFmpeg's own end comes first and can be explained."""

MAX_PIXELS = 2 * LARGEST
"""Of one picture, for the decoders: what is refused by its size, and room for padding."""

QUIET = ("-v", "error", "-nostdin", "-y", "-max_pixels", str(MAX_PIXELS))
"""What every command begins with: nothing here waits for a terminal. The last one is of the first input."""

FORMATS = ",".join(DEMUXERS)
"""Containers that a clip may be in. No playlist format is among them: those open other files."""


def binary() -> str:
    """Path of FFmpeg: what `ROTOSCOPE_FFMPEG` says, or the imageio-ffmpeg package's."""
    return os.environ.get("ROTOSCOPE_FFMPEG") or get_ffmpeg_exe()


def environment() -> dict[str, str]:
    """All that FFmpeg gets to see: no proxy, no credentials, and no gconv modules, which crash the static build."""
    return {"GCONV_PATH": "/nonexistent", "LC_ALL": "C"}


def input_url(location: str) -> str:
    """Local paths become `file:` URLs, so that no file name is taken for an option or a protocol."""
    return location if location.startswith("http://") else f"file:{location}"


def input_guards(location: str, container: str | None = None) -> dict[str, str]:
    """Input options that keep a crafted file from reading anything but itself.

    With a container (SourceVideo.container) FFmpeg gets that demuxer and guesses nothing.
    """
    protocols = "http,tcp" if location.startswith("http://") else "file"
    demuxer = demuxer_of(container) if container else None
    if demuxer is None:
        return {"protocol_whitelist": protocols, "format_whitelist": FORMATS}
    timing = TIMED_AS_SEEN.get(demuxer, {})
    return {"protocol_whitelist": protocols, "format_whitelist": demuxer, "f": demuxer, **timing}


class Tool:
    """One running FFmpeg. Its time limit runs only while we wait for it.

    It stays in our process group: whoever measures or kills this function finds its FFmpeg too. A `traced` one tells
    what it does (log), in about a thousand bytes for each frame.
    """

    def __init__(
        self, arguments: Sequence[str], *, timeout_s: float = TIMEOUT_S, fed: bool = False, traced: bool = False
    ) -> None:
        self._arguments = [binary(), *QUIET, *(TRACING if traced else ()), *arguments]
        self._left_s, self._traced = timeout_s, traced
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            self._arguments,
            stdin=subprocess.PIPE if fed else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if fed else subprocess.PIPE,
            stderr=self._errors,
            env=environment(),
        )
        self._end = weakref.finalize(self, _end, self._process)  # also for a tool that somebody forgot
        confine(self._process.pid, limits(timeout_s))
        pipe = self._process.stdin if fed else self._process.stdout
        assert pipe is not None
        self._pipe: IO[bytes] = pipe
        _unblock(pipe.fileno())
        self._ready = select.poll()
        self._ready.register(pipe, select.POLLOUT if fed else select.POLLIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._errors.close()

    def read_into(self, block: memoryview) -> int:
        """Fills the block from FFmpeg's output; fewer bytes mean that the output has ended."""
        filled = 0
        while filled < len(block):
            self._wait()
            count = os.readv(self._pipe.fileno(), [block[filled:]])
            if not count:
                break
            filled += count
        return filled

    def lines(self) -> Iterator[str]:
        """FFmpeg's output line by line, as it comes."""
        rest = b""
        block = memoryview(bytearray(1 << 12))
        while count := self.read_into(block):
            *whole, rest = (rest + block[:count]).split(b"\n")
            yield from (line.decode() for line in whole)

    def feed(self, block: memoryview) -> None:
        """Writes the whole block to FFmpeg's input."""
        while block:
            self._wait()
            try:
                block = block[os.write(self._pipe.fileno(), block) :]
            except BrokenPipeError:
                self.finish()
                raise self.failure("FFmpeg stopped reading") from None

    def finish(self) -> None:
        """Waits for a clean end; raises MediaToolFailed on any other."""
        self._pipe.close()
        try:
            code = self._process.wait(timeout=max(self._left_s, 1.0))
        except subprocess.TimeoutExpired:
            raise self.failure("FFmpeg ran past its time limit") from None
        if code != 0:
            raise self.failure(f"FFmpeg {ending(code)}")

    def failure(self, what: str) -> MediaToolFailed:
        """The error to raise: kills the process and quotes its last lines."""
        self.kill()
        return MediaToolFailed(f"{what}.\n{self.last_words()}".rstrip())

    def last_words(self) -> str:
        """The end of what FFmpeg wrote to its standard error."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - (LAST_WORDS if not self._traced else TRACED_WORDS)))
        said = self._errors.read().decode(errors="replace").strip()
        return told(said)[-LAST_WORDS:] if self._traced else said

    def log(self) -> Iterator[str]:
        """All that a traced one told, line by line; for when it has ended."""
        self._errors.seek(0)
        yield from (line.decode(errors="replace") for line in self._errors)

    def kill(self) -> None:
        """Ends the process; harmless when it has ended."""
        self._end()
        self._pipe.close()

    def _wait(self) -> None:
        began = time.monotonic()
        ready = self._ready.poll(max(self._left_s, 0.0) * 1000)
        self._left_s -= time.monotonic() - began
        if not ready:
            raise self.failure("FFmpeg ran past its time limit")


def run(arguments: Sequence[str], *, timeout_s: float = TIMEOUT_S) -> bytes:
    """Runs one command and returns its standard output, which must be small."""
    with Tool(arguments, timeout_s=timeout_s) as tool:
        output = bytearray()
        block = memoryview(bytearray(1 << 16))
        while count := tool.read_into(block):
            output += block[:count]
        tool.finish()
    return bytes(output)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()


def _unblock(pipe: int) -> None:
    os.set_blocking(pipe, False)
    if hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux only; merely fewer switches between the two processes
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
