"""What a resource type of the deployer is given, and what it gives back."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from local.cloud.formation.properties import Properties
from local.cloud.functions import Functions
from local.cloud.roles import Roles


@dataclass(frozen=True)
class Made:
    """A resource that exists: its physical id, what Ref gives (the same, if None), what GetAtt gives."""

    physical_id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    ref: str | None = None


@dataclass(frozen=True)
class Site:
    """Where a stack is built: the account's services and the pieces that live in this process."""

    account: str
    region: str
    stack_name: str
    stack_id: str
    endpoint_url: str
    client: Callable[[str], Any]
    functions: Functions
    roles: Roles


@dataclass(frozen=True)
class Order:
    """One resource to make, change or remove."""

    site: Site
    logical_id: str
    props: Properties
    made: Made | None = None

    def client(self, service: str) -> Any:
        """A boto3 client of the local cloud."""
        return self.site.client(service)

    def arn(self, service: str, resource: str) -> str:
        """An ARN in this account and Region."""
        return f"arn:aws:{service}:{self.site.region}:{self.site.account}:{resource}"

    def name(self, limit: int = 64, lower: bool = False) -> str:
        """The name of the existing resource, or a generated one as CloudFormation would make it."""
        if self.made is not None:
            return self.made.physical_id
        digest = hashlib.sha256(f"{self.site.stack_id}/{self.logical_id}".encode()).hexdigest()[:12]
        stem = re.sub(r"[^A-Za-z0-9-]", "-", f"{self.site.stack_name}-{self.logical_id}")[: limit - 13]
        name = f"{stem}-{digest}"
        return name.lower() if lower else name

    def tags(self) -> list[dict[str, str]]:
        """The resource's own Tags."""
        return [{"Key": str(tag["Key"]), "Value": str(tag["Value"])} for tag in self.props.value("Tags", [])]

    def after(self, made: Made) -> "Order":
        """The same order once the resource exists."""
        return replace(self, made=made)


class Kind(Protocol):
    """One resource type. `put` makes the resource, or changes the one that exists."""

    @property
    def replaced_by(self) -> frozenset[str]:
        """Properties whose change makes a new resource."""

    def put(self, order: Order) -> Made:
        """Create, or update when `order.made` is set."""

    def remove(self, order: Order) -> None:
        """Delete what `order.made` names."""
