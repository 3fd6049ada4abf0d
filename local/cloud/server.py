"""The local cloud: one process that serves the AWS APIs on localhost."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from moto.core.base_backend import BackendDict
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from local.cloud import interpreter, moto_changes
from local.cloud.delivery import Delivery, bury_call
from local.cloud.events import EventBus, event
from local.cloud.formation.kind import Site
from local.cloud.formation.service import Formation
from local.cloud.formation.stacks import Stack
from local.cloud.functions import Functions
from local.cloud.gateway import Gateway
from local.cloud.interpreter import executions
from local.cloud.interpreter.clients import RoleClients
from local.cloud.log_writer import LogWriter
from local.cloud.mailbox import Mailbox
from local.cloud.object_files import keep_objects_in
from local.cloud.roles import Roles
from local.meter import Meter
from local.models import ModelServices
from local.policies import PolicyBook
from local.runtime import PATIENCE_S, FunctionHost

ACCOUNT = "123456789012"
_HOST = "127.0.0.1"
_OWN_KEY = "test"
"""The user's own access key and secret; they belong to no role and may do everything."""
_RUNNING = threading.Lock()


class AlreadyRunning(RuntimeError):
    """This process has a local cloud already; moto's state belongs to the whole process."""


class _Handler(MotoRequestHandler):
    """Speaks HTTP/1.1, for `Expect: 100-continue` and chunked bodies, and writes no line per request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_: Any) -> None:
        """Say nothing."""


class LocalCloud:
    """Start it, use it through any AWS client at `url`, stop it. `port` 0 takes a free one.

    At most `concurrency` functions run at once; a call waits `patience_s` for its turn, and is refused after that.
    """

    def __init__(
        self,
        work_dir: Path,
        *,
        port: int = 0,
        region: str = "us-east-1",
        concurrency: int = 4,
        patience_s: float = PATIENCE_S,
        requests_per_minute: float | None = None,
    ) -> None:
        self._work_dir = work_dir
        self._wanted_port = port
        self._region = region
        self._concurrency, self._patience_s = concurrency, patience_s
        self._clients: dict[str, Any] = {}
        self.meter = Meter()
        self.mailbox = Mailbox()
        self.policies = PolicyBook()
        self.models = ModelServices(self.meter, requests_per_minute=requests_per_minute)

    def __enter__(self) -> "LocalCloud":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serve, in a thread of its own, with an empty account. OSError when the port is taken."""
        listener = socket.create_server((_HOST, self._wanted_port), backlog=128)
        if not _RUNNING.acquire(blocking=False):
            listener.close()
            raise AlreadyRunning("stop the local cloud of this process first")
        port = listener.getsockname()[1]
        self._server = make_server(
            _HOST, port, self._answer, threaded=True, request_handler=_Handler, fd=listener.fileno()
        )
        listener.close()  # the server has a duplicate of it
        self.url = f"http://localhost:{port}"
        self._clients.clear()
        BackendDict.reset()
        self._assemble()
        self._thread = threading.Thread(target=self._server.serve_forever, name="local-cloud", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and end every function's process."""
        self._formation.close()
        self._bus.close()
        executions.stop_all()
        self._functions.close()
        self._log_writer.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        _RUNNING.release()

    def client(self, service: str) -> Any:
        """A boto3 client with the user's own keys, which may do everything."""
        if service not in self._clients:
            session = boto3.session.Session(_OWN_KEY, _OWN_KEY, region_name=self._region)
            self._clients[service] = session.client(service, endpoint_url=self.url)  # type: ignore[call-overload]
        return self._clients[service]

    def environment(self) -> dict[str, str]:
        """What AWS clients in other processes need to reach this cloud."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": _OWN_KEY,
            "AWS_SECRET_ACCESS_KEY": _OWN_KEY,
            "AWS_REGION": self._region,
            "AWS_DEFAULT_REGION": self._region,
        }

    def _assemble(self) -> None:
        credentials = self.policies.credentials_for
        self._log_writer = LogWriter(ACCOUNT, self._region)
        host = FunctionHost(
            self._work_dir,
            self.url,
            self.meter,
            credentials,
            self._concurrency,
            patience_s=self._patience_s,
            log_reader=self._log_writer.write,
        )
        clients = RoleClients(self.url, self.policies)
        client_as = partial(clients.as_role, self._region)
        self._functions = Functions(host, partial(bury_call, client_as))
        self._roles = Roles(self.policies)
        delivery = Delivery(self._functions, client_as)
        self._bus = EventBus(delivery, self.meter, ThreadPoolExecutor(16, thread_name_prefix="events"))
        self._service_client = lambda service: client_as(service, None)
        self._formation = Formation(ACCOUNT, self._region, self._site, self._service_client)
        self._gateway = Gateway(
            moto=DomainDispatcherApplication(create_backend_app),
            formation=self._formation,
            functions=self._functions,
            models=self.models,
            policies=self.policies,
            meter=self.meter,
            mailbox=self.mailbox,
            bus=self._bus,
        )
        keep_objects_in(self._work_dir / "objects")
        moto_changes.take_keys_of_many_lines()
        moto_changes.send_object_events(self._bus)
        moto_changes.deliver_put_events(self._bus)
        moto_changes.keep_mails(self.mailbox, self.meter)
        moto_changes.tell_log_groups(self._functions.log_group)
        interpreter.prepare(
            clients,
            lambda role, action, resource: self.policies.allows(role, action, resource, {}),
            self._announce,
            lambda: self.meter.count("states_transitions"),
        )

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self._gateway(environ, start_response)

    def _site(self, stack: Stack) -> Site:
        return Site(
            account=ACCOUNT,
            region=self._region,
            stack_name=stack.name,
            stack_id=stack.stack_id,
            endpoint_url=self.url,
            client=self._service_client,
            functions=self._functions,
            roles=self._roles,
        )

    def _announce(self, execution: Any) -> None:
        message = event(
            "Step Functions Execution Status Change",
            "aws.states",
            executions.status_detail(execution),
            account=ACCOUNT,
            region=execution.region_name,
            resources=[execution.exec_arn],
        )
        self._bus.publish(message)
