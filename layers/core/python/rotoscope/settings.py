"""A job's settings: what may be asked for, in which range, and what happens when it is asked wrongly.

Precedence, weakest first: the stack's defaults, folder `rotoscope.json` files (the nearest folder wins), the upload's
`x-amz-meta-rotoscope`, the video's own `clip.mp4.json`. `docs/settings.schema.json` is generated from `Settings`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from rotoscope.errors import SettingsInvalid
from rotoscope.settings_mistakes import contradiction, explain
from rotoscope.sizes import LARGEST, LONGEST_SIDE

EngineName = Literal["control-structure", "control-sketch", "sd35", "style-transfer", "sdxl", "sketch", "echo"]
Preset = Literal[
    "3d-model", "analog-film", "anime", "cinematic", "comic-book", "digital-art", "enhance", "fantasy-art",
    "isometric", "line-art", "low-poly", "modeling-compound", "neon-punk", "origami", "photographic", "pixel-art",
    "tile-texture",
]  # fmt: skip
Sampler = Literal[
    "DDIM", "DDPM", "K_DPMPP_2M", "K_DPMPP_2S_ANCESTRAL", "K_DPM_2", "K_DPM_2_ANCESTRAL", "K_EULER",
    "K_EULER_ANCESTRAL", "K_HEUN", "K_LMS",
]  # fmt: skip
ClipGuidance = Literal["FAST_BLUE", "FAST_GREEN", "NONE", "SIMPLE", "SLOW", "SLOWER", "SLOWEST"]
Format = Literal["mp4", "hevc", "webm", "gif", "webp", "prores", "frames", "keys"]
FrameOrTime = (
    Annotated[int, Field(ge=0)] | Annotated[str, Field(pattern=r"^(\d+(\.\d+)?s|(\d+:)?\d{1,2}:\d{2}(\.\d+)?)$")]
)
Text = Annotated[str, Field(max_length=10_000)]
Schedule = dict[str, float | str]

RATES = 0.01, 1000
"""Frames per second that encoders and players take."""


def _playable(rate: str) -> str:
    if not RATES[0] <= Fraction(rate) <= RATES[1]:
        raise ValueError("is a rate that nothing can play")
    return rate


def _drawable(size: str) -> str:
    width, height = map(int, size.split("x"))
    if max(width, height) > LONGEST_SIDE or width * height > LARGEST:
        raise ValueError("is too large")
    return size


Rate = (
    Annotated[float, Field(ge=RATES[0], le=RATES[1])]
    | Annotated[str, Field(pattern=r"^\d+/[1-9]\d*$"), AfterValidator(_playable)]
)
Size = Annotated[str, Field(pattern=r"^[1-9]\d{1,4}x[1-9]\d{1,4}$"), AfterValidator(_drawable)]


class Group(BaseModel):
    """Frozen, and strict about unknown keys and types: "5" and true are no numbers, nor is infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class SdxlSettings(Group):
    """What only SDXL understands; other engines ignore it, and the receipt says so."""

    cfg_scale: Annotated[float, Field(ge=0, le=35)] | None = Field(None, description="How closely to follow the prompt")
    steps: Annotated[int, Field(ge=10, le=150)] | None = Field(None, description="Diffusion steps")
    sampler: Sampler | None = Field(None, description="Diffusion sampler")
    clip_guidance_preset: ClipGuidance | None = Field(None, description="CLIP guidance")


class StyleSettings(Group):
    """How frames are redrawn."""

    engine: EngineName | Annotated[list[EngineName], Field(min_length=1, max_length=4)] | None = Field(
        None, description="Who redraws the frames; a list is a ladder. Default: the stack's"
    )
    prompt: Text | Schedule | None = Field(None, description="What the result should look like. Default: the preset's")
    negative_prompt: Text | Schedule = Field("", description="What the result should not show")
    preset: Preset | None = Field(None, description="One of SDXL's style presets")
    image: str | None = Field(
        None, description="A picture whose style to take: beside the settings file, or its whole key in the inbox"
    )
    keys: str = Field(
        "keys", description="Folder beside the settings file; keys/00000012.png is your own picture of key frame 12"
    )
    denoise: Annotated[float, Field(ge=0, le=1)] | Schedule | None = Field(
        None,
        description="0 keeps the source, 1 ignores it. Default: 0.35 for sd35 and sdxl, 0.3 for control-*,"
        " 0.9 for style-transfer, 1 for sketch",
    )
    seed: Annotated[int, Field(ge=0, le=4294967294)] | Literal["random"] | None = Field(
        None, description="Default: fixed per job"
    )
    sdxl: SdxlSettings = SdxlSettings()
    preserve_color: bool = Field(False, description="Keep the source's colours: only light and lines are redrawn")


class FrameSettings(Group):
    """Which frames are taken, and which of them are paid for."""

    start: FrameOrTime | None = Field(None, description="First frame: 0-based index, or a time such as 1:23.5 or 4s")
    end: FrameOrTime | None = Field(None, description="End, exclusive: index or time")
    step: int = Field(1, ge=1, le=1000, description="Take every n-th frame; the others leave the output")
    keys: (
        Literal["all", "adaptive"]
        | Annotated[str, Field(pattern=r"^every [1-9]\d{0,4}$")]
        | list[Annotated[int, Field(ge=0)]]
    ) = Field(
        "adaptive",
        description="Which of the taken frames are restyled and paid for; the others follow them along their motion."
        " adaptive: as few as the picture needs and the limits allow; all; every N; or a list of frame indices",
    )
    min_gap: int = Field(4, ge=1, le=1000, description="Fewest frames between adaptive keys")
    max_gap: int = Field(24, ge=1, le=1000, description="Most frames between adaptive keys, if the limits allow it")


class MotionSettings(Group):
    """Time and steadiness."""

    slow: float = Field(1, ge=1, le=8, description="Play slower by this factor")
    fps: Rate | Literal["source"] = Field("source", description="More frames at the same duration")
    engine: Literal["flow", "film"] = Field("flow", description="Who draws frames that no camera took")
    deflicker: Literal["off", "on", "strong"] | None = Field(
        None, description='Steady the result of "keys": "all", where every frame is restyled for itself. Default: on'
    )


class OutputSettings(Group):
    """What comes back."""

    formats: list[Format] = Field(
        ["mp4"], min_length=1, description="What to make; keys are the restyled key frames, by number, to be edited"
    )
    fps: Rate | None = Field(None, description="Replay at this rate: the duration changes and sound is dropped")
    size: Literal["source"] | Size = Field("source", description="source or WIDTHxHEIGHT")
    fit: Literal["pad", "crop"] = Field("pad", description="How another shape is filled; nothing is ever stretched")
    audio: Literal["keep", "drop"] = Field("keep", description="The source's sound")
    compare: bool | Literal["side-by-side", "wipe"] = Field(
        True,
        description="A second video of source and result: side by side (true), or with a border that wipes over them",
    )
    loop: Literal["none", "boomerang"] = Field("none", description="boomerang: forwards, then backwards, without sound")
    background: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = Field(
        "#ffffff", description="Behind transparent pictures, in formats that cannot keep transparency"
    )


class LimitSettings(Group):
    """Hard limits of the job."""

    max_cost_usd: float = Field(5, ge=0, le=100_000, description="Most that the job's model calls may cost")
    max_calls: Annotated[int, Field(ge=1)] | None = Field(None, description="Most model calls")
    max_minutes: float = Field(720, gt=0, le=1440, description="Longest the job may take")


class Settings(Group):
    """Settings of one Rotoscope job."""

    style: StyleSettings = StyleSettings()
    frames: FrameSettings = FrameSettings()
    motion: MotionSettings = MotionSettings()
    output: OutputSettings = OutputSettings()
    limits: LimitSettings = LimitSettings()
    review: Literal["none", "preview", "frames"] = Field("none", description="Wait for a person's approval")

    def engines(self) -> list[EngineName]:
        """The ladder, strongest wish first; PlanJob has filled in the stack's default."""
        engine = self.style.engine
        return [] if engine is None else [engine] if isinstance(engine, str) else list(engine)


def parse(text: bytes | str, origin: str) -> dict[str, Any]:
    """The JSON object in a settings document; raises SettingsInvalid naming `origin` and the place of the mistake."""
    try:
        value = deepcopy(json.loads(text))  # copying ends at one depth; where json itself does, varies
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair can be read, but never be written
    except (ValueError, RecursionError) as error:
        raise SettingsInvalid(f"{origin} is not valid JSON: {error}.") from error
    if not isinstance(value, dict):
        raise SettingsInvalid(f'{origin} should be a JSON object such as {{"style": {{"preset": "anime"}}}}.')
    value.pop("$schema", None)
    return value


def resolve(layers: Sequence[tuple[str, Mapping[str, Any]]]) -> Settings:
    """Merges settings, weakest first, each named by its origin; raises SettingsInvalid with a sentence that helps."""
    merged: dict[str, Any] = {}
    for origin, layer in layers:
        _validated(_merge({}, layer), origin)
        merged = _merge(merged, layer)
    origins = " + ".join(origin for origin, _ in layers) or "settings"
    asked = _validated(merged, origins)
    if mistake := contradiction(asked):
        raise SettingsInvalid(f"{origins}: {mistake}")
    return asked


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _validated(values: Mapping[str, Any], origin: str) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsInvalid(f"{origin}: {explain(Settings, error)}") from error


def seconds(time: str) -> float:
    """`4.5s`, `1:23.5` or `1:02:03` in seconds."""
    if re.fullmatch(r"[\d.]+s", time):
        return float(time[:-1])
    total = 0.0
    for part in time.split(":"):
        total = total * 60 + float(part)
    return total


def output_size(output: OutputSettings, width: int, height: int) -> tuple[int, int]:
    """Width and height of the result of a source of that size."""
    if output.size == "source":
        return width, height
    asked = output.size.split("x")
    return int(asked[0]), int(asked[1])
