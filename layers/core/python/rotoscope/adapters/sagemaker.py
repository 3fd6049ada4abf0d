"""A SageMaker real-time endpoint as a model runtime."""

from botocore.exceptions import BotoCoreError, ClientError

from rotoscope.adapters.bedrock import is_simulated, translated, unanswered
from rotoscope.adapters.clients import client
from rotoscope.errors import CallRefused
from rotoscope.ports import ModelReply

MAX_BODY = 6_291_456


class SageMakerRuntime:
    """InvokeEndpoint, once. `ModelError` is the container's own HTTP error; 4xx means that it refused the body."""

    def __init__(self) -> None:
        self._runtime = client("sagemaker-runtime", once=True)

    def invoke(self, target: str, body: bytes) -> ModelReply:
        if len(body) > MAX_BODY:
            raise CallRefused(f"The request for {target} has {len(body)} bytes; SageMaker takes {MAX_BODY}.")
        try:
            answer = self._runtime.invoke_endpoint(
                EndpointName=target, Body=body, ContentType="application/json", Accept="application/json"
            )
            return ModelReply(answer["Body"].read(), is_simulated(answer))
        except ClientError as error:
            if error.response["Error"]["Code"] == "ModelError" and 400 <= _container_status(error) < 500:
                raise CallRefused(f"{target} refused the request: {error}") from error
            raise translated(error, target) from error
        except BotoCoreError as error:
            raise unanswered(error, target) from error


def _container_status(error: ClientError) -> int:
    return int(str(error.response.get("OriginalStatusCode", 500)))
