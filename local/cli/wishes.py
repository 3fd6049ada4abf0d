"""The settings that a person gives on the command line: a file, single values on top, and pictures that they name."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from local.cli.errors import WrongUse
from rotoscope.errors import SettingsInvalid
from rotoscope.settings import Settings, parse, resolve
from rotoscope.settings_unbuilt import refuse_unbuilt


def read(file: Path | None, values: Sequence[str]) -> Settings:
    """What can be asked for, from `file` and `values`; raises WrongUse or JobError for anything else."""
    settings = asked(file, values)
    refuse_unbuilt(settings)
    return settings


def asked(file: Path | None, values: Sequence[str]) -> Settings:
    """`file` with `values` such as "style.preset=anime" over it, whether or not it works yet."""
    layers: list[tuple[str, dict[str, Any]]] = []
    if file is not None:
        layers.append((str(file), parse(_text(file), str(file))))
    if values:
        layers.append(("--set", _tree(values)))
    return resolve(layers)


def given(settings: Settings) -> dict[str, Any]:
    """Only what was said, so that the folder's and the stack's own settings still count."""
    return settings.model_dump(mode="json", exclude_unset=True)


def style_image(settings: Settings, file: Path | None) -> Path | None:
    """The picture on this machine that `style.image` names, seen from here or from the settings file."""
    if settings.style.image is None:
        return None
    folders = [Path(), *([file.parent] if file else [])]
    return next((path for folder in folders if (path := folder / settings.style.image).is_file()), None)


def _text(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongUse(f"The settings file {file} cannot be read: {error.strerror}.") from error


def _tree(values: Sequence[str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for value in values:
        path, equals, text = value.partition("=")
        if not equals or not path:
            raise WrongUse(f'--set takes KEY=VALUE, such as style.preset=anime; "{value}" is not.')
        _plant(tree, path.strip().split("."), _value(text))
    return tree


def _plant(tree: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
        if not isinstance(tree, dict):
            raise SettingsInvalid(f"--set gives {name} both a value and values below it.")
    tree[path[-1]] = value


def _value(text: str) -> Any:
    """JSON where it is JSON, otherwise the text itself: no quotes are needed around a word."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def require_style_image(settings: Settings, file: Path | None) -> Path | None:
    """The same for a cloud whose inbox is empty: a picture that is not here is nowhere."""
    image = style_image(settings, file)
    if settings.style.image is not None and image is None:
        raise WrongUse(f"There is no style image {settings.style.image}.")
    return image
