"""Roles, their credentials and their policies; the judge of every signed request."""

import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from local.policies.conditions import Context, UnsupportedPolicy
from local.policies.documents import document_needs
from local.policies.needs import Need, Needs, Place, SignedRequest, UnknownRequest
from local.policies.rest import REST_SERVICES
from local.policies.s3 import s3_needs
from local.policies.statements import Decision, Document, decide

SESSION = "rotoscope-local"

_UNREADABLE = (UnknownRequest, LookupError, ValueError, TypeError, AttributeError, SyntaxError)
"""What comes of reading a body that has not the shape it should have (XML's ParseError is a SyntaxError)."""


@dataclass(frozen=True)
class Credentials:
    """Temporary credentials of a role; they do not expire here."""

    access_key_id: str
    secret_access_key: str
    session_token: str


@dataclass(frozen=True)
class Denial:
    """Why a request is refused, in IAM's words; action and resource are empty where the request was not understood."""

    message: str
    action: str = ""
    resource: str = ""


class PolicyBook:
    """Knows each role's identity policies. Whose credentials belong to no role, the developer, may do everything."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._documents: dict[str, tuple[Document, ...]] = {}
        self._credentials: dict[str, Credentials] = {}
        self._roles_by_key: dict[str, str] = {}

    def put_role(self, arn: str, documents: Sequence[Document]) -> None:
        """Creates a role, or replaces all that it may do."""
        with self._lock:
            self._documents[arn] = tuple(documents)

    def remove_role(self, arn: str) -> None:
        """Its credentials stay known, and are worth nothing."""
        with self._lock:
            self._documents.pop(arn, None)

    def credentials_for(self, role_arn: str) -> Credentials:
        """The same for a role each time; a role without policies yet may do nothing yet."""
        with self._lock:
            if role_arn not in self._credentials:
                key_id = f"ASIA{secrets.token_hex(8).upper()}"
                self._credentials[role_arn] = Credentials(key_id, secrets.token_urlsafe(30), secrets.token_urlsafe(60))
                self._roles_by_key[key_id] = role_arn
            return self._credentials[role_arn]

    def check(self, request: SignedRequest) -> Denial | None:
        """None when the caller may do all that the request takes."""
        role_arn = self._roles_by_key.get(request.access_key_id)
        if role_arn is None:
            return None
        try:
            region, needs = request.region, needs_of(request, _account(role_arn))
        except _UNREADABLE as error:
            return Denial(f"User: {_user(role_arn)}: the local cloud does not know what permission this needs: {error}")
        return next(filter(None, (self._judge(role_arn, need, region) for need in needs)), None)

    def allows(self, role_arn: str, action: str, resource: str, context: Context) -> bool:
        """Whether a role has one permission; a policy that is not understood allows nothing."""
        return self._judge(role_arn, Need(action, resource, context), "") is None

    def _judge(self, role_arn: str, need: Need, region: str) -> Denial | None:
        documents = self._documents.get(role_arn)
        if documents is None:
            return Denial("The security token included in the request is invalid.", need.action, need.resource)
        try:
            context = {**_common_context(role_arn, region), **need.context}
            decision = decide(documents, need.action, need.resource, context)
        except UnsupportedPolicy as error:
            return _refusal(role_arn, need, f"the local cloud does not know the {error}")
        if decision is Decision.ALLOWED:
            return None
        if decision is Decision.DENIED:
            return _refusal(role_arn, need, "of an explicit deny in an identity-based policy")
        return _refusal(role_arn, need, f"no identity-based policy allows the {need.action} action")


def needs_of(request: SignedRequest, account: str) -> Needs:
    """What AWS would look for in the caller's policies. UnknownRequest when that is not known."""
    if request.service == "s3":
        return s3_needs(request)
    place = Place(request.region, account)
    if request.service in REST_SERVICES and not request.header("X-Amz-Target"):
        return REST_SERVICES[request.service](request, place)
    return document_needs(request, place)


def _common_context(role_arn: str, region: str) -> Mapping[str, str]:
    known = {
        "aws:PrincipalArn": role_arn,
        "aws:PrincipalAccount": _account(role_arn),
        "aws:PrincipalType": "AssumedRole",
        "aws:ResourceAccount": _account(role_arn),
        # The loopback stands for TLS: a rule against plain HTTP is none against the laptop.
        "aws:SecureTransport": "true",
        "aws:CurrentTime": datetime.now(UTC).isoformat(),
    }
    return known | ({"aws:RequestedRegion": region} if region else {})


def _refusal(role_arn: str, need: Need, reason: str) -> Denial:
    refused = f"User: {_user(role_arn)} is not authorized to perform: {need.action} on resource: {need.resource}"
    return Denial(f"{refused} because {reason}", need.action, need.resource)


def _account(role_arn: str) -> str:
    return role_arn.split(":")[4]


def _user(role_arn: str) -> str:
    return f"arn:aws:sts::{_account(role_arn)}:assumed-role/{role_arn.rpartition('/')[2]}/{SESSION}"
