"""What a stage can import, at its beginning or later: followed through the source, without running any of it."""

import ast
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

from tests.unit.source_code import CORE, tree

SERVICES = "rotoscope.services"


def reached(start: str) -> dict[str, str]:
    """Every module that this one leads to, and which module leads there. Of the services only those that are asked for
    by name somewhere on the way."""
    found, todo = {start: ""}, [start]
    wanted, ports = set[str](), _ports()
    while todo:
        module = todo.pop()
        path = _path(module)
        if path is None:
            continue
        code = [node for node in tree(path).body if module != SERVICES or not isinstance(node, ast.ClassDef)]
        asked = _asked("services", *code) & set(ports) - wanted
        while asked:
            wanted.add(port := asked.pop())
            code.append(ports[port])
            asked |= _asked("self", ports[port]) & set(ports) - wanted
        new = {name: module for name in _imports(code, module, path) if name not in found}
        found.update(new)
        todo.extend(new)
    return found


def way(found: dict[str, str], module: str) -> str:
    """How one gets there."""
    return f"{way(found, found[module])} -> {module}" if found[module] else module


def _ports() -> dict[str, ast.FunctionDef]:
    classes = [node for node in tree(CORE / "services.py").body if isinstance(node, ast.ClassDef)]
    return {node.name: node for each in classes for node in each.body if isinstance(node, ast.FunctionDef)}


def _path(module: str) -> Path | None:
    base = CORE.parent.joinpath(*module.split("."))
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.exists()), None)


def _asked(owner: str, *code: ast.AST) -> set[str]:
    """The attributes of whatever bears this name."""
    found = (node for each in code for node in ast.walk(each) if isinstance(node, ast.Attribute))
    return {node.attr for node in found if ast.unparse(node.value).endswith(owner)}


def _imports(code: list[ast.AST], module: str, path: Path) -> Iterator[str]:
    """Absolute names, wherever they stand but among what is for types alone; `from x import y` counts as x and x.y."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    while code:
        node = code.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            yield from (base, *(f"{base}.{alias.name}" for alias in node.names))
        code.extend(ast.iter_child_nodes(node))
