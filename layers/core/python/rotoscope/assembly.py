"""AssembleVideo: join the parts without encoding again, bring back the sound, write receipt, report and mail."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rotoscope import layout, mails, pictures, receipts
from rotoscope.contracts import AssembleVideoInput, AssembleVideoResult, Budget, JobPlan
from rotoscope.deliverables import output_rate, picture_size
from rotoscope.engines.catalog import ENGINES
from rotoscope.joining import Delivered, deliver, timeline
from rotoscope.judging import judge
from rotoscope.key_folder import export_keys
from rotoscope.observability import accounted
from rotoscope.overview import Overview, of_sheet, together
from rotoscope.ports import Joined, Tally
from rotoscope.receipts import Output, Receipt
from rotoscope.report.writing import write_report
from rotoscope.segment_contracts import SegmentQuality
from rotoscope.services import Services
from rotoscope.shortfalls import keep_complaints
from rotoscope.stopping import refuse_if_stopped

AT_ONCE = 16
"""Documents read at the same time."""
CONTENT_TYPES = {".mp4": "video/mp4", ".webm": "video/webm", ".gif": "image/gif", ".zip": "application/zip"}


@dataclass(frozen=True)
class _Made:
    """What the segments came to."""

    film: Overview
    measured: list[SegmentQuality]
    filled: dict[int, int]


@accounted
def assemble_video(task: AssembleVideoInput, services: Services) -> AssembleVideoResult:
    """Writes every deliverable, the poster, report and receipt under results/, and composes the mail."""
    refuse_if_stopped(task.job, services)
    plan, budget = services.documents.plan(task.job.id), services.documents.budget(task.job.id)
    made = _made(task, plan, services)
    delivered = deliver(plan, budget, made.film, services)
    keep_complaints(plan, delivered.shortfalls, services)
    outputs = [*delivered.outputs, _poster(plan, made, services), *_key_folder(plan, made, services)]
    receipt = _receipt(task, plan, budget, made, outputs, delivered, services)
    time = timeline(plan, budget, made.film.stamps)
    report = write_report(plan, budget, receipt, made.film, made.measured, time, services)
    receipt = receipt.model_copy(update={"outputs": [*outputs, report]})
    key = layout.result(plan.job.name, task.job.id, "receipt.json")
    services.studio.write(key, receipt.model_dump_json(indent=2).encode(), "application/json")
    mail = mails.done(plan, receipt, services.config.studio, services.config.region)
    services.studio.write(
        layout.result(plan.job.name, task.job.id, "mail.txt"),
        f"Subject: {mail.subject}\n\n{mail.text}\n".encode(),
        "text/plain; charset=utf-8",
    )
    services.claims.finish(task.job.id, _status(delivered))
    return AssembleVideoResult(mail=mail)


def _status(delivered: Delivered) -> str:
    """A job of which more may come is one that may be resumed."""
    return "incomplete" if any(each.may_come for each in delivered.shortfalls) else "succeeded"


def _made(task: AssembleVideoInput, plan: JobPlan, services: Services) -> _Made:
    documents, filled = services.documents, services.documents.filled(task.job.id)
    with ThreadPoolExecutor(AT_ONCE) as pool:  # what is not needed of a sheet is gone when the next one is read
        read = pool.map(lambda n: of_sheet(plan, documents.sheet(task.job.id, n), filled), range(task.segments.count))
        film = together(read)
        measured = list(pool.map(lambda part: _measured(plan, part[0], part[1], services), film.parts.items()))
    return _Made(film, [each for each in measured if each], filled)


def _measured(plan: JobPlan, segment: int, made_as: str, services: Services) -> SegmentQuality | None:
    """None where nothing was rendered: a job that asks for key frames alone has no video."""
    try:
        body = services.studio.read(layout.quality(plan.job.id, made_as, segment))
    except KeyError:
        return None
    return SegmentQuality.model_validate_json(body)


def _poster(plan: JobPlan, made: _Made, services: Services) -> Output:
    """The finished picture that a segment kept; without a video that of the key frame nearest to it."""
    size = picture_size(plan)
    try:
        kept = made.film.poster or 0
        body = services.studio.read(layout.poster(plan.job.id, made.film.parts[kept], kept))
    except KeyError:
        wanted = made.film.indices[len(made.film.indices) // 3]
        nearest = min(made.film.keys, key=lambda key: abs(key - wanted))
        body = pictures.shaped(services.studio.read(made.film.keys[nearest]), size, plan.settings.output.fit)
    services.studio.write(layout.result(plan.job.name, plan.job.id, "poster.jpg"), body, "image/jpeg")
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        return receipts.output(Path(file.name), "poster.jpg", Joined(1, size[0], size[1], 0))


def _key_folder(plan: JobPlan, made: _Made, services: Services) -> list[Output]:
    if "keys" not in plan.settings.output.formats:
        return []
    return [export_keys(plan, made.film, services)]


def _tally_so_far(task: AssembleVideoInput, services: Services) -> Tally:
    """The ledger's, and this very task up to now, which the ledger learns only when it has ended."""
    tally = services.purse.tally(task.job.id)
    spent_s = max(0.0, services.clock() - datetime.fromisoformat(task.now).timestamp())
    gb_ms = round(spent_s * 1000 * services.config.function_gb)
    return replace(tally, gb_ms=tally.gb_ms + gb_ms, tasks=tally.tasks + 1)


def _receipt(
    task: AssembleVideoInput,
    plan: JobPlan,
    budget: Budget,
    made: _Made,
    outputs: list[Output],
    delivered: Delivered,
    services: Services,
) -> Receipt:
    tally = _tally_so_far(task, services)
    engine = plan.settings.engines()[0]
    now = datetime.fromtimestamp(services.clock(), UTC)
    return Receipt(
        job=task.job.id,
        video=plan.video_key,
        simulated=tally.simulated > 0,
        engine=engine,
        model=ENGINES[engine].model_id,
        seed=plan.seed,
        prompt=plan.prompt,
        source=receipts.source_facts(plan, budget),
        settings=plan.settings.model_dump(mode="json"),
        settings_from=plan.settings_from,
        ignored=plan.ignored,
        notes=[*receipts.notes(plan, budget, delivered.notes), *(each.note(plan) for each in delivered.shortfalls)],
        plan=receipts.plan_facts(budget, task.segments.count),
        frame_rate=output_rate(plan),
        calls=receipts.calls(tally, made.filled),
        cost=receipts.cost(budget, tally, task.segments.count),
        quality=judge(plan, made.measured, sorted(made.film.shots), simulated=tally.simulated > 0),
        time=receipts.times(plan, budget, task, now),
        outputs=outputs,
    )
