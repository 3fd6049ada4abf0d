"""ExplainFailure: mails why an execution did not succeed."""

from typing import Any

from rotoscope.contracts import ExplainFailureInput
from rotoscope.explaining import explain_failure
from rotoscope.observability import observed
from rotoscope.services import Services, default_services


@observed
def handler(event: dict[str, Any], context: object, services: Services | None = None) -> dict[str, Any]:
    """Mails why an execution did not succeed."""
    task = ExplainFailureInput.model_validate(event)
    result = explain_failure(task, services or default_services())
    return result.model_dump(mode="json", exclude_none=True)
