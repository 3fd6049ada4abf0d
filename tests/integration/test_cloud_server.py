"""Starting and stopping the local cloud."""

import json
import urllib.request

import pytest
from botocore.exceptions import ClientError

from local.cloud import AlreadyRunning, LocalCloud


def test_it_says_that_it_is_well(tmp_path):
    with LocalCloud(tmp_path) as cloud, urllib.request.urlopen(f"{cloud.url}/_rotoscope/health") as answer:
        assert json.load(answer) == {"status": "ok"}


def test_a_process_has_one_local_cloud_at_a_time(tmp_path):
    with LocalCloud(tmp_path), pytest.raises(AlreadyRunning):
        LocalCloud(tmp_path).start()


def test_a_port_that_is_taken_is_an_error_and_nothing_stays_locked(tmp_path):
    with LocalCloud(tmp_path) as cloud:
        port = int(cloud.url.rsplit(":", 1)[1])

        with pytest.raises(OSError, match="in use"):
            LocalCloud(tmp_path, port=port).start()

    with LocalCloud(tmp_path, port=port) as again:
        assert again.url == cloud.url


def test_a_cloud_that_starts_again_is_empty(tmp_path):
    with LocalCloud(tmp_path) as cloud:
        cloud.client("s3").create_bucket(Bucket="leftover")

    with LocalCloud(tmp_path) as cloud:
        assert cloud.client("s3").list_buckets()["Buckets"] == []


def test_an_operation_that_nothing_answers_is_refused_by_name(tmp_path):
    with LocalCloud(tmp_path) as cloud, pytest.raises(ClientError, match="lookup_events"):
        cloud.client("cloudtrail").lookup_events()


def test_requests_are_metered_as_aws_bills_them(tmp_path):
    with LocalCloud(tmp_path) as cloud:
        s3 = cloud.client("s3")
        s3.create_bucket(Bucket="inbox")
        s3.put_object(Bucket="inbox", Key="k", Body=b"x")
        s3.get_object(Bucket="inbox", Key="k")
        s3.list_objects_v2(Bucket="inbox")
        s3.delete_object(Bucket="inbox", Key="k")

        with urllib.request.urlopen(f"{cloud.url}/_rotoscope/meter") as answer:
            lines = json.load(answer)

    assert (lines["s3_put"], lines["s3_get"]) == (3, 1)


def test_objects_of_any_size_come_back_whole_and_in_ranges(tmp_path):
    large = bytes(range(256)) * 64

    with LocalCloud(tmp_path) as cloud:
        s3 = cloud.client("s3")
        s3.create_bucket(Bucket="inbox")
        for key, body in {"empty": b"", "small": b"abc", "large": large}.items():
            s3.put_object(Bucket="inbox", Key=key, Body=body)
        s3.copy_object(Bucket="inbox", Key="copy", CopySource="inbox/large")
        s3.delete_object(Bucket="inbox", Key="large")

        read = {key: s3.get_object(Bucket="inbox", Key=key)["Body"].read() for key in ("empty", "small", "copy")}
        middle = s3.get_object(Bucket="inbox", Key="copy", Range="bytes=5000-5003")["Body"].read()

    assert read == {"empty": b"", "small": b"abc", "copy": large}
    assert middle == large[5000:5004]


def test_an_object_takes_neither_memory_nor_an_open_file_and_goes_when_it_is_deleted(tmp_path):
    with LocalCloud(tmp_path) as cloud:
        s3 = cloud.client("s3")
        s3.create_bucket(Bucket="inbox")
        s3.put_object(Bucket="inbox", Key="k", Body=b"x" * 100_000)
        kept = [path.stat().st_size for path in (tmp_path / "objects").iterdir()]
        s3.delete_object(Bucket="inbox", Key="k")

        assert kept == [100_000]
        assert list((tmp_path / "objects").iterdir()) == []


def test_a_key_may_have_more_than_one_line(tmp_path):
    with LocalCloud(tmp_path) as cloud:
        s3 = cloud.client("s3")
        s3.create_bucket(Bucket="inbox")
        s3.put_object(Bucket="inbox", Key="two\nlines.mp4", Body=b"x")

        assert [entry["Key"] for entry in s3.list_objects_v2(Bucket="inbox")["Contents"]] == ["two\nlines.mp4"]
