"""StylizeFrame: restyles one frame, or says until when to wait."""

from typing import Any

from rotoscope.contracts import StylizeFrameInput
from rotoscope.observability import observed
from rotoscope.services import Services, default_services
from rotoscope.styling import stylize_frame


@observed
def handler(event: dict[str, Any], context: object, services: Services | None = None) -> dict[str, Any]:
    """Restyles one frame, or says until when to wait."""
    task = StylizeFrameInput.model_validate(event)
    result = stylize_frame(task, services or default_services())
    return result.model_dump(mode="json", exclude_none=True)
