"""The rules that `statemachine/pipeline.asl.json` keeps and that no linter knows."""

import json
import re
from pathlib import Path

import pytest

from rotoscope import errors
from rotoscope.pricing import WORKERS

ROOT = Path(__file__).parents[2]
LAMBDA = "arn:aws:states:::lambda:invoke"
SERVICE_ERRORS = {"Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"}
AWS_ERRORS = re.compile(r"^(States|Lambda|SNS|Runtime|Sandbox)\.\w+$")


def definition():
    return json.loads((ROOT / "statemachine" / "pipeline.asl.json").read_text())


def all_states(found):
    """(name, state) of every state at every depth, in order."""
    for name, state in found["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from all_states(state["ItemProcessor"])


def of_type(kind):
    return [pytest.param(name, state, id=name) for name, state in all_states(definition()) if state["Type"] == kind]


MAPS = of_type("Map")
TASKS = of_type("Task")
FUNCTION_TASKS = [task for task in TASKS if task.values[1]["Resource"] == LAMBDA]


def retried(state):
    """Error names of a state's retriers, in order."""
    return [error for retrier in state.get("Retry", []) for error in retrier["ErrorEquals"]]


def test_there_are_maps_and_tasks_to_check():
    assert len(MAPS) == 4
    assert len(FUNCTION_TASKS) == 8


@pytest.mark.parametrize(("name", "state"), MAPS)
def test_no_child_looks_at_its_own_execution_for_the_job(name, state):
    assert "$$.Execution" not in json.dumps(state["ItemProcessor"])


@pytest.mark.parametrize(("name", "state"), MAPS)
def test_a_map_is_paced_writes_its_results_to_s3_and_leaves_counting_to_us(name, state):
    assert state["ItemProcessor"]["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    assert 1 <= state["MaxConcurrency"] <= 100
    assert state["ToleratedFailurePercentage"] == 100.0
    assert state["ResultWriter"]["Parameters"]["Bucket"] == "${StudioBucket}"
    assert "$$.Execution.Name" in state["ResultWriter"]["Parameters"]["Prefix.$"]
    assert state["ItemSelector"]["job.$"] == "$.job"


@pytest.mark.parametrize(("name", "state"), MAPS)
def test_a_child_ends_with_one_small_field(name, state):
    (last,) = (child for child in state["ItemProcessor"]["States"].values() if child.get("End"))

    output = last["ResultSelector"] if last["Type"] == "Task" else last["Parameters"]
    assert len(output) == 1
    assert last.get("ResultPath", "$") == "$"


@pytest.mark.parametrize(("name", "state"), MAPS)
def test_a_map_is_the_plural_of_its_task(name, state):
    (task,) = (child for child, found in state["ItemProcessor"]["States"].items() if found["Type"] == "Task")

    assert name in (f"{task}s", task.replace("Segment", "Frames"))
    assert state["ItemProcessor"]["StartAt"] == task


@pytest.mark.parametrize(("name", "state"), TASKS)
def test_every_task_has_a_time_limit(name, state):
    assert 0 < state["TimeoutSeconds"] <= 900


@pytest.mark.parametrize(("name", "state"), FUNCTION_TASKS)
def test_a_task_is_one_folder_and_one_core_function_of_its_name(name, state):
    folder = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

    handler = ROOT / "lambdas" / folder / "handler.py"
    core = (ROOT / "layers" / "core" / "python" / "rotoscope").glob("*.py")
    assert handler.is_file()
    assert any(re.search(rf"^def {folder}\(", module.read_text(), flags=re.MULTILINE) for module in core)
    assert re.search(rf"\b{folder}\(", handler.read_text())
    assert state["Parameters"]["FunctionName"] == f"${{{name}}}"


@pytest.mark.parametrize(("name", "state"), FUNCTION_TASKS)
def test_a_task_is_retried_when_lambda_is_busy(name, state):
    assert {"Lambda.TooManyRequestsException", *SERVICE_ERRORS} <= set(retried(state))
    assert all("MaxDelaySeconds" in retrier and "JitterStrategy" in retrier for retrier in state["Retry"])


@pytest.mark.parametrize(("name", "state"), TASKS)
def test_what_a_task_retries_is_aws_own_or_the_world_being_busy(name, state):
    ours = {error for error in retried(state) if not AWS_ERRORS.match(error)}

    assert all(issubclass(getattr(errors, error), errors.WorldBusy) for error in ours)


def test_a_refused_invocation_is_asked_again_for_as_long_as_a_new_account_needs():
    refusals = [task.values[1]["Retry"][0] for task in FUNCTION_TASKS]

    assert all(refusal == refusals[0] for refusal in refusals)
    assert refusals[0]["ErrorEquals"] == ["Lambda.TooManyRequestsException"]
    assert refusals[0]["MaxAttempts"] >= 100


def test_the_estimate_counts_on_as_many_workers_as_the_map_has():
    assert definition()["States"]["StylizeFrames"]["MaxConcurrency"] == WORKERS


def test_every_folder_is_a_task_or_explains_failures():
    tasks = {task.values[0] for task in FUNCTION_TASKS}

    folders = {path.parent.name for path in (ROOT / "lambdas").glob("*/handler.py")}
    assert folders == {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in tasks} | {"explain_failure"}


def test_failures_come_through_the_rule_and_not_through_a_catch():
    assert not [name for name, state in all_states(definition()) if "Catch" in state]
    assert not [name for name, state in all_states(definition()) if state["Type"] == "Fail"]


def test_placeholders_stand_inside_text_only_and_are_the_ones_that_the_stack_fills():
    functions = {task.values[0] for task in FUNCTION_TASKS}

    placeholders = re.findall(r"\$\{(\w+)\}", json.dumps(definition()))

    assert set(placeholders) == functions | {"StudioBucket", "Topic", "MapResults"}


def test_the_whole_has_a_time_limit_beyond_what_settings_allow():
    assert definition()["QueryLanguage"] == "JSONPath"
    assert definition()["TimeoutSeconds"] >= 1440 * 60
