"""A strict reader of request bodies: every field is declared, everything else is refused.

The sentences are those of the JSON-schema checker in front of Bedrock's models; the callers wrap them in their form.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

KINDS = {str: "String", bool: "Boolean", int: "Integer", float: "Number", list: "JSONArray", dict: "JSONObject"}


@dataclass
class Rejected(Exception):
    """A body that breaks its schema: where (`#/seed`) and how."""

    pointer: str
    problem: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.problem}"


class UnknownField(Rejected):
    """A body with a field that its schema does not have."""


class Field(Protocol):
    """One declared field."""

    @property
    def required(self) -> bool:
        """Whether a body without it is refused."""

    @property
    def default(self) -> Any:
        """What counts where the body leaves it out."""

    def read(self, value: Any, pointer: str) -> Any:
        """The checked value; raises Rejected."""


Schema = Mapping[str, Field]


@dataclass(frozen=True, kw_only=True)
class Text:
    """A string of at most `max_chars`."""

    max_chars: int
    required: bool = False
    default: str = ""

    def read(self, value: Any, pointer: str) -> str:
        """The text."""
        if not isinstance(value, str):
            raise wrong_type(pointer, "String", value)
        if len(value) > self.max_chars:
            raise Rejected(pointer, f"expected maxLength: {self.max_chars}, actual: {len(value)}")
        return value


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number between `low` and `high`, both included; `whole` refuses fractions."""

    low: float
    high: float
    whole: bool = False
    multiple: int = 1
    required: bool = False
    default: float | None = None

    def read(self, value: Any, pointer: str) -> float:
        """The number."""
        allowed = (int,) if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, allowed):
            raise wrong_type(pointer, "Integer" if self.whole else "Number", value)
        if value < self.low:
            raise Rejected(pointer, f"{value} is not greater or equal to {self.low}")
        if value > self.high:
            raise Rejected(pointer, f"{value} is not less or equal to {self.high}")
        if self.whole and value % self.multiple:
            raise Rejected(pointer, f"{value} is not a multiple of {self.multiple}")
        return value


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of `options`, spelled exactly so."""

    options: tuple[str, ...]
    required: bool = False
    default: str | None = None

    def read(self, value: Any, pointer: str) -> str:
        """The choice."""
        if not isinstance(value, str):
            raise wrong_type(pointer, "String", value)
        if value not in self.options:
            raise Rejected(pointer, f"{value} is not a valid enum value, it must be one of {', '.join(self.options)}")
        return value


@dataclass(frozen=True, kw_only=True)
class Flag:
    """True or false."""

    required: bool = False
    default: bool = False

    def read(self, value: Any, pointer: str) -> bool:
        """The flag."""
        if not isinstance(value, bool):
            raise wrong_type(pointer, "Boolean", value)
        return value


@dataclass(frozen=True, kw_only=True)
class AnyObject:
    """A JSON object that nobody looks into."""

    required: bool = False
    default: None = None

    def read(self, value: Any, pointer: str) -> dict[str, Any]:
        """The object."""
        if not isinstance(value, dict):
            raise wrong_type(pointer, "JSONObject", value)
        return value


@dataclass(frozen=True, kw_only=True)
class ListOf:
    """A list of at least one object of one schema."""

    schema: Schema
    required: bool = False
    default: tuple[()] = ()

    def read(self, value: Any, pointer: str) -> list[dict[str, Any]]:
        """The checked objects."""
        if not isinstance(value, list):
            raise wrong_type(pointer, "JSONArray", value)
        if not value:
            raise Rejected(pointer, "expected minimum item count: 1, found: 0")
        return [read_object(item, self.schema, f"{pointer}/{index}") for index, item in enumerate(value)]


def read_body(body: bytes, schema: Schema) -> dict[str, Any]:
    """The body's fields, checked, with defaults for those left out; raises Rejected."""
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
    except ValueError as error:
        raise Rejected("#", "the body is not valid JSON") from error
    return read_object(document, schema, "#")


def read_object(value: Any, schema: Schema, pointer: str) -> dict[str, Any]:
    """One object's fields, checked; raises UnknownField before anything else, as the services do."""
    if not isinstance(value, dict):
        raise wrong_type(pointer, "JSONObject", value)
    for name in value:
        if name not in schema:
            raise UnknownField(pointer, f"extraneous key [{name}] is not permitted")
    return {name: _read_field(value, name, field, pointer) for name, field in schema.items()}


def wrong_type(pointer: str, expected: str, value: Any) -> Rejected:
    """The refusal of a value of another JSON type."""
    return Rejected(pointer, f"expected type: {expected}, found: {KINDS.get(type(value), 'Null')}")


def _read_field(document: dict[str, Any], name: str, field: Field, pointer: str) -> Any:
    if name in document:
        return field.read(document[name], f"{pointer}/{name}")
    if field.required:
        raise Rejected(pointer, f"required key [{name}] not found")
    return field.default


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
