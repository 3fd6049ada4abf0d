"""The stand-in for SageMaker real-time endpoints that serve SDXL: InvokeEndpoint and DescribeEndpoint."""

import time
from collections.abc import Mapping
from typing import Any, NoReturn

from local.models.answers import ModelAnswer, Refusal, Request, json_answer
from local.models.drawing import Artist, blurred, random_seed, settled
from local.models.faults import Fault, Faults
from local.models.metering import Meter
from local.models.sdxl import DIALECTS, Body, Dialect, Unprocessable, prompt_of

LARGEST_BODY = 6_291_456
TOO_LARGE = (
    "1 validation error detected: Value at 'body' failed to satisfy constraint: "
    f"Member must have length less than or equal to {LARGEST_BODY}"
)
TIMED_OUT = "Your invocation timed out while waiting for a response from container primary."
ERRORS: dict[str, tuple[int, str, str]] = {
    "throttle": (429, "ThrottlingException", "Rate exceeded"),
    "not_ready": (429, "ModelNotReadyException", "The model is being loaded."),
    "server_error": (500, "InternalFailure", "An internal failure occurred."),
    "unavailable": (503, "ServiceUnavailable", "The service is unavailable. Try your call again."),
    "quota_exceeded": (429, "ThrottlingException", "Rate exceeded"),
    "access_denied": (403, "AccessDeniedException", "User is not authorized to perform: sagemaker:InvokeEndpoint"),
}
BROKEN: dict[str, tuple[int, str]] = {"timeout": (0, TIMED_OUT), "model_error": (500, "CUDA out of memory.")}
CREATED = 1_700_000_000.0


class Endpoints:
    """The endpoints of one account, each with its dialect (`stability` or `jumpstart`)."""

    def __init__(self, account: str, dialects: Mapping[str, str], artist: Artist, faults: Faults, meter: Meter) -> None:
        self._account = account
        self._dialects = {name: DIALECTS[dialect] for name, dialect in dialects.items()}
        self._artist = artist
        self._faults = faults
        self._meter = meter

    def invoke(self, request: Request, name: str) -> ModelAnswer:
        """InvokeEndpoint: checks the body as the container does, meets armed faults, draws; raises Refusal."""
        dialect = self._dialects.get(name)
        if dialect is None:
            raise Refusal(400, "ValidationError", f"Endpoint {name} of account {self._account} not found.")
        if len(request.body) > LARGEST_BODY:
            raise Refusal(400, "ValidationError", TOO_LARGE)
        body = self._read(request, name, dialect)
        fault = self._faults.strike(name, prompt_of(body), never=() if dialect.filters else ("filter",))
        return json_answer(
            self._outcome(request, name, body, fault), headers={"x-amzn-invoked-production-variant": "AllTraffic"}
        )

    def describe(self, request: Request) -> ModelAnswer:
        """DescribeEndpoint; raises Refusal."""
        name = str(request.document().get("EndpointName", ""))
        arn = f"arn:aws:sagemaker:{request.region}:{self._account}:endpoint/{name}"
        if name not in self._dialects:
            raise Refusal(400, "ValidationException", f'Could not find endpoint "{arn}".')
        times = {"CreationTime": CREATED, "LastModifiedTime": CREATED}
        return json_answer(
            {"EndpointName": name, "EndpointArn": arn, "EndpointConfigName": name, "EndpointStatus": "InService"}
            | times
        )

    def _read(self, request: Request, name: str, dialect: Dialect) -> Body:
        content_type = request.headers.get("content-type", "")
        if not content_type.startswith("application/json"):
            self._fail(request, name, 415, f"Unsupported content type: {content_type}")
        try:
            return dialect.read(request.body)
        except Unprocessable as error:
            self._fail(request, name, 400, str(error))

    def _outcome(self, request: Request, name: str, body: Body, fault: Fault | None) -> Body:
        kind = fault.kind if fault else None
        if kind in ERRORS:
            raise Refusal(*ERRORS[kind])
        if kind in BROKEN:
            self._fail(request, name, *BROKEN[kind])
        if fault and kind == "slow":
            time.sleep(fault.seconds)
        return self._drawn(request, name, body, kind)

    def _drawn(self, request: Request, name: str, body: Body, kind: str | None) -> Body:
        dialect = self._dialects[name]
        if kind == "inference_error" and not dialect.filters:
            self._fail(request, name, 500, "Inference error")
        # The owner pays for the endpoint by the hour, whatever it is asked: calls are counted, no image is charged.
        self._meter.count(f"model_calls:{name}", 1)
        body = {**body, "seed": settled(body["seed"], random_seed)}
        picture = self._artist.draw(dialect.order(name, body))
        if kind == "filter":
            self._meter.count(f"model_filtered:{name}", 1)
            return dialect.answer(blurred(picture), body["seed"], "CONTENT_FILTERED")
        return dialect.answer(picture, body["seed"], "ERROR" if kind == "inference_error" else "SUCCESS")

    def _fail(self, request: Request, name: str, status: int, answer: str) -> NoReturn:
        """Raise ModelError as SageMaker wraps what the container said; status 0 is no answer at all."""
        side = "client" if 400 <= status < 500 else "server"
        group = f"https://{request.region}.console.aws.amazon.com/cloudwatch/home?region={request.region}"
        message = (
            f'Received {side} error ({status}) from primary with message "{answer}". '
            f"See {group}#logEventViewer:group=/aws/sagemaker/Endpoints/{name} in account {self._account} "
            "for more information."
        )
        members: dict[str, Any] = {"OriginalStatusCode": status, "OriginalMessage": answer}
        raise Refusal(424, "ModelError", message, members)
