"""The rules of the house that a reader infers by looking, kept true. Those over ASL and template: tests/infra."""

import ast
import inspect
import re
import subprocess
import sys

import pytest

from rotoscope import ports
from tests.unit.source_code import (
    CLOUD,
    CORE,
    HANDLERS,
    INNER,
    OURS,
    ROOT,
    RUNTIME,
    STAGES,
    each,
    imported,
    nodes,
)


def test_there_is_something_to_check():
    assert len(HANDLERS) == 9
    assert len(RUNTIME) > 50
    assert len(OURS) > 100


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
    inward = {"contracts", "errors", "settings", "settings_mistakes", "sizes"}

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


IMPORT_WITHOUT = """
import importlib.util, sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[1].split(","):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
for number, path in enumerate(sys.argv[2:]):
    spec = importlib.util.spec_from_file_location(f"handler{number}", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
"""


@pytest.mark.parametrize(("kind", "absent"), [("film", "cv2"), ("vision", "av"), ("text", "cv2,av,numpy")])
def test_a_function_imports_nothing_that_its_layers_lack(kind, absent):
    stack = (ROOT / "infra/pipeline_stack.py").read_text()
    folders = [re.sub("(?<!^)(?=[A-Z])", "_", name).lower() for name in re.findall(rf'{kind}\("(\w+)"', stack)]
    handlers = [str(ROOT / "lambdas" / name / "handler.py") for name in folders]
    run = [sys.executable, "-c", IMPORT_WITHOUT, absent, *handlers]

    done = subprocess.run(run, env={}, capture_output=True, text=True, timeout=120, check=False)

    assert folders
    assert (done.returncode, done.stderr) == (0, "")
