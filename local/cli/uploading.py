"""Drops a video into the inbox as a person would: its settings and style image first, the video last."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cli import key_pictures
from local.cli.account import Account
from local.cli.errors import WrongUse
from rotoscope import intake, layout

PICTURES_THAT_ARE_VIDEOS = (".gif", ".apng", ".webp")


@dataclass(frozen=True)
class Upload:
    """One object version in the inbox, and the job that it starts."""

    bucket: str
    key: str
    version_id: str | None

    @property
    def job(self) -> str:
        """The job id, before anybody else knows it."""
        return layout.job_id(self.bucket, self.key, self.version_id)


def require_video(path: Path) -> None:
    """Raises WrongUse for what is no file or starts no job; whether it is a video is for PlanJob to find out."""
    if not path.exists():
        raise WrongUse(f"There is no file {path}.")
    if not path.is_file():
        raise WrongUse(f"{path} is a folder; give one video file.")
    if not intake.starts_job(path.name):
        known = ", ".join(suffix.removeprefix(".") for suffix in intake.VIDEO_SUFFIXES)
        raise WrongUse(f"An upload named {path.name} would start no job: videos end in one of {known}.")
    with path.open("rb") as file:
        if intake.is_still_webp(file.read(intake.HEAD_BYTES)):
            raise WrongUse(f"{path.name} is a still picture and would start no job; give an animated one.")


def key_of(video: Path, name: str | None) -> str:
    """What the upload is called: as the file, or `name` with the file's suffix, once."""
    if not name:
        return video.name
    return name if name.lower().endswith(video.suffix.lower()) else name + video.suffix


def drop(
    account: Account,
    inbox: str,
    video: Path,
    key: str,
    *,
    settings: dict[str, Any],
    image: Path | None,
    keys: Path | None = None,
    sent: Callable[[int], None] | None = None,
) -> Upload:
    """Uploads everything; `sent` hears of bytes as they go. `keys` is a folder of the user's own key pictures."""
    settings = _with_keys(account, inbox, key, _with_image(account, inbox, key, settings, image), keys)
    if settings:
        body = json.dumps(settings, indent=2).encode()
        account.s3.put_object(Bucket=inbox, Key=layout.sidecar(key), Body=body, ContentType="application/json")
    account.s3.upload_file(str(video), inbox, key, Callback=sent)
    return Upload(inbox, key, account.s3.head_object(Bucket=inbox, Key=key).get("VersionId"))


def _with_keys(account: Account, inbox: str, key: str, settings: dict[str, Any], keys: Path | None) -> dict[str, Any]:
    """In a folder of this video's own: the pictures fit no other."""
    if keys is None:
        return settings
    name = key.rpartition("/")[2] + ".keys"
    prefix = layout.beside(key, name) + "/"
    key_pictures.send(keys, prefix, lambda path, to: account.s3.upload_file(path, inbox, to))
    return {**settings, "style": {**settings.get("style", {}), "keys": name}}


def _with_image(account: Account, inbox: str, key: str, settings: dict[str, Any], image: Path | None) -> dict[str, Any]:
    if image is None:
        return settings
    # A picture whose suffix says video would start a job of its own.
    name = image.name + (".style" if image.suffix.lower() in PICTURES_THAT_ARE_VIDEOS else "")
    account.s3.upload_file(str(image), inbox, layout.beside(key, name))
    return {**settings, "style": {**settings["style"], "image": name}}
