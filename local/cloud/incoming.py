"""Reading a request: who signed it, for which service and Region, and where its S3 bucket is named."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, quote

from local.policies import SignedRequest

Environ = dict[str, Any]

_SCOPE = re.compile(r"([^/\s=]+)/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")
_BUCKET_HOST = re.compile(r"(?P<bucket>.+?)(\.s3([.-][a-z0-9-]+)?)?\.localhost(:\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Caller:
    """What the SigV4 scope says; the service is S3 where nothing says otherwise, as moto assumes too."""

    access_key_id: str
    region: str
    service: str


def caller(environ: Environ) -> Caller:
    """Who signed the request, in the header or in a presigned query."""
    query = parse_qs(environ.get("QUERY_STRING", ""))
    credential = query.get("X-Amz-Credential", [""])[0]
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", "") or credential)
    if scope:
        return Caller(scope[1], scope[2], scope[3].lower())
    return Caller(query.get("AWSAccessKeyId", [""])[0], "us-east-1", "" if "HTTP_X_AMZ_TARGET" in environ else "s3")


def use_path_style(environ: Environ) -> None:
    """Turn `bucket.localhost/key` into `localhost/bucket/key`; signatures are not verified here."""
    host = _BUCKET_HOST.fullmatch(environ.get("HTTP_HOST", ""))
    if host is None or host["bucket"].startswith("s3"):
        return
    bucket = "/" + host["bucket"]
    environ["HTTP_HOST"] = "localhost" + (host[4] or "")
    environ["PATH_INFO"] = bucket + environ.get("PATH_INFO", "")
    for name in ("RAW_URI", "REQUEST_URI"):
        if name in environ:
            environ[name] = bucket + environ[name]


def keep_upload_whole(environ: Environ) -> None:
    """An upload that its client calls a form, as urllib does, is bytes to S3; werkzeug would parse it away."""
    if environ["REQUEST_METHOD"] == "PUT" and environ.get("CONTENT_TYPE", "").startswith("application/x-www-form"):
        environ["CONTENT_TYPE"] = "binary/octet-stream"


def bucket_and_key(environ: Environ) -> tuple[str, str]:
    """The bucket and the key of a path-style S3 request, either may be empty."""
    path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
    bucket, _, key = path.lstrip("/").partition("/")
    return bucket, key


def body(environ: Environ) -> bytes:
    """The whole body; it can be read again afterwards."""
    length = environ.get("CONTENT_LENGTH")
    stream = environ["wsgi.input"]
    content: bytes = stream.read(int(length)) if length else stream.read() if _chunked(environ) else b""
    environ["wsgi.input"] = BytesIO(content)
    if not length:
        environ["CONTENT_LENGTH"] = str(len(content))
    return content


def _chunked(environ: Environ) -> bool:
    return bool(environ.get("wsgi.input_terminated"))


def headers(environ: Environ) -> dict[str, str]:
    """The request's headers, names in lower case."""
    named = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            named[name.replace("_", "-").lower()] = environ[name]
    return named


def raw_path(environ: Environ) -> str:
    """The path as it came, percent-encoded."""
    raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "")
    return raw.split("?", 1)[0] or quote(environ.get("PATH_INFO", "/"))


def signed(environ: Environ, who: Caller, content: bytes) -> SignedRequest:
    """The request as policies see it."""
    return SignedRequest(
        access_key_id=who.access_key_id,
        service=who.service,
        method=environ["REQUEST_METHOD"],
        path=raw_path(environ),
        query=environ.get("QUERY_STRING", ""),
        headers=headers(environ),
        body=content,
    )


def needs_body(environ: Environ, who: Caller) -> bool:
    """Whether policies and meter look into the body: S3 uploads need not be read for them."""
    return who.service != "s3" or (environ["REQUEST_METHOD"] == "POST" and "delete" in _names(environ))


def _names(environ: Environ) -> Iterable[str]:
    return parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
