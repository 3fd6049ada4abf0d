"""BudgetCalls: chooses and prices the model calls."""

from typing import Any

from rotoscope.budgeting import budget_calls
from rotoscope.contracts import BudgetCallsInput
from rotoscope.observability import observed
from rotoscope.services import Services, default_services


@observed
def handler(event: dict[str, Any], context: object, services: Services | None = None) -> dict[str, Any]:
    """Chooses and prices the model calls."""
    task = BudgetCallsInput.model_validate(event)
    result = budget_calls(task, services or default_services())
    return result.model_dump(mode="json", exclude_none=True)
