"""PlanJob: claim the upload, read its settings, probe and validate it, check the engine, cut it into segments."""

import hashlib
import secrets
from dataclasses import dataclass, replace

from rotoscope import layout, orders
from rotoscope.bounds import MOST_PICTURE_BYTES
from rotoscope.capacity import refuse_large, refuse_long, refuse_small
from rotoscope.contracts import Job, JobPlan, Listing, PlanJobInput, PlanJobResult, SourceVideo
from rotoscope.engines.catalog import ENGINES, require_served
from rotoscope.engines.presets import sent_prompt
from rotoscope.engines.unused import ignored_settings
from rotoscope.errors import (
    JobError,
    JobRunning,
    ModelDenied,
    SettingsInvalid,
    StyleImageMissing,
)
from rotoscope.intervals import cut
from rotoscope.observability import accounted
from rotoscope.orders import Order
from rotoscope.own_keys import keep_own_keys
from rotoscope.resuming import continued, has_begun, taken_up
from rotoscope.services import Services
from rotoscope.settings import EngineName, Settings, output_size
from rotoscope.uploads import is_style_image, uploaded_job

LAST_SEED = 4_294_967_294


@dataclass(frozen=True)
class _Claimed:
    """A claimed job and what PlanJob was asked."""

    job: Job
    task: PlanJobInput


def plan_job(task: PlanJobInput, services: Services) -> PlanJobResult:
    """Plans the job that an upload or a resume asks for; does nothing for a style image, or where another execution
    owns the job.

    Raises a JobError with a sentence for the uploader. The job is claimed first, so a second delivery of the event
    stays silent and a refusal is mailed once.
    """
    resumed, edited = task.event.get("resume"), bool(task.event.get("keys"))
    job = taken_up(str(resumed), services, done_too=edited) if resumed else uploaded_job(task.event)
    nothing_to_do = PlanJobResult(job=job, owned=False, segments=Listing(key="", count=0))
    if not resumed and is_style_image(job, services):
        return nothing_to_do
    if not services.claims.claim(job, task.execution, take_over=bool(resumed)):
        if resumed:
            raise JobRunning(f"The job {job.id} is still running; cancel it first.")
        return nothing_to_do
    return PlanJobResult(job=job, owned=True, segments=_planned(_Claimed(job, task), services))


@accounted
def _planned(claimed: _Claimed, services: Services) -> Listing:
    """Writes the plan and the segments."""
    job, task = claimed.job, claimed.task
    if task.event.get("keys") or has_begun(job, services):
        return continued(job, task, services)
    order = _pinned(orders.read(job, services), services)
    seed = _seed(order.settings, job)
    engines = _checked_engines(order.settings, services)
    source = _probed(order, services)
    _copy_style_image(order, services)
    own = keep_own_keys(order, source, services)
    facts = ENGINES[engines[0]]
    size = output_size(order.settings.output, source.width, source.height)
    segments = cut(source, services.config.segment_megapixels, output_pixels=size[0] * size[1])
    services.documents.save_list(layout.segments(job.id), segments)
    plan = JobPlan(
        job=job,
        video_key=order.video_key,
        video_version_id=order.video_version_id,
        source=source,
        settings=order.settings,
        settings_from=order.origins,
        ignored=ignored_settings(engines[0], order.settings, services.config.sdxl_dialect),
        seed=seed,
        prompt=sent_prompt(
            engines[0],
            services.config.sdxl_dialect,
            _text(order.settings.style.prompt),
            order.settings.style.preset,
        ),
        price_usd=max(ENGINES[name].price_usd for name in engines),
        requests_per_minute=_pace(facts.quota_name, facts.requests_per_minute, services),
        started=task.started,
        own_keys=own,
    )
    services.documents.save(layout.plan(job.id), plan)
    return Listing(key=layout.segments(job.id), count=len(segments))


def _pinned(order: Order, services: Services) -> Order:
    """A job taken up again stays with the version of the video that it began with."""
    try:
        return replace(order, video_version_id=services.documents.plan(order.job.id).video_version_id)
    except KeyError:
        return order


def _text(prompt: str | dict[str, float | str] | None) -> str | None:
    return prompt if isinstance(prompt, str) else None


def _seed(settings: Settings, job: Job) -> int:
    """The user's seed; a new one for "random"; else one that belongs to the job, so that a re-run repeats it."""
    if isinstance(settings.style.seed, int):
        return settings.style.seed
    if settings.style.seed == "random":
        return 1 + secrets.randbelow(LAST_SEED)
    return 1 + int.from_bytes(hashlib.sha256(job.key.encode()).digest()[:8]) % LAST_SEED


def _checked_engines(settings: Settings, services: Services) -> list[EngineName]:
    """The ladder, each step known to be callable as far as that can be asked for free."""
    names = settings.engines()
    for name in names:
        require_served(name, services.config.sdxl_endpoint)
        facts = ENGINES[name]
        if facts.model_id:
            _require_region(name, facts.regions, services.config.bedrock_region)
            services.catalog.require_callable(facts.model_id)
        if name == "sdxl" and services.config.sdxl_endpoint:
            services.catalog.require_endpoint(services.config.sdxl_endpoint)
        if facts.wants_style_image and not settings.style.image:
            raise StyleImageMissing(f'The engine "{name}" needs a style image: set style.image to a key in the inbox.')
        if not (settings.style.prompt or settings.style.preset or facts.wants_style_image or facts.model_id is None):
            raise SettingsInvalid(f'The engine "{name}" needs style.prompt or style.preset.')
    return names


def _require_region(name: str, regions: tuple[str, ...], region: str) -> None:
    if region not in regions:
        raise ModelDenied(
            f'The engine "{name}" is not served in {region}. '
            f"Deploy the stack with bedrock_region set to {' or '.join(regions)}, or use another engine."
        )


def _probed(order: Order, services: Services) -> SourceVideo:
    try:
        size = services.inbox.facts(order.video_key, order.video_version_id).size
    except KeyError:
        raise JobError(f"There is no video {order.video_key} in the inbox.") from None

    with services.open_file(order.video_key, order.video_version_id) as file:
        source = services.prober.probe(file, size)
    refuse_large(source.coded_width, source.coded_height)
    refuse_large(source.width, source.height)
    refuse_small(source.width, source.height)
    refuse_long(source.duration_s, source.frame_count)
    return source


def _copy_style_image(order: Order, services: Services) -> None:
    """The job keeps its own copy, so that workers need no right to read the inbox for it."""
    if not order.settings.style.image:
        return
    from rotoscope import pictures

    wish = order.settings.style.image
    keys = dict.fromkeys([layout.beside(order.settings_key, wish), wish])
    found = [(key, body) for key in keys if (body := _style_image(key, services)) is not None]
    if not found:
        tried = " or ".join(keys)
        raise StyleImageMissing(f"There is no style image {tried} in the inbox. Upload it before the video.")
    key, body = found[0]
    try:
        pictures.from_bytes(body)
    except JobError as error:
        raise StyleImageMissing(f"The style image {key} cannot be used. {error}") from error
    services.studio.write(layout.style_image(order.job.id), body)


def _style_image(key: str, services: Services) -> bytes | None:
    try:
        size = services.inbox.facts(key, None).size
        if size > MOST_PICTURE_BYTES:
            raise StyleImageMissing(
                f"The style image {key} has {size / 1e6:,.1f} MB; at most {MOST_PICTURE_BYTES / 1e6:.0f} MB can be "
                "taken. Save it as JPEG."
            )
        return services.inbox.read(key)
    except KeyError:
        return None


def _pace(quota_name: str | None, default: float | None, services: Services) -> float | None:
    """The account's own requests per minute, or the documented default; None for engines that need no pacing."""
    if quota_name is None:
        return None
    pace = services.catalog.requests_per_minute(quota_name)
    if pace == 0:
        raise ModelDenied(f'The account\'s quota "{quota_name}" is 0: ask AWS for more, or use another engine.')
    return default if pace is None else pace
