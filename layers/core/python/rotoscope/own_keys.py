"""Key frames that the user restyled by hand: found beside the settings, checked, and kept with the job."""

import posixpath
import re
from collections.abc import Iterator

from rotoscope import layout, pictures
from rotoscope.contracts import Job, SourceVideo
from rotoscope.errors import JobError, SettingsInvalid
from rotoscope.orders import Order
from rotoscope.ports import RGB
from rotoscope.services import Services
from rotoscope.settings import StyleSettings

NAME = re.compile(r"(\d{1,8})\.(png|jpe?g)", re.IGNORECASE)
"""A frame number: `00000012.png` stands for frame 12."""

ASPECT_TOLERANCE = 0.02


def keep_own_keys(order: Order, source: SourceVideo, services: Services) -> list[int]:
    """The frames for which pictures lie in the folder `style.keys`; each is checked and copied to the job.

    Raises SettingsInvalid for a picture that cannot be used, and for a folder that was asked for but holds none.
    """
    folder = order.settings.style.keys
    prefix = layout.beside(order.settings_key, folder.rstrip("/")) + "/"
    kept = keep_keys_under(prefix, order.job, source, services)
    if not kept and folder != StyleSettings().keys:
        raise SettingsInvalid(_nothing_in(prefix))
    return kept


def keep_edited_keys(prefix: str, job: Job, source: SourceVideo, services: Services) -> list[int]:
    """The same for a folder named by whoever takes the job up again; an empty one is a mistake."""
    prefix = prefix.rstrip("/") + "/"
    if kept := keep_keys_under(prefix, job, source, services):
        return kept
    raise SettingsInvalid(_nothing_in(prefix))


def keep_keys_under(prefix: str, job: Job, source: SourceVideo, services: Services) -> list[int]:
    """Frame numbers of the pictures directly under an inbox prefix, ascending, after copying them to the job."""
    found = dict(_numbered(prefix, services))
    for index, key in found.items():
        picture = _read(key, source, services)
        services.studio.write(layout.own_key(job.id, index), pictures.to_jpeg(picture, quality=98), "image/jpeg")
    return sorted(found)


def _numbered(prefix: str, services: Services) -> Iterator[tuple[int, str]]:
    for key in services.inbox.list(prefix):
        name = NAME.fullmatch(posixpath.basename(key))
        if name and posixpath.dirname(key) == prefix.rstrip("/"):
            yield int(name[1]), key


def _read(key: str, source: SourceVideo, services: Services) -> RGB:
    """In the size that the video shows; another size of the same shape is scaled, another shape is refused."""
    try:
        body = services.inbox.read(key)
        picture = pictures.from_bytes(body)
    except JobError as error:
        raise SettingsInvalid(f"The key picture {key} cannot be used. {error}") from error
    height, width = picture.shape[:2]
    if abs(width * source.height / (height * source.width) - 1) > ASPECT_TOLERANCE:
        raise SettingsInvalid(
            f"The key picture {key} is {width}x{height}, but the video shows {source.width}x{source.height}: "
            "give it the same shape."
        )
    return (
        picture
        if (width, height) == (source.width, source.height)
        else pictures.resized(picture, source.width, source.height)
    )


def _nothing_in(prefix: str) -> str:
    return f"There is no key picture in {prefix}: they are named by frame number, such as {prefix}00000012.png."
