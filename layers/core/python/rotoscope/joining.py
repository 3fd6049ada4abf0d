"""Joins the parts of every deliverable, one part at a time on the scratch disk, with what is the source's own."""

import errno
import math
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from rotoscope import layout, receipts
from rotoscope.contracts import Budget, JobPlan
from rotoscope.deliverables import Deliverable, deliverables, loops, output_rate
from rotoscope.errors import JobError, MediaToolFailed, ResultTooLarge
from rotoscope.observability import trouble_at
from rotoscope.originals import TAKING_OVER, Originals
from rotoscope.overview import Overview
from rotoscope.ports import Joined, Timeline
from rotoscope.provenance import provenance
from rotoscope.receipts import Output
from rotoscope.remarks import Said, remarks
from rotoscope.services import Services
from rotoscope.shortfalls import Shortfall, refuse_empty_hands

SPARE_BYTES = 64_000_000
"""Room that a finished file needs beside its parts: its index, the sound."""
TOO_LARGE = (
    "was not made: it is too large to be joined on the scratch disk. Ask for it in a smaller output.size, in another of"
    " output.formats, or in pieces with frames.start and frames.end."
)


@dataclass(frozen=True)
class Delivered:
    """The finished files, what their owner should know of them, and what could not be delivered."""

    outputs: Sequence[Output]
    notes: Sequence[str]
    shortfalls: Sequence[Shortfall] = ()


def deliver(plan: JobPlan, budget: Budget, film: Overview, services: Services) -> Delivered:
    """Writes every deliverable under results/. One that cannot be made costs no other.

    Raises JobError or MediaToolFailed when there is nothing to hand over without it.
    """
    outputs, said, shortfalls = list[Output](), list[Said](), list[Shortfall]()
    with tempfile.TemporaryDirectory() as folder:
        originals = Originals(plan, _span(plan, budget, film), Path(folder), services)
        for each in deliverables(plan):
            try:
                output, found = _deliver(each, plan, budget, film, originals, services)
            except (JobError, MediaToolFailed) as problem:
                shortfalls.append(Shortfall(each, problem))
            else:
                outputs.append(output)
                said.append(Said(output.name, found.notes, each.form in TAKING_OVER))
    if not outputs:
        refuse_empty_hands(plan, shortfalls)
    return Delivered(outputs, remarks(said), shortfalls)


def timeline(plan: JobPlan, budget: Budget, stamps: Sequence[int]) -> Timeline:
    """The source's own time stamps from 0, or an even beat when replayed at another rate."""
    if plan.settings.output.fps is not None:
        return Timeline(range(len(stamps)), 1, 1 / output_rate(plan))
    return Timeline([pts - stamps[0] for pts in stamps], budget.last_duration, plan.source.time_base)


def there_and_back(time: Timeline) -> Timeline:
    """Followed by all frames but the last and the first, backwards, each for as long as it was shown before."""
    shown = [*(after - before for before, after in pairwise(time.ticks)), time.last_duration]
    back = shown[-2:0:-1]
    ticks, end = list(time.ticks), time.ticks[-1] + time.last_duration
    for duration in back:
        ticks.append(end)
        end += duration
    return Timeline(ticks, (back or [time.last_duration])[-1], time.time_base)


def require_room(name: str, part_bytes: int, free_bytes: int) -> None:
    """Raises ResultTooLarge where a part cannot be copied to the end of a joined file."""
    if part_bytes + SPARE_BYTES > free_bytes:
        raise ResultTooLarge(f"{name} {TOO_LARGE}")


@dataclass(frozen=True)
class _Parts:
    """The files of a deliverable's parts, in order. Each is gone when the next is asked for."""

    name: str
    pieces: Sequence[tuple[int, str, str]]
    folder: Path
    plan: JobPlan
    services: Services

    def __iter__(self) -> Iterator[Path]:
        for number, (segment, made_as, name) in enumerate(self.pieces):
            path = self.folder / f"{number:06d}{Path(name).suffix}"
            self._fetch(segment, layout.part(self.plan.job.id, made_as, segment, name), path)
            require_room(self.name, path.stat().st_size, shutil.disk_usage(self.folder).free)
            yield path
            path.unlink()

    def _fetch(self, segment: int, key: str, path: Path) -> None:
        try:
            self.services.studio.download(key, path)
        except KeyError:
            place = trouble_at("render_segment", segment)
            said = self.services.documents.trouble(self.plan.job.id, place) or "It took too long."
            raise JobError(f"Part {segment + 1} could not be encoded. {said} Resume the job to try again.") from None
        except OSError as problem:
            if problem.errno != errno.ENOSPC:
                raise
            raise ResultTooLarge(f"{self.name} {TOO_LARGE}") from problem


def _deliver(
    each: Deliverable, plan: JobPlan, budget: Budget, film: Overview, originals: Originals, services: Services
) -> tuple[Output, Joined]:
    name, time = each.file_name(plan.job.name), timeline(plan, budget, film.stamps)
    shown = there_and_back(time) if loops(plan) and each.plays else time
    made_by = provenance(plan, simulated=services.purse.tally(plan.job.id).simulated > 0)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"out{Path(name).suffix}"
        parts = _Parts(name, _pieces(each, plan, film), Path(folder), plan, services)
        with originals.lent(each) as (original, notes):
            joined = services.joiner.join(each.form, parts, shown, out, original, made_by)
        if joined.frames != len(shown.ticks):
            raise MediaToolFailed(f"{name} has {joined.frames} frames instead of {len(shown.ticks)}.")
        services.studio.upload(layout.result(plan.job.name, plan.job.id, name), out, each.content_type)
        originals.learn(each, out, joined)
        joined = replace(joined, notes=[*joined.notes, *notes])
        return receipts.output(out, name, joined), joined


def _pieces(each: Deliverable, plan: JobPlan, film: Overview) -> list[tuple[int, str, str]]:
    """Segment, look and file name of each part."""
    there = [(segment, made_as, each.name) for segment, made_as in film.parts.items()]
    if not (loops(plan) and each.plays):
        return there
    back = [(segment, made_as, each.back_name) for segment, made_as, _ in reversed(there) if segment in film.backs]
    return there + back


def _span(plan: JobPlan, budget: Budget, film: Overview) -> tuple[float, float]:
    """Seconds of the source's clock from the first taken frame to the last one's end; for ever where that is its."""
    base, stamps = plan.source.time_base, film.stamps
    whole = film.indices[-1] + plan.settings.frames.step >= budget.source_frames
    return float(stamps[0] * base), math.inf if whole else float((stamps[-1] + budget.last_duration) * base)
