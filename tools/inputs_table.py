"""The table of inputs: kinds of input, what is done with each, and the test that shows it, read from the tests."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
MARK = "treats"
INTRODUCTION = """# What goes in, and what becomes of it

Generated from the tests' marks (`pytest.mark.treats`): each row is shown by the test that it names.
"""


@dataclass(frozen=True)
class Row:
    """One mark; `test` is the function that carries it, empty where a table of cases does."""

    kind: str
    treatment: str
    file: str
    test: str


def inputs_table() -> str:
    """Markdown, rows in the order of kinds."""
    rows = sorted(_rows(), key=lambda row: (row.kind.casefold(), row.test))
    lines = [f"| {row.kind} | {row.treatment} | {_link(row)} |" for row in rows]
    return "\n".join([INTRODUCTION, "| kind of input | what is done with it | shown by |", "|---|---|---|", *lines, ""])


def _rows() -> Iterator[Row]:
    for path in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(path.read_text())
        for node in tree.body:
            name = node.name if isinstance(node, ast.FunctionDef) else ""
            for call in _marks(node):
                kind, treatment = (_text(argument, path) for argument in call.args)
                yield Row(kind, treatment, path.relative_to(TESTS).as_posix(), name)


def _marks(node: ast.AST) -> Iterator[ast.Call]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr == MARK:
            yield inner


def _text(argument: ast.expr, path: Path) -> str:
    if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
        raise TypeError(f"{path.name}, line {argument.lineno}: the marks for the table are two literal strings")
    return argument.value.replace("|", "/")


def _link(row: Row) -> str:
    said = row.test.removeprefix("test_").replace("_", " ") or Path(row.file).stem
    return f"[{said}](../tests/{row.file})"
