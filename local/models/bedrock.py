"""The stand-in for Bedrock's runtime: InvokeModel for every live image model."""

import time
from typing import Any, NoReturn

from local.models.answers import ModelAnswer, Refusal, Request, json_answer
from local.models.catalogue import Model, invoked
from local.models.drawing import Artist, random_seed, settled
from local.models.faults import Fault, Faults
from local.models.metering import Meter
from local.models.pace import Pace
from local.models.pictures import encoded
from local.models.stability import CONTRACTS, Body, Contract

LARGEST_BODY = 25_000_000
TOO_LARGE = (
    "1 validation error detected: Value at 'body' failed to satisfy constraint: "
    f"Member must have length less than or equal to {LARGEST_BODY}"
)
THROTTLED = "Too many requests, please wait before trying again."
NOT_SUBSCRIBED = (
    "Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace "
    "actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to this model. "
    "Refer to the Amazon Bedrock documentation for further details. "
    "Your AWS Marketplace subscription for this model cannot be completed at this time. "
    "If you recently fixed this issue, try again after 2 minutes."
)
ERRORS: dict[str, tuple[int, str, str]] = {
    "throttle": (429, "ThrottlingException", THROTTLED),
    "not_ready": (429, "ModelNotReadyException", "The model is not ready for inference requests."),
    "server_error": (500, "InternalServerException", "The system encountered an unexpected error during processing."),
    "unavailable": (503, "ServiceUnavailableException", "Bedrock is unable to process your request."),
    "timeout": (408, "ModelTimeoutException", "Model has timed out in processing the request. Try your request again."),
    "model_error": (424, "ModelErrorException", "The system encountered an unexpected error during processing."),
    "quota_exceeded": (400, "ServiceQuotaExceededException", "Your request exceeds a service quota for your account."),
    "access_denied": (403, "AccessDeniedException", NOT_SUBSCRIBED),
}


class ImageModels:
    """InvokeModel: resolves the model, keeps the quota, checks the body, meets armed faults, draws, counts."""

    def __init__(self, account: str, artist: Artist, faults: Faults, meter: Meter, pace: Pace) -> None:
        self._account = account
        self._artist = artist
        self._faults = faults
        self._meter = meter
        self._pace = pace

    def invoke(self, request: Request, identifier: str) -> ModelAnswer:
        """Answer one call; raises Refusal."""
        model = invoked(identifier, request.region, self._account)
        if len(request.body) > LARGEST_BODY:
            raise Refusal(400, "ValidationException", TOO_LARGE)
        if not self._pace.admits(f"{request.region}/{model.id}"):
            self._refuse(model, "throttle")
        contract = CONTRACTS[model]
        body = contract.read(request.body)
        fault = self._faults.strike(model.id, body["prompt"])
        return json_answer(self._outcome(model, contract, body, fault))

    def _outcome(self, model: Model, contract: Contract, body: Body, fault: Fault | None) -> dict[str, Any]:
        if fault and fault.kind in ERRORS:
            self._refuse(model, fault.kind)
        self._meter.count(f"model_calls:{model.id}", 1)
        if fault and fault.kind == "inference_error":
            return {"finish_reasons": ["Inference error"]}
        if fault and fault.kind == "filter":
            return self._filtered(model, fault)
        if fault and fault.kind == "slow":
            time.sleep(fault.seconds)
        return self._drawn(model, contract, body)

    def _drawn(self, model: Model, contract: Contract, body: Body) -> dict[str, Any]:
        body = {**body, "seed": settled(body["seed"], random_seed)}
        picture = self._artist.draw(contract.order(body, model.id))
        self._charge(model)
        return {"seeds": [body["seed"]], "finish_reasons": [None], "images": [encoded(picture, body["output_format"])]}

    def _filtered(self, model: Model, fault: Fault) -> dict[str, Any]:
        self._meter.count(f"model_filtered:{model.id}", 1)
        # AWS bills by generated image and says nothing of filtered ones (not verified). A filtered output was made, so
        # it is charged here, the careful reading; a filtered prompt or input did not reach the model and is free.
        if fault.reason == "output image":
            self._charge(model)
        return {"finish_reasons": [f"Filter reason: {fault.reason}"]}

    def _charge(self, model: Model) -> None:
        self._meter.count("model_usd", model.usd_per_image)

    def _refuse(self, model: Model, kind: str) -> NoReturn:
        if kind == "throttle":
            self._meter.count(f"model_throttled:{model.id}", 1)
        status, code, message = ERRORS[kind]
        members = {"originalStatusCode": 500, "resourceName": model.id} if kind == "model_error" else {}
        raise Refusal(status, code, message, members)
