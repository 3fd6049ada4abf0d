"""Looks built of parts: low poly, origami, mosaic tiles, isometric cubes."""

import numpy as np

from .canvas import RGB, Floats, as_bytes, as_floats, blur, spread
from .facets import drawn_by_place, facet_colours, facet_numbers, facets, painted_facets
from .lattices import Cubes, Labels, Mosaic, cell_shade, cubes, mosaic
from .painting import smooth
from .palettes import palette_of
from .relief import lit
from .subject import Subject
from .tones import saturated, soft_steps

GROUT = np.array((30, 28, 26), np.float32)
CUBE_FACES = np.array((1.14, 0.66, 0.90), np.float32)
STOREYS = 4


def low_poly(subject: Subject) -> RGB:
    """Flat triangles, small along the edges, each a little brighter or darker than its neighbour."""
    flat = smooth(subject.image, 2, colour_sigma=30)
    triangles = facets(flat, subject.memory, pitch=26 * subject.unit, edge_pitch=9 * subject.unit, edge=22)
    colours = saturated(facet_colours(flat, triangles)[None], 1.3)[0]
    shade = drawn_by_place(triangles, subject.memory, subject.size, 16 * subject.unit)
    return painted_facets(flat, triangles, np.clip(colours + 5 * shade[:, None], 0, 255))


def origami(subject: Subject) -> Floats:
    """Folded sheets in ten paper colours: shaded facets, bright creases, fibres."""
    flat = smooth(subject.image, 3, colour_sigma=40)
    triangles = facets(flat, subject.memory, pitch=40 * subject.unit, edge_pitch=15 * subject.unit, edge=30)
    palette = palette_of(subject.memory, "origami", 10, lambda anchor: smooth(anchor, 3, colour_sigma=40), _paper_dyes)
    own = facet_colours(flat, triangles)
    dyed = 0.55 * as_floats(palette(as_bytes(own)[None])[0]) + 0.45 * own
    numbers = facet_numbers(triangles, subject.size)
    turn = drawn_by_place(triangles, subject.memory, subject.size, 24 * subject.unit)
    sheet = dyed[numbers] * spread(_folds(triangles, numbers, 2.5 * turn))
    crease = _crease(numbers)
    shadow = spread(1 - 0.30 * blur(crease, 2.2 * subject.unit))
    ridge = spread(as_floats(38 * np.roll(crease, (1, 1), (0, 1)) + 16 * blur(crease, 0.7)))
    return sheet * shadow + ridge + 4.5 * subject.memory.paper(subject.size, subject.unit)[..., None]


def _paper_dyes(colours: RGB) -> RGB:
    return as_bytes(saturated(as_floats(colours), 1.35, 1.1) + 14)


def _folds(triangles: Floats, numbers: Labels, turn: Floats) -> Floats:
    """Each facet tilted in its own direction (radians): a brightness ramp across it, around 1."""
    centre = triangles.mean(axis=1)
    first, second = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    across = np.sqrt(np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])) + 4
    slope_x, slope_y = 0.28 * np.cos(turn) / across, 0.28 * np.sin(turn) / across
    level = 1 + 0.10 * np.cos(turn) - centre[:, 0] * slope_x - centre[:, 1] * slope_y
    x = np.arange(numbers.shape[1], dtype=np.float32)[None, :]
    y = np.arange(numbers.shape[0], dtype=np.float32)[:, None]
    plane_x, plane_y, plane = (as_floats(part)[numbers] for part in (slope_x, slope_y, level))
    return as_floats(np.clip(plane + plane_x * x + plane_y * y, 0.6, 1.4))


def _crease(numbers: Labels) -> Floats:
    """1 on the pixels where one cell meets the next."""
    crease = np.zeros(numbers.shape, np.float32)
    crease[1:] += numbers[1:] != numbers[:-1]
    crease[:, 1:] += numbers[:, 1:] != numbers[:, :-1]
    return as_floats(np.minimum(crease, 1))


def tile_texture(subject: Subject) -> Floats:
    """Glazed stones, cut by hand and set in grout."""
    cell = max(4.0, 11 * subject.unit)
    layout = subject.memory.recall(
        ("mosaic", subject.size), lambda: mosaic(subject.size, cell, subject.memory.chance("mosaic"))
    )
    stone, glaze, shade = subject.memory.recall(("stones", subject.size), lambda: _stones(subject, layout))
    colours = saturated(layout.colours(smooth(subject.image, 1, colour_sigma=28), cell)[None], 1.4, 1.03)[0]
    colours = colours + 20 * cell_shade(subject.memory, "stones", len(colours))
    set_in = colours[layout.labels]
    return as_floats(set_in * shade + glaze + (0.5 * set_in + GROUT) * (1 - stone))


def _stones(subject: Subject, layout: Mosaic) -> tuple[Floats, Floats, Floats]:
    """Three-channel planes: how much stone (against grout) shows, its gloss in levels, and its shading times that."""
    width = subject.unit
    stone = as_floats(np.clip(layout.joint / (1.9 * width), 0, 1))
    height = 9 * blur(as_floats(np.clip(layout.joint / (4 * width), 0, 1)), 0.7 * width)
    surface = lit(height + 0.5 * subject.memory.noise("stone", subject.size, 2 * width), 0.55)
    shade = 0.50 + 0.52 * surface.diffuse / max(float(surface.diffuse.mean()), 1e-3)
    return spread(stone), spread(14 * surface.highlight(30) * stone), spread(as_floats(shade * stone))


def isometric(subject: Subject) -> Floats:
    """A city of cubes seen from above: every column takes a colour, bright ones stand higher."""
    plan: Cubes = subject.memory.recall(
        ("cubes", subject.size), lambda: cubes(subject.size, max(4.0, 8.5 * subject.unit), STOREYS)
    )
    flat = as_bytes(saturated(as_floats(smooth(subject.image, 2, colour_sigma=28)), 1.35, 1.08))
    colours = plan.colours(flat, 2 * plan.side)
    brightness = colours @ np.array((0.299, 0.587, 0.114), np.float32)
    storey = np.clip(brightness / 255 * (STOREYS + 1), 0, STOREYS).astype(np.int32)
    columns, face = plan.skyline(storey, subject.size)
    stepped = 0.7 * soft_steps(as_bytes(colours), 9, 4) + 0.3 * colours
    drawn = (stepped[:, None, :] * CUBE_FACES[None, :, None]).reshape(-1, 3)
    numbers = columns * len(CUBE_FACES) + face
    edges = 1 - 0.28 * blur(_crease(numbers), 0.6 * subject.unit)
    return as_floats(drawn[numbers] * spread(edges))
