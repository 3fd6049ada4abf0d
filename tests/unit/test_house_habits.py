"""Habits of the house: errors, retries, waiting, keys, names and sizes."""

import ast
import inspect
import re
import statistics

from rotoscope import errors
from tests.unit.source_code import (
    BROAD,
    HOLDS_KEYS,
    INNER,
    LONG_BY_DESIGN,
    NEVER,
    OURS,
    ROOT,
    RUNTIME,
    TESTS,
    docstrings,
    each,
    name_of,
    nodes,
    tree,
)


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


def test_botocore_never_repeats_what_is_paid_or_given_back_and_does_repeat_everything_else():
    calls = [node for path in RUNTIME for node in nodes(path, ast.Call) if ast.unparse(node.func) == "client"]
    clients = {(ast.literal_eval(call.args[0]), any(key.arg == "once" for key in call.keywords)) for call in calls}
    once, patient = ({service for service, is_once in clients if is_once is asked} for asked in (True, False))

    assert once == {"bedrock-runtime", "sagemaker-runtime", "dynamodb"}
    assert {"s3", "dynamodb", "sns", "stepfunctions", "bedrock", "service-quotas", "sagemaker"} <= patient
    assert not patient & {"bedrock-runtime", "sagemaker-runtime"}


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


@each([path for path in RUNTIME if path.name != "layout.py"])
def test_s3_keys_are_spelled_in_one_file(path):
    said = docstrings(path)
    texts = [node for node in nodes(path, ast.Constant) if isinstance(node.value, str) and id(node) not in said]

    assert [node.value for node in texts if HOLDS_KEYS.search(node.value)] in ([], ["receipt.json"])


def test_no_file_or_folder_has_a_name_that_says_nothing():
    names = {part for path in OURS for part in path.relative_to(ROOT).with_suffix("").parts}

    assert sorted(name for name in names if NEVER.search(name)) == []


@each([*OURS, *TESTS])
def test_a_file_can_be_read_in_one_sitting(path):
    length = len(path.read_text().splitlines())

    assert length <= (360 if path in LONG_BY_DESIGN else 250)


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
