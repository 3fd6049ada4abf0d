"""IAM on this machine: what a role's policies allow of a signed request. Whatever is not understood is denied."""

from local.policies.book import Credentials, Denial, PolicyBook
from local.policies.conditions import UnsupportedPolicy
from local.policies.needs import SignedRequest, UnknownRequest

__all__ = ["Credentials", "Denial", "PolicyBook", "SignedRequest", "UnknownRequest", "UnsupportedPolicy"]
