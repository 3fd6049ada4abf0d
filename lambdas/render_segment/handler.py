"""RenderSegment: encodes one segment of every deliverable."""

from typing import Any

from rotoscope.contracts import SegmentTask
from rotoscope.observability import observed
from rotoscope.rendering import render_segment
from rotoscope.services import Services, default_services


@observed
def handler(event: dict[str, Any], context: object, services: Services | None = None) -> dict[str, Any]:
    """Encodes one segment of every deliverable."""
    task = SegmentTask.model_validate(event)
    result = render_segment(task, services or default_services())
    return result.model_dump(mode="json", exclude_none=True)
