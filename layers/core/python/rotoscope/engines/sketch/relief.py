"""Light falling on a height map."""

from dataclasses import dataclass

import cv2
import numpy as np

from .canvas import Floats, as_floats

Direction = tuple[float, float, float]
FROM_UPPER_LEFT: Direction = (-0.5, -0.6, 0.62)


@dataclass(frozen=True)
class Lighting:
    """What each point of a surface shows: `diffuse` 0..1, the `mirror` towards the lamp 0..1, `facing` the eye 0..1."""

    diffuse: Floats
    mirror: Floats
    facing: Floats

    def highlight(self, tightness: float) -> Floats:
        """The gloss spot, 0..1 (Blinn-Phong)."""
        return as_floats(cv2.pow(self.mirror, tightness))


def lit(height: Floats, steepness: float, lamp: Direction = FROM_UPPER_LEFT) -> Lighting:
    """The surface with these heights (pixels times 1/steepness), seen from above."""
    slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=0.125 * steepness)
    slope_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=0.125 * steepness)
    facing = as_floats(1 / np.sqrt(slope_x * slope_x + slope_y * slope_y + 1))
    light = np.array(lamp, np.float32) / np.linalg.norm(lamp)
    half = light + np.array((0, 0, 1), np.float32)
    half /= np.linalg.norm(half)
    diffuse = (light[2] - slope_x * light[0] - slope_y * light[1]) * facing
    mirror = (half[2] - slope_x * half[0] - slope_y * half[1]) * facing
    return Lighting(as_floats(np.clip(diffuse, 0, 1)), as_floats(np.clip(mirror, 0, 1)), facing)
