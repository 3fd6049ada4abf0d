"""How the models answer, as AWS's pages state it (not as the adapters do), and engines in front of them."""

import base64
import io
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from rotoscope.adapters.memory import ScriptedRuntime
from rotoscope.engines import registry
from rotoscope.engines.contract import Style
from rotoscope.ports import ModelReply
from tests.builders import a_picture, png

EXAMPLES = Path(__file__).parents[2] / "examples"
MEGAPIXEL = 1_048_576
LARGEST_BODY = 25_000_000
SIZES = [(320, 180), (180, 320), (427, 241), (600, 200), (20, 12), (1, 1)]
STYLE = Style(prompt="ink", negative_prompt="", preset=None, denoise=0.3, seed=7, frame_index=0)


def picture_in(body):
    """The frame as it was sent, whatever the contract calls it."""
    text = next(body[name] for name in ("image", "init_image") if name in body)
    return Image.open(io.BytesIO(base64.b64decode(text, validate=True)))


def negative(sent, pixels=None):
    """What a model sends back: the picture's negative, at its own size or at about so many pixels."""
    array = 255 - np.asarray(sent.convert("RGB"))
    scale = 1 if pixels is None else (pixels / (sent.width * sent.height)) ** 0.5
    size = max(1, round(sent.width * scale)), max(1, round(sent.height * scale))
    return base64.b64encode(png(cv2.resize(array, size, interpolation=cv2.INTER_AREA))).decode()


def as_stability(body, pixels=None):
    return {"seeds": [body["seed"]], "finish_reasons": [None], "images": [negative(picture_in(body), pixels)]}


def at_its_own_size(body):
    return as_stability(body, 250_000)


def as_old_sdxl(body):
    artifact = {"seed": body["seed"], "base64": negative(picture_in(body)), "finishReason": "SUCCESS"}
    return {"result": "success", "artifacts": [artifact]}


def as_jumpstart(body):
    return {"generated_image": negative(picture_in(body))}


ANSWERS = {
    "control-structure": as_stability,
    "control-sketch": as_stability,
    "sd35": at_its_own_size,
    "style-transfer": at_its_own_size,
    "sdxl": as_old_sdxl,
    "sdxl jumpstart": as_jumpstart,
}
STABILITY = ("control-structure", "control-sketch", "sd35", "style-transfer")
EVERY_MODEL = pytest.mark.parametrize("name", ANSWERS)
EVERY_ENGINE = pytest.mark.parametrize("name", [*ANSWERS, "sketch", "echo"])


def an_engine(name, answer):
    """The engine of a name in front of a model that answers so, and the runtime that remembers."""
    runtime = ScriptedRuntime(lambda target, body: ModelReply(answer(json.loads(body))))
    kind, _, dialect = name.partition(" ")
    return registry.engine(kind, lambda: runtime, lambda: runtime, "my-endpoint", dialect or "stability"), runtime


def working(name):
    answer = ANSWERS.get(name, as_stability)
    return an_engine(name, lambda body: json.dumps(answer(body)).encode())


def asked(name, **changes):
    """The target and the body of one call, its pictures taken out."""
    engine, runtime = working(name)
    engine.redraw(a_picture(320, 176), replace(STYLE, image=a_picture(80, 80, 5), **changes))
    target, body = runtime.asked[0]
    return target, {
        key: value for key, value in json.loads(body).items() if "image" not in key or key == "image_strength"
    }
