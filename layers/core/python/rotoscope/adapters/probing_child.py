"""The process in which PyAV meets an upload: without environment, network or file, its bytes come through a pipe.

Standard input and output speak with GuardedProber. The child asks for bytes (ASK: offset, count), is given them
(GIVEN: count, then the bytes), and at last answers with JSON (ASK with the offset ANSWER, then the text).
"""

import io
import json
import os
import resource
import struct
import sys
from typing import IO, TYPE_CHECKING, Any

from rotoscope.adapters.confinement import Limits, confine_itself
from rotoscope.adapters.sniffing import PICTURES
from rotoscope.errors import JobError, UnreadableVideo
from rotoscope.ports import Prober

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from rotoscope.contracts import SourceVideo

ASK = struct.Struct("<QI")
GIVEN = struct.Struct("<I")
ANSWER = (1 << 64) - 1
BLOCK_BYTES = 1 << 18
MOST_FILES = 64
NO_MEMORY = "The video needs more memory than there is to look into it. Please export it with smaller pictures."


class PipedFile(io.RawIOBase):
    """The upload as a read-only file whose bytes the parent process hands over."""

    def __init__(self, size: int, asks: IO[bytes], gives: IO[bytes]) -> None:
        self._size, self._asks, self._gives, self._offset = size, asks, gives, 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves to an offset, which may lie past the end."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._offset, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("a file has no bytes before its beginning")
        self._offset = base + offset
        return self._offset

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Asks the parent for as much as fits, at most BLOCK_BYTES."""
        target = memoryview(buffer).cast("B")
        count = max(0, min(len(target), self._size - self._offset, BLOCK_BYTES))
        if not count:
            return 0
        self._asks.write(ASK.pack(self._offset, count))
        self._asks.flush()
        (given,) = GIVEN.unpack(self._gives.read(GIVEN.size))
        found = self._gives.read(min(given, count))
        target[: len(found)] = found
        self._offset += len(found)
        return len(found)


def main(kind: str, size: int, limits: Limits) -> None:
    """Probes what the parent hands over and answers with what was found, or with the refusal's name and sentence."""
    asks, gives = os.fdopen(os.dup(1), "wb"), os.fdopen(os.dup(0), "rb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    prober = prober_of(kind)
    confine_itself(limits)
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    file = io.BufferedReader(PipedFile(size, asks, gives), BLOCK_BYTES)
    answer: dict[str, Any]
    try:
        answer = {"source": _all_of(prober.probe(file, size))}
    except JobError as refusal:
        answer = {"error": type(refusal).__name__, "says": str(refusal)}
    except MemoryError:
        answer = {"error": UnreadableVideo.__name__, "says": NO_MEMORY}
    text = json.dumps(answer).encode()
    asks.write(ASK.pack(ANSWER, len(text)) + text)
    asks.flush()


def prober_of(kind: str) -> Prober:
    """Who looks into files of this format (adapters.sniffing)."""
    if kind in PICTURES:
        from rotoscope.adapters.picture_probe import PictureProber

        return PictureProber()
    from rotoscope.adapters.probe import PyAvProber

    return PyAvProber(demuxer=kind)


def _all_of(source: "SourceVideo") -> dict[str, Any]:
    """Also what documents leave out."""
    kept_out = {name: getattr(source, name) for name, field in type(source).model_fields.items() if field.exclude}
    return {**source.model_dump(mode="json"), **kept_out}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Limits(*(int(number) for number in sys.argv[3:])))
