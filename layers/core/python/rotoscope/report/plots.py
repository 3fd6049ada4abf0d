"""Curves and strips over the result's time, as SVG that scales with the page and stays small for long videos."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rotoscope.report.markup import Child, Markup, tag
from rotoscope.report.paths import PATHS, Path
from rotoscope.wording import clock

WIDTH, HEIGHT = 1000, 100
MOST_POINTS = 500
MOST_STRETCHES = 1200
"""Above these, neighbours are drawn together: a screen has no more columns."""
MOST_SHOTS = 200
STRIP = 24

Point = tuple[float, float]
"""Seconds, value."""


@dataclass(frozen=True)
class Curve:
    """Pieces that are not joined to one another, each in order."""

    name: str
    kind: str
    pieces: Sequence[Sequence[Point]]
    stepped: bool = False


@dataclass(frozen=True)
class Axis:
    """The time that all pictures of a report share. `cuts` are where a new shot begins."""

    length_s: float
    cuts: Sequence[float]

    def x(self, seconds: float) -> float:
        """In the picture's units."""
        return round(min(1.0, seconds / self.length_s) * WIDTH, 2) if self.length_s else 0.0

    def marks(self, height: int) -> Markup | None:
        """A line at every cut, unless there are too many to tell apart."""
        lines = "".join(f"M{self.x(cut):g} 0V{height}" for cut in self.cuts)
        return tag("path", class_="cut", d=lines) if lines else None

    def times(self) -> Markup:
        """Five moments to read the time from."""
        return tag("div", *(tag("span", clock(self.length_s * n / 4)) for n in range(5)), class_="times")


def plot(title: str, note: str, curves: Sequence[Curve], axis: Axis, top_label: str, top: float) -> Markup:
    """One diagram; `top` is the value at its upper edge."""
    drawn = [tag("path", class_=f"curve {curve.kind}", d=_line(curve, axis, top)) for curve in curves]
    names = (tag("span", curve.name, class_=f"key {curve.kind}") for curve in curves)
    legend = tag("p", *names, tag("span", f"top: {top_label}", class_="top"), class_="legend")
    head = tag("figcaption", tag("h3", title), tag("p", note), legend)
    frame = tag("path", class_="grid", d=f"M0 .5H{WIDTH}M0 {HEIGHT / 2}H{WIDTH}M0 {HEIGHT - 0.5}H{WIDTH}")
    lines = picture(HEIGHT, title, frame, axis.marks(HEIGHT), *drawn, class_="plot")
    return tag("figure", head, tag("div", lines, class_="over-time"))


def picture(height: int, title: str, *shapes: Child, class_: str) -> Markup:
    """An SVG as wide as the page, whatever its shapes' units come to."""
    facts = {"viewBox": f"0 0 {WIDTH} {height}", "preserveAspectRatio": "none", "role": "img", "aria_label": title}
    return tag("svg", *shapes, class_=class_, **facts)


def _line(curve: Curve, axis: Axis, top: float) -> str:
    pieces = curve.pieces if len(curve.pieces) <= MOST_SHOTS else [[point for piece in curve.pieces for point in piece]]
    total = sum(map(len, pieces))
    return "".join(_piece(thinned(piece, total), axis, top, stepped=curve.stepped) for piece in pieces if piece)


def thinned(points: Sequence[Point], total: int) -> Sequence[Point]:
    """Means of neighbours, so that all `total` points together come to no more than MOST_POINTS."""
    size = -(-total // MOST_POINTS)
    if size <= 1:
        return points
    groups = (points[start : start + size] for start in range(0, len(points), size))
    return [(sum(t for t, _ in group) / len(group), sum(v for _, v in group) / len(group)) for group in groups]


def _piece(points: Sequence[Point], axis: Axis, top: float, *, stepped: bool) -> str:
    places = [(axis.x(seconds), round(HEIGHT * (1 - min(1.0, value / top)), 1)) for seconds, value in points]
    (x, y), *rest = places
    line = f"M{x:g} {y:g}"
    if not rest:
        return f"{line}h.01"
    return line + "".join(f"H{x:g}V{y:g}" if stepped else f"L{x:g} {y:g}" for x, y in rest)


def strip(title: str, stretches: Sequence[tuple[Path, float, float]], axis: Axis) -> Markup:
    """Every frame's way as colours side by side; where they would be too narrow, one above the other by their share."""
    shapes = _side_by_side(stretches, axis) if len(stretches) <= MOST_STRETCHES else _stacked(stretches, axis)
    drawn = [tag("path", class_=way, d=shapes[way]) for way in PATHS if shapes.get(way)]
    return picture(STRIP, title, *drawn, axis.marks(STRIP), class_="strip")


def _side_by_side(stretches: Iterable[tuple[Path, float, float]], axis: Axis) -> dict[Path, str]:
    shapes: dict[Path, str] = {}
    for way, start, end in stretches:
        x, until = axis.x(start), axis.x(end)
        shapes[way] = shapes.get(way, "") + f"M{x:g} 0H{until:g}V{STRIP}H{x:g}z"
    return shapes


COLUMNS = 500


def _stacked(stretches: Sequence[tuple[Path, float, float]], axis: Axis) -> dict[Path, str]:
    width = axis.length_s / COLUMNS
    shares = [dict.fromkeys(PATHS, 0.0) for _ in range(COLUMNS)]
    for way, start, end in stretches:
        for column in range(int(start / width), min(COLUMNS, int(end / width) + 1)):
            shares[column][way] += max(0.0, min(end, (column + 1) * width) - max(start, column * width)) / width
    shapes: dict[Path, str] = {}
    for column, parts in enumerate(shares):
        y = float(STRIP)
        for way in PATHS:
            if parts[way] > 0:
                tall = round(parts[way] * STRIP, 1)
                y = round(y - tall, 1)
                shapes[way] = shapes.get(way, "") + f"M{column * 2} {y:g}h2v{tall:g}h-2z"
    return shapes
