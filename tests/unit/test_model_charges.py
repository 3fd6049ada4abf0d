"""Pace, quotas and charges of the stand-ins."""

from typing import Any

import pytest

from local.models import Fault
from tests.unit import bad_bodies as bodies
from tests.unit.model_account import SD35, SKETCH, STRUCTURE, TRANSFER, Account, refused


@pytest.fixture
def account() -> Account:
    return Account()


def test_calls_over_the_quota_of_a_minute_are_throttled_per_model():
    now = [0.0]
    account = Account(requests_per_minute=2, clock=lambda: now[0])

    for _ in range(2):
        account.invoke(STRUCTURE, bodies.CONTROL)
    throttled = refused(account.invoke, STRUCTURE, bodies.CONTROL)
    account.invoke(SD35, bodies.SD35)
    now[0] = 60.0
    account.invoke(STRUCTURE, bodies.CONTROL)

    assert throttled[:2] == (429, "ThrottlingException")
    assert account.meter.totals["model_throttled:" + STRUCTURE.removeprefix("us.")] == 1
    assert account.meter.totals["model_calls:" + STRUCTURE.removeprefix("us.")] == 3


def test_service_quotas_names_the_accounts_requests_per_minute_beyond_the_first_page():
    account = Account(quota_rpm=12)
    client = account.client("service-quotas")

    pages = list(client.get_paginator("list_service_quotas").paginate(ServiceCode="bedrock"))

    quotas = {quota["QuotaName"]: quota for page in pages for quota in page["Quotas"]}
    sd35 = quotas["On-demand model inference requests per minute for Stability.ai Stable Diffusion 3.5 Large"]
    structure = quotas["Cross-region model inference requests per minute for Stable Image Control Structure"]
    transfer = quotas["Cross-region model inference requests per minute for Stable Image Style Transfer"]
    assert [quota["Value"] for quota in (sd35, structure, transfer)] == [12, 12, 12]
    assert sd35["QuotaName"] not in [quota["QuotaName"] for quota in pages[0]["Quotas"]]
    assert client.get_service_quota(ServiceCode="bedrock", QuotaCode=sd35["QuotaCode"])["Quota"] == sd35
    default = client.get_aws_default_service_quota(ServiceCode="bedrock", QuotaCode=sd35["QuotaCode"])["Quota"]
    assert default["Value"] == 15


@pytest.mark.parametrize(("options", "value"), [({}, 600), ({"requests_per_minute": 20}, 20)])
def test_the_quota_shown_is_the_one_that_is_kept(options: dict[str, float], value: float):
    client = Account(**options).client("service-quotas")

    pages = client.get_paginator("list_service_quotas").paginate(ServiceCode="bedrock")

    shown = [quota["Value"] for page in pages for quota in page["Quotas"] if "3.5 Large" in quota["QuotaName"]]
    assert shown == [value]


def test_lambdas_concurrency_has_its_real_code(account: Account):
    quota = account.client("service-quotas").get_service_quota(ServiceCode="lambda", QuotaCode="L-B99A9384")["Quota"]

    assert (quota["QuotaName"], quota["Value"]) == ("Concurrent executions", 1000)


def test_unknown_quotas_and_page_tokens_are_refused(account: Account):
    client = account.client("service-quotas")

    assert refused(client.list_service_quotas, ServiceCode="nothing")[1] == "NoSuchResourceException"
    assert refused(client.get_service_quota, ServiceCode="bedrock", QuotaCode="L-0")[1] == "NoSuchResourceException"
    bad_token = refused(client.list_service_quotas, ServiceCode="bedrock", NextToken="next")
    assert bad_token[1] == "InvalidPaginationTokenException"


def test_every_picture_is_charged_at_its_models_price(account: Account):
    account.invoke(SD35, bodies.SD35)
    account.invoke(STRUCTURE, bodies.CONTROL)
    account.invoke(SKETCH, bodies.CONTROL)
    account.invoke(TRANSFER, bodies.TRANSFER)

    assert account.meter.totals["model_usd"] == pytest.approx(0.08 + 0.07 + 0.07 + 0.08)
    assert account.meter.totals[f"model_calls:{SD35}"] == 1


@pytest.mark.parametrize(("reason", "usd"), [("output image", 0.07), ("prompt", 0.0), ("input image", 0.0)])
def test_only_a_filtered_output_is_charged(account: Account, reason: Any, usd: float):
    account.services.arm(Fault(kind="filter", reason=reason))

    account.invoke(STRUCTURE, bodies.CONTROL)

    assert account.meter.totals["model_usd"] == pytest.approx(usd)
    assert account.meter.totals["model_filtered:" + STRUCTURE.removeprefix("us.")] == 1


def test_an_endpoints_calls_are_counted_but_not_charged_by_picture(account: Account):
    account.invoke_endpoint("rotoscope-sdxl", bodies.SDXL)

    assert account.meter.totals == {"model_calls:rotoscope-sdxl": 1}
