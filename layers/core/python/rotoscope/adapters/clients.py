"""boto3 clients: one per service and Region, with botocore's own retries for free calls and none for paid ones."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

FREE = Config(retries={"mode": "standard", "total_max_attempts": 5}, connect_timeout=5, read_timeout=60)
PAID = Config(
    retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=5, read_timeout=120, tcp_keepalive=True
)
"""No idempotency token exists, so a retry after a lost answer may pay twice: only the pipeline may decide that."""


@cache
def client(service: str, region: str | None = None, *, paid: bool = False) -> Any:
    """A client of the process's session; thread-safe, as boto3's clients are."""
    return boto3.client(service, region_name=region, config=PAID if paid else FREE)  # type: ignore[call-overload]
