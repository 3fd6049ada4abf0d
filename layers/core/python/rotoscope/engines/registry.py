"""Which adapter stands behind an engine's name."""

from collections.abc import Callable

from rotoscope.engines.catalog import ENGINES, require_served
from rotoscope.engines.contract import Engine, ModelEngine, RequestContract
from rotoscope.engines.dialects import Dialect
from rotoscope.engines.sdxl import SdxlJumpstart, SdxlStability
from rotoscope.engines.stability import Control, Sd35, StyleTransfer
from rotoscope.ports import ModelRuntime
from rotoscope.settings import EngineName

_CONTRACTS: dict[EngineName, Callable[[], RequestContract]] = {
    "control-structure": Control,
    "control-sketch": Control,
    "sd35": Sd35,
    "style-transfer": StyleTransfer,
}
_DIALECTS: dict[Dialect, Callable[[], RequestContract]] = {"stability": SdxlStability, "jumpstart": SdxlJumpstart}


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
    require_served(name, sdxl_endpoint)
    if name == "sdxl" and sdxl_endpoint:
        return ModelEngine(_DIALECTS[sdxl_dialect](), sagemaker(), sdxl_endpoint)
    model_id = ENGINES[name].model_id
    assert model_id is not None, name
    return ModelEngine(_CONTRACTS[name](), bedrock(), model_id)
