"""StylizeFrame: reserve a slot of the model's pace, wait for it outside, then make one idempotent, paid call."""

from datetime import UTC, datetime, timedelta

from rotoscope import intermediates, layout, pictures
from rotoscope.contracts import CallState, FrameCall, JobPlan, StylizeFrameInput, StylizeFrameResult
from rotoscope.engines.catalog import ENGINES
from rotoscope.engines.contract import Redrawn, Style
from rotoscope.errors import (
    AnswerLost,
    BudgetExceeded,
    FrameFiltered,
    JobError,
    ModelBusy,
    Throttled,
    Unaffordable,
)
from rotoscope.observability import accounted
from rotoscope.ports import RGB, BlobStore, Booking
from rotoscope.reviewing import PASSES
from rotoscope.services import Services
from rotoscope.settings import EngineName

MOMENT_MS = 1000
"""A slot no further ahead than this is as good as now."""

UNKNOWN_PACE = 60
"""Requests per minute of an endpoint that said 429 although nobody set it a pace."""

PATIENCE = 4
"""So many visits in one pass may find the model busy."""

STEP_DOWN = 0.8
"""Every further attempt at a frame asks for this much of the change: less denoise passes more filters."""


@accounted
def stylize_frame(task: StylizeFrameInput, services: Services) -> StylizeFrameResult:
    """Returns `wait_until` while the slot lies ahead, else calls the model once and says how it ended.

    Raises a JobError for what dooms the whole job; whatever ends one call only is an outcome.
    """
    if services.claims.stopped(task.job.id):
        return StylizeFrameResult(outcome="stopped")
    if services.studio.exists(layout.styled_frame(task.job.id, task.frame.index)):
        return StylizeFrameResult(outcome="exists")
    plan = services.documents.plan(task.job.id)
    _refuse_when_late(plan, services)
    engine = engine_of(plan, task.frame.attempt)
    if waiting := _until_slot(task.call, _lane(engine, services), _pace(plan, engine), services):
        return waiting
    return _call(task, plan, engine, services)


def engine_of(plan: JobPlan, attempt: int) -> EngineName:
    """The ladder's engine for an attempt: the first for the first, and so on; the last ever after."""
    ladder = plan.settings.engines()
    return ladder[min(attempt, len(ladder)) - 1]


def _lane(engine: EngineName, services: Services) -> str:
    """What shares a quota: one model in one Region."""
    return f"{services.config.bedrock_region}/{ENGINES[engine].model_id or engine}"


def _pace(plan: JobPlan, engine: EngineName) -> float | None:
    """Requests per minute: the account's own for the ladder's first engine, AWS's default for the others."""
    return plan.requests_per_minute if engine == plan.settings.engines()[0] else ENGINES[engine].requests_per_minute


def _refuse_when_late(plan: JobPlan, services: Services) -> None:
    started = datetime.fromisoformat(plan.started)
    late = services.clock() - started.timestamp() - plan.settings.limits.max_minutes * 60
    if late > 0:
        refused = services.purse.tally(plan.job.id).throttled
        raise JobError(
            f"The job has taken longer than limits.max_minutes ({plan.settings.limits.max_minutes:.0f})"
            + (f"; the model refused {refused} calls for its pace. " if refused else ". ")
            + "What was paid for is kept: raise the limit and resume the job."
        )


def _until_slot(call: CallState, lane: str, pace: float | None, services: Services) -> StylizeFrameResult | None:
    """None when the call may be made now."""
    if pace is None:
        return None
    slot_ms = call.slot_ms or services.pacer.reserve(lane, pace)
    return None if slot_ms <= _now_ms(services) + MOMENT_MS else _wait(slot_ms, call.busy)


def _now_ms(services: Services) -> int:
    return round(services.clock() * 1000)


def _wait(slot_ms: int, busy: int) -> StylizeFrameResult:
    until = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=slot_ms)
    stamp = until.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return StylizeFrameResult(wait_until=stamp, slot_ms=slot_ms, busy=busy)


def _call(task: StylizeFrameInput, plan: JobPlan, engine: EngineName, services: Services) -> StylizeFrameResult:
    """Books the call first, so that parallel workers cannot pass the limits together."""
    frame = _picture(services.studio, layout.source_frame(task.job.id, task.frame.pts))
    style = _style(task.frame, plan, engine, services)
    try:
        booking = _book(plan, engine, services)
    except Unaffordable as limit:
        return _left_out(task, str(limit), services)
    try:
        redrawn = services.engine(engine).redraw(frame, style)
    except Throttled:
        services.purse.give_back(booking)
        return _throttled(task, plan, engine, services)
    except ModelBusy:
        services.purse.give_back(booking)
        return _busy(task, plan, engine, services)
    except AnswerLost:
        # It may have been charged, so it stays booked. Only the second pass asks again: two payments at the most.
        services.purse.count(task.job.id, lost=1)
        return StylizeFrameResult(outcome="lost")
    except FrameFiltered:
        services.purse.count(task.job.id, made=1, filtered=1)
        return StylizeFrameResult(outcome="filtered")
    except JobError:
        services.purse.give_back(booking)
        raise
    return _keep(task, redrawn, services)


def _book(plan: JobPlan, engine: EngineName, services: Services) -> Booking:
    limits = plan.settings.limits
    return services.purse.spend(
        plan.job.id,
        round(ENGINES[engine].price_usd * 1e6),
        job_limit=round(limits.max_cost_usd * 1e6),
        day_limit=round(services.config.daily_cost_usd * 1e6),
        call_limit=limits.max_calls,
    )


def _left_out(task: StylizeFrameInput, limit: str, services: Services) -> StylizeFrameResult:
    """What the job has paid for is finished without this frame; a job that has nothing yet is refused.

    Counted in the last pass only, which every missing frame comes to: so the counter is one of frames.
    """
    tally = services.purse.tally(task.job.id)
    if tally.made == tally.filtered:
        raise BudgetExceeded(limit)
    services.purse.count(task.job.id, unaffordable=int(task.frame.attempt >= PASSES))
    return StylizeFrameResult(outcome="unaffordable")


def _throttled(task: StylizeFrameInput, plan: JobPlan, engine: EngineName, services: Services) -> StylizeFrameResult:
    """429: everyone slows down, and this frame takes a new slot, as often as limits.max_minutes allows."""
    services.purse.count(task.job.id, throttled=1)
    lane = _lane(engine, services)
    services.pacer.slow(lane)
    return _wait(services.pacer.reserve(lane, _pace(plan, engine) or UNKNOWN_PACE), task.call.busy)


def _busy(task: StylizeFrameInput, plan: JobPlan, engine: EngineName, services: Services) -> StylizeFrameResult:
    """Asks again at a new slot, later every time; in the end this pass does without the frame."""
    services.purse.count(task.job.id, retried=1)
    busy, pace = task.call.busy + 1, _pace(plan, engine)
    if busy >= PATIENCE:
        return StylizeFrameResult(outcome="failed", busy=busy)
    slot_ms = services.pacer.reserve(_lane(engine, services), pace) if pace else 0
    return _wait(max(slot_ms, _now_ms(services) + 2**busy * 1000), busy)


def _keep(task: StylizeFrameInput, redrawn: Redrawn, services: Services) -> StylizeFrameResult:
    key = layout.styled_frame(task.job.id, task.frame.index)
    services.studio.write(key, intermediates.written(redrawn.picture), "image/jpeg")
    services.purse.count(task.job.id, made=1, simulated=int(redrawn.simulated))
    return StylizeFrameResult(outcome="made")


def _style(frame: FrameCall, plan: JobPlan, engine: EngineName, services: Services) -> Style:
    """The plan's style for this frame and attempt."""
    style, tries = plan.settings.style, frame.attempt - 1
    wish = style.denoise if isinstance(style.denoise, int | float) else ENGINES[engine].default_denoise
    image = pictures.from_bytes(services.studio.read(layout.style_image(plan.job.id))) if style.image else None
    return Style(
        prompt=style.prompt if isinstance(style.prompt, str) else "",
        negative_prompt=style.negative_prompt if isinstance(style.negative_prompt, str) else "",
        preset=style.preset,
        denoise=round(wish * STEP_DOWN**tries, 4),
        seed=(plan.seed + tries) % 4_294_967_295,
        frame_index=frame.index,
        image=image,
        sdxl=style.sdxl,
        anchor=_picture(services.studio, layout.source_frame(plan.job.id, frame.anchor))
        if engine == "sketch"
        else None,
    )


def _picture(studio: BlobStore, key: str) -> RGB:
    return intermediates.read(studio.read(key))
