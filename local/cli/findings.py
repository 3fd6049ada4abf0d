"""What `rotoscope doctor` found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One answer: how bad it is, what it is about, what is the case, what to do (empty when nothing)."""

    level: Literal["ok", "warning", "problem"]
    about: str
    what: str
    remedy: str = ""


def ok(about: str, what: str) -> Finding:
    """As it should be."""
    return Finding("ok", about, what)


def warning(about: str, what: str, remedy: str) -> Finding:
    """Jobs run, but somebody will be surprised."""
    return Finding("warning", about, what, remedy)


def problem(about: str, what: str, remedy: str) -> Finding:
    """No job can succeed like this."""
    return Finding("problem", about, what, remedy)
