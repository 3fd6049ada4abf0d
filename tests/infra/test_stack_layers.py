"""What lies in the layers: pinned, small enough, and all that each function imports."""

import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from infra import wheels
from infra.tasks import snake_case
from tests.infra.reaching import reached, way
from tests.unit.source_code import STAGES

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "build" / "layers"
SETS = wheels.SETS
FUNCTIONS = {
    "text": ("budget_calls", "review_frames", "explain_failure"),
    "film": ("plan_job", "assemble_video"),
    "vision": ("analyze_segment", "extract_segment", "stylize_frame", "render_segment"),
}
OURS = {"rotoscope"}
IMPORT_EACH = """
import importlib.util, json, sys
missing, handlers = json.load(sys.stdin)
sys.modules.update(dict.fromkeys(missing))  # None makes an import fail as if the module were not there
for path in handlers:
    spec = importlib.util.spec_from_file_location("handler", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
"""


def pins(lock):
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(), flags=re.MULTILINE))


def layer_pins(name):
    return pins(ROOT / "layers" / name / "requirements.txt")


def laptop_pins():
    """Every version that the laptop's lock names; some packages have one per Python version."""
    return set(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("name", wheels.LAYERS)
def test_a_layer_holds_the_versions_of_the_laptop_and_names_no_address(name):
    assert set(layer_pins(name).items()) <= laptop_pins()
    assert "://" not in (ROOT / "layers" / name / "requirements.txt").read_text()


@pytest.mark.parametrize("name", wheels.LAYERS)
def test_every_direct_requirement_of_a_layer_is_locked(name):
    asked = [line.split("=")[0] for line in (ROOT / "layers" / name / "requirements.in").read_text().splitlines()]

    assert {line for line in asked if not line.startswith("#")} <= set(layer_pins(name))


@pytest.fixture(scope="session")
def built():
    if not BUILT.exists():
        pytest.skip("`make layers` builds them; `make check` does so first")
    return {"core": ROOT / "layers" / "core", **{name: BUILT / name for name in wheels.LAYERS}}


@pytest.mark.parametrize("name", [name for names in FUNCTIONS.values() for name in names])
def test_a_function_and_its_layers_stay_below_the_limit(stack, built, name):
    (function,) = (found for task, found in stack.functions().items() if snake_case(task) == name)

    layers = [built[layer.removeprefix("Layers/").lower()] for layer in function["Layers"]]
    total = sum(wheels.unzipped_bytes(folder) for folder in [*layers, ROOT / "lambdas" / name])

    assert 0 < total < 262_144_000


@pytest.mark.parametrize("name", wheels.LAYERS)
def test_a_built_layer_is_the_one_that_its_lock_names(built, name):
    folders = (path.stem for path in built[name].glob("python/*.dist-info"))
    found = dict(folder.lower().replace("_", "-").rsplit("-", 1) for folder in folders)

    assert found == layer_pins(name)
    assert not list(built[name].rglob("__pycache__"))


def missing_from(kind):
    """Modules of this machine that a function with these layers has not got."""
    present = {dist for name in SETS[kind] for dist in layer_pins(name)}
    return [
        module
        for module, dists in packages_distributions().items()
        if module not in OURS and not present & {dist.lower().replace("_", "-") for dist in dists}
    ]


@pytest.mark.parametrize("kind", SETS)
def test_a_handler_imports_nothing_that_its_layers_lack(kind):
    missing = missing_from(kind)

    handlers = [str(ROOT / "lambdas" / name / "handler.py") for name in FUNCTIONS[kind]]
    command = [sys.executable, "-c", IMPORT_EACH]
    told = subprocess.run(command, input=json.dumps([missing, handlers]), capture_output=True, text=True, check=False)

    assert "numpy" in missing or kind != "text"
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in FUNCTIONS.items() for name in names])
def test_what_a_function_imports_only_when_it_is_needed_is_in_its_layers(kind, name):
    found, missing = reached(f"rotoscope.{STAGES[name]}"), set(missing_from(kind))

    assert [way(found, module) for module in found if module.partition(".")[0] in missing] == []


@pytest.mark.parametrize(
    ("stage", "there", "elsewhere"),
    [
        ("planning", {"rotoscope.adapters.probe", "rotoscope.adapters.picture_probe", "av"}, {"cv2"}),
        ("assembly", {"rotoscope.adapters.mux", "numpy"}, {"rotoscope.adapters.ffmpeg_read"}),
        ("styling", {"rotoscope.engines.sketch.drawing", "cv2"}, {"rotoscope.adapters.mux"}),
        ("budgeting", {"rotoscope.adapters.dynamodb", "boto3"}, {"rotoscope.adapters.guarded_probe"}),
    ],
)
def test_later_imports_are_followed_as_far_as_they_lead(stage, there, elsewhere):
    found = set(reached(f"rotoscope.{stage}"))

    assert there <= found
    assert not elsewhere & found
