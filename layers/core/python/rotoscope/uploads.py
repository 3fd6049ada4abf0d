"""The job that an upload's event stands for, if it stands for any."""

from typing import TYPE_CHECKING, Any

from rotoscope import intake, layout
from rotoscope.contracts import Job

if TYPE_CHECKING:
    from rotoscope.services import Services


def uploaded_job(event: dict[str, Any]) -> Job:
    """The job of an EventBridge "Object Created" event; anyone who knows bucket, key and version id finds its id."""
    bucket, thing = event["detail"]["bucket"]["name"], event["detail"]["object"]
    key, version_id = thing["key"], thing.get("version-id")
    return Job(
        id=layout.job_id(bucket, key, version_id),
        bucket=bucket,
        key=key,
        version_id=version_id,
        name=layout.result_name(key),
    )


def is_style_image(job: Job, services: "Services") -> bool:
    """Whether the upload is a still .webp: the event rule sees its name alone, which animations have too."""
    if not job.key.lower().endswith(".webp"):
        return False
    try:
        with services.open_file(job.key, job.version_id) as file:
            return intake.is_still_webp(file.read(intake.HEAD_BYTES))
    except KeyError:
        return False
