"""Real adapters and their fakes keep the same promises: buckets, mails, executions. AWS is moto's, in this process."""

import json
from types import SimpleNamespace

import boto3
import pytest

from rotoscope.adapters.memory import MailBox, MemoryInbox, MemoryStore
from rotoscope.adapters.s3 import S3Inbox, S3Store, file_opener
from rotoscope.adapters.sns import SnsTopic
from rotoscope.adapters.stepfunctions import StepFunctions
from rotoscope.contracts import Mail
from rotoscope.ports import Ending, UploadFacts

BOTH = pytest.mark.parametrize("kind", ["fake", "real"])
SUCCEEDS = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
ODD_KEYS = ["plain", "a b+c/(1) [2].mp4", "ünï/çødé/踊る猫.mp4", "100%/a&b=c?.json", "x" * 900]


@pytest.fixture
def store(kind, request):
    return MemoryStore() if kind == "fake" else S3Store(request.getfixturevalue("bucket"))


@BOTH
@pytest.mark.parametrize("key", ODD_KEYS)
@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 1000])
def test_what_was_written_can_be_read_whatever_its_key(store, key, body):
    store.write(key, body, "application/json")

    assert store.read(key) == body
    assert store.exists(key)
    assert list(store.list(key[:3])) == [key]


@BOTH
def test_the_last_write_wins(store):
    store.write("a", b"one")
    store.write("a", b"two")

    assert store.read("a") == b"two"
    assert list(store.list("")) == ["a"]


@BOTH
def test_a_missing_object_is_a_key_error_and_does_not_exist(store, tmp_path):
    assert not store.exists("gone")
    assert list(store.list("gone")) == []
    with pytest.raises(KeyError):
        store.read("gone")
    with pytest.raises(KeyError):
        store.download("gone", tmp_path / "file")


@BOTH
def test_files_go_there_and_back(store, tmp_path):
    (tmp_path / "there").write_bytes(b"a film" * 1000)

    store.upload("film", tmp_path / "there", "video/mp4")
    store.download("film", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == store.read("film") == b"a film" * 1000


@BOTH
def test_a_list_holds_every_key_of_its_prefix_in_order_over_all_pages(store):
    for number in range(8):
        store.write(f"styled/{number:08d}.jpg", b"")
    store.write("styles", b"")

    keys = list(store.list("styled/"))

    assert len(keys) == 8
    assert keys == sorted(keys)


def test_a_content_type_arrives(aws, bucket, tmp_path):
    (tmp_path / "film").write_bytes(b"x")
    store = S3Store(bucket)

    store.upload("film.mp4", tmp_path / "film", "video/mp4")
    store.write("plan.json", b"{}", "application/json")

    types = [aws.s3.head_object(Bucket=bucket, Key=key)["ContentType"] for key in ("film.mp4", "plan.json")]
    assert types == ["video/mp4", "application/json"]


@pytest.fixture
def inbox(kind, request):
    """An inbox, and how a user drops something into it."""
    if kind == "fake":
        fake = MemoryInbox()
        return SimpleNamespace(port=fake, drop=lambda key, body, **metadata: fake.put(key, body, **metadata))
    s3, bucket = request.getfixturevalue("aws").s3, request.getfixturevalue("bucket")
    return SimpleNamespace(
        port=S3Inbox(bucket),
        drop=lambda key, body, **metadata: s3.put_object(Bucket=bucket, Key=key, Body=body, Metadata=metadata),
    )


@BOTH
@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_upload_has_a_size_and_metadata_and_can_be_read_in_pieces(inbox, key):
    inbox.drop(key, b"0123456789", rotoscope='{"style": {}}')

    facts = inbox.port.facts(key, None)
    assert (facts.size, facts.metadata) == (10, {"rotoscope": '{"style": {}}'})
    assert inbox.port.read(key) == b"0123456789"
    assert inbox.port.read_range(key, None, 2, 5) == b"234"
    assert inbox.port.read_range(key, None, 9, 10) == b"9"


@BOTH
@pytest.mark.parametrize("key", ["gone", "", "/", "x" * 1100, "folder/"])
def test_an_upload_that_is_not_there_is_a_key_error_whatever_is_asked(inbox, key):
    for question in (
        lambda: inbox.port.facts(key, None),
        lambda: inbox.port.read(key),
        lambda: inbox.port.read_range(key, None, 0, 1),
    ):
        with pytest.raises(KeyError):
            question()


@BOTH
def test_an_upload_opens_as_a_file_that_can_be_searched(inbox):
    inbox.drop("film", bytes(range(256)) * 100)

    with file_opener(inbox.port)("film", None) as file:
        file.seek(-3, 2)
        tail = file.read()
        file.seek(1000)
        middle = file.read(4)

    assert tail == bytes([253, 254, 255])
    assert middle == bytes(n % 256 for n in range(1000, 1004))


@BOTH
def test_a_missing_upload_cannot_be_opened(inbox):
    with pytest.raises(KeyError):
        file_opener(inbox.port)("gone", None)


@BOTH
def test_an_empty_upload_is_an_empty_file(inbox):
    inbox.drop("empty", b"")

    with file_opener(inbox.port)("empty", None) as file:
        assert file.read() == b""


def test_a_version_is_read_even_when_another_was_dropped_over_it(aws, bucket):
    first = aws.s3.put_object(Bucket=bucket, Key="film", Body=b"one", Metadata={"rotoscope": "{}"})["VersionId"]
    last = aws.s3.put_object(Bucket=bucket, Key="film", Body=b"three")["VersionId"]
    inbox = S3Inbox(bucket)

    assert inbox.read("film", first) == b"one"
    assert inbox.facts("film", first) == UploadFacts(3, {"rotoscope": "{}"}, first)
    assert inbox.facts("film", None) == UploadFacts(5, {}, last)
    assert inbox.read_range("film", first, 1, 3) == b"ne"
    assert inbox.read("film") == b"three"


def test_a_deleted_upload_is_gone_but_for_its_versions(aws, bucket):
    first = aws.s3.put_object(Bucket=bucket, Key="film", Body=b"one")["VersionId"]
    aws.s3.delete_object(Bucket=bucket, Key="film")

    with pytest.raises(KeyError):
        S3Inbox(bucket).facts("film", None)
    assert S3Inbox(bucket).read("film", first) == b"one"


@pytest.fixture
def post(kind, request):
    """A notifier, and the mails that arrived."""
    if kind == "fake":
        box = MailBox()
        return SimpleNamespace(port=box, arrived=lambda: box.mails)
    request.getfixturevalue("aws")
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name="topic")["TopicArn"]
    queue = sqs.create_queue(QueueName="mails")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:mails")

    def arrived():
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        bodies = [json.loads(message["Body"]) for message in messages]
        return [Mail(subject=body["Subject"], text=body["Message"]) for body in bodies]

    return SimpleNamespace(port=SnsTopic(topic), arrived=arrived)


@BOTH
def test_a_mail_arrives_whole(post):
    mail = Mail(subject="Rotoscope: a.mp4 is ready", text="Your video 踊る猫.mp4 is ready.\n\nÜberraschung!")

    post.port.send(mail)

    assert post.arrived() == [mail]


def test_an_execution_without_an_error_ended_with_empty_words(aws):
    machines = boto3.client("stepfunctions")
    made = machines.create_state_machine(
        name="one", definition=json.dumps(SUCCEEDS), roleArn="arn:aws:iam::123456789012:role/service-role/one"
    )
    execution = machines.start_execution(stateMachineArn=made["stateMachineArn"])["executionArn"]

    assert StepFunctions().ending(execution) == Ending("", "")


@BOTH
def test_a_folder_holds_its_own_keys_and_none_of_a_deeper_one(inbox):
    for key in ("keys/7.png", "keys/12.png", "keys/job/1.png", "keysake.png"):
        inbox.drop(key, b"")

    assert list(inbox.port.folder("keys/")) == ["keys/12.png", "keys/7.png"]
