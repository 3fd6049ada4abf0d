"""A tiny process that outlives its owner just long enough to clear up after it.

However the owner ends (returns, crashes, is killed), the pipe between the two closes; then every process group that is
still guarded is killed and the owner's directory of passing files removed. Uses the standard library alone: it runs as
a script, without site-packages, so that it starts in milliseconds.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


class Watchdog:
    """Guards process groups, and a directory that is gone once the watchdog is."""

    def __init__(self, litter: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, str(litter)],
            stdin=subprocess.PIPE,
            bufsize=0,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            # A Ctrl-C in the terminal must not take the watchdog along with its owner.
            start_new_session=True,
        )

    def guard(self, group: int) -> None:
        """Kills this process group when the owner ends before `release`."""
        self._say(f"+{group}\n")

    def release(self, group: int) -> None:
        """Forgets a group that has ended."""
        self._say(f"-{group}\n")

    def close(self) -> None:
        """Clears up now."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait()

    def _say(self, line: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(line.encode())


def watch(orders: Iterable[str], litter: Path) -> None:
    """Follows the owner's orders until they end, then clears up."""
    guarded: set[int] = set()
    for order in orders:
        (guarded.add if order[0] == "+" else guarded.discard)(int(order[1:]))
    for group in guarded:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    shutil.rmtree(litter, ignore_errors=True)


if __name__ == "__main__":
    watch(sys.stdin, Path(sys.argv[1]))
