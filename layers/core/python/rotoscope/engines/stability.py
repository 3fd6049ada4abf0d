"""Stability's current models on Bedrock: SD3.5 image to image, Control Structure / Sketch, Style Transfer.

Contracts: AWS's Bedrock user guide, pages model-parameters-diffusion-3-5-large and stable-image-services. Unknown
fields are refused by the service, so nothing is ever passed through.
"""

from dataclasses import dataclass
from typing import Any

from rotoscope.engines import contract
from rotoscope.engines.canvas import Canvas, free_canvas
from rotoscope.engines.contract import Style
from rotoscope.engines.presets import prompt_of
from rotoscope.errors import AnswerLost

_MEGAPIXEL = 1_048_576
_SD35_SIDE = 1536
_SERVICE_PIXELS = 9_437_184
_SERVICE_ASPECT = 2.5
_PROMPT = 10_000
_PNG_PIXELS = 4 * _MEGAPIXEL
"""A noisy PNG hardly shrinks, and base64 adds a third: a larger one could pass Bedrock's 25,000,000 bytes."""


class _Stability:
    """What the three share: the shape of the answer."""

    def answer(self, reply: dict[str, Any]) -> str:
        reason = contract.first(reply, "finish_reasons")
        if isinstance(reason, str) and reason.startswith("Filter reason"):
            raise contract.filtered(reason)
        picture = contract.first(reply, "images")
        if reason or not isinstance(picture, str):
            # AWS bills by picture but does not say whether an "Inference error" is free: the careful reading counts.
            raise AnswerLost(f"The model answered without a picture ({reason or 'no reason given'}).")
        return picture


class Sd35(_Stability):
    """SD3.5 Large answers about one megapixel whatever it is sent, so no more is sent."""

    def canvas(self, width: int, height: int) -> Canvas:
        return free_canvas(width, height, max_pixels=_MEGAPIXEL, max_side=_SD35_SIDE, max_aspect=_SERVICE_ASPECT)

    def body(self, picture: str, style: Style, canvas: Canvas) -> dict[str, Any]:
        return {
            "mode": "image-to-image",
            "image": picture,
            "strength": style.denoise,
            "prompt": _text(style),
            **_extras(style, canvas),
        }


@dataclass(frozen=True)
class Control(_Stability):
    """Control Structure and Control Sketch: `control_strength` is how closely the source's geometry is kept."""

    def canvas(self, width: int, height: int) -> Canvas:
        return free_canvas(width, height, max_pixels=_SERVICE_PIXELS, max_aspect=_SERVICE_ASPECT)

    def body(self, picture: str, style: Style, canvas: Canvas) -> dict[str, Any]:
        preset = {"style_preset": style.preset} if style.preset else {}
        return {
            "image": picture,
            "prompt": style.prompt or prompt_of(None, style.preset),
            "control_strength": round(1 - style.denoise, 4),
            **preset,
            **_extras(style, canvas),
        }


class StyleTransfer(_Stability):
    """A frame and the picture whose style it takes; here denoise is the service's `change_strength`."""

    def canvas(self, width: int, height: int) -> Canvas:
        return free_canvas(width, height, max_pixels=_SERVICE_PIXELS, max_aspect=_SERVICE_ASPECT)

    def body(self, picture: str, style: Style, canvas: Canvas) -> dict[str, Any]:
        assert style.image is not None, "PlanJob refuses a style-transfer job without a style image"
        look = self.canvas(style.image.shape[1], style.image.shape[0]).place(style.image)
        text = _text(style)
        return {
            "init_image": picture,
            "style_image": contract.to_base64(look),
            "change_strength": max(0.1, style.denoise),
            **({"prompt": text} if text else {}),
            **_extras(style, canvas),
        }


def _text(style: Style) -> str:
    """The prompt within the preset's words; where both are too long, the prompt's end gives way."""
    words = f", {prompt_of(None, style.preset)}" if style.preset else ""
    return prompt_of(style.prompt[: _PROMPT - len(words)], style.preset)


def _extras(style: Style, canvas: Canvas) -> dict[str, Any]:
    """Fields that all have. Seed 0 would mean a new one for every frame, so it is sent as the largest instead."""
    negative = {"negative_prompt": style.negative_prompt} if style.negative_prompt else {}
    form = "png" if canvas.width * canvas.height <= _PNG_PIXELS else "jpeg"
    return {"seed": style.seed or 4294967294, "output_format": form, **negative}
