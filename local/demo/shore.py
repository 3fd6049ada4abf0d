"""What stands still: the sky, the hills, the town on its quay, the lighthouse and the pier."""

import cv2
import numpy as np

from local.demo.paint import SPRITE, Colour, Picture, Sheet, Sprite, blend, noise

SKY: tuple[tuple[float, Colour], ...] = (
    (0.0, (0.13, 0.29, 0.52)),
    (0.35, (0.36, 0.53, 0.68)),
    (0.65, (0.83, 0.72, 0.62)),
    (0.86, (1.0, 0.76, 0.46)),
    (1.0, (1.0, 0.86, 0.60)),
)
FACADES: tuple[tuple[float, float, Colour], ...] = (
    (34, 58, (0.86, 0.55, 0.24)),
    (28, 72, (0.72, 0.27, 0.22)),
    (36, 52, (0.90, 0.82, 0.66)),
    (26, 66, (0.24, 0.50, 0.52)),
    (38, 60, (0.83, 0.42, 0.32)),
    (30, 46, (0.94, 0.74, 0.38)),
    (34, 56, (0.46, 0.40, 0.56)),
    (28, 40, (0.92, 0.88, 0.80)),
)
"""Width, height and colour of each house, from the left."""
ROOF_LIT: Colour = (0.80, 0.40, 0.22)
ROOF_DARK: Colour = (0.44, 0.20, 0.18)
GLASS: Colour = (0.16, 0.22, 0.30)
LAMPLIGHT: Colour = (1.0, 0.86, 0.48)


def sky(width: int, height: int, sun: tuple[float, float]) -> Picture:
    """A gradient down to the horizon at `height`, and the sun with its glow."""
    stops, colours = zip(*SKY, strict=True)
    rows = np.linspace(0, 1, height)
    column = np.stack([np.interp(rows, stops, [colour[part] for colour in colours]) for part in range(3)], axis=1)
    picture = np.repeat(column[:, None, :], width, axis=1).astype(np.float32)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    distance = np.hypot(x - sun[0], y - sun[1])
    picture = blend(picture, (1.0, 0.80, 0.48), np.exp(-distance / 70).astype(np.float32) * 0.8)
    return blend(picture, (1.0, 0.97, 0.84), np.clip(25 - distance, 0, 1))


def clouds(width: int, height: int, *, seed: int, cover: float) -> Sprite:
    """Long clouds, lit from below; they repeat at the left and right edge."""
    cloudy = noise(height, width, seed=seed, octaves=6, stretch=2.6)
    density = np.clip((cloudy - 1 + cover) * 4, 0, 1)
    density *= np.sin(np.linspace(0, np.pi, height))[:, None] ** 0.7
    thick = cv2.GaussianBlur(np.roll(density, 7, axis=0), (0, 0), 6)
    lit = np.clip(1.15 - thick * 1.1, 0, 1)[..., None]
    colour = lit * np.array((1.0, 0.80, 0.64)) + (1 - lit) * np.array((0.58, 0.48, 0.60))
    cover_of = (density * 0.9)[..., None]
    layer = np.concatenate((colour * cover_of, cover_of), axis=2).astype(np.float32)
    return np.asarray(cv2.resize(layer, None, fx=SPRITE, fy=SPRITE), np.float32)


def hills(width: int, height: int, *, seed: int, colour: Colour, haze: Colour) -> Sprite:
    """A soft ridge that fades into the haze at its foot."""
    phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, 5)
    x = np.arange(0, width + 4, 4)
    ridge = sum(np.sin(x / (150 / 1.9**wave) + phase) / 1.8**wave for wave, phase in enumerate(phases))
    sheet = Sheet(width, height)
    top = list(zip(x.tolist(), (height * (0.5 - 0.2 * ridge)).tolist(), strict=True))
    sheet.shape([*top, (width, height), (0, height)], colour, haze, across=False)
    return np.asarray(cv2.GaussianBlur(sheet.sprite(), (0, 0), 1.6), np.float32)


def town(width: int = 300, height: int = 130) -> Sprite:
    """Houses on a quay, the evening sun on their right sides."""
    sheet = Sheet(width, height)
    ground = height - 14
    _tower(sheet, 96, ground)
    left = 2.0
    for number, (wide, high, colour) in enumerate(FACADES):
        _house(sheet, left, ground, wide, high, colour, number)
        left += wide + 1
    sheet.box(0, ground, left + 22, 14, (0.36, 0.30, 0.30), (0.62, 0.48, 0.38))
    for stone in range(0, int(left) + 20, 9):
        sheet.line([(stone, ground + 5), (stone + 6, ground + 5)], (0.26, 0.22, 0.24))
        sheet.line([(stone + 4, ground + 10), (stone + 10, ground + 10)], (0.26, 0.22, 0.24))
    sheet.box(0, ground - 1, left + 22, 2, (0.66, 0.54, 0.44), (0.92, 0.74, 0.54))
    return sheet.sprite()


def _house(sheet: Sheet, left: float, ground: float, wide: float, high: float, colour: Colour, number: int) -> None:
    top = ground - high
    sheet.box(left, top, wide * 0.78, high, _dark(colour, 0.72), _dark(colour, 0.9))
    sheet.box(left + wide * 0.78, top, wide * 0.22, high, _light(colour))
    ridge, edge = top - 13, left + wide * 0.78
    sheet.shape([(left - 1.5, top), (left + 6, ridge), (edge - 3, ridge), (edge + 1, top)], ROOF_DARK, ROOF_LIT)
    sheet.shape([(edge - 3, ridge), (left + wide + 1, top), (edge + 1, top)], (0.96, 0.58, 0.32))
    sheet.box(left + 8, ridge - 6, 4, 9, (0.40, 0.26, 0.24), (0.78, 0.50, 0.36))
    rows, columns = int(high // 16), 2 + (wide > 33)
    for row in range(rows):
        for column in range(columns):
            x = left + 4 + column * (wide * 0.74 - 4) / columns
            lit = (number * 7 + row * 5 + column * 3) % 6 == 0
            _window(sheet, x, top + 5 + row * 15, lit=lit, shutters=number % 2 == 0)
    sheet.box(left + wide * 0.32, ground - 11, 6, 11, _dark(colour, 0.4))


def _window(sheet: Sheet, x: float, y: float, *, lit: bool, shutters: bool) -> None:
    sheet.box(x - 0.7, y - 0.7, 5.9, 8.4, (0.93, 0.88, 0.78))
    sheet.box(x, y, 4.5, 7, LAMPLIGHT if lit else GLASS, None if lit else (0.55, 0.50, 0.50))
    sheet.line([(x + 2.2, y), (x + 2.2, y + 7)], (0.93, 0.88, 0.78))
    sheet.line([(x, y + 3), (x + 4.5, y + 3)], (0.93, 0.88, 0.78))
    if shutters:
        sheet.box(x - 2.6, y - 0.4, 1.7, 7.8, (0.18, 0.38, 0.36))
        sheet.box(x + 5.4, y - 0.4, 1.7, 7.8, (0.22, 0.48, 0.44))


def _tower(sheet: Sheet, x: float, ground: float) -> None:
    sheet.box(x, ground - 92, 17, 92, (0.58, 0.48, 0.42), (0.96, 0.80, 0.60))
    sheet.shape(
        [(x - 2, ground - 92), (x + 8.5, ground - 117), (x + 19, ground - 92)], (0.20, 0.34, 0.36), (0.40, 0.62, 0.58)
    )
    sheet.disc(x + 8.5, ground - 81, 4.6, (0.96, 0.92, 0.82))
    sheet.line([(x + 8.5, ground - 81), (x + 8.5, ground - 84)], (0.2, 0.16, 0.16))
    sheet.line([(x + 8.5, ground - 81), (x + 11, ground - 80)], (0.2, 0.16, 0.16))


def lighthouse(width: int = 170, height: int = 150) -> Sprite:
    """A banded tower on a rocky headland; the sun stands to its left."""
    sheet = Sheet(width, height)
    rock = [
        (0, 150),
        (10, 138),
        (28, 134),
        (40, 124),
        (62, 118),
        (84, 110),
        (112, 112),
        (132, 104),
        (170, 98),
        (170, 150),
    ]
    sheet.shape(rock, (0.62, 0.44, 0.34), (0.22, 0.20, 0.24))
    facets = [
        [(28, 134), (40, 124), (46, 138)],
        [(62, 118), (84, 110), (78, 130)],
        [(112, 112), (132, 104), (124, 128)],
    ]
    for facet in facets:
        sheet.shape(facet, (0.84, 0.60, 0.42), (0.50, 0.36, 0.32))
    sheet.shape([(46, 140), (78, 130), (96, 146), (40, 150)], (0.34, 0.26, 0.28))
    sheet.shape(
        [(62, 118), (84, 109), (112, 111), (132, 103), (170, 97), (170, 103), (120, 112), (86, 114)],
        (0.42, 0.48, 0.24),
        (0.16, 0.26, 0.20),
    )
    for band in range(6):
        top, low = 26 + band * 14.5, 26 + (band + 1) * 14.5
        narrow, wide = 8.4 + band * 0.75, 8.4 + (band + 1) * 0.75
        bright, dull = ((1.0, 0.94, 0.82), (0.46, 0.44, 0.52)) if band % 2 else ((0.92, 0.26, 0.18), (0.34, 0.08, 0.12))
        sheet.shape([(97 - narrow, top), (97 + narrow, top), (97 + wide, low), (97 - wide, low)], bright, dull)
    for y in (46, 75, 98):
        sheet.box(94.5, y, 4, 6, GLASS)
    sheet.box(84.5, 24, 25, 2.6, (0.44, 0.38, 0.40), (0.14, 0.14, 0.18))
    sheet.box(90, 12, 14, 12, LAMPLIGHT, (0.80, 0.60, 0.30))
    for x in (90, 94.5, 99, 103.5):
        sheet.line([(x, 12), (x, 24)], (0.20, 0.16, 0.18))
    sheet.shape([(88, 12), (97, 2), (106, 12)], (0.86, 0.28, 0.20), (0.32, 0.08, 0.12))
    sheet.box(118, 88, 26, 18, (0.98, 0.90, 0.76), (0.56, 0.48, 0.48))
    sheet.shape([(115, 88), (122, 78), (142, 78), (147, 88)], ROOF_LIT, ROOF_DARK)
    sheet.box(123, 92, 5, 6, GLASS)
    sheet.box(134, 92, 5, 6, LAMPLIGHT)
    return sheet.sprite()


def pier(width: int = 210, height: int = 150) -> Sprite:
    """Three posts and a rope close to the eye, dark against the water, rimmed with light on their right."""
    sheet = Sheet(width, height)
    for left, top, wide in ((22, 46, 17), (92, 26, 20), (164, 58, 17)):
        sheet.box(left, top, wide, height - top, (0.13, 0.09, 0.10), (0.34, 0.21, 0.15))
        sheet.box(left + wide - 2.4, top + 1, 2.4, height - top, (0.92, 0.60, 0.32))
        sheet.shape(
            [(left - 1, top), (left + 3, top - 5), (left + wide - 3, top - 5), (left + wide + 1, top)],
            (0.30, 0.20, 0.17),
            (0.80, 0.54, 0.34),
        )
        for ring in (24, 29):
            sheet.box(left - 1.5, top + ring, wide + 3, 3, (0.46, 0.36, 0.26), (0.98, 0.80, 0.54))
    for start, end, sag in (((30, 74), (102, 54), 20), ((102, 54), (172, 86), 18)):
        rope = [
            (start[0] + (end[0] - start[0]) * s, start[1] + (end[1] - start[1]) * s + sag * 4 * s * (1 - s))
            for s in np.linspace(0, 1, 24)
        ]
        sheet.line(rope, (0.24, 0.17, 0.14), 3.2)
        sheet.line([(x + 0.4, y - 0.8) for x, y in rope], (0.88, 0.66, 0.42), 0.9)
    return sheet.sprite()


def _light(colour: Colour) -> Colour:
    red, green, blue = (min(1.0, part * 1.18 + 0.08) for part in colour)
    return red, green, blue


def _dark(colour: Colour, share: float) -> Colour:
    red, green, blue = colour
    return red * share, green * share * 0.97, min(1.0, blue * share * 1.08)
