"""The two dialects of a self-hosted SDXL 1.0: Stability's own (the historic Bedrock body) and SageMaker JumpStart's.

The historic body is that of AWS's SDXL image-to-image page (removed since); sizes are multiples of 64 up to 1,048,576
pixels, refused in the words of Stability's own servers. JumpStart's body is that of its example notebook.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.models.drawing import Order
from local.models.pictures import MEGAPIXEL, Picture, Pixels, encoded
from local.models.schema import AnyObject, Choice, Flag, ListOf, Number, Rejected, Schema, Text, read_body
from local.models.stability import STYLE_PRESETS

Body = dict[str, Any]
LARGEST_SDXL_SEED = 4_294_967_295
SAMPLERS = "DDIM,DDPM,K_DPMPP_2M,K_DPMPP_2S_ANCESTRAL,K_DPM_2,K_DPM_2_ANCESTRAL,K_EULER,K_EULER_ANCESTRAL,K_HEUN,K_LMS"
GUIDANCE = "FAST_BLUE,FAST_GREEN,NONE,SIMPLE,SLOW,SLOWER,SLOWEST"
JUMPSTART_SAMPLERS = (
    "EulerEDMSampler,HeunEDMSampler,EulerAncestralSampler,DPMPP2SAncestralSampler,DPMPP2MSampler,LinearMultistepSampler"
)


class Unprocessable(Exception):
    """A body that the container answers with HTTP 400; the text is the container's answer."""


def _stability_size(width: int, height: int) -> str | None:
    if width % 64 or height % 64:
        return f"image dimensions must be multiples of 64, got {width}x{height}"
    if width * height > MEGAPIXEL:
        return f"image too large, {width * height}>{MEGAPIXEL} pixels"
    return None


def _jumpstart_size(width: int, height: int) -> str | None:
    if width % 8 or height % 8 or min(width, height) <= 256:
        return f"width and height must be divisible by 8 and larger than 256, got {width}x{height}"
    return None


PROMPT: Schema = {"text": Text(max_chars=2000, required=True), "weight": Number(low=-1e6, high=1e6, default=1.0)}
STABILITY_SCHEMA: Schema = {
    "text_prompts": ListOf(schema=PROMPT, required=True),
    "init_image": Picture(rule=_stability_size, required=True),
    "init_image_mode": Choice(options=("IMAGE_STRENGTH", "STEP_SCHEDULE"), default="IMAGE_STRENGTH"),
    "image_strength": Number(low=0, high=1),
    "step_schedule_start": Number(low=0, high=1),
    "step_schedule_end": Number(low=0, high=1),
    "cfg_scale": Number(low=0, high=35, default=7),
    "clip_guidance_preset": Choice(options=tuple(GUIDANCE.split(","))),
    "sampler": Choice(options=tuple(SAMPLERS.split(","))),
    "samples": Number(low=1, high=1, whole=True, default=1),
    "seed": Number(low=0, high=LARGEST_SDXL_SEED, whole=True, default=0),
    "steps": Number(low=10, high=50, whole=True, default=30),
    "style_preset": Choice(options=STYLE_PRESETS),
    "extras": AnyObject(),
}
JUMPSTART_SCHEMA: Schema = {
    "text_prompts": ListOf(schema=PROMPT, required=True),
    "init_image": Picture(rule=_jumpstart_size, required=True),
    "image_strength": Number(low=0, high=1),
    "width": Number(low=257, high=4096, whole=True, multiple=8),
    "height": Number(low=257, high=4096, whole=True, multiple=8),
    "sampler": Choice(options=tuple(JUMPSTART_SAMPLERS.split(","))),
    "cfg_scale": Number(low=0, high=100, default=7),
    "steps": Number(low=1, high=1000, whole=True, default=50),
    "seed": Number(low=0, high=LARGEST_SDXL_SEED, whole=True, default=0),
    "use_refiner": Flag(default=True),
    "refiner_steps": Number(low=1, high=1000, whole=True),
    "refiner_strength": Number(low=0, high=1),
}


@dataclass(frozen=True)
class Dialect:
    """How one container talks: `answer` takes picture, seed, finish reason; `filters`: it has a content filter."""

    schema: Schema
    rule: Callable[[Body], None]
    denoise: Callable[[Body], float]
    answer: Callable[[Pixels, int, str], Body]
    complaint: Callable[[Rejected], str]
    filters: bool

    def read(self, content: bytes) -> Body:
        """The checked body; raises Unprocessable with what the container would answer."""
        try:
            body = read_body(content, self.schema)
            self.rule(body)
        except Rejected as error:
            raise Unprocessable(self.complaint(error)) from error
        return body

    def order(self, endpoint: str, body: Body) -> Order:
        """What is to be drawn."""
        height, width = body["init_image"].shape[:2]
        size = (body.get("width") or width, body.get("height") or height)
        return Order(
            endpoint,
            prompt_of(body),
            body["init_image"],
            size,
            self.denoise(body),
            body["seed"],
            body.get("style_preset"),
        )


def prompt_of(body: Body) -> str:
    """The prompts that attract; those with a negative weight repel."""
    return ", ".join(prompt["text"] for prompt in body["text_prompts"] if prompt["weight"] > 0)


def _stability_rule(body: Body) -> None:
    if body["init_image_mode"] == "STEP_SCHEDULE":
        return
    for name in ("step_schedule_start", "step_schedule_end"):
        if body[name] is not None:
            raise Rejected(f"#/{name}", "only allowed when init_image_mode is STEP_SCHEDULE")


def _stability_denoise(body: Body) -> float:
    if body["init_image_mode"] == "STEP_SCHEDULE":
        return 0.65 if body["step_schedule_start"] is None else float(body["step_schedule_start"])
    return _strength_left(body)


def _strength_left(body: Body) -> float:
    return 1.0 - (0.35 if body["image_strength"] is None else float(body["image_strength"]))


def _stability_answer(picture: Pixels, seed: int, finish_reason: str) -> Body:
    artifact = {"seed": seed, "base64": encoded(picture, "png"), "finishReason": finish_reason}
    return {"result": "success", "artifacts": [artifact]}


def _jumpstart_answer(picture: Pixels, seed: int, finish_reason: str) -> Body:
    return {"generated_image": encoded(picture, "png")}


def _stability_complaint(error: Rejected) -> str:
    message = f"Malformed input request: {error}, please reformat your input and try again."
    return json.dumps({"id": str(uuid.uuid4()), "name": "bad_request", "message": message})


STABILITY = Dialect(
    STABILITY_SCHEMA, _stability_rule, _stability_denoise, _stability_answer, _stability_complaint, filters=True
)
JUMPSTART = Dialect(JUMPSTART_SCHEMA, lambda body: None, _strength_left, _jumpstart_answer, str, filters=False)
DIALECTS = {"stability": STABILITY, "jumpstart": JUMPSTART}
