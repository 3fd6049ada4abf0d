"""Counts what AWS would bill for, and prices it: USD list prices of us-east-1 and us-west-2, free tiers left out.

An item is `name` or `name:detail`; lines with a detail (`lambda_gb_s:StylizeFrame`) only break the plain one down.
A SageMaker endpoint bills the hours it stands, not the calls it answers. Counting something that has no price is an
error: a bill with a silent gap would be a lie.
"""

import threading
from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

PRICES_CHECKED = "2026-11-20"

MILLION = 1_000_000

_SERVICES = {
    # aws.amazon.com/lambda/pricing, arm64
    "lambda_requests": 0.20 / MILLION,
    "lambda_gb_s": 0.0000133334,
    # aws.amazon.com/step-functions/pricing, Standard
    "states_transitions": 0.025 / 1_000,
    # aws.amazon.com/s3/pricing, S3 Standard: PUT, COPY, POST, LIST / GET and the rest; DELETE is free
    "s3_put": 0.005 / 1_000,
    "s3_get": 0.0004 / 1_000,
    # aws.amazon.com/dynamodb/pricing/on-demand: 1 KB written, 4 KB read (an eventually consistent read is half)
    "dynamodb_writes": 0.625 / MILLION,
    "dynamodb_reads": 0.125 / MILLION,
    # aws.amazon.com/eventbridge/pricing: AWS services' own events on the default bus are free, custom ones are not
    "events_aws": 0.0,
    "events_custom": 1.00 / MILLION,
    # aws.amazon.com/sns/pricing and sqs/pricing: standard topic and queue
    "sns_publishes": 0.50 / MILLION,
    "sns_emails": 2.00 / 100_000,
    "sqs_requests": 0.40 / MILLION,
    # The models' stand-in knows its own prices and counts dollars; calls by outcome are there to be compared with.
    "model_usd": 1.0,
    "model_calls": 0.0,
    "model_filtered": 0.0,
    "model_throttled": 0.0,
}

PRICES: Mapping[str, float] = MappingProxyType(_SERVICES)
"""USD for one unit of each billed item."""


class Meter:
    """A bill that several threads write on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._amounts: defaultdict[str, float] = defaultdict(float)

    def count(self, item: str, amount: float = 1.0) -> None:
        """Adds to an item; KeyError when nothing says what it costs."""
        if item not in PRICES and item.partition(":")[0] not in PRICES:
            raise KeyError(f"{item} has no price: add it to {__name__}.PRICES")
        with self._lock:
            self._amounts[item] += amount

    def lines(self) -> dict[str, float]:
        """Amount per item so far, by name."""
        with self._lock:
            return dict(sorted(self._amounts.items()))

    def cost_usd(self) -> dict[str, float]:
        """USD per billed item, lines that merely break another down left out: the values add up to the bill."""
        return {item: amount * PRICES[item] for item, amount in self.lines().items() if item in PRICES}
