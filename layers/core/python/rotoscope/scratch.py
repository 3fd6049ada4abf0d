"""Where a process keeps its temporary files, and how those of a process that was killed disappear.

The rule: all temporary files of a process lie in one folder, which it holds locked for as long as it lives. A lock ends
with its process however that ends. A process that begins removes the folders that nobody holds: in Lambda those of a
call that ran out of time or memory, whose successor inherits the disk.
"""

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PREFIX = "rotoscope-scratch-"
YOUNG_S = 60
"""A folder that is just being made is not locked yet."""


class Scratch:
    """This process's folder. It goes away with the object, at the latest when the process ends normally."""

    def __init__(self, within: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix=PREFIX, dir=within)
        self.path = Path(self._folder.name)
        self._lock = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def close(self) -> None:
        """Removes the folder and gives up the lock."""
        self._folder.cleanup()
        os.close(self._lock)


def settle() -> Scratch:
    """Makes this process's folder the place of all its temporary files, after removing what others left behind."""
    within = Path(tempfile.gettempdir())
    sweep(within)
    scratch = Scratch(within)
    tempfile.tempdir = str(scratch.path)
    return scratch


def sweep(within: Path) -> None:
    """Removes the scratch folders that nobody holds."""
    for folder in within.glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, or gone in this moment
            if time.time() - folder.stat().st_mtime > YOUNG_S and _is_free(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_free(folder: Path) -> bool:
    lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True
