"""Bounds what a process that decodes foreign bytes may use. Linux sets them for a child; elsewhere it sets its own."""

import ctypes
import math
import os
import resource
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass

MB = 1 << 20
KEPT_FREE_MB = 256
"""Of the function's memory, for the Python process beside the confined one."""
PER_CPU_MB = 32
"""What a processor's threads claim and never touch: their stacks."""
ON_A_LAPTOP_MB = 4096
LEAST_MB = 512
FILE_BYTES = 4 << 30
"""FFmpeg writes parts, none of which comes near this; and its error lines, which then end too."""

TO_END_S = 5
"""Of processor time, for FFmpeg to end by itself when a signal has told it that its own is over."""


SET_DUMPABLE = 4
"""prctl(2): whether others of the same user may look into a process."""


@dataclass(frozen=True)
class Limits:
    """`data_bytes` counts writable memory that was asked for (RLIMIT_DATA), not the address space of libraries."""

    data_bytes: int
    cpu_s: int
    file_bytes: int = FILE_BYTES


def limits(timeout_s: float) -> Limits:
    """For a process that may run that long on every processor, in a function of this size or on a laptop."""
    cpus = os.cpu_count() or 1
    function_mb = int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0")) or ON_A_LAPTOP_MB
    data_mb = max(LEAST_MB, function_mb - KEPT_FREE_MB) + PER_CPU_MB * cpus
    return Limits(data_mb * MB, math.ceil(timeout_s * cpus) + 1)


def confine(pid: int, limits: Limits) -> None:
    """Sets them for a child that has just begun; harmless when it has ended already."""
    if hasattr(resource, "prlimit"):
        with suppress(
            ProcessLookupError, PermissionError
        ):  # where a sandbox forbids it, the function's own limits hold
            for kind, bounds in _kinds(limits):
                resource.prlimit(pid, kind, _lowered(bounds, resource.prlimit(pid, kind)[1]))


def confine_itself(limits: Limits) -> None:
    """Sets them for the calling process, for good."""
    for kind, bounds in _kinds(limits):
        with suppress(ValueError, OSError):  # macOS knows some of them only in name
            resource.setrlimit(kind, _lowered(bounds, resource.getrlimit(kind)[1]))


def hide_itself() -> None:
    """Keeps this process's environment and memory from its children, who have the same user. Linux only, for good."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_DUMPABLE, 0, 0, 0, 0)


def _kinds(limits: Limits) -> list[tuple[int, tuple[int, int]]]:
    """(soft, hard) each. Of processor time the soft one ends the process by a signal of its own."""
    return [
        (resource.RLIMIT_DATA, (limits.data_bytes, limits.data_bytes)),
        (resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + TO_END_S)),
        (resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes)),
        (resource.RLIMIT_CORE, (0, 0)),
    ]


def _lowered(bounds: tuple[int, int], hard: int) -> tuple[int, int]:
    """A hard limit can never be raised."""
    if hard == resource.RLIM_INFINITY:
        return bounds
    return min(bounds[0], hard), min(bounds[1], hard)


def ending(code: int) -> str:
    """What a process's return code says, in words that complaints.plain_words knows."""
    if code >= 0:
        return f"ended with {code}"
    named: dict[int, str] = {
        signal.SIGXCPU: "ran past its time limit",
        signal.SIGXFSZ: "wrote more than it may",
        signal.SIGKILL: "was killed, probably for its memory (SIGKILL)",
    }
    number = signal.Signals(-code)
    return named.get(number, f"crashed ({number.name})")
