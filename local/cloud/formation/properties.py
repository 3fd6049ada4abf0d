"""A resource's properties, read by name: what nobody reads is an error, never silence."""

from collections.abc import Mapping
from typing import Any


class PropertyError(Exception):
    """A property that is missing, or that the local cloud does not emulate."""


class Properties:
    """A mapping that remembers which of its entries were read."""

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path
        self._read: set[str] = set()
        self._sections: list[Properties] = []

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def value(self, name: str, default: Any = None) -> Any:
        """The entry as it is, with everything below it: for what an AWS API takes unchanged."""
        self._read.add(name)
        return self._values.get(name, default)

    def required(self, name: str) -> Any:
        """The entry, or an error that names it."""
        if name not in self._values:
            raise PropertyError(f"property {self._path}{name} is required")
        return self.value(name)

    def text(self, name: str, default: str = "") -> str:
        """The entry as text."""
        return str(self.value(name, default))

    def number(self, name: str, default: int) -> int:
        """The entry as a whole number (templates may write it as text)."""
        return int(self.value(name, default))

    def flag(self, name: str, default: bool = False) -> bool:
        """The entry as a truth value (templates may write it as text)."""
        return str(self.value(name, default)).lower() == "true"

    def section(self, name: str) -> "Properties":
        """The entry as properties of their own, empty if it is missing."""
        return self._section(name, self.value(name, {}))

    def sections(self, name: str) -> list["Properties"]:
        """The entry as a list of properties."""
        return [self._section(f"{name}.{index}", item) for index, item in enumerate(self.value(name, []))]

    def picked(self, *names: str) -> dict[str, Any]:
        """Those of the named entries that are given."""
        return {name: self.value(name) for name in names if name in self._values}

    def harmless(self, *names: str, because: str) -> None:
        """Entries that change nothing on a laptop, and the reason."""
        assert because
        self._read.update(names)

    def unread(self) -> list[str]:
        """Dotted names of the entries that nobody read."""
        own = [self._path + name for name in self._values if name not in self._read]
        return own + [name for section in self._sections for name in section.unread()]

    def _section(self, name: str, values: Mapping[str, Any]) -> "Properties":
        section = Properties(values, f"{self._path}{name}.")
        self._sections.append(section)
        return section
