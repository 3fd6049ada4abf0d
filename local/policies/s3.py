"""Permissions of S3's REST calls (AmazonS3/latest/userguide/using-with-s3-policy-actions)."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote
from xml.etree import ElementTree

from local.policies.needs import Need, Needs, SignedRequest, UnknownRequest

_BUCKET_ACTIONS = {
    ("GET", ""): "ListBucket",
    ("HEAD", ""): "ListBucket",
    ("PUT", ""): "CreateBucket",
    ("DELETE", ""): "DeleteBucket",
    ("GET", "versions"): "ListBucketVersions",
    ("GET", "uploads"): "ListBucketMultipartUploads",
    ("GET", "location"): "GetBucketLocation",
    ("GET", "versioning"): "GetBucketVersioning",
    ("GET", "notification"): "GetBucketNotification",
    ("GET", "lifecycle"): "GetLifecycleConfiguration",
    ("GET", "encryption"): "GetEncryptionConfiguration",
    ("GET", "tagging"): "GetBucketTagging",
    ("GET", "policy"): "GetBucketPolicy",
    ("GET", "acl"): "GetBucketAcl",
    ("GET", "cors"): "GetBucketCORS",
}
_OBJECT_ACTIONS = {
    ("GET", ""): "GetObject",
    ("HEAD", ""): "GetObject",
    ("PUT", ""): "PutObject",
    ("DELETE", ""): "DeleteObject",
    ("GET", "attributes"): "GetObjectAttributes",
    ("GET", "tagging"): "GetObjectTagging",
    ("PUT", "tagging"): "PutObjectTagging",
    ("DELETE", "tagging"): "DeleteObjectTagging",
    ("GET", "acl"): "GetObjectAcl",
    ("PUT", "acl"): "PutObjectAcl",
    ("POST", "uploads"): "PutObject",
    ("PUT", "uploadId"): "PutObject",
    ("POST", "uploadId"): "PutObject",
    ("DELETE", "uploadId"): "AbortMultipartUpload",
    ("GET", "uploadId"): "ListMultipartUploadParts",
}
_PLAIN_PARAMETERS = re.compile(
    r"x-id|versionId|partNumber|list-type|prefix|delimiter|max-keys|continuation-token|start-after|marker|encoding-type"
    r"|fetch-owner|key-marker|version-id-marker|upload-id-marker|max-uploads|max-parts|part-number-marker"
    r"|response-[a-z-]+|X-Amz-[A-Za-z0-9-]+|x-amz-[a-z0-9-]+"
)
"""Everything else in a query is a subresource, and another operation."""
_HOSTED = re.compile(r"(?:(?P<bucket>.+?)\.)??(?:s3\.(?:[a-z0-9-]+\.)*)?(?:localhost|amazonaws\.com)")


def s3_needs(request: SignedRequest) -> Needs:
    """Raises UnknownRequest for operations that are not in the tables above."""
    bucket, key = address(request)
    subresource = _subresource(request)
    if not bucket:
        return [Need("s3:ListAllMyBuckets", "*")]
    if not key:
        return _bucket_needs(request, f"arn:aws:s3:::{bucket}", subresource)
    return list(_object_needs(request, f"arn:aws:s3:::{bucket}/{key}", subresource))


def address(request: SignedRequest) -> tuple[str, str]:
    """(bucket, key) of a path-style or virtual-host-style request; each may be empty."""
    host = re.sub(r":\d+$", "", request.header("Host"))
    hosted = _HOSTED.fullmatch(host)
    path = unquote(request.path.removeprefix("/"))
    if hosted and hosted["bucket"]:
        return hosted["bucket"], path
    bucket, _, key = path.partition("/")
    return bucket, key


def _subresource(request: SignedRequest) -> str:
    found = [name for name in request.parameters if not _PLAIN_PARAMETERS.fullmatch(name)]
    if len(found) > 1:
        raise UnknownRequest(f"s3 {request.method} with {' and '.join(found)}")
    return found[0] if found else ""


def _bucket_needs(request: SignedRequest, arn: str, subresource: str) -> Needs:
    if (request.method, subresource) == ("POST", "delete"):
        return list(_deletions(request.body, arn))
    action = _BUCKET_ACTIONS.get((request.method, subresource))
    if action is None:
        raise UnknownRequest(f"s3 {request.method} {subresource or 'form'} on a bucket")
    given = {
        name: request.parameters[name] for name in ("prefix", "delimiter", "max-keys") if name in request.parameters
    }
    return [Need(f"s3:{action}", arn, {f"s3:{name}": value for name, value in given.items()})]


def _object_needs(request: SignedRequest, arn: str, subresource: str) -> Iterator[Need]:
    action = _OBJECT_ACTIONS.get((request.method, subresource))
    if action is None:
        raise UnknownRequest(f"s3 {request.method} {subresource or 'without a subresource'} on an object")
    version = request.parameters.get("versionId", "")
    yield _object_need(action, arn, version)
    if action == "GetObjectAttributes":
        yield _object_need("GetObject", arn, version)
    if action == "PutObject":
        yield from _writing_needs(request, arn)


def _writing_needs(request: SignedRequest, arn: str) -> Iterator[Need]:
    """What a write needs beside PutObject."""
    if source := request.header("x-amz-copy-source"):
        name, _, query = source.partition("?")
        yield _object_need(
            "GetObject", f"arn:aws:s3:::{unquote(name).lstrip('/')}", parse_qs(query).get("versionId", [""])[0]
        )
    if request.header("x-amz-tagging"):
        yield Need("s3:PutObjectTagging", arn)
    if any(name.lower() == "x-amz-acl" or name.lower().startswith("x-amz-grant-") for name in request.headers):
        yield Need("s3:PutObjectAcl", arn)
    if request.header("If-Match"):
        yield Need("s3:GetObject", arn)


def _object_need(action: str, arn: str, version: str) -> Need:
    if not version:
        return Need(f"s3:{action}", arn)
    return Need(f"s3:{re.sub(r'Object', 'ObjectVersion', action, count=1)}", arn, {"s3:VersionId": version})


def _deletions(body: bytes, arn: str) -> Iterator[Need]:
    for entry in ElementTree.fromstring(body).iterfind("{*}Object"):
        yield _object_need("DeleteObject", f"{arn}/{entry.findtext('{*}Key')}", entry.findtext("{*}VersionId") or "")
