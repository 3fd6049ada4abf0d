"""Few calls through the deployed template: adaptive keys, a quality receipt, and key frames restyled by hand."""

import io
import json
import time

import numpy as np
import pytest
from PIL import Image

from tests.clips import clip
from tests.e2e.conftest import World

MODEL = {"style": {"engine": "control-structure", "preset": "anime"}}
FRAMES = 36


def a_clip(name: str):
    """A test card that moves, and one cut in the middle."""
    return clip(name, size=(160, 96), frames=FRAMES, filters=f"hue=h='if(lt(n,{FRAMES // 2}),0,150)'", audio="aac")


@pytest.fixture(scope="package")
def adaptive(world: World) -> str:
    """A job with nothing said about its keys."""
    settings = {**MODEL, "output": {"formats": ["mp4", "keys"]}}
    return world.drop("few/adaptive.mp4", a_clip("adaptive.mp4"), settings)


def test_without_a_word_about_keys_few_frames_are_paid_and_all_come_back(world: World, adaptive: str):
    execution = world.execution(adaptive)

    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    receipt = world.receipt(adaptive)
    assert receipt["plan"]["keys"] == receipt["calls"]["made"] <= FRAMES // 2
    assert next(each for each in receipt["outputs"] if each["name"] == "adaptive.mp4")["frames"] == FRAMES
    assert receipt["quality"]["flow"]
    assert b"<!doctype html>" in world.results(adaptive)["report.html"].lower()[:200]


def test_the_key_folder_is_handed_out_with_its_frame_numbers(world: World, adaptive: str):
    world.execution(adaptive)

    keys = [name for name in world.results(adaptive) if name.startswith("keys/0") and name.endswith(".png")]

    assert len(keys) == world.receipt(adaptive)["plan"]["keys"]
    assert keys[0] == "keys/00000000.png"


def a_red(size=(160, 96)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (220, 20, 20)).save(buffer, "PNG")
    return buffer.getvalue()


def redness(jpeg: bytes) -> float:
    """How far red stands out of the picture."""
    red, green, blue = np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")).reshape(-1, 3).mean(0)
    return float(red - max(green, blue))


def test_own_key_pictures_are_used_instead_of_calls(world: World):
    s3, before = world.client("s3"), world.meter().get("model_usd", 0)
    for index in (0, FRAMES // 2):
        s3.put_object(Bucket=world.inbox, Key=f"own/keys/{index:08d}.png", Body=a_red())

    job = world.drop("own/mine.mp4", a_clip("mine.mp4"), {**MODEL, "frames": {"keys": [0, FRAMES // 2]}})

    execution = world.execution(job)
    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    assert world.receipt(job)["calls"]["made"] == 0
    assert world.receipt(job)["plan"]["own"] == 2
    assert world.meter().get("model_usd", 0) == before
    assert redness(world.results(job)["poster.jpg"]) > 100


def test_a_finished_job_is_made_anew_from_edited_keys_without_paying_again(world: World, adaptive: str):
    first = world.execution(adaptive)
    paid, states, s3 = world.receipt(adaptive)["calls"]["made"], world.client("stepfunctions"), world.client("s3")
    for name in world.results(adaptive):
        if name.startswith("keys/0") and name.endswith(".png"):
            s3.put_object(Bucket=world.inbox, Key=f"edited/{name.removeprefix('keys/')}", Body=a_red())

    again = states.start_execution(
        stateMachineArn=world.machine, input=json.dumps({"resume": adaptive, "keys": "edited/"})
    )["executionArn"]
    while states.describe_execution(executionArn=again)["status"] == "RUNNING":
        time.sleep(0.2)

    ended = states.describe_execution(executionArn=again)
    assert ended["status"] == "SUCCEEDED", ended.get("cause")
    assert again != first["executionArn"]
    assert world.receipt(adaptive)["calls"]["made"] == paid
    assert redness(world.results(adaptive)["poster.jpg"]) > 100
