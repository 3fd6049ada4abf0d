"""SDXL 1.0 on a SageMaker endpoint of the user's own, in two dialects.

`stability`: the body that Bedrock took until 2025-05-20 (user guide page model-parameters-diffusion-1-0-image-image).
`jumpstart`: AWS's JumpStart container, with sampler names, size fields and an answer of its own.
"""

from typing import Any

from rotoscope.engines import contract
from rotoscope.engines.canvas import Canvas, stepped_canvas
from rotoscope.engines.contract import Style
from rotoscope.engines.dialects import JUMPSTART_SAMPLERS, SDXL_PROMPT
from rotoscope.engines.presets import prompt_of
from rotoscope.errors import AnswerLost

_PIXELS = 1_048_576


class SdxlStability:
    """The historic body, whole."""

    def canvas(self, width: int, height: int) -> Canvas:
        return stepped_canvas(width, height, step=64, max_pixels=_PIXELS, min_side=256)

    def body(self, picture: str, style: Style, canvas: Canvas) -> dict[str, Any]:
        asked = style.sdxl.model_dump(exclude_none=True)
        preset = {"style_preset": style.preset} if style.preset else {}
        return {
            "text_prompts": _prompts(style.prompt or prompt_of(None, style.preset), style.negative_prompt),
            "init_image": picture,
            "init_image_mode": "IMAGE_STRENGTH",
            "image_strength": round(1 - style.denoise, 4),
            "samples": 1,
            "seed": style.seed or 4294967294,
            **asked,
            **preset,
        }

    def answer(self, reply: dict[str, Any]) -> str:
        artifact = contract.first(reply, "artifacts")
        if not isinstance(artifact, dict):
            raise AnswerLost("SDXL answered without an artifact.")
        reason = artifact.get("finishReason")
        if reason == "CONTENT_FILTERED":
            raise contract.filtered(reason)
        picture = artifact.get("base64")
        if reason != "SUCCESS" or not isinstance(picture, str):
            raise AnswerLost(f"SDXL answered without a picture ({reason or 'no reason given'}).")
        return picture


class SdxlJumpstart:
    """JumpStart's container: no presets, no CLIP guidance; the preset becomes words."""

    def canvas(self, width: int, height: int) -> Canvas:
        return stepped_canvas(width, height, step=64, max_pixels=_PIXELS, min_side=320)

    def body(self, picture: str, style: Style, canvas: Canvas) -> dict[str, Any]:
        sampler = JUMPSTART_SAMPLERS.get(style.sdxl.sampler or "")
        optional = {"cfg_scale": style.sdxl.cfg_scale, "steps": style.sdxl.steps, "sampler": sampler}
        return {
            "text_prompts": _prompts(prompt_of(style.prompt, style.preset), style.negative_prompt),
            "init_image": picture,
            "image_strength": round(1 - style.denoise, 4),
            "width": canvas.width,
            "height": canvas.height,
            "seed": style.seed or 4294967294,
            **{name: value for name, value in optional.items() if value is not None},
        }

    def answer(self, reply: dict[str, Any]) -> str:
        picture = reply.get("generated_image")
        if not isinstance(picture, str):
            raise AnswerLost("The JumpStart endpoint answered without a picture.")
        return picture


def _prompts(positive: str, negative: str) -> list[dict[str, Any]]:
    """SDXL's weighted texts: a negative prompt is one with a negative weight."""
    texts = [{"text": positive[:SDXL_PROMPT], "weight": 1.0}]
    return [*texts, {"text": negative[:SDXL_PROMPT], "weight": -1.0}] if negative else texts
