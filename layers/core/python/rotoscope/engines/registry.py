"""Which adapter stands behind an engine's name, and which settings it leaves unused."""

from collections.abc import Callable

from rotoscope.engines.catalog import ENGINES
from rotoscope.engines.contract import Engine, ModelEngine, RequestContract
from rotoscope.engines.sdxl import Dialect, SdxlJumpstart, SdxlStability
from rotoscope.engines.stability import Control, Sd35, StyleTransfer
from rotoscope.errors import ModelRetired
from rotoscope.ports import ModelRuntime
from rotoscope.settings import EngineName, Settings

_CONTRACTS: dict[EngineName, Callable[[], RequestContract]] = {
    "control-structure": Control,
    "control-sketch": Control,
    "sd35": Sd35,
    "style-transfer": StyleTransfer,
}
_DIALECTS: dict[Dialect, Callable[[], RequestContract]] = {"stability": SdxlStability, "jumpstart": SdxlJumpstart}

NO_SDXL = (
    "SDXL was retired from Bedrock on 2025-05-20. "
    'Use the engine "sd35" instead, or set sdxl_endpoint to a SageMaker endpoint of your own and deploy again.'
)


def engine(
    name: EngineName,
    bedrock: Callable[[], ModelRuntime],
    sagemaker: Callable[[], ModelRuntime],
    sdxl_endpoint: str | None,
    sdxl_dialect: Dialect,
) -> Engine:
    """The engine of that name; raises ModelRetired for sdxl where the stack names no endpoint."""
    if name in ("sketch", "echo"):
        from rotoscope.engines.drawn import Echo, Sketch

        return Sketch() if name == "sketch" else Echo()
    if name == "sdxl":
        if not sdxl_endpoint:
            raise ModelRetired(NO_SDXL)
        return ModelEngine(_DIALECTS[sdxl_dialect](), sagemaker(), sdxl_endpoint)
    model_id = ENGINES[name].model_id
    assert model_id is not None, name
    return ModelEngine(_CONTRACTS[name](), bedrock(), model_id)


def ignored_settings(name: EngineName, settings: Settings, dialect: Dialect) -> list[str]:
    """Dotted keys that were set but that this engine makes no use of."""
    style = settings.style
    sdxl = [f"style.sdxl.{key}" for key in style.sdxl.model_dump(exclude_none=True)]
    unused = [
        key for key in sdxl if name != "sdxl" or (dialect == "jumpstart" and key.endswith("clip_guidance_preset"))
    ]
    if style.image and name not in ("style-transfer", "sketch"):
        unused.append("style.image")
    if name in ("sketch", "echo"):
        unused += [f"style.{key}" for key in ("negative_prompt",) if style.negative_prompt]
        unused += ["style.prompt"] if style.prompt and (style.preset or style.image or name == "echo") else []
        unused += ["style.preset"] if style.preset and (style.image or name == "echo") else []
    return unused
