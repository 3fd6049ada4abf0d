"""The whole page: one file that asks nobody for anything, and whose own policy forbids it to."""

import hashlib
import json
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import groupby
from string import Template

from rotoscope.deliverables import GAP, loops
from rotoscope.layout import COMPARISON
from rotoscope.report import sections, tables
from rotoscope.report.diagrams import over_time
from rotoscope.report.markup import Markup, markup, tag, void
from rotoscope.report.paths import PATHS
from rotoscope.report.stills import Pair
from rotoscope.report.story import Story


@dataclass(frozen=True)
class Film:
    """The comparison: a file of that name beside the page, or in it as `body`."""

    name: str
    body: bytes | None


def page(story: Story, film: Film | None, large: Pair | None, shown: list[Pair]) -> str:
    """The page. Without a film the player compares stills, beginning with `large`."""
    style, script, frame = (_asset(name) for name in ("report.css", "report.js", "report.html"))
    body = (
        sections.header(story),
        _player(story, film, large),
        sections.tiles(story),
        over_time(story),
        sections.contact_sheet(story, shown),
        tables.remarks(story),
        tables.quality(story),
        tables.settings(story),
        tables.work(story),
        tables.outputs(story),
    )
    facts = {"gap": GAP} if film is None else {"gap": GAP, **_for_player(story)}
    return Template(frame).substitute(
        title=escape(story.plan.job.key.rpartition("/")[2]),
        policy=_policy(style, script),
        style=style,
        script=script,
        facts=_json(facts),
        body=markup(*body),
        film=b64encode(film.body).decode() if film and film.body else "",
    )


def _asset(name: str) -> str:
    return files("rotoscope.report").joinpath(name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """Pictures and the film come from the page itself, or the film from beside it; nothing else is loaded or run."""
    style_hash, script_hash = (b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script))
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; img-src data:; "
        "media-src blob: 'self' file:; base-uri 'none'; form-action 'none'"
    )


def _json(facts: object) -> str:
    """For a script element, which ends at the first `</script` whatever stands around it."""
    return json.dumps(facts, separators=(",", ":")).replace("<", "\\u003c")


def _player(story: Story, film: Film | None, large: Pair | None) -> Markup:
    if film is not None:
        source = None if film.body else film.name
        view = tag("video", id="film", src=source, preload="auto", playsinline=True, muted=True, tabindex="-1")
        note = (
            None if film.body else f"The film is too large to be in this page: it is read from {film.name} beside it."
        )
    else:
        view = markup(
            void("img", id="before", src=large.source, alt="") if large else None,
            void("img", id="after", src=large.styled, alt="") if large and large.styled else None,
        )
        note = "This is a key frame. " + (
            f"How the video compares with its source is in {COMPARISON} beside this page."
            if story.plan.settings.output.compare
            else "There is no comparison video (output.compare)."
        )
    stage = tag(
        "div",
        tag("canvas", id="picture", role="img", aria_label="Left of the line the source, right of it the result"),
        tag("span", "source", class_="side left", aria_hidden="true"),
        tag("span", "result", class_="side right", aria_hidden="true"),
        tag("span", class_="line", aria_hidden="true"),
        void("input", id="split", type="range", min=0, max=100, step="any", value=50,
             aria_label="Share of the picture that shows the source"),
        class_="stage",
    )  # fmt: skip
    controls = _controls(story) if film is not None else None
    told = tag("p", note, class_="note") if note else None
    return tag("section", tag("div", view, class_="unseen"), stage, controls, told, id="player")


def _controls(story: Story) -> Markup:
    sounds = any(each.audio for each in story.receipt.outputs if each.name == COMPARISON)
    last = max(0, len(story.indices) - 1)
    return tag(
        "div",
        tag("button", "Play", id="play", type="button"),
        void("input", id="seek", type="range", min=0, max=last, value=0, aria_label="Frame"),
        tag("button", "Sound", id="sound", type="button", aria_pressed="false") if sounds else None,
        tag("output", id="where", for_="seek"),
        class_="controls",
    )


def _for_player(story: Story) -> dict[str, object]:
    """Source frame of the first frame and the step to the next, when each is shown, and how it came about; whether the
    film plays `back` again."""
    step = story.indices[1] - story.indices[0] if len(story.indices) > 1 else 1
    called = sections.names(story)
    return {
        "back": loops(story.plan),
        "index": [story.indices[0], step],
        "moments": _moment_runs(story),
        "names": [called[way].partition(":")[0] for way in PATHS],
        "ways": [(PATHS.index(way), count) for way, count in story.ways],
    }


def _moment_runs(story: Story) -> list[tuple[float, int]]:
    """How long frames are shown (seconds), and how many in a row."""
    lengths = [round(until - since, 6) for since, until in zip(story.moments, story.moments[1:], strict=False)]
    even = story.length_s / len(lengths)
    if max(abs(length - even) for length in lengths) < 0.002:
        return [(even, len(lengths))]
    return [(length, sum(1 for _ in same)) for length, same in groupby(lengths)]
