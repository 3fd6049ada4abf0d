"""S3 objects as files: moto holds each in memory until it is 5 MB large, and keeps a file open from there on."""

from collections.abc import Callable
from io import SEEK_SET
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

from moto.s3 import models

from local.cloud.replacing import replace

SMALL_BYTES = 4096
"""Below a disk's block nothing is gained by a file."""


class ObjectFile:
    """What one object version holds, as moto uses it: written as a whole, opened for a reading only."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / uuid4().hex
        self._small: bytes | None = b""
        self._at = 0

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go to a byte, counted from the start."""
        assert whence == SEEK_SET
        self._at = offset
        return offset

    def truncate(self) -> None:
        """Forget everything; only ever asked for at the start."""
        assert self._at == 0
        self.close()
        self._small = b""

    def write(self, content: bytes) -> int:
        """Keep the whole content."""
        assert self._at == 0
        self._small = bytes(content) if len(content) <= SMALL_BYTES else None
        if self._small is None:
            self._path.write_bytes(content)
        self._at = len(content)
        return len(content)

    def read(self, size: int = -1) -> bytes:
        """The next bytes, or all that are left."""
        end = self._at + size if size >= 0 else None
        found = self._read_file(size) if self._small is None else self._small[self._at : end]
        self._at += len(found)
        return found

    def close(self) -> None:
        """Let go of the content; what is read afterwards is a FileNotFoundError."""
        self._small = None
        self._path.unlink(missing_ok=True)

    def _read_file(self, size: int) -> bytes:
        with self._path.open("rb") as file:
            file.seek(self._at)
            return file.read(size)


def keep_objects_in(folder: Path) -> None:
    """Objects of any size lie in `folder`, without an open file each."""
    folder.mkdir(parents=True, exist_ok=True)
    made: Callable[[int], ObjectFile] = lambda max_size: ObjectFile(folder)  # noqa: E731
    replace(models, "tempfile", SimpleNamespace(SpooledTemporaryFile=made))
