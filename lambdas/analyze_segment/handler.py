"""AnalyzeSegment: finds one segment's frames."""

from typing import Any

from rotoscope.analysis import analyze_segment
from rotoscope.contracts import SegmentTask
from rotoscope.observability import observed
from rotoscope.services import Services, default_services


@observed
def handler(event: dict[str, Any], context: object, services: Services | None = None) -> dict[str, Any]:
    """Finds one segment's frames."""
    task = SegmentTask.model_validate(event)
    result = analyze_segment(task, services or default_services())
    return result.model_dump(mode="json", exclude_none=True)
