"""Step Functions: how an execution ended."""

from rotoscope.adapters.clients import client
from rotoscope.ports import Ending


class StepFunctions:
    """Asks for the error and cause, which the status-change event does not always carry."""

    def ending(self, execution: str) -> Ending:
        found = client("stepfunctions").describe_execution(executionArn=execution)
        return Ending(found.get("error", ""), found.get("cause", ""))
