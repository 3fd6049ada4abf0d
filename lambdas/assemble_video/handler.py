"""AssembleVideo: joins the parts and writes receipt and mail."""

from typing import Any

from rotoscope.assembly import assemble_video
from rotoscope.contracts import AssembleVideoInput
from rotoscope.observability import observed
from rotoscope.services import Services, default_services


@observed
def handler(event: dict[str, Any], context: object, services: Services | None = None) -> dict[str, Any]:
    """Joins the parts and writes receipt and mail."""
    task = AssembleVideoInput.model_validate(event)
    result = assemble_video(task, services or default_services())
    return result.model_dump(mode="json", exclude_none=True)
