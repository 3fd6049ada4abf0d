"""Hands seeds to workers, one at a time each, and notices those that crash or hang."""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Any

PER_FILE_S = 150.0
Verdict = dict[str, Any]


class Worker:
    """One worker process, started again after each crash."""

    def __init__(self, only: str, limit_s: float) -> None:
        self._only, self._limit_s = only, limit_s
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        self._process: subprocess.Popen[str] | None = None

    def verdict(self, seed: int) -> Verdict:
        """What the worker says, or how it died over it."""
        process = self._process = self._process or self._started()
        assert process.stdin and process.stdout
        process.stdin.write(f"{seed}\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            line = process.stdout.readline() if selector.select(self._limit_s) else None
        if line:
            found: Verdict = json.loads(line)
            return found
        code = self.end()
        self._errors.seek(0)
        words = self._errors.read().decode(errors="replace")[-2000:]
        wrong = f"ran past {self._limit_s:.0f} s" if line is None else f"crashed with {code}: {words}"
        return {"seed": seed, "name": self._only, "how": [], "ended": "died", "says": "", "wrong": wrong}

    def end(self) -> int:
        """Kills the process and whatever it started in its group; returns how it ended."""
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait()

    def _started(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.fuzz.worker", self._only]
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self._errors}
        return subprocess.Popen(command, text=True, start_new_session=True, **pipes)


def verdicts(seeds: Iterable[int], *, workers: int, only: str = "", limit_s: float = PER_FILE_S) -> Iterator[Verdict]:
    """One per seed, in the order in which they end."""
    todo: SimpleQueue[int] = SimpleQueue()
    done: SimpleQueue[Verdict] = SimpleQueue()
    count = 0
    for count, seed in enumerate(seeds, 1):  # noqa: B007 - counted as they are queued
        todo.put(seed)
    with ThreadPoolExecutor(workers) as pool:
        for _ in range(workers):
            pool.submit(_work_off, todo, done.put, only, limit_s)
        for _ in range(count):
            yield done.get()


def _work_off(todo: "SimpleQueue[int]", tell: Callable[[Verdict], None], only: str, limit_s: float) -> None:
    worker = Worker(only, limit_s)
    try:
        while True:
            tell(worker.verdict(todo.get_nowait()))
    except Empty:
        return
    finally:
        worker.end()
