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
