"""Logs and metrics with the job on every line, and the two things that every task does besides its work."""

import time
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Protocol, TypeVar

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from rotoscope import layout
from rotoscope.contracts import Job, SegmentTask
from rotoscope.errors import JobError, JobStopped, MediaToolFailed
from rotoscope.services import Services

Handler = Callable[..., dict[str, Any]]


@cache
def logger() -> Logger:
    """Made at the first use, so that importing reads no environment."""
    return Logger()


@cache
def metrics() -> Metrics:
    """Embedded metrics: written as log lines, no calls of their own."""
    return Metrics()


def observed(handler: Handler) -> Handler:
    """Wraps a Lambda handler: structured logs with request and job ids, one metric line per invocation."""

    @wraps(handler)
    def entry(event: dict[str, Any], context: Any, services: Services | None = None) -> dict[str, Any]:
        log, measures = logger(), metrics()
        log.clear_state()
        log.append_keys(job_id=job_of(event), request_id=getattr(context, "aws_request_id", None))
        measures.add_dimension("function", getattr(context, "function_name", handler.__module__))
        started, outcome = time.monotonic(), "failed"
        try:
            result = handler(event, context, services) if services else handler(event, context)
            outcome = "done"
            return result
        finally:
            spent_ms = (time.monotonic() - started) * 1000
            measures.add_metric("Duration", MetricUnit.Milliseconds, spent_ms)
            log.info(outcome, extra={"duration_ms": round(spent_ms)})
            measures.flush_metrics()

    return entry


def job_of(event: object) -> str | None:
    """The job that an event of any of the functions speaks of, or an execution's input; None for anything else."""
    match event:
        case {"job": {"id": str(job)}} | {"resume": str(job)}:
            return job
        case {"event": inner}:
            return job_of(inner)
        case {"detail": {"bucket": {"name": str(bucket)}, "object": {"key": str(key), **more}}}:
            version_id = more.get("version-id")
            return layout.job_id(bucket, key, version_id if isinstance(version_id, str) else None)
    return None


def trouble_at(stage: str, segment: int) -> str:
    """How the place of a trouble is called: the stage and the segment."""
    return f"{stage}-{segment:06d}"


class OfJob(Protocol):
    """A task's input that names its job."""

    @property
    def job(self) -> Job: ...


Task = TypeVar("Task", bound=OfJob)
Result = TypeVar("Result")


def accounted(stage: Callable[[Task, Services], Result]) -> Callable[[Task, Services], Result]:
    """Wraps a stage: measures what it cost, dooms the job on a JobError, keeps a failed tool's own words."""

    @wraps(stage)
    def task(task: Task, services: Services) -> Result:
        started = services.clock()
        try:
            return stage(task, services)
        except JobError as error:
            if not isinstance(error, JobStopped):
                services.claims.stop(task.job.id, str(error), type(error).__name__)
            raise
        except MediaToolFailed as error:
            place = trouble_at(stage.__name__, task.segment.index) if isinstance(task, SegmentTask) else stage.__name__
            services.studio.write(layout.trouble(task.job.id, place), str(error).encode(), "text/plain")
            raise
        finally:
            gb_ms = round((services.clock() - started) * 1000 * services.config.function_gb)
            services.purse.count(task.job.id, gb_ms=gb_ms, tasks=1)

    return task
