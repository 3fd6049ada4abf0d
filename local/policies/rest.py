"""Permissions of the calls that name what they want in the path: Bedrock, SageMaker endpoints, Lambda."""

from collections.abc import Callable, Mapping

from local.policies.needs import Need, Needs, Place, SignedRequest, UnknownRequest

_DESTINATIONS = {"us": ("us-east-1", "us-east-2", "us-west-2")}
"""Where a geographic inference profile may send a call: the caller needs the model in each of them."""
_INVOCATIONS = {
    "invoke": "InvokeModel",
    "converse": "InvokeModel",
    "invoke-with-response-stream": "InvokeModelWithResponseStream",
    "converse-stream": "InvokeModelWithResponseStream",
}
_ENDPOINT_CALLS = {
    "invocations": "InvokeEndpoint",
    "async-invocations": "InvokeEndpointAsync",
    "invocations-response-stream": "InvokeEndpointWithResponseStream",
}


def bedrock_needs(request: SignedRequest, place: Place) -> Needs:
    """bedrock and bedrock-runtime, which share a signing name."""
    match (request.method, *request.steps):
        case ("POST", "model", model, verb) if verb in _INVOCATIONS:
            return invocation_needs(f"bedrock:{_INVOCATIONS[verb]}", model, place)
        case ("GET", "foundation-models"):
            return [Need("bedrock:ListFoundationModels", "*")]
        case ("GET", "foundation-models", model):
            return [Need("bedrock:GetFoundationModel", _model_arn(place.region, model))]
        case ("GET", "foundation-model-availability", _):
            return [Need("bedrock:GetFoundationModelAvailability", "*")]
        case ("GET", "inference-profiles"):
            return [Need("bedrock:ListInferenceProfiles", "*")]
        case ("GET", "inference-profiles", profile):
            return [Need("bedrock:GetInferenceProfile", place.arn_or("bedrock", "inference-profile/", profile))]
    raise UnknownRequest(f"bedrock {request.method} {request.path}")


def invocation_needs(action: str, model: str, place: Place) -> Needs:
    """The model alone, or a profile with the model in every Region that it may send the call to.

    (bedrock/latest/userguide/geographic-cross-region-inference)
    """
    kind, _, name = model.split(":", 5)[-1].partition("/") if model.startswith("arn:") else ("", "", model)
    geography, _, base = name.partition(".")
    if kind == "inference-profile" or (not kind and geography in _DESTINATIONS):
        if geography not in _DESTINATIONS:
            raise UnknownRequest(f"{action} through the inference profile {name}")
        profile = place.arn("bedrock", f"inference-profile/{name}")
        targets = [_model_arn(region, base) for region in _DESTINATIONS[geography]]
        context = {"bedrock:InferenceProfileArn": profile}
        return [Need(action, profile), *(Need(action, target, context) for target in targets)]
    if kind not in ("", "foundation-model"):
        raise UnknownRequest(f"{action} of {model}")
    return [Need(action, _model_arn(place.region, name))]


def sagemaker_needs(request: SignedRequest, place: Place) -> Needs:
    """sagemaker-runtime's calls, and those of SageMaker's own API that look at an endpoint."""
    match (request.method, *request.steps):
        case ("POST", "endpoints", name, verb) if verb in _ENDPOINT_CALLS:
            return [Need(f"sagemaker:{_ENDPOINT_CALLS[verb]}", place.arn("sagemaker", f"endpoint/{name.lower()}"))]
    raise UnknownRequest(f"sagemaker {request.method} {request.path}")


def lambda_needs(request: SignedRequest, place: Place) -> Needs:
    """Lambda's calls on one function; a version or alias is part of the resource."""
    match (request.method, *request.steps):
        case ("POST", "2015-03-31", "functions", name, "invocations"):
            return [Need("lambda:InvokeFunction", _function_arn(name, request, place))]
        case ("GET", "2015-03-31", "functions", name):
            return [Need("lambda:GetFunction", _function_arn(name, request, place))]
        case ("GET", "2015-03-31", "functions", name, "configuration"):
            return [Need("lambda:GetFunctionConfiguration", _function_arn(name, request, place))]
    raise UnknownRequest(f"lambda {request.method} {request.path}")


def _model_arn(region: str, model: str) -> str:
    return model if model.startswith("arn:") else f"arn:aws:bedrock:{region}::foundation-model/{model}"


def _function_arn(name: str, request: SignedRequest, place: Place) -> str:
    arn = place.arn_or("lambda", "function:", name)
    qualifier = request.parameters.get("Qualifier")
    return f"{arn}:{qualifier}" if qualifier else arn


RestMapping = Callable[[SignedRequest, Place], Needs]

REST_SERVICES: Mapping[str, RestMapping] = {
    "bedrock": bedrock_needs,
    "bedrock-runtime": bedrock_needs,
    "sagemaker": sagemaker_needs,
    "sagemaker-runtime": sagemaker_needs,
    "lambda": lambda_needs,
}
