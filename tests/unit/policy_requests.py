"""A role with given policies, and its requests as they come over the wire."""

import json
from urllib.parse import urlencode

from local.policies import PolicyBook, SignedRequest

ACCOUNT, REGION = "123456789012", "us-west-2"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/StylizeFrameRole"
FRAMES = "arn:aws:s3:::studio/jobs/*"


def allow(action, resource="*", **elements):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource} | elements],
    }


def deny(action, resource="*", **elements):
    return {"Statement": {"Effect": "Deny", "Action": action, "Resource": resource} | elements}


def book_with(*documents):
    book = PolicyBook()
    book.put_role(ROLE, documents)
    return book


def request(book, service, method="POST", path="/", query="", body=b"", **headers):
    key = book.credentials_for(ROLE).access_key_id
    scope = (
        f"AWS4-HMAC-SHA256 Credential={key}/20261120/{REGION}/{service}/aws4_request, SignedHeaders=host, Signature=0"
    )
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SignedRequest(
        key, service, method, path, query, {"Authorization": scope, "Host": "localhost:4566"} | named, body
    )


def call(book, service, target, **fields):
    return request(book, service, body=json.dumps(fields).encode(), X_Amz_Target=target)


def form(book, service, **fields):
    return request(book, service, body=urlencode(fields).encode())
