"""The boto3 clients of the state machine interpreter: one per service and role, with that role's credentials."""

import sys
import threading
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.config import Config

from local.cloud.replacing import replace
from local.policies import Credentials, PolicyBook

CLIENT = "boto_client_for"
"""What every module of the interpreter calls its maker of clients."""
_A_YEAR_S = 365 * 24 * 3600
SERVICE = Credentials("aws-service", "aws-service", "aws-service")
"""For what AWS does by itself, free of charge: deploying, or EventBridge sending to a queue (by the queue's policy)."""


class RoleClients:
    """Makes clients once: a new one for every task, as moto makes them, costs more than most tasks."""

    def __init__(self, endpoint_url: str, policies: PolicyBook) -> None:
        self._endpoint_url = endpoint_url
        self._policies = policies
        self._clients: dict[tuple[str, str, str], BaseClient] = {}
        self._lock = threading.Lock()

    def client_for(self, region: str, service: str, state_credentials: Any = None) -> BaseClient:
        """A client that may do what the state machine's role may do, and that never tries again by itself."""
        return self._kept(region, service, state_credentials.role_arn if state_credentials else "")

    def as_role(self, region: str, service: str, role: str | None) -> BaseClient:
        """A client of a role, or of AWS itself."""
        return self._kept(region, service, role or "")

    def _kept(self, region: str, service: str, role: str) -> BaseClient:
        with self._lock:
            key = (region, service, role)
            if key not in self._clients:
                self._clients[key] = self._made(region, service, role)
            return self._clients[key]

    def _made(self, region: str, service: str, role: str) -> BaseClient:
        credentials = self._policies.credentials_for(role) if role else SERVICE
        config = Config(
            parameter_validation=False,
            retries={"total_max_attempts": 1},
            read_timeout=_A_YEAR_S,
            max_pool_connections=64,
        )
        return boto3.session.Session().client(  # type: ignore[call-overload, no-any-return]
            service,
            region_name=region,
            endpoint_url=self._endpoint_url,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            aws_session_token=credentials.session_token,
            config=config,
        )


def use(clients: RoleClients) -> None:
    """moto's clients sign with made-up keys, so no policy could be checked, and are made anew for every call."""
    from moto.stepfunctions.parser.asl.parse import asl_parser  # noqa: F401 (loads every module that makes clients)

    for name, module in list(sys.modules.items()):
        if name.startswith("moto.stepfunctions.") and hasattr(module, CLIENT):
            replace(module, CLIENT, clients.client_for)
