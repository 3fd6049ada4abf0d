"""The local cloud: the AWS APIs on localhost, made of moto, awslambdaric and what they lack. Never deployed."""

from local.cloud.server import ACCOUNT, AlreadyRunning, LocalCloud

__all__ = ["ACCOUNT", "AlreadyRunning", "LocalCloud"]
