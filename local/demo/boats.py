"""What moves: a sailing boat, a dinghy, gulls."""

import numpy as np

from local.demo.paint import Colour, Sheet, Sprite

CREAM_LIT: Colour = (1.0, 0.95, 0.82)
CREAM_DARK: Colour = (0.74, 0.58, 0.50)
GULL_LIT: Colour = (1.0, 0.97, 0.90)
GULL_DARK: Colour = (0.44, 0.44, 0.52)


def sailing_boat(width: int = 150, height: int = 176) -> Sprite:
    """Cream mainsail, red jib, blue hull; the sun shines through the sails from the right."""
    sheet = Sheet(width, height)
    sheet.line([(70, 6), (70, 150)], (0.36, 0.22, 0.16), 2.4)
    sheet.line([(71, 6), (71, 150)], (0.90, 0.62, 0.38), 0.7)
    main = [(67, 14), (67, 138), (14, 141), (22, 120), (34, 88), (50, 46)]
    sheet.shape(main, CREAM_DARK, CREAM_LIT)
    for end, start in (((52, 46), (67, 50)), ((40, 76), (67, 82)), ((28, 106), (67, 113))):
        sheet.line([start, end], (0.66, 0.50, 0.42), 0.6)
    sheet.shape([(67, 64), (67, 73), (38, 81), (42, 70)], (0.62, 0.16, 0.16), (0.90, 0.30, 0.20))
    jib = [(74, 18), (82, 50), (98, 92), (124, 136), (76, 128)]
    sheet.shape(jib, (0.62, 0.13, 0.15), (1.0, 0.46, 0.22))
    sheet.line([(75, 70), (89, 68)], (0.52, 0.12, 0.13), 0.6)
    sheet.line([(76, 100), (103, 98)], (0.52, 0.12, 0.13), 0.6)
    for rope in ([(70, 6), (136, 146)], [(70, 6), (8, 146)], [(14, 141), (24, 150)]):
        sheet.line(rope, (0.24, 0.17, 0.17), 0.4)
    sheet.shape([(70, 2), (70, 9), (56, 7)], (0.96, 0.74, 0.24), (0.90, 0.48, 0.16))
    _sailor(sheet, 34)
    sheet.shape([(46, 149), (50, 140), (90, 139), (98, 149)], (0.70, 0.54, 0.42), (1.0, 0.88, 0.70))
    for x in (56, 67, 78):
        sheet.box(x, 142, 6, 4, (0.14, 0.20, 0.28), (0.88, 0.70, 0.44))
    sheet.shape(
        [(4, 147), (142, 145), (122, 169), (108, 174), (28, 174), (14, 166)], (0.06, 0.15, 0.30), (0.20, 0.42, 0.60)
    )
    sheet.shape([(4, 147), (142, 145), (139, 149), (6, 151)], (0.82, 0.74, 0.66), (1.0, 0.95, 0.82))
    sheet.shape([(11, 162), (128, 162), (124, 166), (13, 166)], (0.66, 0.16, 0.15), (0.96, 0.38, 0.24))
    return sheet.sprite()


def _sailor(sheet: Sheet, x: float) -> None:
    sheet.shape([(x - 5, 149), (x - 4, 136), (x + 4, 135), (x + 6, 149)], (0.74, 0.52, 0.10), (1.0, 0.84, 0.30))
    sheet.line([(x + 3, 139), (x + 12, 144)], (0.96, 0.78, 0.26), 2.2)
    sheet.disc(x, 131, 3.6, (0.78, 0.52, 0.38))
    sheet.disc(x + 0.9, 130.8, 2.7, (0.98, 0.76, 0.58))
    sheet.shape([(x - 5, 129.5), (x - 3, 126), (x + 3, 126), (x + 6, 129.5)], (0.56, 0.12, 0.12), (0.86, 0.26, 0.20))


def dinghy(width: int = 66, height: int = 26) -> Sprite:
    """A small green rowing boat with its oars in."""
    sheet = Sheet(width, height)
    sheet.line([(20, 10), (46, 3)], (0.86, 0.64, 0.40), 1.4)
    sheet.shape([(2, 9), (64, 7), (54, 23), (44, 25), (18, 25), (9, 21)], (0.07, 0.26, 0.20), (0.24, 0.62, 0.42))
    sheet.shape([(2, 9), (64, 7), (62, 10), (4, 12)], (0.88, 0.70, 0.46), (1.0, 0.90, 0.68))
    sheet.shape([(16, 9), (52, 8), (48, 10.5), (20, 11)], (0.28, 0.16, 0.12))
    return sheet.sprite()


def gull(beat: float, size: float) -> Sprite:
    """A gull gliding to the left; `beat` from -1, wings down, to 1, wings up."""
    side = round(size * 2.6) + 4
    sheet = Sheet(side, side)
    middle, lift = side / 2, beat * size * 0.62
    for direction, bright in ((-1, GULL_DARK), (1, GULL_LIT)):
        tip = middle + direction * size * 1.2, middle - lift
        elbow = middle + direction * size * 0.55, middle - size * 0.16 - lift * 0.75
        back = middle + direction * size * 0.5, middle + size * 0.12 - lift * 0.45
        wing = [(middle, middle - size * 0.1), elbow, tip, back, (middle, middle + size * 0.16)]
        sheet.shape(wing, bright, GULL_LIT)
        sheet.shape([tip, _between(tip, elbow, 0.34), _between(tip, back, 0.34)], (0.20, 0.20, 0.24))
    body = [
        (middle + size * np.cos(angle) * 0.42, middle + size * np.sin(angle) * 0.15)
        for angle in np.linspace(0, 6.2, 24)
    ]
    sheet.shape(body, GULL_LIT, (0.80, 0.76, 0.76))
    sheet.disc(middle - size * 0.4, middle - size * 0.06, size * 0.13, GULL_LIT)
    beak = [(middle - size * 0.5, middle - size * 0.1), (middle - size * 0.68, middle), (middle - size * 0.5, middle)]
    sheet.shape(beak, (0.98, 0.66, 0.16))
    return sheet.sprite()


def _between(start: tuple[float, float], end: tuple[float, float], share: float) -> tuple[float, float]:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
