"""StylizeFrame: reserve a slot of the model's pace, wait for it outside, then make one idempotent, paid call."""

from datetime import UTC, datetime, timedelta

from rotoscope import layout, pictures
from rotoscope.contracts import CallState, FrameCall, JobPlan, StylizeFrameInput, StylizeFrameResult
from rotoscope.engines.catalog import ENGINES
from rotoscope.engines.contract import Redrawn, Style
from rotoscope.errors import FrameFiltered, JobError, ModelBusy, Throttled
from rotoscope.observability import accounted
from rotoscope.ports import RGB, BlobStore
from rotoscope.services import Services
from rotoscope.settings import EngineName

MOMENT_MS = 1000
"""A slot no further ahead than this is as good as now."""

UNKNOWN_PACE = 60
"""Requests per minute of an endpoint that said 429 although nobody set it a pace."""

STEP_DOWN = 0.8
"""Every further attempt at a frame asks for this much of the change: less denoise passes more filters."""


@accounted
def stylize_frame(task: StylizeFrameInput, services: Services) -> StylizeFrameResult:
    """Returns `wait_until` while the slot lies ahead, else calls the model once and says how it ended.

    Raises ModelBusy (the state machine retries) and, for what dooms the whole job, a JobError.
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
        raise JobError(
            f"The job has taken longer than limits.max_minutes ({plan.settings.limits.max_minutes:.0f}). "
            "What was paid for is kept: raise the limit and resume the job."
        )


def _until_slot(call: CallState, lane: str, pace: float | None, services: Services) -> StylizeFrameResult | None:
    """None when the call may be made now."""
    if pace is None:
        return None
    now_ms = round(services.clock() * 1000)
    slot_ms = call.slot_ms or services.pacer.reserve(lane, pace)
    return None if slot_ms <= now_ms + MOMENT_MS else _wait(slot_ms)


def _wait(slot_ms: int) -> StylizeFrameResult:
    until = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=slot_ms)
    stamp = until.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return StylizeFrameResult(wait_until=stamp, slot_ms=slot_ms)


def _call(task: StylizeFrameInput, plan: JobPlan, engine: EngineName, services: Services) -> StylizeFrameResult:
    """Books the price first, so that parallel workers cannot pass the limit together."""
    job, price = task.job.id, round(ENGINES[engine].price_usd * 1e6)
    job_limit = round(plan.settings.limits.max_cost_usd * 1e6)
    day_limit = round(services.config.daily_cost_usd * 1e6)
    frame = pictures.from_bytes(services.studio.read(layout.source_frame(job, task.frame.index)))
    services.purse.spend(job, price, job_limit=job_limit, day_limit=day_limit)
    try:
        redrawn = services.engine(engine).redraw(frame, _style(task.frame, plan, engine, services))
    except Throttled:
        return _throttled(job, price, engine, plan, services)
    except FrameFiltered:
        services.purse.count(job, made=1, filtered=1)
        return StylizeFrameResult(outcome="filtered")
    except ModelBusy:
        # It may have been charged: nobody can tell, so it stays booked.
        services.purse.count(job, retried=1, lost=1)
        raise
    except JobError:
        services.purse.give_back(job, price)
        raise
    return _keep(task, redrawn, services)


def _throttled(job: str, price: int, engine: EngineName, plan: JobPlan, services: Services) -> StylizeFrameResult:
    """429 costs nothing: everyone slows down, and this frame takes a new slot."""
    services.purse.give_back(job, price)
    services.purse.count(job, throttled=1)
    lane = _lane(engine, services)
    services.pacer.slow(lane)
    return _wait(services.pacer.reserve(lane, _pace(plan, engine) or UNKNOWN_PACE))


def _keep(task: StylizeFrameInput, redrawn: Redrawn, services: Services) -> StylizeFrameResult:
    key = layout.styled_frame(task.job.id, task.frame.index)
    services.studio.write(key, pictures.to_jpeg(redrawn.picture), "image/jpeg")
    services.purse.count(task.job.id, made=1, simulated=int(redrawn.simulated))
    return StylizeFrameResult(outcome="made")


def _style(frame: FrameCall, plan: JobPlan, engine: EngineName, services: Services) -> Style:
    """The plan's style for this frame and attempt."""
    style, tries = plan.settings.style, frame.attempt - 1
    wish = style.denoise if isinstance(style.denoise, int | float) else ENGINES[engine].default_denoise
    image = _picture(services.studio, layout.style_image(plan.job.id)) if style.image else None
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
    return pictures.from_bytes(studio.read(key))
