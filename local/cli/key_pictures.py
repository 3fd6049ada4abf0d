"""Key frames restyled by hand, on this machine: found where the settings say, sent where a job looks for them."""

from collections.abc import Callable
from pathlib import Path

from local.cli.errors import WrongUse
from rotoscope.own_keys import NAME
from rotoscope.settings import Settings, StyleSettings


def folder(settings: Settings, file: Path | None) -> Path | None:
    """The folder that `style.keys` names, beside the settings file or from here; the default one only beside a file."""
    name, asked = settings.style.keys, settings.style.keys != StyleSettings().keys
    places = [*([file.parent] if file else []), *([Path()] if asked else [])]
    found = next((path for place in places if (path := place / name).is_dir()), None)
    if asked and found is None:
        raise WrongUse(f"There is no folder {name} with key pictures.")
    return found


def pictures_in(path: Path) -> list[Path]:
    """Its pictures that are named by a frame number; raises WrongUse when there are none."""
    if not path.is_dir():
        raise WrongUse(f"There is no folder {path}.")
    found = sorted(each for each in path.iterdir() if each.is_file() and NAME.fullmatch(each.name))
    if not found:
        raise WrongUse(f"No picture in {path} is named by its frame number, such as 00000012.png.")
    return found


def send(path: Path, prefix: str, upload: Callable[[str, str], None]) -> int:
    """Uploads each picture of the folder (file name, key) under the prefix; returns how many."""
    found = pictures_in(path)
    for picture in found:
        upload(str(picture), f"{prefix}{picture.name}")
    return len(found)
