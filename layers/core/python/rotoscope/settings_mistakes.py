"""Says in words what is wrong with a settings document and what would be right."""

import difflib
import itertools
import json
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from rotoscope.settings import OutputSettings, Settings

MOST = 10
LONGEST = 80
"""Mistakes in one sentence, and letters of what was given: the whole has to fit a mail and a ledger's item."""


def explain(model: type[BaseModel], error: ValidationError) -> str:
    """One sentence for every wrong key, naming what is allowed and the nearest known key."""
    known = known_keys(model)
    sentences: dict[str, str] = {}
    for problem in error.errors():
        path = _readable(problem["loc"], known)
        if path not in sentences:
            sentences[path] = _sentence(path, problem, known) if len(sentences) < MOST else ""
    more = [f"There are {len(sentences) - MOST} more mistakes."] if len(sentences) > MOST else []
    return " ".join([*itertools.islice(sentences.values(), MOST), *more])


def contradiction(asked: "Settings") -> str | None:
    """What settings say against one another; only all of them merged tell, for a layer may name one alone."""
    return _gaps(asked.frames.min_gap, asked.frames.max_gap) or _nothing_loops(asked.output)


def _gaps(min_gap: int, max_gap: int) -> str | None:
    if min_gap <= max_gap:
        return None
    return (
        f"frames.min_gap should be at most frames.max_gap (they are {min_gap} and {max_gap}). "
        "Name both: what is left out stays at its default."
    )


def _nothing_loops(output: "OutputSettings") -> str | None:
    if output.loop == "none" or set(output.formats) - {"frames", "keys"}:
        return None
    return (
        f"output.loop is {output.loop}, but nothing in output.formats ({', '.join(output.formats)}) plays: "
        "add mp4, hevc, prores, webm, gif or webp, or leave out output.loop."
    )


def _sentence(path: str, problem: Any, known: Mapping[str, str]) -> str:
    if problem["type"] == "extra_forbidden":
        path = path[:LONGEST]
        groups = dict.fromkeys(key.partition(".")[0] for key in known if "." in key)
        nearest = difflib.get_close_matches(path, [*groups, *known], n=1, cutoff=0.5)
        leaf = [key for key in known if key.rpartition(".")[2] == path.rpartition(".")[2]]
        hint = f" Did you mean {(leaf or nearest)[0]}?" if leaf or nearest else ""
        return f"There is no setting {path}.{hint}"
    allowed = known.get(path)
    message = problem["msg"].removeprefix("Value error, ").removeprefix("Input ").rstrip(".")
    path = path or "settings"
    if problem["type"] == "model_type":
        message = "should be a group of settings"
    given = problem["input"]
    said = f" (it is {json.dumps(given, default=str)[:LONGEST]})" if not isinstance(given, dict | BaseModel) else ""
    return f"{path} {message}{said}." if not allowed else f"{path} should be {allowed}{said}."


def _readable(location: tuple[int | str, ...], known: Mapping[str, str]) -> str:
    """The dotted key of a problem; what pydantic adds for the members of a union is left out."""
    path = ""
    for part in location:
        longer = f"{path}.{part}".lstrip(".")
        if not any(key == longer or key.startswith(longer + ".") for key in known) and path in known:
            return path
        path = longer
    return path


def known_keys(model: type[BaseModel]) -> dict[str, str]:
    """Every dotted key and what it may hold, in words."""
    return dict(_keys(model, ""))


def _keys(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _keys(field.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name, _allowed(field.annotation, field.metadata)


def _allowed(annotation: Any, metadata: Sequence[Any] = ()) -> str:
    """A type annotation in a person's words."""
    if annotation is None or annotation is type(None):
        return ""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _allowed(arguments[0], [part for item in arguments[1:] for part in getattr(item, "metadata", [item])])
    if origin is Literal:
        return "one of " + ", ".join(map(str, arguments)) if len(arguments) > 1 else str(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(filter(None, (_allowed(choice) for choice in arguments))))
    if origin is list:
        return f"a list, each {_allowed(arguments[0])}"
    if origin is dict:
        return "a schedule by frame"
    return {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}[annotation] + _range(
        metadata
    )


def _range(metadata: Sequence[Any]) -> str:
    limits = {name: getattr(item, name) for item in metadata for name in ("ge", "gt", "le") if hasattr(item, name)}
    pattern = next((item.pattern for item in metadata if hasattr(item, "pattern")), None)
    low, high = limits.get("ge"), limits.get("le")
    if pattern:
        return _PATTERNS.get(pattern, "")
    if "gt" in limits:
        return f" above {limits['gt']}" + (f", at most {high}" if high is not None else "")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f" of at least {low}" if low is not None else ""


_PATTERNS = {
    r"^#[0-9a-fA-F]{6}$": " such as #ff8800",
    r"^\d+/[1-9]\d*$": " such as 30000/1001",
    r"^every [1-9]\d{0,4}$": ' such as "every 8"',
    r"^[1-9]\d{1,4}x[1-9]\d{1,4}$": " such as 1280x720, at most 8192 a side and 36 megapixels",
    r"^(\d+(\.\d+)?s|(\d+:)?\d{1,2}:\d{2}(\.\d+)?)$": " such as 1:23.5 or 4s",
}
