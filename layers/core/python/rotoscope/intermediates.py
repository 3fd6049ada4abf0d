"""Pictures that one function left for another, read with OpenCV: the same values, in two thirds of Pillow's time."""

import cv2
import numpy as np

from rotoscope.errors import MediaToolFailed
from rotoscope.ports import RGB


def read(body: bytes) -> RGB:
    """A JPEG of our own making, as RGB. Raises MediaToolFailed when it is damaged."""
    picture = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    if picture is None:
        raise MediaToolFailed("A stored picture of this job cannot be read")
    return np.asarray(picture, np.uint8)
