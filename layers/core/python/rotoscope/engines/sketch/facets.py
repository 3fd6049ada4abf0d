"""Triangles that follow the picture: corners on its edges, a loose grid between them."""

import cv2
import numpy as np

from .canvas import RGB, Floats, Gray, Size, as_floats, blur, luma, size_of
from .lattices import Labels
from .memory import ShotMemory

MIN_PITCH = 4


def facets(image: RGB, memory: ShotMemory, *, pitch: float, edge_pitch: float, edge: float) -> Floats:
    """Delaunay triangles (count, 3, 2), as x, y: one corner per `edge_pitch` along gradients over `edge`, else `pitch`.

    The grid between the edges is the shot's own, so that calm areas keep their triangles from frame to frame.
    """
    on_edges = _edge_corners(image, max(MIN_PITCH, round(edge_pitch)), edge)
    grid = _loose_grid(size_of(image), max(MIN_PITCH, pitch), memory)
    between = _away_from(grid, on_edges, size_of(image), 0.45 * pitch)
    return _triangles(np.concatenate([on_edges, between, _border(size_of(image), 2.5 * pitch)]), size_of(image))


def _edge_corners(image: RGB, cell: int, edge: float) -> Floats:
    """In every cell that holds an edge, the middle of its steepest pixels; it glides as the edge moves."""
    slope = _slope(luma(image))
    rows, columns = slope.shape[0] // cell, slope.shape[1] // cell
    tiles = slope[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell).swapaxes(1, 2)
    row, column = np.nonzero(tiles.max(axis=(2, 3), initial=0) > edge)
    steep = (tiles[row, column] / 255) ** 6
    steep /= steep.sum(axis=(1, 2), keepdims=True)
    within = np.arange(cell)
    x = column * cell + steep.sum(axis=1) @ within
    y = row * cell + steep.sum(axis=2) @ within
    return as_floats(np.stack([x, y], axis=-1))


def _slope(gray: Gray) -> Floats:
    soft = blur(as_floats(gray), 1.5)
    slope = cv2.magnitude(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    return blur(as_floats(slope), 1.0)


def _loose_grid(size: Size, pitch: float, memory: ShotMemory) -> Floats:
    rows, columns = max(1, int(size[0] / pitch)), max(1, int(size[1] / pitch))
    jitter = memory.recall(("facets", rows, columns), lambda: memory.chance("facets").random((rows, columns, 2)))
    corners = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1) + jitter
    return as_floats((corners * (size[1] / columns, size[0] / rows)).reshape(-1, 2))


def _away_from(points: Floats, others: Floats, size: Size, distance: float) -> Floats:
    """The points that lie further than `distance` from all the others."""
    if not len(others):
        return points
    empty = np.ones(size, np.uint8)
    empty[others[:, 1].astype(int), others[:, 0].astype(int)] = 0
    gap = cv2.distanceTransform(empty, cv2.DIST_L2, 3)
    x, y = points.astype(int).T
    return as_floats(points[gap[np.minimum(y, size[0] - 1), np.minimum(x, size[1] - 1)] > distance])


def _border(size: Size, pitch: float) -> Floats:
    """Corners along the frame, beyond its last pixels, so that the triangles cover it."""
    height, width = size
    across = np.linspace(0, width, max(2, round(width / pitch) + 1))
    down = np.linspace(0, height, max(2, round(height / pitch) + 1))
    rows = [np.stack([across, np.full_like(across, y)], axis=-1) for y in (0, height)]
    columns = [np.stack([np.full_like(down, x), down], axis=-1) for x in (0, width)]
    return as_floats(np.concatenate(rows + columns))


def _triangles(corners: Floats, size: Size) -> Floats:
    height, width = size
    division = cv2.Subdiv2D((-1, -1, width + 3, height + 3))
    division.insert([(float(x), float(y)) for x, y in corners])
    triangles = np.asarray(division.getTriangleList(), np.float32).reshape(-1, 3, 2)
    inside = ((triangles >= 0) & (triangles <= (width, height))).all(axis=(1, 2))
    triangles = triangles[inside]
    # Neighbours share their edge pixels and the later one wins: an order by place keeps those from flickering.
    return as_floats(triangles[np.argsort(triangles.mean(axis=1) @ (0.31, 1.0), kind="stable")])


def facet_colours(image: RGB, triangles: Floats) -> Floats:
    """One colour per triangle (count, 3): the mean of seven points spread over its inside."""
    weights = np.array([(4, 4, 4), (8, 2, 2), (2, 8, 2), (2, 2, 8), (5, 5, 2), (5, 2, 5), (2, 5, 5)], np.float32) / 12
    spots = np.einsum("pk,tkc->tpc", weights, triangles)
    height, width = size_of(image)
    x = np.clip(spots[..., 0], 0, width - 1).astype(np.int32)
    y = np.clip(spots[..., 1], 0, height - 1).astype(np.int32)
    return as_floats(image[y, x].astype(np.float32).mean(axis=1))


def drawn_by_place(triangles: Floats, memory: ShotMemory, size: Size, grain: float) -> Floats:
    """A random number per triangle (standard normal), from where it lies: a facet that glides changes little."""
    field = memory.noise("facets", size, grain)
    x, y = np.clip(triangles.mean(axis=1), 0, (size[1] - 1, size[0] - 1)).astype(np.int32).T
    return as_floats(field[y, x])


def painted_facets(base: RGB, triangles: Floats, colours: Floats) -> RGB:
    """The triangles in these colours on top of `base`, edges smoothed by a hair."""
    canvas = base.copy()
    for corners, colour in zip(np.rint(triangles * 16).astype(np.int32), colours.tolist(), strict=True):
        cv2.fillConvexPoly(canvas, corners, colour, cv2.LINE_8, 4)
    return np.asarray(cv2.GaussianBlur(canvas, (3, 3), 0.6), np.uint8)


def facet_numbers(triangles: Floats, size: Size) -> Labels:
    """For each pixel the number of its triangle, (height, width)."""
    numbers = np.zeros(size, np.int32)
    for number, corners in enumerate(np.rint(triangles * 16).astype(np.int32)):
        cv2.fillConvexPoly(numbers, corners, number, cv2.LINE_8, 4)
    return numbers
