"""The diagrams of a report: every frame's way, steadiness and cost, over the result's time."""

from collections.abc import Callable
from itertools import groupby

from rotoscope.report import sections
from rotoscope.report.markup import Markup, tag
from rotoscope.report.plots import MOST_SHOTS, Axis, Curve, plot, strip
from rotoscope.report.story import Story
from rotoscope.segment_contracts import QualitySample


def over_time(story: Story) -> Markup:
    """All of them under one heading; the player moves a line through them."""
    starts = set(story.shots)
    cuts = [moment for index, moment in zip(story.indices, story.moments, strict=False) if index in starts][1:]
    axis = Axis(story.length_s, cuts if len(cuts) <= MOST_SHOTS else [])
    path = tag(
        "figure",
        tag("figcaption", tag("h3", "Every frame's way")),
        tag("div", strip("Every frame's way, over time", story.stretches(), axis), class_="over-time"),
        sections.ways(story),
    )
    quality = story.receipt.quality
    warning = tag("p", quality.why_not, class_="note") if quality and quality.why_not else None
    marks = tag("p", "Thin upright lines are cuts.", class_="small") if axis.cuts else None
    plots = (_steadiness(story, axis), _flicker(story, axis), _cost(story, axis))
    return tag("section", tag("h2", "Over time"), warning, path, *plots, axis.times(), marks, id="over-time")


def _steadiness(story: Story, axis: Axis) -> Markup | None:
    title, note = "Warping error", "What the motion does not explain of the step to the next frame; less is steadier."
    return _pair(story, axis, title, note, 1e3, lambda each: (each.source_warp, each.result_warp), "thousandths")


def _flicker(story: Story, axis: Axis) -> Markup | None:
    title, note = "Flicker", "How much whole areas change their colour from frame to frame; less is calmer."
    return _pair(story, axis, title, note, 1, lambda each: (each.source_flicker, each.result_flicker), "levels of 255")


def _pair(
    story: Story,
    axis: Axis,
    title: str,
    note: str,
    scale: float,
    read: Callable[[QualitySample], tuple[float, float]],
    unit: str,
) -> Markup | None:
    """One curve of the source and one of the result, each broken at cuts."""
    known = set(story.indices)
    shots = [list(mine) for _, mine in groupby(story.samples, key=lambda each: each.shot)]
    lines = [
        [[(story.when(each.index), read(each)[side] * scale) for each in shot if each.index in known] for shot in shots]
        for side in (0, 1)
    ]
    top = max((value for line in lines for piece in line for _, value in piece), default=0.0)
    if not any(any(line) for line in lines):
        return None
    curves = [Curve("source", "source", lines[0]), Curve("result", "result", lines[1])]
    return plot(title, note, curves, axis, f"{top:.3g} {unit}", max(top, 1e-9))


def _cost(story: Story, axis: Axis) -> Markup | None:
    total = story.receipt.cost.model_usd
    paid = [key for key in story.keys if story.way(key) == "paid"]
    if not total or not paid:
        return None
    steps = [(story.when(key), total * (n + 1) / len(paid)) for n, key in enumerate(paid)]
    points = [(0.0, 0.0), *steps, (story.length_s, total)]
    note = "What the model was paid up to each frame; the sum is spread evenly over the paid frames."
    return plot("Cost", note, [Curve("so far", "result", [points], stepped=True)], axis, f"${total:.2f}", total)
