"""What the page holds for whoever wants to know it exactly: quality, settings, work and files, as tables."""

import json

from rotoscope.receipts import Figures
from rotoscope.report.markup import Child, Markup, table, tag, user_text
from rotoscope.report.story import Story
from rotoscope.settings import Settings
from rotoscope.wording import file_size

LISTED_SHOTS = 100
LEGEND = (
    "Warping error after Lai et al. 2018 in thousandths, with flow by {flow}; flicker in levels of 255; sharpness over "
    "that of the redrawn key frames; structure is SSIM to the source; colour drift in CIELAB units. Measured on pairs "
    "of neighbouring frames before encoding."
)


def quality(story: Story) -> Markup | None:
    """The figures over all and shot by shot."""
    found = story.receipt.quality
    if found is None:
        return None
    head = ("", "warping error, source", "result", "ratio", "flicker, source", "result", "sharpness kept", "structure",
            "colour drift", "samples")  # fmt: skip
    worst = sorted(found.shots, key=lambda shot: -shot.warping_error.result if shot.warping_error else 0)[:LISTED_SHOTS]
    rows = [_row("the whole video", found)]
    rows += [_row(f"shot from frame {shot.shot}", shot) for shot in sorted(worst, key=lambda shot: shot.shot)]
    return tag(
        "details",
        tag("summary", "Quality in figures"),
        tag("p", found.why_not, class_="note") if found.why_not else None,
        table(head, rows, class_="figures"),
        tag("p", LEGEND.format(flow=found.flow)),
        tag("p", f"The {LISTED_SHOTS} least steady of {len(found.shots)} shots.")
        if len(worst) < len(found.shots)
        else None,
    )


def _row(name: str, each: Figures) -> tuple[Child, ...]:
    warping, flicker = each.warping_error, each.flicker_levels
    return (
        name,
        f"{warping.source * 1e3:.2f}" if warping else "-",
        f"{warping.result * 1e3:.2f}" if warping else "-",
        f"{warping.ratio:.2f}" if warping and warping.ratio is not None else "-",
        f"{flicker.source:.1f}" if flicker else "-",
        f"{flicker.result:.1f}" if flicker else "-",
        "-" if each.sharpness_kept is None else f"{each.sharpness_kept:.2f}",
        "-" if each.structure is None else f"{each.structure:.2f}",
        "-" if each.colour_drift is None else f"{each.colour_drift:.1f}",
        each.samples,
    )


def remarks(story: Story) -> Markup | None:
    """What was ignored, and what was done differently than one might think."""
    ignored = [f"{story.receipt.engine} makes no use of {name}." for name in story.receipt.ignored]
    said = [*ignored, *story.receipt.notes]
    return tag("section", tag("h2", "Notes"), tag("ul", *(tag("li", note) for note in said))) if said else None


def settings(story: Story) -> Markup:
    """Every setting as it was used; what differs from its default stands out."""
    receipt, plain = story.receipt, Settings().model_dump(mode="json")
    facts: list[tuple[Child, ...]] = [
        ("video", user_text(receipt.video)),
        ("engine", receipt.engine),
        ("model", receipt.model or "-"),
        ("prompt, as sent", user_text(receipt.prompt or "-")),
        ("seed", receipt.seed),
    ]
    origins = (tag("li", user_text(origin)) for origin in receipt.settings_from)
    groups = (_group(name, value, plain.get(name)) for name, value in receipt.settings.items())
    return tag(
        "details",
        tag("summary", "Settings"),
        table((), facts),
        tag("p", "They came from, the last one winning:") if receipt.settings_from else None,
        tag("ol", *origins) if receipt.settings_from else None,
        tag("p", "In bold: what differs from the default."),
        tag("div", *groups, class_="columns"),
    )


def _group(name: str, values: object, plain: object) -> Markup:
    defaults = _flat(plain)
    rows: list[tuple[Child, ...]] = []
    for key, value in _flat(values).items():
        said = user_text(_said(value))
        rows.append((key or name, said if key in defaults and value == defaults[key] else tag("strong", said)))
    return tag("div", tag("h3", name), table((), rows))


def _said(value: object) -> str:
    if value is None or value == "":
        return "-"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _flat(group: object, prefix: str = "") -> dict[str, object]:
    if not isinstance(group, dict):
        return {prefix: group}
    found: dict[str, object] = {}
    for name, value in group.items():
        found |= _flat(value, f"{prefix}.{name}" if prefix else str(name))
    return found


def work(story: Story) -> Markup:
    """Calls, costs and where the time went."""
    receipt = story.receipt
    calls = [(name, "-" if count is None else count) for name, count in receipt.calls.model_dump().items()]
    cost = [
        (name.removesuffix("_usd").replace("_", " "), f"${usd:.4f}") for name, usd in receipt.cost.model_dump().items()
    ]
    times = [(name, f"{seconds:.1f} s") for name, seconds in receipt.time.items()]
    plan = [(name.replace("_", " "), count) for name, count in receipt.plan.items()]
    parts = (("Plan", plan), ("Calls", calls), ("Cost", cost), ("Time", times))
    blocks = (tag("div", tag("h3", title), table((), list(rows))) for title, rows in parts)
    return tag("details", tag("summary", "Calls, cost and time"), tag("div", *blocks, class_="columns"))


def outputs(story: Story) -> Markup:
    """Every file beside this page."""
    rows: list[tuple[Child, ...]] = [
        (
            user_text(each.name),
            file_size(each.bytes),
            f"{each.width} x {each.height}" if each.width else "-",
            each.frames or "-",
            f"{each.duration_s:.2f} s" if each.duration_s else "-",
            ", ".join(each.audio) or "-",
        )
        for each in story.receipt.outputs
    ]
    return tag(
        "section",
        tag("h2", "Files"),
        tag("p", "They lie beside this page."),
        table(("name", "size", "picture", "frames", "length", "sound"), rows, class_="files"),
        tag("p", f"Job {story.receipt.job}", class_="small"),
    )
