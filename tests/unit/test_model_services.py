"""Which models, profiles and endpoints the stand-ins know, and what they answer about them."""

import pytest

from local.models import Fault
from tests.unit import bad_bodies as bodies
from tests.unit.model_account import ACCOUNT, SD35, SKETCH, STRUCTURE, TRANSFER, Account, refused


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.mark.parametrize(
    "model",
    [
        "stability.stable-diffusion-xl-v1",
        "stability.stable-diffusion-xl-v1:0",
        "stability.stable-diffusion-xl-v0",
        "stability.stable-diffusion-xl",
        "stability.sd3-large-v1:0",
        "stability.stable-image-core-v1:0",
        "stability.stable-image-ultra-v1:0",
        "amazon.titan-image-generator-v1",
        "amazon.titan-image-generator-v2:0",
        "amazon.nova-canvas-v1:0",
    ],
)
def test_a_retired_model_is_not_found_by_any_call(account: Account, model: str):
    control = account.client("bedrock")

    answers = [
        refused(account.invoke, model, bodies.SDXL),
        refused(control.get_foundation_model, modelIdentifier=model),
        refused(control.get_foundation_model_availability, modelId=model),
    ]

    assert {answer[:2] for answer in answers} == {(404, "ResourceNotFoundException")}
    assert answers[0][2].startswith("This model version has reached the end of its life.")


@pytest.mark.parametrize(
    ("model", "region"),
    [
        ("stability.stable-diffusion-9", "us-west-2"),
        (SD35, "us-east-1"),
        (f"us.{SD35}", "us-west-2"),
        (STRUCTURE, "eu-west-1"),
        (f"arn:aws:bedrock:us-west-2:999999999999:inference-profile/{STRUCTURE}", "us-west-2"),
        (f"arn:aws:bedrock:us-east-1::foundation-model/{SD35}", "us-west-2"),
        (f"arn:aws:bedrock:us-west-2::foundation-model/{STRUCTURE}", "us-west-2"),
    ],
)
def test_an_identifier_that_is_unknown_there_is_invalid(account: Account, model: str, region: str):
    answer = refused(account.invoke, model, bodies.SD35, region)

    assert answer == (400, "ValidationException", "The provided model identifier is invalid.")


@pytest.mark.parametrize("region", ["us-east-1", "us-east-2", "us-west-2"])
def test_image_services_are_called_by_their_profile_from_three_regions(account: Account, region: str):
    by_id = account.invoke(STRUCTURE, bodies.CONTROL, region)
    by_arn = account.invoke(f"arn:aws:bedrock:{region}:{ACCOUNT}:inference-profile/{STRUCTURE}", bodies.CONTROL, region)

    assert by_id["finish_reasons"] == by_arn["finish_reasons"] == [None]


@pytest.mark.parametrize("model", [STRUCTURE, SKETCH, TRANSFER])
def test_the_bare_id_of_an_image_service_needs_a_profile(account: Account, model: str):
    answer = refused(account.invoke, model.removeprefix("us."), bodies.CONTROL)

    assert answer[:2] == (400, "ValidationException")
    assert "on-demand throughput isn’t supported" in answer[2]


def test_live_models_are_active_where_they_are(account: Account):
    west, east = account.client("bedrock"), account.client("bedrock", "us-east-1")

    details = west.get_foundation_model(modelIdentifier=SD35)["modelDetails"]
    listed = west.list_foundation_models(byProvider="Stability AI", byOutputModality="IMAGE")["modelSummaries"]
    on_demand = west.list_foundation_models(byInferenceType="ON_DEMAND")["modelSummaries"]
    eastern = east.list_foundation_models()["modelSummaries"]

    assert (details["modelLifecycle"]["status"], details["inferenceTypesSupported"]) == ("ACTIVE", ["ON_DEMAND"])
    assert {summary["modelLifecycle"]["status"] for summary in listed} == {"ACTIVE"}
    assert len(listed) == 4
    assert [summary["modelId"] for summary in on_demand] == [SD35]
    assert SD35 not in [summary["modelId"] for summary in eastern]
    assert west.list_foundation_models(byProvider="Amazon")["modelSummaries"] == []


def test_availability_names_a_missing_subscription_and_a_wrong_region(account: Account):
    account.services.arm(Fault(kind="access_denied", model="*sd3-5*", times=None))

    denied = account.client("bedrock").get_foundation_model_availability(modelId=SD35)
    elsewhere = account.client("bedrock", "us-east-1").get_foundation_model_availability(modelId=SD35)
    good = account.client("bedrock").get_foundation_model_availability(modelId=STRUCTURE.removeprefix("us."))

    assert denied["agreementAvailability"]["status"] == denied["entitlementAvailability"] == "NOT_AVAILABLE"
    assert elsewhere["regionAvailability"] == "NOT_AVAILABLE"
    assert (good["entitlementAvailability"], good["regionAvailability"]) == ("AVAILABLE", "AVAILABLE")


def test_inference_profiles_are_listed_in_pages(account: Account):
    client = account.client("bedrock")

    pages = list(client.get_paginator("list_inference_profiles").paginate(PaginationConfig={"PageSize": 2}))
    one = client.get_inference_profile(inferenceProfileIdentifier=TRANSFER)

    profiles = [profile["inferenceProfileId"] for page in pages for profile in page["inferenceProfileSummaries"]]
    assert len(pages) == 2
    assert profiles == [STRUCTURE, SKETCH, TRANSFER]
    assert len(one["models"]) == 3
    assert client.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"] == []


def test_an_endpoint_that_nobody_made_is_not_found(account: Account):
    invoked = refused(account.invoke_endpoint, "other", bodies.SDXL)
    described = refused(account.client("sagemaker").describe_endpoint, EndpointName="other")

    assert invoked == (400, "ValidationError", f"Endpoint other of account {ACCOUNT} not found.")
    assert described[:2] == (400, "ValidationException")
    assert f'Could not find endpoint "arn:aws:sagemaker:us-west-2:{ACCOUNT}:endpoint/other".' in described[2]


def test_an_endpoint_is_in_service_and_speaks_the_dialect_it_was_given():
    account = Account(endpoints={"mine": "jumpstart"})

    described = account.client("sagemaker").describe_endpoint(EndpointName="mine")
    answer = account.invoke_endpoint("mine", bodies.JUMPSTART)

    assert described["EndpointStatus"] == "InService"
    assert "generated_image" in answer


def test_an_endpoint_refuses_what_is_not_declared_as_json(account: Account):
    _, code, message = refused(account.invoke_endpoint, "rotoscope-sdxl", bodies.SDXL, "application/octet-stream")

    assert code == "ModelError"
    assert "Received client error (415) from primary" in message


def test_what_is_not_served_is_an_error_that_names_it(account: Account):
    answer = refused(account.client("bedrock").list_guardrails)

    assert answer[:2] == (404, "UnknownOperationException")
    assert "GET /guardrails" in answer[2]


def test_every_answer_says_that_it_is_simulated(account: Account):
    answer = account.client("bedrock").list_foundation_models()

    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-rotoscope-simulated"] == "true"
