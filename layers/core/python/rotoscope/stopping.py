"""What every worker looks at first: whether the job was stopped, by a person or by another worker's error."""

from rotoscope.contracts import Job
from rotoscope.errors import named
from rotoscope.services import Services


def refuse_if_stopped(job: Job, services: Services) -> None:
    """Raises the error that stopped the job, by its own class."""
    if stopped := services.claims.stopped(job.id):
        error, reason = stopped
        raise named(error)(reason)
