"""What a request needs: the action, the resource and the condition keys that AWS would check for it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, unquote

from local.policies.conditions import Context


class UnknownRequest(Exception):
    """A request of which nobody here knows what permission it needs."""


@dataclass(frozen=True)
class Need:
    """One permission. `resource` is an ARN, or * for actions that know no resources."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True)
class SignedRequest:
    """One API call as it came over the wire: `path` and `query` still percent-encoded, `service` from the signature."""

    access_key_id: str
    service: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str, default: str = "") -> str:
        """A header by its name in any case."""
        return self._headers.get(name.lower(), default)

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The query, decoded."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The path cut at its slashes, each piece decoded: an encoded slash stays inside its piece."""
        return tuple(unquote(piece) for piece in self.path.strip("/").split("/"))

    @property
    def region(self) -> str:
        """From the signature's scope, in the header or in a presigned URL."""
        scope = self.parameters.get("X-Amz-Credential") or self.header("Authorization")
        found = re.search(r"/\d{8}/([^/]+)/[^/]+/aws4_request", scope)
        if found is None:
            raise UnknownRequest(f"a request to {self.service} whose signature names no Region")
        return found[1]

    @cached_property
    def _headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}


@dataclass(frozen=True)
class Place:
    """Where a call goes: it completes the ARNs of what the request names."""

    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """An ARN of this Region and account."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def arn_or(self, service: str, kind: str, name: str) -> str:
        """`name` itself where the caller gave an ARN."""
        return name if name.startswith("arn:") else self.arn(service, f"{kind}{name}")


Needs = Sequence[Need]
