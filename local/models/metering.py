"""What the stand-ins tell the meter."""

from typing import Protocol


class Meter(Protocol):
    """Adds up what the account would bill."""

    def count(self, item: str, amount: float) -> None:
        """Add to `model_usd`, or to `model_calls:<id>`, `model_filtered:<id>`, `model_throttled:<id>`."""
