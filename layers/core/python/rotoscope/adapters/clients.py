"""boto3 clients: one per service and Region, with botocore's own retries, or none for what must not happen twice."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

PATIENT = Config(retries={"mode": "standard", "total_max_attempts": 5}, connect_timeout=5, read_timeout=60)
ONCE = Config(
    retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=5, read_timeout=120, tcp_keepalive=True
)
"""Without an idempotency token a retry after a lost answer may pay, or give back, twice: only the pipeline decides."""


@cache
def client(service: str, region: str | None = None, *, once: bool = False) -> Any:
    """A client of the process's session; thread-safe, as boto3's clients are."""
    return boto3.client(service, region_name=region, config=ONCE if once else PATIENT)  # type: ignore[call-overload]
