"""PlanJob: claims and plans the job of an upload."""

from typing import Any

from rotoscope.contracts import PlanJobInput
from rotoscope.observability import observed
from rotoscope.planning import plan_job
from rotoscope.services import Services, default_services


@observed
def handler(event: dict[str, Any], context: object, services: Services | None = None) -> dict[str, Any]:
    """Claims and plans the job of an upload."""
    task = PlanJobInput.model_validate(event)
    result = plan_job(task, services or default_services())
    return result.model_dump(mode="json", exclude_none=True)
