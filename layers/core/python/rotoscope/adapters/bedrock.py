"""Bedrock: the paid call, with its errors told apart once; and what can be asked about a model for free."""

from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    ProxyConnectionError,
)

from rotoscope.adapters.clients import client
from rotoscope.engines.catalog import RETIRED, retired_sentence
from rotoscope.errors import (
    AnswerLost,
    CallOutcome,
    CallRefused,
    ModelBusy,
    ModelDenied,
    ModelRetired,
    RotoscopeError,
    Throttled,
)
from rotoscope.ports import ModelReply

SIMULATED_HEADER = "x-rotoscope-simulated"
_NEVER_SENT = ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError
_LOST_ANSWERS = IncompleteReadError, ConnectionError, HTTPClientError
"""Nobody can tell whether the call behind one of these was charged."""
_THROTTLED = ("ThrottlingException", "TooManyRequestsException")
_DENIED = ("AccessDeniedException", "UnrecognizedClientException")
_SUBSCRIBE = (
    "Open the model's page in the Bedrock console once as an administrator (a Marketplace subscription), "
    "check that the stack's Region and organisation policies allow it, and resume the job."
)


class BedrockRuntime:
    """InvokeModel, once. There is no idempotency token: only an answer lost on the wire can be paid again."""

    def __init__(self, region: str) -> None:
        self._bedrock = client("bedrock-runtime", region, once=True)

    def invoke(self, target: str, body: bytes) -> ModelReply:
        try:
            answer = self._bedrock.invoke_model(
                modelId=target, body=body, contentType="application/json", accept="application/json"
            )
            return ModelReply(answer["body"].read(), is_simulated(answer))
        except ClientError as error:
            raise translated(error, target) from error
        except BotoCoreError as error:
            raise unanswered(error, target) from error


def unanswered(error: BotoCoreError, target: str) -> CallOutcome:
    """What a call without any answer came to: lost on the wire, or never sent (no connection, no credentials)."""
    if isinstance(error, _LOST_ANSWERS) and not isinstance(error, _NEVER_SENT):
        return AnswerLost(f"The answer of {target} was lost: {error}.")
    return ModelBusy(f"{target} could not be reached: {error}.")


def is_simulated(answer: dict[str, Any]) -> bool:
    """Only the local cloud's stand-in sends this header."""
    return SIMULATED_HEADER in answer["ResponseMetadata"]["HTTPHeaders"]


def translated(error: ClientError, target: str) -> RotoscopeError:
    """A service error as one of ours, by its code and, where AWS uses one code for several things, by its words."""
    code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
    status = error.response["ResponseMetadata"].get("HTTPStatusCode", 500)
    if code in _THROTTLED or (status == 429 and code != "ModelNotReadyException"):
        return Throttled(message)
    if code in _DENIED:
        return ModelDenied(f"The account may not call {target}: {message} {_SUBSCRIBE}")
    if code == "ResourceNotFoundException" or "model identifier is invalid" in message:
        known = target.removeprefix("us.")
        return ModelRetired(retired_sentence(known) if known in RETIRED else f"{target} cannot be called: {message}")
    if code == "ServiceQuotaExceededException":
        return ModelDenied(f"A quota of the account is used up: {message} Ask for more or resume the job later.")
    if code in ("ValidationException", "ValidationError"):
        return CallRefused(f"{target} refused the request: {message}")
    return ModelBusy(f"{target} failed for the moment ({code}): {message}")


class BedrockCatalog:
    """Lifecycle, access and quotas; where the account may not ask, it stays silent and the call itself will tell."""

    def __init__(self, region: str) -> None:
        self._region = region

    def require_callable(self, model_id: str) -> None:
        base = model_id.removeprefix("us.")
        if base in RETIRED:
            raise ModelRetired(retired_sentence(base))
        try:
            client("bedrock", self._region).get_foundation_model(modelIdentifier=base)
            access = client("bedrock", self._region).get_foundation_model_availability(modelId=base)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                raise ModelRetired(f"{base} does not exist in {self._region}. Use another engine.") from error
            return
        if "NOT_AUTHORIZED" in (access.get("authorizationStatus"), access.get("entitlementAvailability")):
            raise ModelDenied(f"The account may not call {base} in {self._region}. {_SUBSCRIBE}")

    def requests_per_minute(self, quota_name: str) -> float | None:
        try:
            pages = client("service-quotas", self._region).get_paginator("list_service_quotas")
            quotas = [quota for page in pages.paginate(ServiceCode="bedrock") for quota in page["Quotas"]]
        except ClientError:
            return None
        wanted = quota_name.casefold()
        return next((float(quota["Value"]) for quota in quotas if quota["QuotaName"].casefold() == wanted), None)

    def require_endpoint(self, name: str) -> None:
        try:
            endpoint = client("sagemaker").describe_endpoint(EndpointName=name)
        except ClientError as error:
            raise ModelDenied(f"The SageMaker endpoint {name} cannot be found: {error}.") from error
        if endpoint["EndpointStatus"] != "InService":
            raise ModelDenied(f"The SageMaker endpoint {name} is {endpoint['EndpointStatus']}; it has to be InService.")
