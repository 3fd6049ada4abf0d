"""Pictures that one function leaves for another, with OpenCV: reading takes two thirds of Pillow's time. Vision set."""

import cv2
import numpy as np

from rotoscope.errors import MediaToolFailed
from rotoscope.ports import RGB

QUALITY, OF_SOURCE = 95, 92
"""Of JPEG 4:4:4: at 4:2:0 the round trip costs 10 dB (docs/adr/0006). The source's stills are shown to nobody: models
and motion are told by them."""
_REDUCED = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))


def written(picture: RGB, quality: int = QUALITY) -> bytes:
    """The picture as a JPEG for `read`."""
    sampling = (cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444)
    options = (cv2.IMWRITE_JPEG_QUALITY, quality, *sampling)
    _, body = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
    return body.tobytes()


def read(body: bytes) -> RGB:
    """A JPEG of our own making, as RGB. Raises MediaToolFailed when it is damaged."""
    return _decoded(body, cv2.IMREAD_COLOR_RGB)


def read_small(body: bytes, width: int, least: int) -> RGB:
    """The same of a picture that is `width` pixels wide, at a half, a quarter or an eighth, but no less than `least`
    pixels wide: that takes less time."""
    for divisor, flag in _REDUCED:
        if width >= divisor * least:
            return np.asarray(cv2.cvtColor(_decoded(body, flag), cv2.COLOR_BGR2RGB), np.uint8)
    return read(body)


def _decoded(body: bytes, flags: int) -> RGB:
    picture = cv2.imdecode(np.frombuffer(body, np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
    if picture is None:
        raise MediaToolFailed("A stored picture of this job cannot be read")
    return np.asarray(picture, np.uint8)
