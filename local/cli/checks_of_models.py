"""The part of `rotoscope doctor` that asks Bedrock: may each engine's model be called, for how long, how fast."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from local.cli.account import Account
from local.cli.findings import Finding, ok, problem, warning
from rotoscope.engines.catalog import ENGINES, EngineFacts

Asked = Callable[[str, Callable[[], Finding]], Finding]
SUBSCRIBE = "Open the model's page in the Bedrock console once, as an administrator."


def examine(account: Account, region: str, asked: Asked) -> Iterator[Finding]:
    """One finding per engine that Bedrock serves."""
    bedrock = account.client("bedrock", region)
    quotas = _quotas(account, region)
    for facts in ENGINES.values():
        if facts.model_id:
            yield asked(facts.name, partial(_model, bedrock, facts, region, quotas))


def _model(bedrock: Any, facts: EngineFacts, region: str, quotas: dict[str, float]) -> Finding:
    if region not in facts.regions:
        return warning(facts.name, f"is not served in {region}", f"It is in {', '.join(facts.regions)}.")
    base = (facts.model_id or "").removeprefix("us.")
    try:
        lifecycle = bedrock.get_foundation_model(modelIdentifier=base)["modelDetails"].get("modelLifecycle", {})
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return problem(facts.name, f"{base} does not exist in {region} any more.", "Use another engine.")
    access = bedrock.get_foundation_model_availability(modelId=base)
    if refused := _refused(access):
        return problem(facts.name, f"{base} may not be called yet ({refused}).", SUBSCRIBE)
    if lifecycle.get("status") == "LEGACY":
        end = lifecycle.get("endOfLifeTime")
        return warning(facts.name, "is at the end of its life" + (f": {end:%Y-%m-%d}" if end else ""), "")
    return ok(facts.name, f"may be called, {_pace(facts, quotas)} a minute, ${facts.price_usd:.2f} each")


def _refused(access: dict[str, Any]) -> str | None:
    """What stands in the way, in AWS's words."""
    states = {
        "agreement": access.get("agreementAvailability", {}).get("status", "AVAILABLE"),
        "authorization": access.get("authorizationStatus", "AUTHORIZED"),
        "entitlement": access.get("entitlementAvailability", "AVAILABLE"),
        "region": access.get("regionAvailability", "AVAILABLE"),
    }
    bad = [f"{name} {state}" for name, state in states.items() if state not in ("AVAILABLE", "AUTHORIZED")]
    return ", ".join(bad) or None


def _pace(facts: EngineFacts, quotas: dict[str, float]) -> str:
    real = quotas.get((facts.quota_name or "").casefold())
    return f"{real:.0f} times" if real is not None else f"by default {facts.requests_per_minute:.0f} times"


def _quotas(account: Account, region: str) -> dict[str, float]:
    """Bedrock's quotas of this account by name in lower case; empty where they may not be read."""
    pages = account.client("service-quotas", region).get_paginator("list_service_quotas")
    try:
        return {
            quota["QuotaName"].casefold(): quota["Value"]
            for page in pages.paginate(ServiceCode="bedrock")
            for quota in page["Quotas"]
        }
    except ClientError:
        return {}
