"""The stand-in for Service Quotas: what the account may ask of Bedrock and Lambda.

Names and defaults from AWS's General Reference (October 2026): SD3.5's name says "Stability.ai", those of the image
services do not. The codes of Bedrock's quotas are invented: AWS prints none for those that cannot be raised.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local.models.answers import ModelAnswer, Refusal, Request, json_answer
from local.models.catalogue import LIVE

# A page may always hold fewer quotas than were asked for; so short a page shows the reader who forgets `NextToken`.
LONGEST_PAGE = 10
SERVICE_NAMES = {"bedrock": "Amazon Bedrock", "lambda": "AWS Lambda"}
RPM_TITLES = (
    "Stable Image Conservative Upscale,Stable Image Control Sketch,Stable Image Control Structure,"
    "Stable Image Creative Upscale,Stable Image Fast Upscale,Stable Image Outpaint,Stable Image Style Guide,"
    "Stable Image Style Transfer"
)
OTHER_BEDROCK = {
    "Custom models with a creating status per account": 2,
    "Endpoints per inference profile": 5,
    "On-demand model inference requests per minute for Stability.ai Stable Image Core": 90,
    "On-demand model inference requests per minute for Stability.ai Stable Image Ultra": 10,
}


@dataclass(frozen=True)
class Quota:
    """One quota: AWS's default and what this account has."""

    service: str
    code: str
    name: str
    default: float
    applied: float
    adjustable: bool = False

    def shown(self, region: str, account: str, value: float) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "ServiceCode": self.service,
            "ServiceName": SERVICE_NAMES[self.service],
            "QuotaArn": f"arn:aws:servicequotas:{region}:{account}:{self.service}/{self.code}",
            "QuotaCode": self.code,
            "QuotaName": self.name,
            "Value": value,
            "Unit": "None",
            "Adjustable": self.adjustable,
            "GlobalQuota": False,
            "QuotaAppliedAtLevel": "ACCOUNT",
        }


def bedrock_quotas(requests_per_minute: float) -> list[Quota]:
    """Bedrock's, sorted by name; the live models' requests per minute are `requests_per_minute` in this account."""
    defaults: dict[str, float] = dict(OTHER_BEDROCK)
    for title in RPM_TITLES.split(","):
        slow = title.endswith(("Outpaint", "Creative Upscale", "Conservative Upscale"))
        defaults[f"On-demand model inference requests per minute for {title}"] = 2 if slow else 10
        defaults[f"Cross-region model inference requests per minute for {title}"] = 4 if slow else 20
    served = {model.quota_name: float(model.quota_rpm) for model in LIVE.values()}
    defaults |= served
    return [
        Quota("bedrock", _code(name), name, default, requests_per_minute if name in served else default)
        for name, default in sorted(defaults.items())
    ]


LAMBDA_QUOTAS = [
    Quota("lambda", "L-B99A9384", "Concurrent executions", 1000, 1000, adjustable=True),
    Quota("lambda", "L-2ACBD22F", "Function and layer storage", 75, 75, adjustable=True),
]


class Quotas:
    """List and Get, for applied values and for AWS's defaults."""

    def __init__(self, account: str, quotas: Sequence[Quota]) -> None:
        self._account = account
        self._quotas = quotas

    def listed(self, request: Request) -> ModelAnswer:
        """ListServiceQuotas and ListAWSDefaultServiceQuotas, a page at a time; raises Refusal."""
        asked = request.document()
        found = self._of(str(asked.get("ServiceCode", "")))
        start = self._start(asked.get("NextToken"), len(found))
        stop = start + min(LONGEST_PAGE, int(asked.get("MaxResults", LONGEST_PAGE)))
        page = {"Quotas": [self._shown(request, quota) for quota in found[start:stop]]}
        return json_answer(page | ({"NextToken": str(stop)} if stop < len(found) else {}))

    def one(self, request: Request) -> ModelAnswer:
        """GetServiceQuota and GetAWSDefaultServiceQuota; raises Refusal."""
        asked = request.document()
        for quota in self._of(str(asked.get("ServiceCode", ""))):
            if quota.code == asked.get("QuotaCode"):
                return json_answer({"Quota": self._shown(request, quota)})
        raise Refusal(400, "NoSuchResourceException", "The request failed because the specified quota does not exist.")

    def _of(self, service: str) -> list[Quota]:
        found = [quota for quota in self._quotas if quota.service == service]
        if not found:
            raise Refusal(
                400,
                "NoSuchResourceException",
                f"The request failed because the specified service {service} does not exist.",
            )
        return found

    def _shown(self, request: Request, quota: Quota) -> dict[str, Any]:
        value = quota.default if "AWSDefault" in request.target else quota.applied
        return quota.shown(request.region, self._account, value)

    def _start(self, token: Any, count: int) -> int:
        if token is None:
            return 0
        if not (isinstance(token, str) and token.isdigit() and int(token) < count):
            raise Refusal(400, "InvalidPaginationTokenException", "Invalid input was provided.")
        return int(token)


def _code(name: str) -> str:
    return f"L-{zlib.crc32(name.encode()):08X}"
