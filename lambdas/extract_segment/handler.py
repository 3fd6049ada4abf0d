"""ExtractSegment: uploads one segment's chosen frames."""

from typing import Any

from rotoscope.contracts import SegmentTask
from rotoscope.extraction import extract_segment
from rotoscope.observability import observed
from rotoscope.services import Services, default_services


@observed
def handler(event: dict[str, Any], context: object, services: Services | None = None) -> dict[str, Any]:
    """Uploads one segment's chosen frames."""
    task = SegmentTask.model_validate(event)
    result = extract_segment(task, services or default_services())
    return result.model_dump(mode="json", exclude_none=True)
