"""S3 as BlobStore and Inbox."""

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from botocore.exceptions import ClientError

from rotoscope.adapters.clients import client
from rotoscope.contracts import SourceVideo
from rotoscope.ports import Clip, ClipOpener, FileOpener, Inbox, UploadFacts

_MISSING = ("NoSuchKey", "NoSuchVersion", "404", "NotFound", "KeyTooLongError")


class S3Store:
    """The studio bucket. Needs ListBucket, without which S3 answers 403 for a missing key."""

    def __init__(self, bucket: str) -> None:
        self._bucket, self._s3 = bucket, client("s3")

    def read(self, key: str) -> bytes:
        return _read(self._s3, Bucket=self._bucket, Key=key)

    def write(self, key: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def upload(self, key: str, path: Path, content_type: str) -> None:
        self._s3.upload_file(str(path), self._bucket, key, ExtraArgs={"ContentType": content_type})

    def download(self, key: str, path: Path) -> None:
        with _missing_is_key_error(key):
            self._s3.download_file(self._bucket, key, str(path))

    def exists(self, key: str) -> bool:
        try:
            self._s3.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return False
            raise
        return True

    def list(self, prefix: str) -> Iterator[str]:
        return _list(self._s3, self._bucket, prefix)


class S3Inbox:
    """The user's bucket, by version where one is known."""

    def __init__(self, bucket: str) -> None:
        self._bucket, self._s3 = bucket, client("s3")

    def facts(self, key: str, version_id: str | None) -> UploadFacts:
        with _missing_is_key_error(key):
            head = self._s3.head_object(**self._named(key, version_id))
        metadata = {name.lower(): value for name, value in head["Metadata"].items()}
        return UploadFacts(head["ContentLength"], metadata, head.get("VersionId"))

    def read(self, key: str, version_id: str | None = None) -> bytes:
        return _read(self._s3, **self._named(key, version_id))

    def read_range(self, key: str, version_id: str | None, start: int, end: int) -> bytes:
        return _read(self._s3, **self._named(key, version_id), Range=f"bytes={start}-{end - 1}")

    def folder(self, prefix: str) -> Iterator[str]:
        return _list(self._s3, self._bucket, prefix, Delimiter="/")

    def _named(self, key: str, version_id: str | None) -> dict[str, Any]:
        if not key:
            raise KeyError(key)
        version = {"VersionId": version_id} if version_id else {}
        return {"Bucket": self._bucket, "Key": key, **version}


@contextmanager
def _missing_is_key_error(key: str) -> Iterator[None]:
    """Translates S3's ways of saying "not there" into KeyError."""
    if not key:
        raise KeyError(key)
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            raise KeyError(key) from error
        raise


def _read(s3: Any, **named: Any) -> bytes:
    with _missing_is_key_error(named["Key"]):
        body: bytes = s3.get_object(**named)["Body"].read()
        return body


def _list(s3: Any, bucket: str, prefix: str, **also: str) -> Iterator[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, **also)
    return (thing["Key"] for page in pages for thing in page.get("Contents", []))


def clip_opener(inbox: Inbox) -> ClipOpener:
    """Lets FFmpeg read an inbox object through a loopback server that serves nothing else."""
    from rotoscope.adapters.ranges import open_clip

    def opened(key: str, version_id: str | None, source: SourceVideo) -> AbstractContextManager[Clip]:
        size = inbox.facts(key, version_id).size
        return open_clip(lambda start, end: inbox.read_range(key, version_id, start, end), size, source)

    return opened


def file_opener(inbox: Inbox) -> FileOpener:
    """Reads an inbox object in blocks, as they are asked for: small ones, more of them at once for who reads on."""
    from rotoscope.adapters.ranges import BLOCKS_AHEAD, SMALL_BLOCK_BYTES, RangeFile

    def opened(key: str, version_id: str | None) -> BinaryIO:
        size = inbox.facts(key, version_id).size
        file = RangeFile(
            lambda start, end: inbox.read_range(key, version_id, start, end), size, SMALL_BLOCK_BYTES, BLOCKS_AHEAD
        )
        return io.BufferedReader(file)

    return opened
