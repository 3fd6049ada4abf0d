"""Pictures that one function leaves for another, with OpenCV: reading takes two thirds of Pillow's time. Vision set."""

import cv2
import numpy as np

from rotoscope.errors import MediaToolFailed
from rotoscope.ports import RGB

QUALITY = 95
"""Of JPEG 4:4:4: at 4:2:0 the round trip costs 10 dB (docs/adr/0006)."""
_OPTIONS = (
    *(cv2.IMWRITE_JPEG_QUALITY, QUALITY),
    *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
)


def written(picture: RGB) -> bytes:
    """The picture as a JPEG for `read`."""
    _, body = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), _OPTIONS)
    return body.tobytes()


def read(body: bytes) -> RGB:
    """A JPEG of our own making, as RGB. Raises MediaToolFailed when it is damaged."""
    picture = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    if picture is None:
        raise MediaToolFailed("A stored picture of this job cannot be read")
    return np.asarray(picture, np.uint8)
