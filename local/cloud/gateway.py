"""The one door: every request of every service comes in here."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from moto.moto_server.werkzeug_app import BackendRequest, DomainDispatcherApplication
from werkzeug.wrappers import Response

from local.cloud import incoming, invoke_api, metering, refusals
from local.cloud.events import EventBus
from local.cloud.formation.api import FormationApi
from local.cloud.formation.service import Formation
from local.cloud.functions import Functions
from local.cloud.incoming import Caller, Environ
from local.cloud.interpreter.clients import SERVICE
from local.cloud.mailbox import Mailbox
from local.meter import Meter
from local.models import ModelServices
from local.policies import PolicyBook

_LOG = re.compile(r"/_rotoscope/logs/([^/]+)")
_MODEL_SERVICES = ("bedrock", "sagemaker", "servicequotas")


@dataclass(frozen=True)
class Gateway:
    """A WSGI application: policies first, then our own services, then moto's."""

    moto: DomainDispatcherApplication
    formation: Formation
    functions: Functions
    models: ModelServices
    policies: PolicyBook
    meter: Meter
    mailbox: Mailbox
    bus: EventBus

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        return self._respond(environ)(environ, start_response)

    def _respond(self, environ: Environ) -> Response:
        if environ["PATH_INFO"].startswith("/_rotoscope/"):
            return self._own(environ)
        who = incoming.caller(environ)
        if who.service == "s3":
            incoming.use_path_style(environ)
            incoming.keep_upload_whole(environ)
        content = incoming.body(environ) if incoming.needs_body(environ, who) else b""
        denial = self.policies.check(incoming.signed(environ, who, content))
        if denial:
            return refusals.denied(environ, who.service, denial.message)
        if who.access_key_id != SERVICE.access_key_id:
            metering.count(self.meter, environ, who, content)
        return self._served(environ, who, content)

    def _served(self, environ: Environ, who: Caller, content: bytes) -> Response:
        if who.service in _MODEL_SERVICES:
            return self._model(environ, who.service, content)
        if who.service == "cloudformation":
            status, headers, text = FormationApi(self.formation)._dispatch(BackendRequest(environ))
            return Response(text, status, headers)
        if who.service == "lambda" and (call := invoke_api.INVOKE.fullmatch(incoming.raw_path(environ))):
            return invoke_api.invoke(self.functions, BackendRequest(environ), call["name"])
        try:
            response = Response.from_app(self.moto, environ)
        except NotImplementedError as error:
            return refusals.refused(environ, who.service, "UnknownOperationException", str(error), 400)
        self.bus.release()
        if response.status_code == 404 and who.service == "s3" and not self._may_know(environ, who):
            return refusals.denied(environ, "s3", "Access Denied")
        return response

    def _model(self, environ: Environ, service: str, content: bytes) -> Response:
        query = environ.get("QUERY_STRING")
        path = incoming.raw_path(environ) + (f"?{query}" if query else "")
        answer = self.models.answer(service, environ["REQUEST_METHOD"], path, incoming.headers(environ), content)
        return Response(answer.body, answer.status, dict(answer.headers))

    def _may_know(self, environ: Environ, who: Caller) -> bool:
        """Whether the caller may learn that a key is missing: S3 says 403 to who cannot list the bucket."""
        bucket, key = incoming.bucket_and_key(environ)
        if not key or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return True
        asked = incoming.signed(environ, who, b"")
        listing = replace(asked, method="GET", path=f"/{bucket}", query=urlencode({"list-type": 2, "prefix": key}))
        return self.policies.check(listing) is None

    def _own(self, environ: Environ) -> Response:
        path = incoming.raw_path(environ)
        if call := invoke_api.ADDRESS.fullmatch(path):
            return invoke_api.call_address(self.functions, BackendRequest(environ), call["name"], call["path"] or "/")
        if log := _LOG.fullmatch(path):
            return Response("\n".join(self.functions.host.log_lines(log[1], 1000)), 200, mimetype="text/plain")
        if path == "/_rotoscope/faults":
            return self._model(environ, "bedrock", incoming.body(environ))
        answers = {
            "/_rotoscope/health": lambda: {"status": "ok"},
            "/_rotoscope/meter": self.meter.lines,
            "/_rotoscope/mails": self.mailbox.as_json,
        }
        if path not in answers:
            return Response(status=404)
        return Response(json.dumps(answers[path]()), 200, {"Content-Type": "application/json"})
