"""The project's own source as syntax trees."""

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "layers/core/python/rotoscope"
HANDLERS = sorted((ROOT / "lambdas").glob("*/handler.py"))
RUNTIME = sorted(CORE.rglob("*.py"))
STAGES = {
    "plan_job": "planning",
    "analyze_segment": "analysis",
    "budget_calls": "budgeting",
    "extract_segment": "extraction",
    "stylize_frame": "styling",
    "review_frames": "reviewing",
    "render_segment": "rendering",
    "assemble_video": "assembly",
    "explain_failure": "explaining",
}
INNER = [path for path in RUNTIME if path.parent != CORE / "adapters" and path.name != "services.py"]
OURS = [
    *[
        path
        for folder in ("infra", "lambdas", "local", "layers/core", "tools")
        for path in (ROOT / folder).rglob("*.py")
    ],
    ROOT / "app.py",
]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONG_BY_DESIGN = {
    CORE / "contracts.py": "what goes into and comes out of every state, read from top to bottom",
    CORE / "ports.py": "what the stages need of the outside, all in one place",
}
BROAD = {
    "local/cli/app.py": "the outermost function of the command line",
    "local/cloud/interpreter/waiting.py": "what a thread raised is raised again where somebody waits for it",
}
CLOUD = {"boto3", "botocore", "subprocess"}
HOLDS_KEYS = re.compile(r"^(jobs|results|cache)/|(^|/)(plan|budget|segments|receipt)\.json$|rotoscope\.json$")
NEVER = re.compile(r"(^|_)(utils?|helpers?|commons?|managers?|process|data|misc|stage\d*)$")


def name_of(path):
    return str(path.relative_to(ROOT))


@functools.cache
def tree(path):
    return ast.parse(path.read_text(), str(path))


def nodes(path, *kinds):
    return [node for node in ast.walk(tree(path)) if isinstance(node, kinds)]


def imported(path):
    """Every module that a file imports, wherever in it, absolute; `from x import y` counts as x and x.y."""
    for node in nodes(path, ast.Import, ast.ImportFrom):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif not node.level:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def docstrings(path):
    owners = nodes(path, ast.Module, ast.ClassDef, ast.FunctionDef)
    return {id(owner.body[0].value) for owner in owners if ast.get_docstring(owner, clean=False) is not None}


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=name_of)
