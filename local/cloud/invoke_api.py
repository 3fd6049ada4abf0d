"""Lambda's Invoke call, and function addresses."""

import base64
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from moto.core.request import Request
from werkzeug.wrappers import Response

from local.cloud import refusals
from local.cloud.functions import Functions, split_name
from local.runtime import FunctionNotFound, RequestTooLarge, TooManyRequests

INVOKE = re.compile(r"/2015-03-31/functions/(?P<name>[^/]+)/invocations")
ADDRESS = re.compile(r"/_rotoscope/functions/(?P<name>[^/]+)(?P<path>/.*)?")


def invoke(functions: Functions, request: Request, name: str) -> Response:
    """Run a function, or queue the run for InvocationType Event."""
    function, qualifier = split_name(unquote(name), request.args.get("Qualifier"))
    payload = request.get_data() or b"{}"
    kind = request.headers.get("X-Amz-Invocation-Type", "RequestResponse")
    try:
        if kind == "DryRun":
            return Response(status=204)
        if kind == "Event":
            functions.send(function, qualifier, payload)
            return Response(status=202)
        return _answer(functions, request, function, qualifier, payload)
    except FunctionNotFound as error:
        return refusals.refused(request.environ, "lambda", "ResourceNotFoundException", str(error), 404)
    except TooManyRequests as error:
        return refusals.refused(request.environ, "lambda", "TooManyRequestsException", str(error), 429)
    except RequestTooLarge as error:
        return refusals.refused(request.environ, "lambda", "RequestTooLargeException", str(error), 413)


def _answer(functions: Functions, request: Request, name: str, qualifier: str | None, payload: bytes) -> Response:
    done = functions.invoke(name, qualifier, payload)
    headers = {"X-Amz-Executed-Version": done.version, "Content-Type": "application/json"}
    if done.function_error:
        headers["X-Amz-Function-Error"] = done.function_error
    if request.headers.get("X-Amz-Log-Type") == "Tail":
        headers["X-Amz-Log-Result"] = base64.b64encode(done.log_tail.encode()).decode()
    return Response(done.payload, 200, headers)


def call_address(functions: Functions, request: Request, name: str, path: str) -> Response:
    """A function address: the request as an event of format 2.0, the function's answer as the response."""
    function, _, qualifier = unquote(name).partition(":")
    try:
        done = functions.invoke(function, qualifier or None, json.dumps(_event(request, path)).encode())
    except FunctionNotFound as error:
        return Response(json.dumps({"Message": str(error)}), 404)
    if done.function_error:
        return Response(json.dumps({"Message": "Internal Server Error"}), 502)
    return _rendered(json.loads(done.payload))


def _event(request: Request, path: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": request.query_string.decode(),
        "queryStringParameters": request.args.to_dict(),
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "requestContext": {
            "http": {"method": request.method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "body": request.get_data(as_text=True),
        "isBase64Encoded": False,
    }


def _rendered(result: Any) -> Response:
    if not (isinstance(result, dict) and "statusCode" in result):
        return Response(json.dumps(result), 200, {"Content-Type": "application/json"})
    content = str(result.get("body", "")).encode()
    if result.get("isBase64Encoded"):
        content = base64.b64decode(content)
    headers = {"Content-Type": "application/json", **result.get("headers", {})}
    return Response(content, int(result["statusCode"]), headers)
