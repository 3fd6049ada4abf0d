"""A job taken up again: what was paid for stays, and the key frames may have been edited by hand."""

from rotoscope import layout, orders
from rotoscope.contracts import Job, JobPlan, Listing, PlanJobInput
from rotoscope.errors import JobRunning, JobUnknown
from rotoscope.own_keys import keep_edited_keys
from rotoscope.services import Services


def taken_up(job_id: str, services: Services, *, done_too: bool) -> Job:
    """The job of that id. A holder that has ended without anybody writing it down gives its claim away."""
    claim = services.claims.claimed(job_id)
    if claim is None:
        raise JobUnknown(f"There is no job {job_id} to resume.")
    if claim.status == "succeeded" and not done_too:
        raise JobRunning(f"The job {job_id} is already done; drop the video again to restyle it anew.")
    if claim.status == "running" and not services.executions.running(claim.execution):
        services.claims.finish(job_id, "failed")
    return claim.job


def has_begun(job: Job, services: Services) -> bool:
    """Whether there is something that another plan would lose: frames that were paid for, or edited keys."""
    if any(services.studio.list(layout.styled_frames(job.id))):
        return True
    try:
        return services.documents.plan(job.id).revision > 0
    except KeyError:
        return False


def continued(job: Job, task: PlanJobInput, services: Services) -> Listing:
    """The plan stays, but its limits and its clock are new; edited keys make a new revision of it."""
    try:
        plan, limits = services.documents.plan(job.id), orders.read(job, services).settings.limits
    except KeyError:
        raise JobUnknown(
            f"The job {job.id} got no keys yet: drop its video again, with the pictures beside it."
        ) from None
    settings = plan.settings.model_copy(update={"limits": limits})
    plan = plan.model_copy(update={"settings": settings, "started": task.started})
    if prefix := task.event.get("keys"):
        plan = _edited(plan, str(prefix), services)
    services.documents.save(layout.plan(job.id), plan)
    return Listing(key=layout.segments(job.id), count=len(services.documents.segments(job.id)))


def _edited(plan: JobPlan, prefix: str, services: Services) -> JobPlan:
    """With the pictures under an inbox prefix; what no call brought before is not asked for once more."""
    own = {**plan.own_keys, **keep_edited_keys(prefix, plan, services)}
    _give_up_lost(plan.job.id, services)
    return plan.model_copy(update={"own_keys": dict(sorted(own.items())), "revision": plan.revision + 1})


def _give_up_lost(job: str, services: Services) -> None:
    try:
        keys, lost = services.documents.keys(job), services.documents.filled(job)
    except KeyError:
        return
    frames = [
        index for index in keys.frames if index not in lost or services.studio.exists(layout.styled_frame(job, index))
    ]
    services.documents.save(layout.keys(job), keys.model_copy(update={"frames": frames}))
