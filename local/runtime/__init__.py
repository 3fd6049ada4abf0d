"""A Lambda host: real handlers under AWS's own runtime client, each environment a process of its own."""

from local.runtime.host import PATIENCE_S, FunctionHost
from local.runtime.journal import LogPage
from local.runtime.spec import FunctionNotFound, FunctionSpec, Invocation, RequestTooLarge, TooManyRequests

__all__ = [
    "PATIENCE_S",
    "FunctionHost",
    "FunctionNotFound",
    "FunctionSpec",
    "Invocation",
    "LogPage",
    "RequestTooLarge",
    "TooManyRequests",
]
