"""ExplainFailure: an execution that failed, ran out of time or was aborted becomes a sentence in a mail."""

import json

from rotoscope import errors, mails
from rotoscope.complaints import last_line, plain_words
from rotoscope.contracts import ExplainFailureInput, FailureExplained, Job
from rotoscope.observability import job_of
from rotoscope.ports import Claim, Ending
from rotoscope.services import Services
from rotoscope.uploads import uploaded_job

_STATUS = {"ABORTED": "cancelled", "FAILED": "failed", "TIMED_OUT": "failed"}


def explain_failure(task: ExplainFailureInput, services: Services) -> FailureExplained:
    """Sends one mail per failed job, and none for an execution that did not own its job."""
    detail = task.detail
    execution, status = detail["executionArn"], detail["status"]
    claim = _claim(json.loads(detail.get("input") or "{}"), execution, services)
    if claim is None or claim.execution != execution or claim.status != "running":
        return FailureExplained(mail=None)
    ending = services.executions.ending(execution)
    stopped = services.claims.stopped(claim.job.id)
    sentence, error = _sentence(status, ending, stopped), stopped[0] if stopped else ending.error
    details = _details(execution, status, ending, claim.job)
    tally = services.purse.tally(claim.job.id)
    mail = mails.failed(claim.job, sentence, details, tally, error=error, cancelled=status == "ABORTED")
    services.notifier.send(mail)
    services.claims.finish(claim.job.id, _STATUS.get(status, "failed"))
    return FailureExplained(mail=mail)


def _claim(event: object, execution: str, services: Services) -> Claim | None:
    """Who owns the job. An upload whose PlanJob never came to claiming it is claimed now, so that it is told once."""
    job_id = job_of(event)
    claim = services.claims.claimed(job_id) if job_id else None
    if job_id and claim is None and isinstance(event, dict) and "detail" in event:
        services.claims.claim(uploaded_job(event), execution)
        claim = services.claims.claimed(job_id)
    return claim


def _sentence(status: str, ending: Ending, stopped: tuple[str, str] | None) -> str:
    """For the uploader: the job's own words if it has any, else what the ending means."""
    if stopped:
        return stopped[1]
    if status == "ABORTED":
        return "Somebody stopped it. What was already restyled is kept."
    if status == "TIMED_OUT" or ending.error in ("States.Timeout", "Sandbox.Timedout"):
        return "It took longer than it may. What was already restyled is kept: resume the job to continue."
    if errors.named(ending.error) is not errors.JobError or ending.error == "JobError":
        return _message(ending.cause)
    if ending.error == "MediaToolFailed":
        return _of_media(_message(ending.cause))
    return "Something in the pipeline failed that is not the video's fault. Resume the job to try again."


def _of_media(complaint: str) -> str:
    """FFmpeg's failure in plain words where they are known, and its own last line for whoever can read it."""
    said = last_line(complaint)
    told = ["The video could not be decoded or encoded.", plain_words(complaint), f"({said})" if said else ""]
    return " ".join(filter(None, told))


def _message(cause: str) -> str:
    """The error message inside the JSON that Lambda makes of an exception."""
    try:
        said = json.loads(cause)
    except ValueError:
        return cause
    return str(said.get("errorMessage", cause)) if isinstance(said, dict) else cause


def _details(execution: str, status: str, ending: Ending, job: Job) -> str:
    region = execution.split(":")[3]
    return "\n".join(
        [
            f"Job        {job.id}",
            f"File       s3://{job.bucket}/{job.key}" + (f" (version {job.version_id})" if job.version_id else ""),
            f"Execution  {execution}",
            f"Console    https://{region}.console.aws.amazon.com/states/home?region={region}#/v2/executions/details/{execution}",
            f"Status     {status} {ending.error}".rstrip(),
            f"Cause      {_message(ending.cause)[:1500]}",
        ]
    )
