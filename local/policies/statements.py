"""Policy documents: does this role's set of them allow an action on a resource?"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

from local.policies.conditions import Context, UnsupportedPolicy, holds, listed
from local.policies.patterns import arn_matches, matches

Document = Mapping[str, Any]

_ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
_VARIABLE = re.compile(r"\$\{([^}]+)\}")


class Decision(Enum):
    """An explicit deny wins over every allow; without an allow there is no permission."""

    ALLOWED = "allowed"
    DENIED = "denied"
    NOT_ALLOWED = "not allowed"


def decide(documents: Iterable[Document], action: str, resource: str, context: Context) -> Decision:
    """Evaluates identity policies; UnsupportedPolicy where a statement in question is not understood."""
    effects = {
        str(statement["Effect"])
        for document in documents
        for statement in _statements(document)
        if _applies(statement, action, resource, context)
    }
    if "Deny" in effects:
        return Decision.DENIED
    return Decision.ALLOWED if "Allow" in effects else Decision.NOT_ALLOWED


def _statements(document: Document) -> Iterator[Mapping[str, Any]]:
    found = document["Statement"]
    for statement in found if isinstance(found, list | tuple) else [found]:
        if strange := set(statement) - _ELEMENTS:
            raise UnsupportedPolicy(f"policy element {', '.join(sorted(strange))}")
        if statement["Effect"] not in ("Allow", "Deny"):
            raise UnsupportedPolicy(f"effect {statement['Effect']}")
        yield statement


def _applies(statement: Mapping[str, Any], action: str, resource: str, context: Context) -> bool:
    def expand(text: str) -> str:
        return _expand(text, context)

    def action_matches(pattern: str) -> bool:
        return matches(pattern.lower(), action.lower())

    def resource_matches(pattern: str) -> bool:
        return arn_matches(expand(pattern), resource)

    return (
        _names(statement, "Action", action_matches)
        and _names(statement, "Resource", resource_matches)
        and holds(statement.get("Condition", {}), context, expand)
    )


def _names(statement: Mapping[str, Any], element: str, test: Any) -> bool:
    if element in statement:
        return any(map(test, listed(statement[element])))
    if f"Not{element}" in statement:
        return not any(map(test, listed(statement[f"Not{element}"])))
    raise UnsupportedPolicy(f"statement without {element}")


def _expand(text: str, context: Context) -> str:
    """Fills in ${aws:PrincipalAccount} and the like."""
    known = {key.lower(): value for key, value in context.items() if isinstance(value, str)}

    def value_of(found: re.Match[str]) -> str:
        if found[1].lower() not in known:
            raise UnsupportedPolicy(f"policy variable {found[0]}")
        return known[found[1].lower()]

    return _VARIABLE.sub(value_of, text)
