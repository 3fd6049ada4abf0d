"""What the page says in words and pictures: title, figures that say most, key frames."""

from rotoscope.judging import in_words
from rotoscope.receipts import damaged
from rotoscope.report.markup import Child, Markup, tag, user_text, void
from rotoscope.report.paths import PATHS, Path
from rotoscope.report.stills import Pair
from rotoscope.report.story import Story
from rotoscope.wording import clock, counted, duration, numbers, share


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
    redrawn = f"{budget.keys:,} of {budget.frames:,}"
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
    return f"The model {verb}", f"${receipt.cost.model_usd:,.2f}", f"${every:,.2f} if every frame were redrawn"


def _steadiness(story: Story) -> tuple[str, str, str]:
    quality = story.receipt.quality
    said = in_words(quality) if quality else None
    if said is None:
        known = quality is not None and quality.samples > 0
        return "Steadiness", "not judged" if known else "not measured", (quality and quality.why_not) or ""
    picture, _, sharp = said.removeprefix("The picture ").removesuffix(".").partition(" and ")
    return "The picture", picture, f"{sharp}, as far as the damaged file allows" if damaged(story.receipt) else sharp


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
            f"{counts[way]:,} {called[way]} ",
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
