"""Which models exist on 2026-11-20, where, under which name, at which price; and which are gone.

Written from AWS's user guide (model cards, model lifecycle) and its General Reference (quotas). Prices are second-hand
(litellm's table, one open-source service): AWS's own page could not be read. On purpose not the engines' table.
"""

import re
from dataclasses import dataclass
from datetime import date

from local.models.answers import Refusal

US_PROFILE_REGIONS = ("us-east-1", "us-east-2", "us-west-2")
INVALID_IDENTIFIER = "The provided model identifier is invalid."
END_OF_LIFE = (
    "This model version has reached the end of its life. Please refer to the AWS documentation for more details."
)
FOUNDATION_ARN = re.compile(r"arn:aws:bedrock:(?P<region>[a-z0-9-]+)::foundation-model/(?P<id>.+)")
PROFILE_ARN = re.compile(r"arn:aws:bedrock:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):inference-profile/(?P<id>.+)")


@dataclass(frozen=True)
class Model:
    """A model on sale: `quota_rpm` is AWS's default per account and Region, `profile` the geo profile that it needs."""

    id: str
    name: str
    quota_name: str
    quota_rpm: int
    usd_per_image: float
    regions: tuple[str, ...]
    profile: str | None = None

    def arn(self, region: str) -> str:
        """The foundation model's ARN; its account field is empty."""
        return f"arn:aws:bedrock:{region}::foundation-model/{self.id}"


def _image_service(name: str, title: str, usd: float) -> Model:
    identifier = f"stability.{name}-v1:0"
    quota_name = f"Cross-region model inference requests per minute for {title}"
    return Model(identifier, title, quota_name, 20, usd, US_PROFILE_REGIONS, f"us.{identifier}")


SD35 = Model(
    id="stability.sd3-5-large-v1:0",
    name="Stable Diffusion 3.5 Large",
    quota_name="On-demand model inference requests per minute for Stability.ai Stable Diffusion 3.5 Large",
    quota_rpm=15,
    usd_per_image=0.08,
    regions=("us-west-2",),
)
CONTROL_STRUCTURE = _image_service("stable-image-control-structure", "Stable Image Control Structure", 0.07)
CONTROL_SKETCH = _image_service("stable-image-control-sketch", "Stable Image Control Sketch", 0.07)
STYLE_TRANSFER = _image_service("stable-style-transfer", "Stable Image Style Transfer", 0.08)

LIVE = {model.id: model for model in (SD35, CONTROL_STRUCTURE, CONTROL_SKETCH, STYLE_TRANSFER)}

RETIRED = {
    "stability.stable-diffusion-xl": date(2024, 4, 30),
    "stability.stable-diffusion-xl-v0": date(2024, 4, 30),
    "stability.stable-diffusion-xl-v1": date(2025, 5, 20),
    "stability.stable-diffusion-xl-v1:0": date(2025, 5, 20),
    "stability.sd3-large-v1:0": date(2025, 9, 4),
    "stability.stable-image-core-v1:0": date(2025, 9, 4),
    "stability.stable-image-ultra-v1:0": date(2025, 9, 4),
    "amazon.titan-image-generator-v1": date(2025, 8, 15),
    "amazon.titan-image-generator-v1:0": date(2025, 8, 15),
    "amazon.titan-image-generator-v2:0": date(2026, 6, 30),
    "amazon.nova-canvas-v1:0": date(2026, 9, 30),
}


def refuse_unknown(model_id: str) -> None:
    """Raise what AWS answers to a model id that is retired or was never one; the live ones pass."""
    if model_id in RETIRED:
        raise Refusal(404, "ResourceNotFoundException", END_OF_LIFE)
    if model_id not in LIVE:
        raise Refusal(400, "ValidationException", INVALID_IDENTIFIER)


def invoked(identifier: str, region: str, account: str) -> Model:
    """The model behind an InvokeModel identifier (id, profile id, or the ARN of either); raises Refusal."""
    named = _named(identifier, region, account)
    by_profile = next((model for model in LIVE.values() if model.profile == named), None)
    if by_profile is None:
        refuse_unknown(named)
    model = by_profile or LIVE[named]
    if region not in model.regions:
        raise Refusal(400, "ValidationException", INVALID_IDENTIFIER)
    if model.profile and by_profile is None:
        raise Refusal(400, "ValidationException", _needs_profile(named))
    return model


def _named(identifier: str, region: str, account: str) -> str:
    arn = FOUNDATION_ARN.fullmatch(identifier) or PROFILE_ARN.fullmatch(identifier)
    if arn is None:
        return identifier
    parts = arn.groupdict()
    if parts["region"] != region or parts.get("account", account) != account:
        raise Refusal(400, "ValidationException", INVALID_IDENTIFIER)
    is_profile_arn = "account" in parts
    return parts["id"] if parts["id"].startswith("us.") == is_profile_arn else identifier


def _needs_profile(model_id: str) -> str:
    return (
        f"Invocation of model ID {model_id} with on-demand throughput isn’t supported. "
        "Retry your request with the ID or ARN of an inference profile that contains this model."
    )
