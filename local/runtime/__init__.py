"""A Lambda host: real handlers under AWS's own runtime client, each environment a process of its own."""

from local.runtime.host import FunctionHost
from local.runtime.spec import FunctionNotFound, FunctionSpec, Invocation, RequestTooLarge, TooManyRequests

__all__ = ["FunctionHost", "FunctionNotFound", "FunctionSpec", "Invocation", "RequestTooLarge", "TooManyRequests"]
