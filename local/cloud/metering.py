"""What a request costs on AWS, as far as its envelope tells."""

import json

from local.cloud.incoming import Caller, Environ, bucket_and_key
from local.meter import Meter

_READS = {"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"}
_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}


def count(meter: Meter, environ: Environ, who: Caller, content: bytes) -> None:
    """Count one request of a service that bills by the request."""
    if who.service == "s3":
        _count_s3(meter, environ)
    elif who.service == "dynamodb":
        _count_dynamodb(meter, environ)
    elif who.service == "sqs":
        meter.count("sqs_requests")
    elif who.service == "sns" and b"Action=Publish" in content:
        meter.count("sns_publishes")
    elif who.service == "events" and environ.get("HTTP_X_AMZ_TARGET", "").endswith(".PutEvents"):
        meter.count("events_custom", len(json.loads(content).get("Entries", [])))


def _count_s3(meter: Meter, environ: Environ) -> None:
    method = environ["REQUEST_METHOD"]
    _, key = bucket_and_key(environ)
    if method in ("PUT", "POST") or (method == "GET" and not key):
        meter.count("s3_put")
    elif method in ("GET", "HEAD"):
        meter.count("s3_get")


def _count_dynamodb(meter: Meter, environ: Environ) -> None:
    """One unit each: the ledger's items are smaller than 1 KB."""
    action = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if action in _READS:
        meter.count("dynamodb_reads")
    elif action in _WRITES:
        meter.count("dynamodb_writes")
