"""Which adapter stands behind which port, and the environment that tells them where. Nothing is made before its use."""

import os
import time
from collections.abc import Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from rotoscope import ports, scratch
from rotoscope.documents import Documents
from rotoscope.settings import EngineName

if TYPE_CHECKING:
    from rotoscope.engines.contract import Engine

_PREFIX = "ROTOSCOPE_"


class Config(BaseModel):
    """What the stack tells a function. Each gets only the variables it needs; using a missing one is an error."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    inbox: str = ""
    studio: str = ""
    ledger: str = ""
    topic: str = ""
    engine: EngineName = "control-structure"
    bedrock_region: str = "us-west-2"
    sdxl_endpoint: str | None = None
    sdxl_dialect: Literal["stability", "jumpstart"] = "stability"
    daily_cost_usd: float = Field(50, ge=0)
    segment_megapixels: float = Field(250, gt=0)
    function_gb: float = Field(0, ge=0)
    region: str = "us-east-1"

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Config":
        """From variables such as ROTOSCOPE_STUDIO, and Lambda's own memory setting."""
        ours = {
            name.removeprefix(_PREFIX).lower(): value for name, value in environment.items() if name.startswith(_PREFIX)
        }
        memory_mb = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0")
        region = environment.get("AWS_REGION", "us-east-1")
        return cls.model_validate({**ours, "function_gb": int(memory_mb) / 1024, "region": region})


class Services:
    """The outside as ports. Tests pass their own by name: `Services(config, studio=MemoryStore())`."""

    clock: ports.Clock = staticmethod(time.time)

    def __init__(self, config: Config, **instead: object) -> None:
        self.config = config
        self.__dict__.update(instead)

    @cached_property
    def studio(self) -> ports.BlobStore:
        from rotoscope.adapters.s3 import S3Store

        return S3Store(self.config.studio)

    @cached_property
    def inbox(self) -> ports.Inbox:
        from rotoscope.adapters.s3 import S3Inbox

        return S3Inbox(self.config.inbox)

    @cached_property
    def documents(self) -> Documents:
        return Documents(self.studio)

    @cached_property
    def claims(self) -> ports.Claims:
        from rotoscope.adapters.dynamodb import LedgerTable

        return LedgerTable(self.config.ledger)

    @cached_property
    def pacer(self) -> ports.Pacer:
        from rotoscope.adapters.dynamodb import LedgerPace

        return LedgerPace(self.config.ledger)

    @cached_property
    def purse(self) -> ports.Purse:
        from rotoscope.adapters.dynamodb import LedgerPurse

        return LedgerPurse(self.config.ledger)

    @cached_property
    def catalog(self) -> ports.ModelCatalog:
        from rotoscope.adapters.bedrock import BedrockCatalog

        return BedrockCatalog(self.config.bedrock_region)

    @cached_property
    def bedrock(self) -> ports.ModelRuntime:
        from rotoscope.adapters.bedrock import BedrockRuntime

        return BedrockRuntime(self.config.bedrock_region)

    @cached_property
    def sagemaker(self) -> ports.ModelRuntime:
        from rotoscope.adapters.sagemaker import SageMakerRuntime

        return SageMakerRuntime()

    def engine(self, name: EngineName) -> "Engine":
        """The engine of that name; raises ModelRetired for sdxl where the stack names no endpoint."""
        from rotoscope.engines import registry

        config = self.config
        return registry.engine(
            name, lambda: self.bedrock, lambda: self.sagemaker, config.sdxl_endpoint, config.sdxl_dialect
        )

    @cached_property
    def reader(self) -> ports.VideoReader:
        from rotoscope.adapters.ffmpeg_read import FfmpegReader
        from rotoscope.adapters.picture_read import PictureReader, ReaderByContainer

        return ReaderByContainer(films=FfmpegReader(), pictures=PictureReader())

    @cached_property
    def encoder(self) -> ports.PartEncoder:
        from rotoscope.adapters.ffmpeg_write import FfmpegEncoder

        return FfmpegEncoder()

    @cached_property
    def open_clip(self) -> ports.ClipOpener:
        from rotoscope.adapters.s3 import clip_opener

        return clip_opener(self.inbox)

    @cached_property
    def open_file(self) -> ports.FileOpener:
        from rotoscope.adapters.s3 import file_opener

        return file_opener(self.inbox)

    @cached_property
    def prober(self) -> ports.Prober:
        from rotoscope.adapters.guarded_probe import GuardedProber

        return GuardedProber()

    @cached_property
    def joiner(self) -> ports.Joiner:
        from rotoscope.adapters.mux import PyAvJoiner

        return PyAvJoiner()

    @cached_property
    def notifier(self) -> ports.Notifier:
        from rotoscope.adapters.sns import SnsTopic

        return SnsTopic(self.config.topic)

    @cached_property
    def executions(self) -> ports.Executions:
        from rotoscope.adapters.stepfunctions import StepFunctions

        return StepFunctions()


@cache
def default_services() -> Services:
    """The services of this process, from its environment; what a handler uses when a test passes none.

    The process also gets a folder of its own for its temporary files, and keeps its secrets from its children.
    """
    from rotoscope.adapters import confinement

    confinement.hide_itself()
    return Services(Config.of(os.environ), scratch=scratch.settle())
