"""What a deployment may choose: CDK context (`-c name=value` or cdk.json) as one frozen object."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rotoscope.engines.catalog import ENGINES
from rotoscope.settings import EngineName

BEDROCK_REGIONS = sorted({region for facts in ENGINES.values() for region in facts.regions})


class SettingsError(ValueError):
    """A context value that the stack cannot use; the message names the setting and what it may be."""


class Settings(BaseModel):
    """The stack's settings; every job may still choose its own engine and limits within them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stack_name: str = Field("Rotoscope", pattern=r"^[A-Za-z][A-Za-z0-9-]{0,127}$")
    engine: EngineName = "control-structure"
    bedrock_region: str = "us-west-2"
    daily_cost_usd: float = Field(50, ge=0, description="what all jobs of one day may spend on models")
    sdxl_endpoint: str | None = Field(None, pattern=r"^[A-Za-z0-9](-*[A-Za-z0-9]){0,62}$")
    sdxl_dialect: Literal["stability", "jumpstart"] | None = None
    memory_ceiling_mb: int = Field(3008, ge=1024, le=10240, description="3,008 is all that a new account may have")
    results_days: int | None = Field(None, ge=1, description="none keeps results for ever")
    segment_megapixels: int = Field(250, ge=1, description="frames times pixels that one segment may hold")

    @classmethod
    def from_context(cls, context: Mapping[str, Any]) -> Self:
        """Settings among everything else that CDK keeps in its context."""
        _refuse_near_misses(context)
        try:
            return cls.model_validate({name: context[name] for name in cls.model_fields if name in context})
        except ValidationError as error:
            raise SettingsError("\n".join(_sentence(detail) for detail in error.errors())) from error

    @model_validator(mode="after")
    def _engine_can_be_called(self) -> Self:
        if self.engine == "sdxl" and not self.sdxl_endpoint:
            raise ValueError("engine sdxl is served by your own endpoint: give its name as sdxl_endpoint")
        if self.sdxl_dialect and not self.sdxl_endpoint:
            raise ValueError("sdxl_dialect says how an endpoint speaks: give the endpoint's name as sdxl_endpoint")
        if self.bedrock_region not in BEDROCK_REGIONS:
            raise ValueError(f"bedrock_region {self.bedrock_region!r} serves no engine: use {_any_of(BEDROCK_REGIONS)}")
        served = ENGINES[self.engine].regions
        if served and self.bedrock_region not in served:
            raise ValueError(f"engine {self.engine} is not served in {self.bedrock_region}: use {_any_of(served)}")
        return self


def _refuse_near_misses(context: Mapping[str, Any]) -> None:
    for name in context:
        near = get_close_matches(name, Settings.model_fields, n=1, cutoff=0.8)
        if near and name not in Settings.model_fields:
            raise SettingsError(f"context: there is no setting {name!r}; did you mean {near[0]!r}?")


def _any_of(names: Iterable[str]) -> str:
    return " or ".join(names)


def _sentence(detail: Mapping[str, Any]) -> str:
    name = ".".join(map(str, detail["loc"]))
    said = detail["msg"].removeprefix("Value error, ")
    return f"context {name}={detail['input']!r}: {said}" if name else f"context: {said}"
