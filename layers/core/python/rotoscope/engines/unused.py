"""Which of a job's settings an engine makes no use of: the receipt and the mail say so."""

from rotoscope.engines.dialects import JUMPSTART_SAMPLERS, SDXL_PROMPT, Dialect
from rotoscope.settings import EngineName, SdxlSettings, Settings


def ignored_settings(name: EngineName, settings: Settings, dialect: Dialect) -> list[str]:
    """Dotted keys that were set but that this engine makes no use of."""
    style = settings.style
    unused = [f"style.sdxl.{key}" for key in _unused_by(name, dialect, style.sdxl)]
    if name == "sdxl" and isinstance(style.prompt, str) and len(style.prompt) > SDXL_PROMPT:
        unused.append(f"style.prompt beyond {SDXL_PROMPT} characters")
    if style.image and name not in ("style-transfer", "sketch"):
        unused.append("style.image")
    if name in ("sketch", "echo"):
        unused += [f"style.{key}" for key in ("negative_prompt",) if style.negative_prompt]
        unused += ["style.prompt"] if style.prompt and (style.preset or style.image or name == "echo") else []
        unused += ["style.preset"] if style.preset and (style.image or name == "echo") else []
    return unused


def _unused_by(name: EngineName, dialect: Dialect, sdxl: SdxlSettings) -> list[str]:
    given = sdxl.model_dump(exclude_none=True)
    if name != "sdxl":
        return list(given)
    if dialect == "stability":
        return []
    return [
        key
        for key in given
        if key == "clip_guidance_preset" or (key == "sampler" and given[key] not in JUMPSTART_SAMPLERS)
    ]
