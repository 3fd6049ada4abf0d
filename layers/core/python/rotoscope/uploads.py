"""The job that an upload's event stands for."""

from typing import Any

from rotoscope import layout
from rotoscope.contracts import Job


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
