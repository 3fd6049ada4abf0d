"""Step Functions: how an execution ended."""

from botocore.exceptions import ClientError

from rotoscope.adapters.clients import client
from rotoscope.ports import Ending


class StepFunctions:
    """Asks for what the status-change event does not always carry. One that is long forgotten does not run."""

    def ending(self, execution: str) -> Ending:
        found = client("stepfunctions").describe_execution(executionArn=execution)
        return Ending(found.get("error", ""), found.get("cause", ""))

    def running(self, execution: str) -> bool:
        try:
            found = client("stepfunctions").describe_execution(executionArn=execution)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ExecutionDoesNotExist":
                return False
            raise
        return bool(found["status"] == "RUNNING")
