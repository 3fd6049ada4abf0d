"""The one table of what engines cost, where they run and how fast they may be called.

Facts checked on 2026-11-20 against AWS's model cards, quota and lifecycle pages; prices are list prices from a
secondary source (AWS's own price page could not be read). Change a fact here and nowhere else.
"""

from dataclasses import dataclass

from rotoscope.errors import ModelRetired
from rotoscope.settings import EngineName

CHECKED = "2026-11-20"


@dataclass(frozen=True)
class EngineFacts:
    """One engine. `price_usd` is per picture; `requests_per_minute` is AWS's default quota, not adjustable."""

    name: EngineName
    model_id: str | None
    price_usd: float
    requests_per_minute: float | None
    quota_name: str | None
    regions: tuple[str, ...]
    seconds_per_call: float
    default_denoise: float
    wants_style_image: bool
    note: str


_GEO = ("us-east-1", "us-east-2", "us-west-2")
_QUOTA = "model inference requests per minute for"

ENGINES: dict[EngineName, EngineFacts] = {
    facts.name: facts
    for facts in (
        EngineFacts(
            "control-structure", "us.stability.stable-image-control-structure-v1:0", 0.07, 20,
            f"Cross-region {_QUOTA} Stable Image Control Structure", _GEO, 6, 0.3, False,
            "Redraws from a text and keeps the picture's geometry",
        ),
        EngineFacts(
            "control-sketch", "us.stability.stable-image-control-sketch-v1:0", 0.07, 20,
            f"Cross-region {_QUOTA} Stable Image Control Sketch", _GEO, 6, 0.3, False,
            "Redraws from a text along the picture's contours",
        ),
        EngineFacts(
            "sd35", "stability.sd3-5-large-v1:0", 0.08, 15,
            f"On-demand {_QUOTA} Stability.ai Stable Diffusion 3.5 Large", ("us-west-2",), 8, 0.35, False,
            "Image to image; the closest successor of SDXL",
        ),
        EngineFacts(
            "style-transfer", "us.stability.stable-style-transfer-v1:0", 0.08, 20,
            f"Cross-region {_QUOTA} Stable Image Style Transfer", _GEO, 8, 0.9, True,
            "Takes the style of a picture (style.image)",
        ),
        EngineFacts(
            "sdxl", None, 0.0, None, None, (), 8, 0.35, False,
            "SDXL 1.0 on a SageMaker endpoint of your own (sdxl_endpoint); billed by the instance hour",
        ),
        EngineFacts(
            "sketch", None, 0.0, None, None, (), 0.4, 1.0, False,
            "Classical image processing inside the Lambda: 17 presets, or the style of a picture; no model, no fee",
        ),
        EngineFacts("echo", None, 0.0, None, None, (), 0.1, 1.0, False, "Gives the frame back; for tests"),
    )
}  # fmt: skip

RETIRED: dict[str, tuple[str, str]] = {
    "stability.stable-diffusion-xl": ("2024-04-30", "sd35"),
    "stability.stable-diffusion-xl-v0": ("2024-04-30", "sd35"),
    "stability.stable-diffusion-xl-v1": ("2025-05-20", "sd35"),
    "stability.stable-diffusion-xl-v1:0": ("2025-05-20", "sd35"),
    "stability.sd3-large-v1:0": ("2025-09-04", "sd35"),
    "stability.stable-image-core-v1:0": ("2025-09-04", "control-structure"),
    "stability.stable-image-ultra-v1:0": ("2025-09-04", "sd35"),
    "amazon.titan-image-generator-v1": ("2025-08-15", "control-structure"),
    "amazon.titan-image-generator-v2:0": ("2026-06-30", "control-structure"),
    "amazon.nova-canvas-v1:0": ("2026-09-30", "control-structure"),
}
"""Model id -> (end of life, engine to use instead)."""


def retired_sentence(model_id: str) -> str:
    """What to tell somebody who asks for a model that is gone."""
    date, instead = RETIRED[model_id]
    tail = " For SDXL itself, set sdxl_endpoint to a SageMaker endpoint of your own." if "xl" in model_id else ""
    return f'The model {model_id} was retired from Bedrock on {date}. Use the engine "{instead}" instead.{tail}'


_NO_SDXL = (
    "SDXL was retired from Bedrock on 2025-05-20. "
    'Use the engine "sd35" instead, or set sdxl_endpoint to a SageMaker endpoint of your own and deploy again.'
)


def require_served(name: EngineName, sdxl_endpoint: str | None) -> None:
    """Raises ModelRetired for sdxl where the stack names no endpoint that serves it."""
    if name == "sdxl" and not sdxl_endpoint:
        raise ModelRetired(_NO_SDXL)
