"""ReviewFrames: reconciles the restyled frames with the plan."""

from typing import Any

from rotoscope.contracts import ReviewFramesInput
from rotoscope.observability import observed
from rotoscope.reviewing import review_frames
from rotoscope.services import Services, default_services


@observed
def handler(event: dict[str, Any], context: object, services: Services | None = None) -> dict[str, Any]:
    """Reconciles the restyled frames with the plan."""
    task = ReviewFramesInput.model_validate(event)
    result = review_frames(task, services or default_services())
    return result.model_dump(mode="json", exclude_none=True)
