"""The stand-in for Bedrock's control plane as far as a preflight asks: models, lifecycle, availability, profiles."""

import re
from typing import Any

from local.models.answers import ModelAnswer, Refusal, Request, json_answer
from local.models.catalogue import FOUNDATION_ARN, INVALID_IDENTIFIER, LIVE, Model, refuse_unknown
from local.models.faults import Faults

PROFILE_NOT_FOUND = "The inference profile was not found."


class ModelCatalogue:
    """Foundation models and inference profiles of one account."""

    def __init__(self, account: str, faults: Faults) -> None:
        self._account = account
        self._faults = faults

    def foundation_model(self, request: Request, identifier: str) -> ModelAnswer:
        """GetFoundationModel; one past its end of life is not found."""
        model = self._known(request, identifier)
        if request.region not in model.regions:
            raise Refusal(400, "ValidationException", INVALID_IDENTIFIER)
        return json_answer({"modelDetails": _details(model, request.region)})

    def foundation_models(self, request: Request) -> ModelAnswer:
        """ListFoundationModels with AWS's four filters."""
        summaries = [_details(model, request.region) for model in LIVE.values() if request.region in model.regions]
        return json_answer({"modelSummaries": [summary for summary in summaries if _wanted(summary, request.query)]})

    def availability(self, request: Request, identifier: str) -> ModelAnswer:
        """GetFoundationModelAvailability; a missing subscription (armed `access_denied`) shows here too."""
        model = self._known(request, identifier)
        subscribed = "NOT_AVAILABLE" if self._faults.denies(model.id) else "AVAILABLE"
        here = "AVAILABLE" if request.region in model.regions else "NOT_AVAILABLE"
        return json_answer(
            {
                "modelId": model.id,
                "agreementAvailability": {"status": subscribed},
                "authorizationStatus": "AUTHORIZED",
                "entitlementAvailability": subscribed,
                "regionAvailability": here,
            }
        )

    def profiles(self, request: Request) -> ModelAnswer:
        """ListInferenceProfiles: all are AWS's own, `maxResults` at a time."""
        found = [] if request.query.get("type") == "APPLICATION" else self._profiles(request.region)
        start, count = int(request.query.get("nextToken", "0")), int(request.query.get("maxResults", "1000"))
        page = {"inferenceProfileSummaries": found[start : start + count]}
        return json_answer(page | ({"nextToken": str(start + count)} if start + count < len(found) else {}))

    def profile(self, request: Request, identifier: str) -> ModelAnswer:
        """GetInferenceProfile by id or ARN."""
        for profile in self._profiles(request.region):
            if identifier in (profile["inferenceProfileId"], profile["inferenceProfileArn"]):
                return json_answer(profile)
        raise Refusal(404, "ResourceNotFoundException", PROFILE_NOT_FOUND)

    def _profiles(self, region: str) -> list[dict[str, Any]]:
        return [self._profile(model, region) for model in LIVE.values() if model.profile and region in model.regions]

    def _profile(self, model: Model, region: str) -> dict[str, Any]:
        return {
            "inferenceProfileId": model.profile,
            "inferenceProfileArn": f"arn:aws:bedrock:{region}:{self._account}:inference-profile/{model.profile}",
            "inferenceProfileName": f"US {model.name}",
            "models": [{"modelArn": model.arn(destination)} for destination in model.regions],
            "status": "ACTIVE",
            "type": "SYSTEM_DEFINED",
        }

    def _known(self, request: Request, identifier: str) -> Model:
        arn = FOUNDATION_ARN.fullmatch(identifier)
        model_id = arn["id"] if arn and arn["region"] == request.region else identifier
        refuse_unknown(model_id)
        return LIVE[model_id]


def _details(model: Model, region: str) -> dict[str, Any]:
    return {
        "modelArn": model.arn(region),
        "modelId": model.id,
        "modelName": model.name,
        "providerName": "Stability AI",
        "inputModalities": ["TEXT", "IMAGE"],
        "outputModalities": ["IMAGE"],
        "responseStreamingSupported": False,
        "customizationsSupported": [],
        "inferenceTypesSupported": ["INFERENCE_PROFILE" if model.profile else "ON_DEMAND"],
        "modelLifecycle": {"status": "ACTIVE"},
    }


def _wanted(summary: dict[str, Any], query: dict[str, str]) -> bool:
    asked = {
        "byProvider": [re.sub(r"\s", "", summary["providerName"]).lower()],
        "byOutputModality": summary["outputModalities"],
        "byInferenceType": summary["inferenceTypesSupported"],
        "byCustomizationType": summary["customizationsSupported"],
    }
    given = {name: value for name, value in query.items() if name in asked}
    if "byProvider" in given:
        given["byProvider"] = re.sub(r"\s", "", given["byProvider"]).lower()
    return all(value in asked[name] for name, value in given.items())
