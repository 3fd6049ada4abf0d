"""Where words go: results to stdout, everything on the way there to stderr."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from rich.console import Console

from local.cli.errors import JobFailed

PLAIN_COLUMNS = 110


@cache
def stdout() -> Console:
    """Results."""
    return _console(stderr=False)


@cache
def stderr() -> Console:
    """Progress and complaints."""
    return _console(stderr=True)


def say(sentence: str = "") -> None:
    """One line of a result, never broken or restyled."""
    stdout().print(sentence, soft_wrap=True, highlight=False, markup=False)


def tell(sentence: str, style: str = "") -> None:
    """One line of progress."""
    stderr().print(sentence, soft_wrap=True, highlight=False, markup=False, style=style)


def say_json(value: Any) -> None:
    """A result for programs, the same with and without a terminal."""
    file = stdout().file
    file.write(json.dumps(value, indent=2, ensure_ascii=False, default=_plain) + "\n")
    file.flush()


@contextmanager
def doing(what: str) -> Iterator[Callable[[str], None]]:
    """Says what takes its time, and takes what comes next: behind a spinner, or as plain lines."""
    if not stderr().is_terminal:
        tell(what)
        yield tell
        return
    with stderr().status(what) as status:
        yield status.update


@contextmanager
def failure_as_json(wanted: bool) -> Iterator[None]:
    """A failed job has a result for programs too."""
    try:
        yield
    except JobFailed as failure:
        if wanted:
            say_json(failure.document)
        raise


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr)
    return console if console.is_terminal else Console(stderr=stderr, width=PLAIN_COLUMNS)
