"""The request contracts of Stability's models on Bedrock: which fields, which limits, what they mean for the drawing.

Fields and ranges from AWS's user guide (SD3.5 Large; Image Services). The sentences about unknown fields are known word
for word (BerriAI/litellm#6826, aws-samples/amazon-bedrock-client-for-mac#121); the others are worded here.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.models.answers import Refusal
from local.models.catalogue import CONTROL_SKETCH, CONTROL_STRUCTURE, SD35, STYLE_TRANSFER, Model
from local.models.drawing import LARGEST_SEED, Order, canvas
from local.models.pictures import Picture, one_megapixel
from local.models.schema import Choice, Number, Rejected, Schema, Text, UnknownField, read_body

STYLE_PRESETS = (
    *(
        "3d-model",
        "analog-film",
        "anime",
        "cinematic",
        "comic-book",
        "digital-art",
        "enhance",
        "fantasy-art",
        "isometric",
    ),
    *("line-art", "low-poly", "modeling-compound", "neon-punk", "origami", "photographic", "pixel-art", "tile-texture"),
)
ASPECT_RATIOS = ("16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21")
IMAGE_TO_IMAGE = ("image", "strength")
SERVICE_PIXELS = 9_437_184
SD35_LONGEST_SIDE = 1536

Body = dict[str, Any]


def _service_size(width: int, height: int) -> str | None:
    if min(width, height) < 64:
        return f"each side must be at least 64 pixels, got {width}x{height}"
    if width * height > SERVICE_PIXELS:
        return f"the image may have at most {SERVICE_PIXELS} pixels, got {width}x{height}"
    if max(width, height) > 2.5 * min(width, height):
        return f"the aspect ratio must lie between 1:2.5 and 2.5:1, got {width}x{height}"
    return None


def _sd35_size(width: int, height: int) -> str | None:
    if min(width, height) < 64:
        return f"each side must be at least 64 pixels, got {width}x{height}"
    # Stability's JumpStart notebook caps a side at 1536; whether Bedrock does is not known: the careful reading counts.
    if max(width, height) > SD35_LONGEST_SIDE:
        return f"each side may have at most {SD35_LONGEST_SIDE} pixels, got {width}x{height}"
    return None


COMMON: Schema = {
    "negative_prompt": Text(max_chars=10_000),
    "seed": Number(low=0, high=LARGEST_SEED, whole=True, default=0),
    "output_format": Choice(options=("jpeg", "png", "webp"), default="png"),
}
SD35_SCHEMA: Schema = {
    "prompt": Text(max_chars=10_000, required=True),
    "mode": Choice(options=("text-to-image", "image-to-image"), default="text-to-image"),
    "strength": Number(low=0, high=1),
    "image": Picture(rule=_sd35_size),
    "aspect_ratio": Choice(options=ASPECT_RATIOS),
    **COMMON,
}
CONTROL_SCHEMA: Schema = {
    "image": Picture(rule=_service_size, required=True),
    "prompt": Text(max_chars=10_000, required=True),
    "control_strength": Number(low=0, high=1, default=0.7),
    "style_preset": Choice(options=STYLE_PRESETS),
    **COMMON,
}
TRANSFER_SCHEMA: Schema = {
    "init_image": Picture(rule=_service_size, required=True),
    "style_image": Picture(rule=_service_size, required=True),
    "prompt": Text(max_chars=10_000),
    "composition_fidelity": Number(low=0, high=1, default=0.9),
    "style_strength": Number(low=0, high=1, default=1.0),
    "change_strength": Number(low=0.1, high=1, default=0.9),
    **COMMON,
}


@dataclass(frozen=True)
class Contract:
    """One model's contract: `order` turns a checked body with its settled seed into work, `rule` relates fields."""

    schema: Schema
    order: Callable[[Body, str], Order]
    title: str = ""
    rule: Callable[[Body], None] = lambda body: None

    def read(self, content: bytes) -> Body:
        """The checked body; raises Refusal as the service words it."""
        try:
            body = read_body(content, self.schema)
            self.rule(body)
        except UnknownField as error:
            raise _invalid(self._unknown(error)) from error
        except Rejected as error:
            raise _invalid(str(error)) from error
        return body

    def _unknown(self, error: UnknownField) -> str:
        if not self.title:
            return f"Invalid field in request. Available fields: {list(self.schema)}"
        field = error.problem.partition("[")[2].partition("]")[0]
        return f"Invalid field '{field}' in request. Available fields for {self.title} are: {', '.join(self.schema)}"


def _invalid(detail: str) -> Refusal:
    return Refusal(400, "ValidationException", json.dumps({"detail": detail}))


def _sd35_rule(body: Body) -> None:
    if body["mode"] == "image-to-image":
        _require(body, *IMAGE_TO_IMAGE)
        _forbid(body, "aspect_ratio")
    else:
        _forbid(body, *IMAGE_TO_IMAGE)


def _require(body: Body, *names: str) -> None:
    for name in names:
        if body[name] is None:
            raise Rejected("#", f"required key [{name}] not found, mode is {body['mode']}")


def _forbid(body: Body, *names: str) -> None:
    for name in names:
        if body[name] is not None:
            raise Rejected(f"#/{name}", f"not valid when mode is {body['mode']}")


def _sd35_order(body: Body, model: str) -> Order:
    if body["mode"] == "text-to-image":
        across, _, down = (body["aspect_ratio"] or "1:1").partition(":")
        size = one_megapixel(int(across) / int(down))
        return Order(model, body["prompt"], canvas(body["prompt"], body["seed"], size), size, 1.0, body["seed"])
    height, width = body["image"].shape[:2]
    return Order(model, body["prompt"], body["image"], one_megapixel(width / height), body["strength"], body["seed"])


def _control_order(body: Body, model: str) -> Order:
    height, width = body["image"].shape[:2]
    denoise = 1.0 - body["control_strength"]
    return Order(model, body["prompt"], body["image"], (width, height), denoise, body["seed"], body["style_preset"])


def _transfer_order(body: Body, model: str) -> Order:
    height, width = body["init_image"].shape[:2]
    denoise = body["style_strength"] * body["change_strength"]
    size = one_megapixel(width / height)
    return Order(
        model, body["prompt"], body["init_image"], size, denoise, body["seed"], style_image=body["style_image"]
    )


CONTRACTS: dict[Model, Contract] = {
    SD35: Contract(SD35_SCHEMA, _sd35_order, rule=_sd35_rule),
    CONTROL_STRUCTURE: Contract(CONTROL_SCHEMA, _control_order, "control-structure"),
    CONTROL_SKETCH: Contract(CONTROL_SCHEMA, _control_order, "control-sketch"),
    STYLE_TRANSFER: Contract(TRANSFER_SCHEMA, _transfer_order, "style-transfer"),
}
