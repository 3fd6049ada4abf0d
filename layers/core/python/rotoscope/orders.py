"""What the uploader asked for: which video, with which settings, read from everywhere they may lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rotoscope import layout, settings
from rotoscope.contracts import Job
from rotoscope.engines.catalog import RETIRED, retired_sentence
from rotoscope.errors import JobUnknown, ModelRetired, SettingNotBuilt, SettingsInvalid
from rotoscope.ports import UploadFacts
from rotoscope.services import Services
from rotoscope.settings import Settings
from rotoscope.settings_unbuilt import refuse_unbuilt
from rotoscope.wording import file_size

DEFAULT_PRESET = "anime"
MOST_BYTES = 1_000_000
"""Of a document of settings. All of them written out come to a few thousand."""

Layer = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Order:
    """`origins` names every document that had a say; `settings_key` is what a relative style.image is relative to."""

    job: Job
    video_key: str
    video_version_id: str | None
    settings: Settings
    origins: list[str]
    settings_key: str


def read(job: Job, services: Services) -> Order:
    """The order behind an upload: a video, or a `*.rotoscope.json` that names one. Raises JobError with a sentence."""
    if not job.key.lower().endswith(layout.JOB_SUFFIX):
        return _order(job, job.key, job.version_id, [], services)
    sheet = settings.parse(_written(job.key, job.version_id, services), job.key)
    if "storyboard" in sheet:
        raise SettingNotBuilt("Storyboards are not available yet: give a video.")
    video, asked = sheet.get("video"), sheet.get("settings", {})
    if not isinstance(video, str) or not isinstance(asked, dict) or set(sheet) - {"video", "settings"}:
        raise SettingsInvalid(f'{job.key} should look like {{"video": "clip.mp4", "settings": {{...}}}}.')
    key = layout.beside(job.key, video)
    return _order(job, key, _facts(key, None, services).version_id, [(job.key, asked)], services)


def _order(job: Job, key: str, version_id: str | None, own: list[Layer], services: Services) -> Order:
    layers = [*_folders(key, services), *_metadata(key, version_id, services), *_sidecar(key, services), *own]
    refuse_retired(layers)
    layers = [default_layer(layers, services.config.engine), *layers]
    resolved = decided(settings.resolve(layers))
    refuse_unbuilt(resolved)
    origins = [origin for origin, _ in layers]
    return Order(job, key, version_id, resolved, origins, own[0][0] if own else key)


def decided(resolved: Settings) -> Settings:
    """With what follows from other settings written out, so that the receipt says what was done."""
    if resolved.motion.deflicker is not None:
        return resolved
    deflicker = "on" if resolved.frames.keys == "all" else "off"
    return resolved.model_copy(update={"motion": resolved.motion.model_copy(update={"deflicker": deflicker})})


def _document(key: str, services: Services) -> list[Layer]:
    try:
        return [(key, settings.parse(_written(key, None, services), key))]
    except KeyError:
        return []


def _written(key: str, version_id: str | None, services: Services) -> bytes:
    """A document of settings, never read before its size is known. Raises KeyError where there is none."""
    size = services.inbox.facts(key, version_id).size
    if size > MOST_BYTES:
        raise SettingsInvalid(
            f"{key} has {file_size(size)}; settings are at most {file_size(MOST_BYTES)}. Is it another kind of file?"
        )
    return services.inbox.read(key, version_id)


def _folders(key: str, services: Services) -> list[Layer]:
    return [layer for place in layout.folder_settings(key) for layer in _document(place, services)]


def _sidecar(key: str, services: Services) -> list[Layer]:
    return _document(layout.sidecar(key), services)


def _facts(key: str, version_id: str | None, services: Services) -> UploadFacts:
    try:
        return services.inbox.facts(key, version_id)
    except KeyError:
        raise JobUnknown(f"There is no video {key} in the inbox.") from None


def _metadata(key: str, version_id: str | None, services: Services) -> list[Layer]:
    text = _facts(key, version_id, services).metadata.get(layout.METADATA_FIELD)
    origin = f"x-amz-meta-{layout.METADATA_FIELD} of {key}"
    return [(origin, settings.parse(text, origin))] if text else []


def default_layer(layers: list[Layer], engine: str) -> Layer:
    """The stack's defaults, weakest of all: its engine, and a look for those who named none."""
    styles = [style for _, layer in layers if isinstance(style := layer.get("style"), Mapping)]
    named = any(style.get(key) for style in styles for key in ("prompt", "preset", "image"))
    return "the stack's defaults", {"style": {"engine": engine, **({} if named else {"preset": DEFAULT_PRESET})}}


def refuse_retired(layers: list[Layer]) -> None:
    """A model's old Bedrock id given as the engine is refused by name, with what to use instead."""
    for _, layer in layers:
        style = layer.get("style")
        engine = style.get("engine") if isinstance(style, Mapping) else None
        for name in engine if isinstance(engine, list) else [engine]:
            if isinstance(name, str) and name.removeprefix("us.") in RETIRED:
                raise ModelRetired(retired_sentence(name.removeprefix("us.")))
