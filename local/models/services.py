"""One door to all stand-ins: which service, which operation, which answer."""

import re
import time
from collections.abc import Callable, Mapping

from pydantic import ValidationError

from local.models.answers import ModelAnswer, Refusal, Request, json_answer, parsed
from local.models.bedrock import ImageModels
from local.models.control_plane import ModelCatalogue
from local.models.drawing import Artist, Drawer
from local.models.faults import Fault, Faults
from local.models.metering import Meter
from local.models.pace import Pace
from local.models.quotas import LAMBDA_QUOTAS, Quotas, bedrock_quotas
from local.models.sagemaker import Endpoints
from local.models.sketching import SketchDrawer

SIMULATED = {"x-rotoscope-simulated": "true"}
FAULTS_PATH = "/_rotoscope/faults"
LAPTOP_RPM = 600.0
ENDPOINTS = {"rotoscope-sdxl": "stability", "rotoscope-sdxl-jumpstart": "jumpstart"}

NamedRoute = Callable[[Request, str], ModelAnswer]
PlainRoute = Callable[[Request], ModelAnswer]


class ModelServices:
    """Bedrock, SageMaker and Service Quotas of one account; safe to use from many threads.

    `requests_per_minute` is enforced per model and Region (None: not at all); `quota_rpm` is what Service Quotas says,
    the same unless given; `endpoints` maps SageMaker names to `stability` or `jumpstart`; `clock` counts seconds.
    """

    def __init__(
        self,
        meter: Meter,
        *,
        region: str = "us-west-2",
        account: str = "123456789012",
        requests_per_minute: float | None = None,
        quota_rpm: float | None = None,
        drawer: Drawer | None = None,
        faults: Faults | None = None,
        endpoints: Mapping[str, str] = ENDPOINTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._region = region
        self._faults = faults or Faults()
        artist = Artist(drawer or SketchDrawer())
        images = ImageModels(account, artist, self._faults, meter, Pace(requests_per_minute, clock))
        hosted = Endpoints(account, endpoints, artist, self._faults, meter)
        catalogue = ModelCatalogue(account, self._faults)
        quotas = Quotas(account, [*bedrock_quotas(quota_rpm or requests_per_minute or LAPTOP_RPM), *LAMBDA_QUOTAS])
        self._paths = _paths(images, hosted, catalogue)
        self._targets: dict[tuple[str, str], PlainRoute] = {
            ("sagemaker", "DescribeEndpoint"): hosted.describe,
            ("servicequotas", "ListServiceQuotas"): quotas.listed,
            ("servicequotas", "ListAWSDefaultServiceQuotas"): quotas.listed,
            ("servicequotas", "GetServiceQuota"): quotas.one,
            ("servicequotas", "GetAWSDefaultServiceQuota"): quotas.one,
        }

    def arm(self, fault: Fault) -> None:
        """Let calls to come fail so."""
        self._faults.arm(fault)

    def answer(self, service: str, method: str, path: str, headers: Mapping[str, str], body: bytes) -> ModelAnswer:
        """Answer one request; `service` is the signing name, `path` may be percent-encoded and carry a query."""
        request = parsed(service, method, path, headers, body, self._region)
        try:
            answer = self._routed(request)
        except Refusal as refusal:
            answer = refusal.answer()
        return ModelAnswer(answer.status, answer.headers | SIMULATED, answer.body)

    def _routed(self, request: Request) -> ModelAnswer:
        if request.path == FAULTS_PATH:
            return self._manage_faults(request)
        by_target = self._targets.get((request.service, request.target))
        if by_target:
            return by_target(request)
        for service, method, pattern, route in self._paths:
            match = re.fullmatch(pattern, request.path)
            if match and (service, method) == (request.service, request.method):
                return route(request, match["name"])
        asked = f"{request.service} {request.method} {request.path} {request.target}".strip()
        raise Refusal(404, "UnknownOperationException", f"The local cloud does not serve {asked}.")

    def _manage_faults(self, request: Request) -> ModelAnswer:
        """POST arms one fault, DELETE disarms all, GET shows those armed."""
        if request.method == "DELETE":
            self._faults.disarm()
        if request.method == "POST":
            try:
                self.arm(Fault.model_validate_json(request.body))
            except ValidationError as error:
                raise Refusal(400, "ValidationException", str(error)) from error
        return json_answer({"armed": [fault.model_dump() for fault in self._faults.armed()]})


def _paths(images: ImageModels, hosted: Endpoints, catalogue: ModelCatalogue) -> list[tuple[str, str, str, NamedRoute]]:
    return [
        ("bedrock", "POST", r"/model/(?P<name>.+)/invoke", images.invoke),
        ("bedrock", "GET", r"/foundation-models(?P<name>)", lambda request, _: catalogue.foundation_models(request)),
        ("bedrock", "GET", r"/foundation-models/(?P<name>.+)", catalogue.foundation_model),
        ("bedrock", "GET", r"/foundation-model-availability/(?P<name>.+)", catalogue.availability),
        ("bedrock", "GET", r"/inference-profiles(?P<name>)", lambda request, _: catalogue.profiles(request)),
        ("bedrock", "GET", r"/inference-profiles/(?P<name>.+)", catalogue.profile),
        ("sagemaker", "POST", r"/endpoints/(?P<name>[^/]+)/invocations", hosted.invoke),
    ]
