"""The rules of the house that a reader infers by looking, kept true. Those over ASL and template: tests/infra."""

import ast
import functools
import inspect
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from rotoscope import errors, ports

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
LONG_BY_DESIGN = {CORE / "contracts.py": "what goes into and comes out of every state, read from top to bottom"}
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


def test_there_is_something_to_check():
    assert len(HANDLERS) == 9
    assert len(RUNTIME) > 50
    assert len(OURS) > 100


# --- handlers and stages --------------------------------------------------------------------------------------------


def test_every_function_has_a_folder_and_a_stage_of_its_name():
    assert [path.parent.name for path in HANDLERS] == sorted(STAGES)


@each(HANDLERS)
def test_a_handler_checks_its_input_calls_one_function_and_returns_json(path):
    name = path.parent.name

    source = path.read_text()

    assert f"from rotoscope.{STAGES[name]} import {name}\n" in source
    assert f"result = {name}(task, services or default_services())" in source
    assert ".model_validate(event)" in source
    assert 'return result.model_dump(mode="json", exclude_none=True)' in source
    assert len(source.splitlines()) <= 20


@each(HANDLERS)
def test_a_handler_neither_branches_nor_catches_nor_knows_aws(path):
    assert nodes(path, ast.If, ast.For, ast.While, ast.Try, ast.With, ast.IfExp, ast.Match) == []
    assert not CLOUD & set(imported(path))


@pytest.mark.parametrize(("function", "module"), STAGES.items())
def test_a_stage_is_a_plain_function_of_a_task_and_services(function, module):
    found = [node for node in nodes(CORE / f"{module}.py", ast.FunctionDef) if node.name == function]

    assert [argument.arg for argument in found[0].args.args] == ["task", "services"]


# --- dependencies ---------------------------------------------------------------------------------------------------


@each(INNER)
def test_only_adapters_know_aws_and_processes(path):
    assert not {name.partition(".")[0] for name in imported(path)} & CLOUD


@each(INNER)
def test_no_stage_knows_an_adapter(path):
    assert [name for name in imported(path) if name.startswith("rotoscope.adapters")] == []


@each(RUNTIME)
def test_the_runtime_knows_neither_its_handlers_nor_the_laptop_nor_the_stack(path):
    assert not {name.partition(".")[0] for name in imported(path)} & {"lambdas", "local", "infra", "aws_cdk", "moto"}


@each([CORE / name for name in ("contracts.py", "errors.py", "ports.py", "settings.py", "layout.py")])
def test_what_everything_depends_on_depends_on_nothing_but_its_like(path):
    inward = {"contracts", "errors", "settings", "settings_mistakes"}

    ours = {name.split(".")[1] for name in imported(path) if name.startswith("rotoscope.")}

    assert ours <= inward


@each(sorted((CORE / "engines").rglob("*.py")))
def test_engines_are_asked_through_contracts_and_know_no_services(path):
    assert not {"rotoscope.services", "rotoscope.documents"} & set(imported(path))


def test_ports_are_protocols_of_at_most_six_methods():
    found = [kind for _, kind in inspect.getmembers(ports, inspect.isclass) if getattr(kind, "_is_protocol", False)]
    mine = [kind for kind in found if kind.__module__ == ports.__name__]

    sizes = {
        kind.__name__: len([name for name, part in vars(kind).items() if inspect.isfunction(part) and name[0] != "_"])
        for kind in mine
    }

    assert {name: size for name, size in sizes.items() if size > 6} == {}
    assert len(mine) > 10


# --- nothing happens at import --------------------------------------------------------------------------------------

IMPORT_ALL = """
import importlib, importlib.util, pkgutil, socket, sys
def forbid(event, arguments):
    if event in ("subprocess.Popen", "os.system", "os.posix_spawn", "os.fork", "socket.connect"):
        raise SystemExit(f"{event} {arguments} at import")
import rotoscope
sys.addaudithook(forbid)
for module in pkgutil.walk_packages(rotoscope.__path__, "rotoscope."):
    importlib.import_module(module.name)
for number, path in enumerate(sys.argv[1:]):
    spec = importlib.util.spec_from_file_location(f"handler{number}", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
from rotoscope import observability, services
from rotoscope.adapters import clients
made = [cache.__name__ for cache in (observability.logger, observability.metrics, services.default_services,
        clients.client) if cache.cache_info().currsize]
raise SystemExit(f"{made} made at import" if made else 0)
"""


def test_importing_everything_makes_no_client_starts_no_process_and_needs_no_environment():
    run = [sys.executable, "-c", IMPORT_ALL, *map(str, HANDLERS)]

    done = subprocess.run(run, env={}, capture_output=True, text=True, timeout=120, check=False)

    assert (done.returncode, done.stderr) == (0, "")


@each(RUNTIME)
def test_the_environment_is_read_only_inside_functions(path):
    inside = {id(node) for function in nodes(path, ast.FunctionDef) for node in ast.walk(function)}
    reads = [node for node in nodes(path, ast.Attribute) if node.attr in ("environ", "getenv")]

    assert all(id(node) in inside for node in reads)
    assert not reads or path.parent.name == "adapters" or path.name == "services.py"


# --- errors, retries, waiting ---------------------------------------------------------------------------------------


@each(RUNTIME)
def test_nothing_in_the_runtime_sleeps(path):
    assert [
        node for node in nodes(path, ast.Attribute, ast.Name) if "sleep" in (ast.unparse(node).split(".")[-1])
    ] == []


@each(RUNTIME)
def test_an_error_that_becomes_another_keeps_its_cause(path):
    raised = [
        node
        for handler in nodes(path, ast.ExceptHandler)
        for node in ast.walk(handler)
        if isinstance(node, ast.Raise) and node.exc is not None
    ]

    assert [ast.unparse(node) for node in raised if node.cause is None] == []


def test_paid_calls_are_never_retried_by_botocore_and_free_ones_are():
    calls = [node for path in RUNTIME for node in nodes(path, ast.Call) if ast.unparse(node.func) == "client"]
    paid = {ast.literal_eval(call.args[0]): any(key.arg == "paid" for key in call.keywords) for call in calls}

    assert {service for service, is_paid in paid.items() if is_paid} == {"bedrock-runtime", "sagemaker-runtime"}
    assert {"s3", "dynamodb", "sns", "stepfunctions", "bedrock", "service-quotas", "sagemaker"} <= set(paid)


@each(RUNTIME)
def test_clients_are_made_in_one_place(path):
    if path.name != "clients.py":
        assert not re.search(r"boto3|Config\(retries|max_attempts", path.read_text())


def test_nothing_catches_everything_but_the_command_line_and_a_thread_that_hands_it_on():
    broad = [
        name_of(path)
        for path in OURS
        for handler in nodes(path, ast.ExceptHandler)
        if handler.type is None or {"Exception", "BaseException"} & set(re.findall(r"\w+", ast.unparse(handler.type)))
    ]

    assert sorted(broad) == sorted(BROAD)


def test_errors_that_the_runtime_raises_are_its_own():
    own = {name for name, kind in vars(errors).items() if inspect.isclass(kind)}
    python = {"KeyError", "ValueError"}
    names = {
        ast.unparse(node.exc.func)
        for path in INNER
        for node in nodes(path, ast.Raise)
        if isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)
    }

    assert names - python - own <= {"named", "translated"}


# --- keys, names, sizes ---------------------------------------------------------------------------------------------


@each([path for path in RUNTIME if path.name != "layout.py"])
def test_s3_keys_are_spelled_in_one_file(path):
    said = docstrings(path)
    texts = [node for node in nodes(path, ast.Constant) if isinstance(node.value, str) and id(node) not in said]

    assert [node.value for node in texts if HOLDS_KEYS.search(node.value)] in ([], ["receipt.json"])


def test_no_file_or_folder_has_a_name_that_says_nothing():
    names = {part for path in OURS for part in path.relative_to(ROOT).with_suffix("").parts}

    assert sorted(name for name in names if NEVER.search(name)) == []


@each(OURS)
def test_a_file_can_be_read_in_one_sitting(path):
    length = len(path.read_text().splitlines())

    assert length <= (330 if path in LONG_BY_DESIGN else 250)


def test_functions_are_short():
    functions = [node for path in OURS for node in nodes(path, ast.FunctionDef)]

    lengths = [node.end_lineno - node.lineno + 1 for node in functions]

    assert statistics.median(lengths) < 10
    assert statistics.quantiles(lengths, n=10)[-1] < 25


@each(OURS)
def test_every_module_says_what_its_name_cannot(path):
    assert ast.get_docstring(tree(path))


@each(OURS)
def test_nothing_is_left_for_later_and_no_path_of_a_machine_is_written_down(path):
    text = path.read_text()

    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text)
    assert not re.search(r"/(home|Users|work)/\w+/", text)
