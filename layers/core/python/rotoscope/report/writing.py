"""Writes report.html of a finished job."""

import hashlib
from collections.abc import Sequence

from rotoscope import layout
from rotoscope.contracts import Budget, JobPlan
from rotoscope.judging import samples
from rotoscope.overview import Overview
from rotoscope.ports import Timeline
from rotoscope.receipts import Output, Receipt
from rotoscope.report.page import Film, page
from rotoscope.report.stills import LARGE_WIDTH, pairs, spread
from rotoscope.report.story import Story
from rotoscope.segment_contracts import SegmentQuality
from rotoscope.services import Services

EMBEDDED_BYTES = 12_000_000
"""A comparison up to this size becomes part of the page."""


def write_report(
    plan: JobPlan,
    budget: Budget,
    receipt: Receipt,
    overview: Overview,
    measured: Sequence[SegmentQuality],
    time: Timeline,
    services: Services,
) -> Output:
    """Writes the page beside the results, and says what it came to."""
    filled = services.documents.filled(plan.job.id)
    there = moments(time)[: len(overview.indices) + 1]
    story = Story(plan, budget, receipt, overview, filled, samples(measured), there)
    came, studio = sorted(overview.keys), services.studio
    film = _film(plan, receipt, services)
    middle = came[len(came) // 3 :][:1] if film is None else []
    large = next(iter(pairs(plan.job.id, middle, overview, studio, LARGE_WIDTH)), None)
    body = page(story, film, large, pairs(plan.job.id, spread(story.keys), overview, studio)).encode()
    key = layout.result(plan.job.name, plan.job.id, layout.REPORT)
    services.studio.write(key, body, "text/html; charset=utf-8")
    digest = hashlib.sha256(body).hexdigest()
    return Output(name=layout.REPORT, bytes=len(body), sha256=digest, width=0, height=0, frames=0, duration_s=0)


def moments(time: Timeline) -> list[float]:
    """Seconds at which each frame is shown, and at which the last one goes."""
    return [float(tick * time.time_base) for tick in [*time.ticks, time.ticks[-1] + time.last_duration]]


def _film(plan: JobPlan, receipt: Receipt, services: Services) -> Film | None:
    """The comparison, if it shows both pictures at once: the page has a border of its own to move over them."""
    made = next((each for each in receipt.outputs if each.name == layout.COMPARISON), None)
    if made is None or plan.settings.output.compare == "wipe":
        return None
    small = made.bytes <= EMBEDDED_BYTES
    key = layout.result(plan.job.name, plan.job.id, layout.COMPARISON)
    return Film(layout.COMPARISON, services.studio.read(key) if small else None)
