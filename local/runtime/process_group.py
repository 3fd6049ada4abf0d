"""A process with all its descendants: started, measured and killed as one."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_PRIVATE, _SHARED = (b"RssAnon:", b"RssShmem:"), b"RssFile:"


class ProcessGroup:
    """Runs a command as the leader of its own session; what it writes is appended to `output`."""

    def __init__(self, command: Sequence[str], *, env: Mapping[str, str], cwd: Path, output: Path) -> None:
        with output.open("ab") as sink:
            self._leader = subprocess.Popen(
                command,
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.id = self._leader.pid

    def exit_reason(self) -> str | None:
        """None while the leader lives, else "exit status 3" or "signal: killed"."""
        code = self._leader.poll()
        if code is None:
            return None
        return f"exit status {code}" if code >= 0 else f"signal: {_signal_name(-code)}"

    def resident_mb(self) -> float:
        """MiB in memory now; 0 where the system has no /proc (macOS), so that no limit is enforced there.

        Private pages add up. File-backed ones, mostly the libraries that the members share, count once: the largest.
        """
        private, shared = 0, 0
        for pid in self._members():
            own, mapped = _resident_kb(pid)
            private += own
            shared = max(shared, mapped)
        return (private + shared) / 1024

    def kill(self) -> None:
        """Ends every member at once and collects the leader."""
        # macOS answers EPERM, not ESRCH, for a group of which only zombies are left.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.id, signal.SIGKILL)
        self._leader.wait()

    def _members(self) -> Iterator[int]:
        for entry in _PROC.iterdir() if _PROC.is_dir() else ():
            if entry.name.isdigit():
                with suppress(ProcessLookupError):
                    if os.getpgid(int(entry.name)) == self.id:
                        yield int(entry.name)


def _resident_kb(pid: int) -> tuple[int, int]:
    """(private, file-backed) KiB of one process; zeros for one that has just ended."""
    try:
        lines = (_PROC / str(pid) / "status").read_bytes().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0
    private = sum(int(line.split()[1]) for line in lines if line.startswith(_PRIVATE))
    return private, sum(int(line.split()[1]) for line in lines if line.startswith(_SHARED))


def _signal_name(number: int) -> str:
    return "killed" if number == signal.SIGKILL else signal.strsignal(number) or str(number)
