"""Which functions there are, and which code each of their versions runs."""

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

from local.runtime.code_shelf import CodeShelf
from local.runtime.spec import LATEST, FunctionNotFound, FunctionSpec


@dataclass(frozen=True, eq=False)
class Revision:
    """One runnable state of a function; two are the same only if they are the same object."""

    spec: FunctionSpec
    version: str
    task_root: Path
    layer_roots: tuple[Path, ...]


@dataclass
class _Function:
    latest: Revision
    published: dict[str, Revision] = field(default_factory=dict)


class Catalogue:
    """Functions with $LATEST and numbered versions. Numbers are never used twice, not even after a removal."""

    def __init__(self, shelf: CodeShelf) -> None:
        self._shelf = shelf
        self._lock = threading.Lock()
        self._functions: dict[str, _Function] = {}
        self._last_number: dict[str, int] = {}

    def put(self, spec: FunctionSpec) -> None:
        """Creates a function or replaces its $LATEST; nothing happens when nothing changed."""
        roots = tuple(self._shelf.unpacked(layer) for layer in spec.layer_zips)
        revision = Revision(spec, LATEST, self._shelf.unpacked(spec.code_zip), roots)
        with self._lock:
            known = self._functions.get(spec.name)
            if known is None:
                self._functions[spec.name] = _Function(revision)
            elif known.latest.spec != spec:
                known.latest = revision

    def publish(self, name: str) -> str:
        """Freezes $LATEST under a number; the last number again when nothing changed since."""
        with self._lock:
            function = self._function(name)
            newest = next(reversed(function.published.values()), None)
            if newest is not None and newest.spec == function.latest.spec:
                return newest.version
            number = self._last_number[name] = self._last_number.get(name, 0) + 1
            function.published[str(number)] = replace(function.latest, version=str(number))
            return str(number)

    def remove(self, name: str, version: str | None = None) -> None:
        """Removes a function with all its versions, or one numbered version alone."""
        with self._lock:
            function = self._function(name)
            if version is None:
                del self._functions[name]
            elif function.published.pop(version, None) is None:
                raise FunctionNotFound(function.latest.spec.arn(version))

    def find(self, name: str, qualifier: str | None) -> Revision:
        """What a call of `name` or `name:qualifier` runs."""
        with self._lock:
            function = self._function(name)
            if qualifier in (None, LATEST):
                return function.latest
            if qualifier not in function.published:
                raise FunctionNotFound(f"Function not found: {function.latest.spec.arn(str(qualifier))}")
            return function.published[str(qualifier)]

    def is_current(self, revision: Revision) -> bool:
        """False once a revision can no longer be called."""
        with self._lock:
            function = self._functions.get(revision.spec.name)
            return function is not None and revision in (function.latest, *function.published.values())

    def _function(self, name: str) -> _Function:
        if name not in self._functions:
            raise FunctionNotFound(f"Function not found: {name}")
        return self._functions[name]
