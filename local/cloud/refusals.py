"""Errors in the form of each service's protocol."""

import json
import uuid
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from local.cloud.incoming import Environ

_DENIED = {"s3": "AccessDenied", "sns": "AuthorizationError", "iam": "AccessDenied", "sts": "AccessDenied"}
_BAD_REQUEST = {"dynamodb", "states", "events", "logs", "ssm", "servicequotas"}
"""Services that say 400 where the others say 403."""


def denied(environ: Environ, service: str, message: str) -> Response:
    """The service's own way to say that a policy does not allow the call."""
    status = 400 if service in _BAD_REQUEST else 403
    return refused(environ, service, _DENIED.get(service, "AccessDeniedException"), message, status)


def refused(environ: Environ, service: str, code: str, message: str, status: int) -> Response:
    """An error answer; S3 and form-encoded requests are answered in XML, all others in JSON."""
    request_id = str(uuid.uuid4())
    fields = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    if service == "s3":
        return _xml(f"<Error>{fields}<RequestId>{request_id}</RequestId></Error>", status, request_id)
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        error = f"<Error><Type>Sender</Type>{fields}</Error><RequestId>{request_id}</RequestId>"
        return _xml(f"<ErrorResponse>{error}</ErrorResponse>", status, request_id)
    body = json.dumps({"__type": code, "message": message, "Message": message})
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": code, "x-amzn-RequestId": request_id}
    return Response(body, status, headers)


def _xml(text: str, status: int, request_id: str) -> Response:
    headers = {"Content-Type": "application/xml", "x-amz-request-id": request_id}
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', status, headers)
