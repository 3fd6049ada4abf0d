"""Sizes, layers and environments of the functions."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = ["Core", "Deps"]
FILM = ["Core", "Deps", "Film", "Ffmpeg"]
VISION = ["Core", "Deps", "Vision", "Ffmpeg"]
FUNCTIONS = {
    # name: (layers, memory in MB, time limit in seconds, /tmp in MB)
    "PlanJob": (FILM, 2048, 900, 512),
    "AnalyzeSegment": (VISION, 1769, 600, 512),
    "BudgetCalls": (TEXT, 1024, 900, 512),
    "ExtractSegment": (VISION, 1769, 600, 512),
    "StylizeFrame": (VISION, 1769, 300, 512),
    "ReviewFrames": (TEXT, 1024, 900, 512),
    "RenderSegment": (VISION, 3008, 900, 8192),
    "AssembleVideo": (FILM, 2048, 900, 10240),
    "ExplainFailure": (TEXT, 512, 60, 512),
}
ENVIRONMENT = {
    "ROTOSCOPE_INBOX": "Storage/Inbox",
    "ROTOSCOPE_STUDIO": "Storage/Studio",
    "ROTOSCOPE_LEDGER": "Ledger/Table",
    "ROTOSCOPE_ENGINE": "control-structure",
    "ROTOSCOPE_BEDROCK_REGION": "us-west-2",
    "ROTOSCOPE_DAILY_COST_USD": "50",
    "ROTOSCOPE_SEGMENT_MEGAPIXELS": "250",
    "POWERTOOLS_SERVICE_NAME": "rotoscope",
    "POWERTOOLS_METRICS_NAMESPACE": "Rotoscope",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "GCONV_PATH": "/nonexistent",
}


def variables(stack, name):
    return stack.functions()[name]["Environment"]["Variables"]


def test_functions_have_the_sizes_and_layers_of_the_table(stack):
    found = {
        name: (
            [layer.removeprefix("Layers/") for layer in function["Layers"]],
            function["MemorySize"],
            function["Timeout"],
            function["EphemeralStorage"]["Size"],
        )
        for name, function in stack.functions().items()
    }

    # CDK sorts a function's layers: their order means nothing, for no two hold the same file.
    assert found == {name: (sorted(layers), *sizes) for name, (layers, *sizes) in FUNCTIONS.items()}


def test_every_function_runs_the_newest_python_on_arm_with_traces_and_a_log_of_its_own(stack):
    for name, function in stack.functions().items():
        assert function["Runtime"] == "python3.14"
        assert function["Architectures"] == ["arm64"]
        assert function["Handler"] == "handler.handler"
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["LoggingConfig"] == {"LogGroup": f"{name}/Log"}
        assert "ReservedConcurrentExecutions" not in function


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_knows_the_stack_by_its_environment(stack, name):
    topic = {"ROTOSCOPE_TOPIC": "Notifications/Topic"} if name == "ExplainFailure" else {}

    assert variables(stack, name) == {**ENVIRONMENT, **topic}


def test_settings_reach_the_functions(adjusted_stack):
    adjusted = {
        "ROTOSCOPE_ENGINE": "sdxl",
        "ROTOSCOPE_BEDROCK_REGION": "us-east-1",
        "ROTOSCOPE_DAILY_COST_USD": "12.5",
        "ROTOSCOPE_SEGMENT_MEGAPIXELS": "99",
        "ROTOSCOPE_SDXL_ENDPOINT": "My-SDXL",
        "ROTOSCOPE_SDXL_DIALECT": "jumpstart",
    }

    assert variables(adjusted_stack, "StylizeFrame") == {**ENVIRONMENT, **adjusted}


def test_the_memory_ceiling_holds_for_every_function(adjusted_stack):
    memory = {name: function["MemorySize"] for name, function in adjusted_stack.functions().items()}

    assert memory == {name: min(1536, size) for name, (_, size, _, _) in FUNCTIONS.items()}


def test_no_task_of_the_state_machine_waits_longer_than_its_function_may_run(stack):
    definition = json.loads((ROOT / "statemachine" / "pipeline.asl.json").read_text())
    limits = {name: function["Timeout"] for name, function in stack.functions().items()}

    def tasks(states):
        for name, state in states.items():
            yield from tasks(state.get("ItemProcessor", {}).get("States", {}))
            if name in limits:
                yield name, state["TimeoutSeconds"]

    assert dict(tasks(definition["States"])) == {name: at for name, at in limits.items() if name != "ExplainFailure"}


def test_a_deployment_keeps_the_versions_that_running_jobs_call(stack):
    versions = stack.resources("AWS::Lambda::Version")

    assert len(versions) == len(FUNCTIONS)
    assert {version["UpdateReplacePolicy"] for version in versions.values()} == {"Retain"}
