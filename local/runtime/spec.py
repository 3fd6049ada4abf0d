"""What a function is, what a call of it gives back, and how a call is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LATEST = "$LATEST"
PAYLOAD_LIMIT_BYTES = 6_291_556
"""Lambda's own figure for "6 MB", in both directions of a synchronous call."""
EVENT_LIMIT_BYTES = 1_048_576
"""What an asynchronous call may carry."""


class FunctionNotFound(Exception):
    """No such function, or no such version of it."""


class TooManyRequests(Exception):
    """No slot came free in time: Lambda's TooManyRequestsException."""


class RequestTooLarge(Exception):
    """The payload is over the limit of this kind of call: Lambda's RequestTooLargeException."""


@dataclass(frozen=True)
class FunctionSpec:
    """One function as the template describes it: the code, and everything that changes how it runs.

    Without a `log_group` it is Lambda's own for the name.
    """

    name: str
    handler: str
    code_zip: bytes = field(repr=False)
    layer_zips: tuple[bytes, ...] = field(repr=False)
    environment: Mapping[str, str]
    memory_mb: int
    timeout_s: int
    role_arn: str
    region: str
    account: str
    log_group: str = ""
    architecture: str = "arm64"
    runtime: str = "python3.13"

    def arn(self, version: str = LATEST) -> str:
        """The function's ARN, with the version where it is a numbered one."""
        arn = f"arn:aws:lambda:{self.region}:{self.account}:function:{self.name}"
        return arn if version == LATEST else f"{arn}:{version}"

    def logs_to(self) -> str:
        """The CloudWatch log group of its lines."""
        return self.log_group or f"/aws/lambda/{self.name}"


@dataclass(frozen=True)
class Invocation:
    """One finished call. `function_error` is None or "Unhandled"; `log_tail` holds at most the last 4 KB.

    `billed_ms` includes `init_ms`, the start of a fresh environment: Lambda bills it since 2025-08-01
    (aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase).
    """

    payload: bytes
    function_error: str | None
    log_tail: str
    version: str
    duration_ms: float
    billed_ms: int
    max_memory_mb: int
    request_id: str
    init_ms: float = 0.0
