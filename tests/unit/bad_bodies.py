"""Bodies that the model services refuse, and the sentence that says why: one line per documented rule."""

import base64
import io
from typing import Any

import numpy as np
from PIL import Image

Body = dict[str, Any]


def picture(width: int, height: int, form: str = "PNG") -> str:
    """A picture with some structure, in base64."""
    ramp = np.linspace(0, 255, width, dtype=np.uint8)
    pixels = np.broadcast_to(ramp[None, :, None], (height, width, 3)).copy()
    pixels[: height // 2, :, 0] = 255 - pixels[: height // 2, :, 0]
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, form)
    return base64.b64encode(buffer.getvalue()).decode()


FRAME = picture(320, 192)
GONE = object()
"""Marks a field to leave out."""

SD35: Body = {
    "prompt": "anime watercolor",
    "negative_prompt": "blurry",
    "mode": "image-to-image",
    "image": FRAME,
    "strength": 0.45,
    "seed": 1234,
    "output_format": "png",
}
CONTROL: Body = {
    "prompt": "anime watercolor",
    "image": FRAME,
    "control_strength": 0.7,
    "style_preset": "anime",
    "seed": 1234,
    "output_format": "png",
}
TRANSFER: Body = {
    "init_image": FRAME,
    "style_image": picture(128, 128, "JPEG"),
    "prompt": "watercolor",
    "composition_fidelity": 0.9,
    "style_strength": 1,
    "change_strength": 0.9,
    "seed": 1234,
    "output_format": "png",
}
SDXL: Body = {
    "text_prompts": [{"text": "anime watercolor", "weight": 1.0}, {"text": "blurry", "weight": -1.0}],
    "init_image": FRAME,
    "init_image_mode": "IMAGE_STRENGTH",
    "image_strength": 0.35,
    "cfg_scale": 7,
    "sampler": "K_DPMPP_2M",
    "clip_guidance_preset": "SLOWEST",
    "samples": 1,
    "seed": 1234,
    "steps": 30,
    "style_preset": "anime",
}
JUMPSTART: Body = {
    "text_prompts": [{"text": "anime watercolor", "weight": 1.0}, {"text": "blurry", "weight": -1.0}],
    "init_image": picture(320, 264),
    "image_strength": 0.35,
    "width": 320,
    "height": 264,
    "sampler": "DPMPP2MSampler",
    "cfg_scale": 7,
    "steps": 30,
    "seed": 1234,
    "use_refiner": False,
}

GIF = picture(320, 192, "GIF")
NOT_A_PICTURE = base64.b64encode(b"plain text").decode()
TORN = base64.b64encode(base64.b64decode(FRAME)[:200]).decode()
LONG = "x" * 10_001

COMMON: list[tuple[Body, str]] = [
    ({"text_prompts": [{"text": "a"}]}, "Invalid field"),
    ({"cfg_scale": 7}, "Invalid field"),
    ({"steps": 30}, "Invalid field"),
    ({"negative_prompt": LONG}, "#/negative_prompt: expected maxLength: 10000, actual: 10001"),
    ({"prompt": LONG}, "#/prompt: expected maxLength: 10000, actual: 10001"),
    ({"prompt": 7}, "#/prompt: expected type: String, found: Integer"),
    ({"prompt": None}, "#/prompt: expected type: String, found: Null"),
    ({"seed": -1}, "#/seed: -1 is not greater or equal to 0"),
    ({"seed": 4294967295}, "#/seed: 4294967295 is not less or equal to 4294967294"),
    ({"seed": 1.5}, "#/seed: expected type: Integer, found: Number"),
    ({"seed": True}, "#/seed: expected type: Integer, found: Boolean"),
    ({"seed": "1234"}, "#/seed: expected type: Integer, found: String"),
    ({"output_format": "gif"}, "#/output_format: gif is not a valid enum value"),
    ({"output_format": "PNG"}, "#/output_format: PNG is not a valid enum value"),
]

BAD_SD35: list[tuple[Body, str]] = [
    *COMMON,
    ({"prompt": GONE}, "required key [prompt] not found"),
    ({"style_preset": "anime"}, "Invalid field"),
    ({"mode": "img2img"}, "#/mode: img2img is not a valid enum value"),
    ({"mode": GONE}, "#/image: not valid when mode is text-to-image"),
    ({"mode": "text-to-image", "image": GONE}, "#/strength: not valid when mode is text-to-image"),
    ({"image": GONE}, "required key [image] not found"),
    ({"strength": GONE}, "required key [strength] not found"),
    ({"aspect_ratio": "16:9"}, "#/aspect_ratio: not valid when mode is image-to-image"),
    (
        {"mode": "text-to-image", "image": GONE, "strength": GONE, "aspect_ratio": "4:3"},
        "4:3 is not a valid enum value",
    ),
    ({"strength": 1.01}, "#/strength: 1.01 is not less or equal to 1"),
    ({"strength": -0.1}, "#/strength: -0.1 is not greater or equal to 0"),
    ({"strength": "0.5"}, "#/strength: expected type: Number, found: String"),
    ({"image": "data:image/png;base64," + FRAME}, "#/image: invalid base64-encoded image"),
    ({"image": FRAME[:-1]}, "#/image: invalid base64-encoded image"),
    ({"image": NOT_A_PICTURE}, "#/image: unsupported image format"),
    ({"image": GIF}, "#/image: unsupported image format"),
    ({"image": TORN}, "#/image: the image is damaged"),
    ({"image": picture(320, 63)}, "#/image: each side must be at least 64 pixels, got 320x63"),
    ({"image": picture(1537, 64)}, "#/image: each side may have at most 1536 pixels, got 1537x64"),
]

BAD_CONTROL: list[tuple[Body, str]] = [
    *COMMON,
    ({"prompt": GONE}, "required key [prompt] not found"),
    ({"image": GONE}, "required key [image] not found"),
    ({"strength": 0.5}, "Invalid field 'strength' in request"),
    ({"mode": "image-to-image"}, "Invalid field 'mode' in request"),
    ({"aspect_ratio": "1:1"}, "Invalid field 'aspect_ratio' in request"),
    ({"control_strength": 1.5}, "#/control_strength: 1.5 is not less or equal to 1"),
    ({"control_strength": -1}, "#/control_strength: -1 is not greater or equal to 0"),
    ({"style_preset": "animé"}, "#/style_preset: animé is not a valid enum value"),
    ({"style_preset": "none"}, "#/style_preset: none is not a valid enum value"),
    ({"image": "data:image/png;base64," + FRAME}, "#/image: invalid base64-encoded image"),
    ({"image": GIF}, "#/image: unsupported image format"),
    ({"image": picture(63, 64)}, "#/image: each side must be at least 64 pixels, got 63x64"),
    ({"image": picture(4096, 2305)}, "#/image: the image may have at most 9437184 pixels, got 4096x2305"),
    ({"image": picture(256, 100)}, "#/image: the aspect ratio must lie between 1:2.5 and 2.5:1, got 256x100"),
    ({"image": picture(100, 256)}, "#/image: the aspect ratio must lie between 1:2.5 and 2.5:1, got 100x256"),
]

BAD_TRANSFER: list[tuple[Body, str]] = [
    *COMMON,
    ({"init_image": GONE}, "required key [init_image] not found"),
    ({"style_image": GONE}, "required key [style_image] not found"),
    ({"image": FRAME}, "Invalid field 'image' in request"),
    ({"style_preset": "anime"}, "Invalid field 'style_preset' in request"),
    ({"strength": 0.5}, "Invalid field 'strength' in request"),
    ({"composition_fidelity": 1.1}, "#/composition_fidelity: 1.1 is not less or equal to 1"),
    ({"style_strength": -0.1}, "#/style_strength: -0.1 is not greater or equal to 0"),
    ({"change_strength": 0.05}, "#/change_strength: 0.05 is not greater or equal to 0.1"),
    ({"style_image": picture(63, 64)}, "#/style_image: each side must be at least 64 pixels, got 63x64"),
    ({"style_image": picture(256, 100)}, "#/style_image: the aspect ratio must lie between 1:2.5 and 2.5:1"),
    ({"init_image": picture(100, 256)}, "#/init_image: the aspect ratio must lie between 1:2.5 and 2.5:1"),
]

BAD_SDXL: list[tuple[Body, str]] = [
    ({"text_prompts": GONE}, "#: required key [text_prompts] not found"),
    ({"text_prompts": []}, "#/text_prompts: expected minimum item count: 1, found: 0"),
    ({"text_prompts": "anime"}, "#/text_prompts: expected type: JSONArray, found: String"),
    ({"text_prompts": ["anime"]}, "#/text_prompts/0: expected type: JSONObject, found: String"),
    ({"text_prompts": [{"weight": 1}]}, "#/text_prompts/0: required key [text] not found"),
    ({"text_prompts": [{"text": "x" * 2001}]}, "#/text_prompts/0/text: expected maxLength: 2000, actual: 2001"),
    ({"text_prompts": [{"text": "a", "weight": "1"}]}, "#/text_prompts/0/weight: expected type: Number, found: String"),
    ({"text_prompts": [{"text": "a", "strength": 1}]}, "#/text_prompts/0: extraneous key [strength] is not permitted"),
    ({"prompt": "a"}, "#: extraneous key [prompt] is not permitted"),
    ({"negative_prompt": "a"}, "#: extraneous key [negative_prompt] is not permitted"),
    ({"width": 320}, "#: extraneous key [width] is not permitted"),
    ({"height": 192}, "#: extraneous key [height] is not permitted"),
    ({"init_image": GONE}, "#: required key [init_image] not found"),
    ({"init_image": "data:image/png;base64," + FRAME}, "#/init_image: invalid base64-encoded image"),
    ({"init_image": GIF}, "#/init_image: unsupported image format"),
    ({"init_image": picture(450, 672)}, "image dimensions must be multiples of 64, got 450x672"),
    ({"init_image": picture(1280, 720)}, "image dimensions must be multiples of 64, got 1280x720"),
    ({"init_image": picture(1408, 768)}, "image too large, 1081344>1048576 pixels"),
    ({"init_image_mode": "STRENGTH"}, "#/init_image_mode: STRENGTH is not a valid enum value"),
    ({"image_strength": 1.2}, "#/image_strength: 1.2 is not less or equal to 1"),
    ({"step_schedule_start": 0.6}, "#/step_schedule_start: only allowed when init_image_mode is STEP_SCHEDULE"),
    ({"step_schedule_end": 0.1}, "#/step_schedule_end: only allowed when init_image_mode is STEP_SCHEDULE"),
    ({"cfg_scale": 36}, "#/cfg_scale: 36 is not less or equal to 35"),
    ({"cfg_scale": -1}, "#/cfg_scale: -1 is not greater or equal to 0"),
    ({"clip_guidance_preset": "SLOWISH"}, "#/clip_guidance_preset: SLOWISH is not a valid enum value"),
    ({"sampler": "K_DPMPP_SDE"}, "#/sampler: K_DPMPP_SDE is not a valid enum value"),
    ({"sampler": "DPMPP2MSampler"}, "#/sampler: DPMPP2MSampler is not a valid enum value"),
    ({"samples": 2}, "#/samples: 2 is not less or equal to 1"),
    ({"seed": 4294967296}, "#/seed: 4294967296 is not less or equal to 4294967295"),
    ({"seed": -1}, "#/seed: -1 is not greater or equal to 0"),
    ({"steps": 9}, "#/steps: 9 is not greater or equal to 10"),
    ({"steps": 51}, "#/steps: 51 is not less or equal to 50"),
    ({"steps": 25.5}, "#/steps: expected type: Integer, found: Number"),
    ({"style_preset": "oil-painting"}, "#/style_preset: oil-painting is not a valid enum value"),
    ({"extras": "none"}, "#/extras: expected type: JSONObject, found: String"),
    ({"extras": None}, "#/extras: expected type: JSONObject, found: Null"),
]

BAD_JUMPSTART: list[tuple[Body, str]] = [
    ({"sampler": "K_DPMPP_2M"}, "#/sampler: K_DPMPP_2M is not a valid enum value"),
    ({"style_preset": "anime"}, "#: extraneous key [style_preset] is not permitted"),
    ({"samples": 1}, "#: extraneous key [samples] is not permitted"),
    ({"clip_guidance_preset": "SLOW"}, "#: extraneous key [clip_guidance_preset] is not permitted"),
    ({"init_image_mode": "IMAGE_STRENGTH"}, "#: extraneous key [init_image_mode] is not permitted"),
    ({"width": 256}, "#/width: 256 is not greater or equal to 257"),
    ({"height": 300}, "#/height: 300 is not a multiple of 8"),
    ({"init_image": picture(320, 256)}, "#/init_image: width and height must be divisible by 8 and larger than 256"),
    ({"init_image": picture(324, 264)}, "#/init_image: width and height must be divisible by 8 and larger than 256"),
    ({"image_strength": 2}, "#/image_strength: 2 is not less or equal to 1"),
    ({"refiner_strength": 1.1}, "#/refiner_strength: 1.1 is not less or equal to 1"),
    ({"use_refiner": 1}, "#/use_refiner: expected type: Boolean, found: Integer"),
]


def changed(body: Body, change: Body) -> Body:
    """The body with some fields replaced, added or, where GONE, left out."""
    return {name: value for name, value in (body | change).items() if value is not GONE}
