"""The parts of the page, from top to bottom."""

from rotoscope.judging import in_words
from rotoscope.receipts import Figures
from rotoscope.report.markup import Child, Markup, markup, table, tag, user_text, void
from rotoscope.report.paths import PATHS, Path
from rotoscope.report.stills import Pair
from rotoscope.report.story import Story
from rotoscope.settings import Settings
from rotoscope.wording import clock, counted, duration, file_size, numbers, share

LISTED_SHOTS = 100
LEGEND = (
    "Warping error after Lai et al. 2018 in thousandths, with flow by {flow}; flicker in levels of 255; sharpness over "
    "that of the redrawn key frames; structure is SSIM to the source; colour drift in CIELAB units. Measured on pairs "
    "of neighbouring frames before encoding."
)


def names(story: Story) -> dict[Path, str]:
    """What the ways of a frame are called here."""
    engine = story.receipt.engine
    return {
        "paid": f"redrawn by {engine}" if story.free() else f"paid: redrawn by {engine}",
        "own": "your own picture",
        "propagated": "propagated: carried along the motion",
        "held": "held: repeats another frame",
        "filled": "filled: no picture came, its neighbours' look stands in",
    }


def header(story: Story) -> Markup:
    """The title, and what was done."""
    receipt, style = story.receipt, story.plan.settings.style
    look = f", look {style.preset}" if style.preset else ""
    note = "Simulated on one machine: no model was called, and nothing was paid." if receipt.simulated else None
    return tag(
        "header",
        tag("p", "Rotoscope", class_="brand"),
        tag("h1", user_text(story.plan.job.key.rpartition("/")[2])),
        tag("p", f"Restyled by {receipt.engine}{look}"),
        tag("blockquote", receipt.prompt, dir="auto") if receipt.prompt else None,
        tag("p", note, class_="note") if note else None,
    )


def tiles(story: Story) -> Markup:
    """Four figures that say most."""
    receipt, budget = story.receipt, story.budget
    redrawn = f"{budget.keys} of {budget.frames}"
    mine = f", {budget.own} by your own hand" if budget.own else ""
    return tag(
        "dl",
        _tile("Frames redrawn", redrawn, f"{share(budget.keys, budget.frames)} of all{mine}"),
        _tile(*_money(story)),
        _tile(*_steadiness(story)),
        _tile("Made in", duration(receipt.time["total"]), f"about ${receipt.cost.pipeline_usd:.4f} for the pipeline"),
        class_="tiles",
    )


def _tile(name: str, value: str, note: str) -> Markup:
    return tag("div", tag("dt", name), tag("dd", value), tag("dd", note, class_="small"))


def _money(story: Story) -> tuple[str, str, str]:
    receipt = story.receipt
    if story.free():
        by = "the hours of your endpoint" if receipt.engine == "sdxl" else "drawn without a model"
        return "Model fee", "none", by
    every = story.budget.frames * story.plan.price_usd
    verb = "would cost" if receipt.simulated else "cost"
    return f"The model {verb}", f"${receipt.cost.model_usd:.2f}", f"${every:.2f} if every frame were redrawn"


def _steadiness(story: Story) -> tuple[str, str, str]:
    quality = story.receipt.quality
    said = in_words(quality) if quality else None
    if said is None:
        return "Steadiness", "not measured", (quality and quality.why_not) or ""
    picture, _, sharp = said.removeprefix("The picture ").removesuffix(".").partition(" and ")
    return "The picture", picture, sharp


def ways(story: Story) -> Markup:
    """What the strip's colours mean, and how many frames are of each."""
    called, counts = names(story), dict.fromkeys(PATHS, 0)
    for way, count in story.ways:
        counts[way] += count
    total = sum(counts.values())
    entries = [
        tag(
            "li",
            tag("span", class_=f"swatch {way}"),
            f"{counts[way]} {called[way]} ",
            tag("small", share(counts[way], total)),
        )
        for way in PATHS
        if counts[way]
    ]
    return tag("ul", *entries, class_="ways")


def contact_sheet(story: Story, shown: list[Pair]) -> Markup:
    """Key frames, the source above its restyled picture."""
    keys = story.keys
    all_of = f"{len(shown)} of {len(keys)} key frames, evenly chosen." if len(shown) < len(keys) else None
    return tag(
        "section",
        tag("h2", "Key frames"),
        tag("p", all_of or f"{counted(len(keys), 'key frame')}, source and result. Choose one to see it above."),
        tag("ol", *(_card(story, pair) for pair in shown), class_="contact"),
        tag("details", tag("summary", "Numbers of all key frames"), tag("p", numbers(keys), class_="numbers")),
        id="keys",
    )


def _card(story: Story, pair: Pair) -> Markup:
    at, way = story.when(pair.index), story.way(pair.index)
    remark = None if way == "paid" else tag("span", names(story)[way].partition(":")[0], class_="remark")
    size: dict[str, Child] = {"width": pair.size[0], "height": pair.size[1]}
    source = void("img", src=pair.source, alt=f"Source, frame {pair.index}", **size)
    styled = (
        void("img", src=pair.styled, alt=f"Restyled, frame {pair.index}", **size)
        if pair.styled
        else tag("span", "no picture came", class_="hole")
    )
    label = tag("span", tag("b", pair.index), f" {clock(at)}", remark, class_="label")
    return tag("li", tag("button", source, styled, label, type="button", data_at=f"{at:.4f}"))


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
    plain = _flat(Settings().model_dump(mode="json"))
    rows: list[tuple[Child, ...]] = []
    for name, value in _flat(story.receipt.settings).items():
        said = user_text("-" if value is None else str(value))
        rows.append((name, tag("strong", said) if value != plain.get(name) else said))
    facts: list[tuple[Child, ...]] = [
        ("video", user_text(story.receipt.video)),
        ("engine", story.receipt.engine),
        ("model", story.receipt.model or "-"),
        ("prompt, as sent", user_text(story.receipt.prompt or "-")),
        ("seed", story.receipt.seed),
    ]
    origins = markup(*(tag("li", user_text(origin)) for origin in story.receipt.settings_from))
    return tag(
        "details",
        tag("summary", "Settings"),
        table((), facts),
        tag("p", "They came from, weakest first:") if story.receipt.settings_from else None,
        tag("ol", origins) if story.receipt.settings_from else None,
        tag("p", "In bold: what differs from the default."),
        table((), rows),
    )


def _flat(group: object, prefix: str = "") -> dict[str, object]:
    if not isinstance(group, dict):
        return {prefix: group}
    found: dict[str, object] = {}
    for name, value in group.items():
        found |= _flat(value, f"{prefix}.{name}" if prefix else str(name))
    return found or {prefix: "-"}


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
