"""Key frames that the user restyled by hand: found beside the settings, checked, and kept with the job."""

import hashlib
import posixpath
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from pydantic import ValidationError

from rotoscope import layout, pictures
from rotoscope.bounds import MOST_PICTURE_BYTES
from rotoscope.choosing import SHARED_FOLDER
from rotoscope.contracts import JobPlan, SourceVideo
from rotoscope.errors import JobError, SettingsInvalid
from rotoscope.orders import Order
from rotoscope.services import Services
from rotoscope.settings import StyleSettings
from rotoscope.sizes import drawn_size

NAME = re.compile(r"(\d{1,8})\.(png|jpe?g)", re.IGNORECASE)
"""A frame number: `00000012.png` stands for frame 12."""

ASPECT_TOLERANCE = 0.02

MOST = 2000
AT_ONCE = 8
"""Pictures fetched at the same time. They are decoded one by one: that takes memory, and more at once is no faster."""


def keep_own_keys(order: Order, source: SourceVideo, services: Services) -> dict[int, str]:
    """The frames for which pictures lie in the folder `style.keys`, and their contents; each is checked and copied.

    Raises SettingsInvalid for a picture that cannot be used, and for a folder that was asked for but holds none.
    """
    folder = order.settings.style.keys
    shared = folder == StyleSettings().keys
    prefix = layout.beside(order.settings_key, folder.rstrip("/")) + "/"
    try:
        found = _numbered(prefix, services)
        kept = _kept(found, order.job.id, source, services)
    except SettingsInvalid as mistake:
        raise SettingsInvalid(f"{mistake} {SHARED_FOLDER}" if shared else str(mistake)) from mistake
    if not kept and not shared:
        raise SettingsInvalid(_nothing_in(prefix))
    return kept


def keep_edited_keys(prefix: str, plan: JobPlan, services: Services) -> dict[int, str]:
    """The same for a folder named by whoever takes the job up again; an empty one is a mistake.

    Whatever is refused leaves the job as it was: only the plan says which pictures it uses.
    """
    prefix = prefix.rstrip("/") + "/"
    found = _numbered(prefix, services)
    if not found:
        raise SettingsInvalid(_nothing_in(prefix))
    if strange := sorted(set(found) - _taken(plan.job.id, found, services)):
        raise SettingsInvalid(f"{found[strange[0]]} is a picture for frame {strange[0]}, which the job did not take.")
    return _kept(found, plan.job.id, plan.source, services)


def _numbered(prefix: str, services: Services) -> dict[int, str]:
    """Keys of the pictures directly under an inbox prefix, by frame number."""
    found = dict[int, str]()
    for key in services.inbox.folder(prefix):
        if not (name := NAME.fullmatch(posixpath.basename(key))):
            continue
        index = int(name[1])
        if index in found:
            raise SettingsInvalid(f"{found[index]} and {key} are both for frame {index}: keep one of them.")
        if len(found) == MOST:
            raise SettingsInvalid(f"There are more than {MOST} key pictures in {prefix}, which is the most for a job.")
        found[index] = key
    return found


def _taken(job: str, wanted: Iterable[int], services: Services) -> set[int]:
    """Those of the frames that the job takes, as far as its sheets say so; all while there are none."""
    wanted = set(wanted)

    def on_sheet(segment: int) -> set[int]:
        return wanted.intersection(frame.index for frame in services.documents.sheet(job, segment).frames)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            return set[int]().union(*pool.map(on_sheet, range(len(services.documents.segments(job)))))
        except (KeyError, ValidationError):  # none yet, or those of an older version
            return wanted


def _kept(found: dict[int, str], job: str, source: SourceVideo, services: Services) -> dict[int, str]:
    """The pictures' contents by frame number, ascending, after copying them to the job."""
    turn = Lock()

    def keep(index: int) -> str:
        body = _read(found[index], services)
        content = hashlib.sha256(body).hexdigest()[:16]
        with turn:
            picture = _picture(found[index], body, source)
        services.studio.write(layout.own_key(job, index, content), picture, "image/jpeg")
        return content

    with ThreadPoolExecutor(AT_ONCE) as pool:
        indices = sorted(found)
        return dict(zip(indices, pool.map(keep, indices), strict=True))


def _read(key: str, services: Services) -> bytes:
    if (size := services.inbox.facts(key, None).size) > MOST_PICTURE_BYTES:
        raise SettingsInvalid(
            f"The key picture {key} has {size / 1e6:.0f} MB; at most {MOST_PICTURE_BYTES / 1e6:.0f} MB can be taken."
        )
    return services.inbox.read(key)


def _picture(key: str, body: bytes, source: SourceVideo) -> bytes:
    """A JPEG of the size in which the video is drawn; one of the same shape is scaled, another shape is refused."""
    try:
        picture = pictures.from_bytes(body)
    except JobError as error:
        raise SettingsInvalid(f"The key picture {key} cannot be used. {error}") from error
    height, width = picture.shape[:2]
    if abs(width * source.height / (height * source.width) - 1) > ASPECT_TOLERANCE:
        raise SettingsInvalid(
            f"The key picture {key} is {width}x{height}, but the video shows {source.width}x{source.height}: "
            "give it the same shape."
        )
    drawn = drawn_size(source.width, source.height)
    if (width, height) != drawn:
        picture = pictures.resized(picture, *drawn)
    return pictures.to_jpeg(picture, quality=98)


def _nothing_in(prefix: str) -> str:
    return f"There is no key picture in {prefix}: they are named by frame number, such as {prefix}00000012.png."
