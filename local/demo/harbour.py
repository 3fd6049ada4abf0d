"""The whole scene at one moment: layers from far to near, each panning at its own pace."""

import cv2
import numpy as np
from numpy import typing as npt

from local.demo import boats, shore
from local.demo.paint import SPRITE, Picture, blend, lay
from local.demo.sea import Sea

WIDTH, HEIGHT = 640, 360
HORIZON = 196
SUN = (428.0, 150.0)
PAN_PER_S = 7.0
CLOUD_WIDTH = 900


class Harbour:
    """A harbour in the evening; every moment is drawn from scratch, so any may be asked for."""

    def __init__(self) -> None:
        self._sky = shore.sky(WIDTH, HORIZON, SUN)
        self._clouds = [
            shore.clouds(CLOUD_WIDTH, 150, seed=5, cover=0.50),
            shore.clouds(CLOUD_WIDTH, 110, seed=23, cover=0.42),
        ]
        self._far = shore.hills(WIDTH + 80, 60, seed=3, colour=(0.47, 0.45, 0.58), haze=(0.90, 0.72, 0.58))
        self._near = shore.hills(WIDTH + 80, 42, seed=8, colour=(0.28, 0.34, 0.44), haze=(0.66, 0.56, 0.52))
        self._town, self._lighthouse, self._pier = shore.town(), shore.lighthouse(), shore.pier()
        self._boat, self._dinghy = boats.sailing_boat(), boats.dinghy()
        self._sea = Sea(WIDTH, HEIGHT, HORIZON, SUN[0])

    def picture(self, time_s: float) -> npt.NDArray[np.uint8]:
        """(360, 640, 3), 8 bit R'G'B'."""
        pan = PAN_PER_S * time_s
        scene = self._background(time_s, pan)
        waves = self._sea.waves(time_s, pan)
        scene[HORIZON:] = self._sea.under(scene, waves)
        self._afloat(scene, waves, time_s, pan)
        self._birds(scene, time_s, pan)
        lay(scene, self._pier, 470 - pan * 2.4, 226)
        return np.asarray(np.clip(_finished(scene) * 255 + 0.5, 0, 255), np.uint8)

    def _background(self, time_s: float, pan: float) -> Picture:
        scene = np.zeros((HEIGHT, WIDTH, 3), np.float32)
        scene[:HORIZON] = self._sky
        for layer, (top, drift) in zip(self._clouds, ((-14, 9.0), (52, 5.0)), strict=True):
            lay(scene, layer, -drift * time_s - pan * 0.1, top)
        lay(scene, self._far, -20 - pan * 0.25, HORIZON - 58)
        lay(scene, self._near, -20 - pan * 0.4, HORIZON - 39)
        lay(scene, self._lighthouse, 488 - pan * 0.7, HORIZON - 138)
        lay(scene, self._town, -16 - pan * 0.8, HORIZON - 125)
        scene[HORIZON:] = 0
        self._lamp(scene, time_s, pan)
        return scene

    def _lamp(self, scene: Picture, time_s: float, pan: float) -> None:
        """The light turns: it flares when it looks at us."""
        flare = max(0.0, np.cos(2 * np.pi * time_s / 2.4 - 2.4)) ** 8
        y, x = np.mgrid[:HORIZON, :WIDTH].astype(np.float32)
        distance = np.hypot(x - (585 - pan * 0.7), y - (HORIZON - 120))
        glow = np.exp(-distance / 9) * (0.35 + 0.65 * flare)
        scene[:HORIZON] = blend(scene[:HORIZON], (1.0, 0.94, 0.70), glow.astype(np.float32))

    def _afloat(self, scene: Picture, waves: npt.NDArray[np.float32], time_s: float, pan: float) -> None:
        swell = np.sin(2 * np.pi * time_s / 1.9)
        moored = 96 - pan * 1.0, 214 + 1.0 * np.sin(2 * np.pi * time_s / 1.5 + 1)
        sailing = 196 + 15 * time_s - pan * 0.6, 98 + 2.2 * swell
        for sprite, (x, y) in ((self._dinghy, moored), (self._boat, sailing)):
            mirrored = self._sea.broken(sprite, waves, x, y + sprite.shape[0] / SPRITE - 3)
            scene[HORIZON:] *= 1 - mirrored[..., 3:] * 0.7
            scene[HORIZON:] += mirrored[..., :3] * 0.5
        lay(scene, self._dinghy, *moored, turn=1.5 * np.sin(2 * np.pi * time_s / 1.7))
        lay(scene, self._boat, *sailing, turn=2.2 * np.sin(2 * np.pi * time_s / 2.6 + 0.8) - 1.5)
        self._wake(scene, waves, sailing[0], sailing[1] + 172)

    def _wake(self, scene: Picture, waves: npt.NDArray[np.float32], x: float, y: float) -> None:
        """Foam at the bow and a trail behind the stern."""
        row, column = np.mgrid[HORIZON:HEIGHT, :WIDTH].astype(np.float32)
        behind = np.clip((x + 128 - column) / 190, 0, 1)
        near_line = np.exp(-(((row - y - behind * 5) / (1.8 + 3.5 * behind)) ** 2))
        ahead = np.clip((x + 134 - column) / 6, 0, 1)
        foam = near_line * ahead * (1 - behind) ** 1.3 * np.clip(0.55 + waves * 1.2, 0, 1)
        scene[HORIZON:] = blend(scene[HORIZON:], (1.0, 0.95, 0.86), foam.astype(np.float32))

    def _birds(self, scene: Picture, time_s: float, pan: float) -> None:
        flights = (
            (470, 78, -34, 13.0, 0.0),
            (352, 52, -24, 8.5, 1.9),
            (548, 44, -20, 7.0, 3.6),
            (306, 96, -15, 5.5, 5.0),
        )
        for x, y, speed, size, phase in flights:
            beat = np.sin(2 * np.pi * time_s * 1.9 + phase)
            bird = boats.gull(float(beat), size)
            rise = 5 * np.sin(1.3 * time_s + phase) - 1.2 * beat
            lay(scene, bird, x + speed * time_s - pan * 0.3, y + rise - bird.shape[0] / 4)


def _finished(scene: Picture) -> Picture:
    """A little bloom around what is bright, and darker corners."""
    small = cv2.resize(np.clip(scene - 0.72, 0, 1), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    bloom = cv2.resize(cv2.GaussianBlur(small, (0, 0), 5), (WIDTH, HEIGHT))
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    corners = 1 - 0.16 * np.clip(x**2 + y**2 - 0.5, 0, 1)[..., None]
    return np.asarray((scene + 0.55 * bloom) * corners, np.float32)
