"""Two branches of errors, and how a model service's own errors are told apart."""

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from rotoscope import errors
from rotoscope.adapters.bedrock import translated, unanswered
from rotoscope.errors import (
    AnswerLost,
    CallRefused,
    JobError,
    ModelBusy,
    ModelDenied,
    ModelRetired,
    RotoscopeError,
    Throttled,
)

SD35 = "stability.sd3-5-large-v1:0"
OLD = "stability.stable-diffusion-xl-v1"
ALL = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, RotoscopeError)]


def service_error(code, status, message="Something."):
    reply = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(reply, "InvokeModel")


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_is_of_exactly_one_branch_and_says_what_it_means(kind):
    branches = (errors.JobError, errors.WorldBusy, errors.CallOutcome)

    assert kind is RotoscopeError or sum(issubclass(kind, branch) for branch in branches) == 1
    assert kind.__doc__


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind is not RotoscopeError], ids=lambda kind: kind.__name__)
def test_the_tree_in_the_module_names_every_error(kind):
    assert kind.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("kind", [kind for kind in ALL if issubclass(kind, JobError)], ids=lambda kind: kind.__name__)
def test_an_error_of_the_job_is_found_again_by_its_name(kind):
    assert errors.named(kind.__name__) is kind


@pytest.mark.parametrize("name", ["", "KeyError", "ModelBusy", "Throttled", "RotoscopeError", "object"])
def test_any_other_name_is_an_error_of_the_job_without_a_name(name):
    assert errors.named(name) is JobError


@pytest.mark.parametrize(
    ("code", "status", "message", "kind"),
    [
        ("ThrottlingException", 429, "Too many requests", Throttled),
        ("TooManyRequestsException", 429, "", Throttled),
        ("SomethingNew", 429, "", Throttled),
        ("ModelNotReadyException", 429, "", ModelBusy),
        ("ServiceUnavailableException", 503, "", ModelBusy),
        ("InternalServerException", 500, "", ModelBusy),
        ("ModelTimeoutException", 408, "", ModelBusy),
        ("ModelErrorException", 424, "", ModelBusy),
        ("SomethingNew", 500, "", ModelBusy),
        ("ServiceQuotaExceededException", 400, "", ModelDenied),
        ("AccessDeniedException", 403, "You don't have access", ModelDenied),
        ("UnrecognizedClientException", 403, "", ModelDenied),
        ("ResourceNotFoundException", 404, "This model version has reached the end of its life.", ModelRetired),
        ("ResourceNotFoundException", 404, "Access denied. This Model is marked by provider as Legacy", ModelRetired),
        ("ValidationException", 400, "The provided model identifier is invalid.", ModelRetired),
        ("ValidationException", 400, "Invalid field in request. Available fields: ['prompt']", CallRefused),
        ("ValidationException", 400, "Invocation of model ID x with on-demand throughput isn't supported", CallRefused),
        ("ValidationError", 400, "Endpoint mine of account 1 not found.", CallRefused),
    ],
)
def test_every_service_error_becomes_one_of_ours(code, status, message, kind):
    error = translated(service_error(code, status, message), SD35)

    assert type(error) is kind
    assert message in str(error)


def test_a_denied_model_comes_with_the_remedy():
    assert "Marketplace subscription" in str(translated(service_error("AccessDeniedException", 403), SD35))


@pytest.mark.parametrize("target", [OLD, f"us.{OLD}"])
def test_a_model_that_is_known_to_be_gone_comes_with_what_replaces_it(target):
    error = translated(service_error("ResourceNotFoundException", 404), target)

    assert 'Use the engine "sd35" instead' in str(error)


def test_an_error_without_an_http_status_is_one_of_the_moment():
    bare = ClientError({"Error": {"Code": "Odd", "Message": ""}, "ResponseMetadata": {}}, "InvokeModel")

    assert type(translated(bare, SD35)) is ModelBusy


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ReadTimeoutError(endpoint_url="x"), AnswerLost),
        (ConnectionClosedError(endpoint_url="x"), AnswerLost),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), AnswerLost),
        (ResponseStreamingError(error="x"), AnswerLost),
        (HTTPClientError(error="x"), AnswerLost),
        (ConnectTimeoutError(endpoint_url="x"), ModelBusy),
        (EndpointConnectionError(endpoint_url="x"), ModelBusy),
        (ProxyConnectionError(proxy_url="x"), ModelBusy),
        (NoCredentialsError(), ModelBusy),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_answer_lost_on_the_wire_is_told_from_a_request_that_never_left(error, kind):
    assert type(unanswered(error, SD35)) is kind
