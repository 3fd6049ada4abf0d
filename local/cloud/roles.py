"""The roles of the account and the policy documents that each has collected."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from local.policies import PolicyBook


class Roles:
    """Tells the policy book about a role whenever one of its documents changes."""

    def __init__(self, policies: PolicyBook) -> None:
        self._policies = policies
        self._documents: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
        self._customer: dict[str, Mapping[str, Any]] = {}

    def attach(self, role_arn: str, source: str, document: Mapping[str, Any] | None) -> None:
        """Set one document of a role (None takes it away); `source` tells documents apart."""
        documents = self._documents[role_arn]
        documents.pop(source, None)
        if document is not None:
            documents[source] = document
        self._policies.put_role(role_arn, list(documents.values()))

    def sources(self, role_arn: str) -> list[str]:
        """The names of a role's documents."""
        return list(self._documents[role_arn])

    def forget(self, role_arn: str) -> None:
        """Remove a role."""
        self._documents.pop(role_arn, None)
        self._policies.remove_role(role_arn)

    def keep_managed(self, arn: str, document: Mapping[str, Any] | None) -> None:
        """Remember a managed policy of the account (None forgets it)."""
        self._customer.pop(arn, None)
        if document is not None:
            self._customer[arn] = document

    def managed(self, arn: str) -> Mapping[str, Any] | None:
        """The document of a managed policy, the account's or AWS's."""
        return self._customer.get(arn) or aws_managed_policy(arn)


@cache
def aws_managed_policy(arn: str) -> Mapping[str, Any] | None:
    """The document of one of AWS's own managed policies, found in moto's copy without parsing all 1,600 of them."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data as text

    name = arn.rpartition("/")[2]
    start = re.search(rf'^ "{re.escape(name)}":', text, re.MULTILINE)
    if start is None:
        return None
    policy, _ = json.JSONDecoder().raw_decode(text, start.end())
    return policy["Document"] if arn == f"arn:aws:iam::aws:policy{policy['Path']}{name}" else None
