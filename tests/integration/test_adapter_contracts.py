"""Real adapters and their fakes keep the same promises. S3, DynamoDB and SNS are moto's, inside this process."""

import itertools
import json
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from rotoscope.adapters.clients import client
from rotoscope.adapters.dynamodb import LedgerPace, LedgerPurse, LedgerTable
from rotoscope.adapters.memory import MailBox, MemoryClaims, MemoryInbox, MemoryPacer, MemoryPurse, MemoryStore
from rotoscope.adapters.s3 import S3Inbox, S3Store, file_opener
from rotoscope.adapters.sns import SnsTopic
from rotoscope.adapters.stepfunctions import StepFunctions
from rotoscope.contracts import Mail
from rotoscope.errors import BudgetExceeded
from rotoscope.ports import Ending, Tally, UploadFacts
from tests.builders import EXECUTION, NOON, ManualClock, a_job

BOTH = pytest.mark.parametrize("kind", ["fake", "real"])
JOB, OTHER = a_job(), EXECUTION + "-more"
NOW = round(NOON * 1000)
ODD_KEYS = ["plain", "a b+c/(1) [2].mp4", "ünï/çødé/踊る猫.mp4", "100%/a&b=c?.json", "x" * 900]


@pytest.fixture(scope="module")
def aws():
    """An account in this process, whose lists are cut after three keys; clients for another one are forgotten."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environment.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")
        environment.delenv("AWS_ENDPOINT_URL", raising=False)
        client.cache_clear()
        yield SimpleNamespace(s3=boto3.client("s3"), dynamodb=boto3.client("dynamodb"), names=itertools.count())
    client.cache_clear()


@pytest.fixture
def table(aws):
    """An empty ledger as the stack makes it."""
    name, keys = f"ledger-{next(aws.names)}", {"pk": "HASH", "sk": "RANGE"}
    aws.dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


@pytest.fixture
def bucket(aws):
    """An empty versioned bucket."""
    name = f"bucket-{next(aws.names)}"
    aws.s3.create_bucket(Bucket=name)
    aws.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


# --- BlobStore ------------------------------------------------------------------------------------------------------


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


# --- Inbox ----------------------------------------------------------------------------------------------------------


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

    assert inbox.port.facts(key, None) == UploadFacts(10, {"rotoscope": '{"style": {}}'})
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
    aws.s3.put_object(Bucket=bucket, Key="film", Body=b"three")
    inbox = S3Inbox(bucket)

    assert inbox.read("film", first) == b"one"
    assert inbox.facts("film", first) == UploadFacts(3, {"rotoscope": "{}"})
    assert inbox.read_range("film", first, 1, 3) == b"ne"
    assert inbox.read("film") == b"three"


def test_a_deleted_upload_is_gone_but_for_its_versions(aws, bucket):
    first = aws.s3.put_object(Bucket=bucket, Key="film", Body=b"one")["VersionId"]
    aws.s3.delete_object(Bucket=bucket, Key="film")

    with pytest.raises(KeyError):
        S3Inbox(bucket).facts("film", None)
    assert S3Inbox(bucket).read("film", first) == b"one"


# --- Claims ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def claims(kind, request):
    return MemoryClaims() if kind == "fake" else LedgerTable(request.getfixturevalue("table"), ManualClock())


@BOTH
def test_of_two_executions_the_first_owns_the_job_and_may_claim_it_again(claims):
    assert [claims.claim(JOB, execution) for execution in (EXECUTION, OTHER, EXECUTION)] == [True, False, True]

    held = claims.claimed(JOB.id)
    assert (held.job, held.execution, held.status) == (JOB, EXECUTION, "running")


@BOTH
def test_two_jobs_are_claimed_apart(claims):
    other = a_job("other.mp4", None)

    assert claims.claim(JOB, EXECUTION)
    assert claims.claim(other, OTHER)
    assert claims.claimed(other.id).job == other


@BOTH
def test_nobody_owns_a_job_that_never_was(claims):
    assert claims.claimed("nosuchjob") is None
    assert claims.stopped("nosuchjob") is None


@BOTH
@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_a_finished_job_stays_its_owners_until_somebody_takes_it_over(claims, status):
    claims.claim(JOB, EXECUTION)
    claims.finish(JOB.id, status)

    late_delivery = claims.claim(JOB, OTHER)
    ended = claims.claimed(JOB.id)
    taken = claims.claim(JOB, OTHER, take_over=True)

    assert (late_delivery, ended.status, ended.execution, taken) == (False, status, EXECUTION, True)
    assert (claims.claimed(JOB.id).status, claims.claimed(JOB.id).execution) == ("running", OTHER)


@BOTH
def test_a_running_job_is_not_taken_over_but_its_new_owner_may_repeat_itself(claims):
    claims.claim(JOB, EXECUTION)
    refused = claims.claim(JOB, OTHER, take_over=True)
    claims.finish(JOB.id, "failed")

    assert not refused
    assert claims.claim(JOB, OTHER, take_over=True)
    assert claims.claim(JOB, OTHER, take_over=True)
    assert not claims.claim(JOB, EXECUTION, take_over=True)


@BOTH
def test_the_first_reason_to_stop_stays(claims):
    claims.stop(JOB.id, "Over the limit.", "BudgetExceeded")
    claims.stop(JOB.id, "Nothing came back.", "NothingStyled")

    assert claims.stopped(JOB.id) == ("BudgetExceeded", "Over the limit.")


@BOTH
def test_a_refused_take_over_forgets_no_reason_and_a_granted_one_does(claims):
    claims.claim(JOB, EXECUTION)
    claims.stop(JOB.id, "First.", "ModelDenied")
    claims.claim(JOB, OTHER, take_over=True)
    kept = claims.stopped(JOB.id)
    claims.finish(JOB.id, "failed")
    claims.claim(JOB, OTHER, take_over=True)
    cleared = claims.stopped(JOB.id)
    claims.stop(JOB.id, "Second.", "ModelRetired")

    assert (kept, cleared) == (("ModelDenied", "First."), None)
    assert claims.stopped(JOB.id) == ("ModelRetired", "Second.")


# --- Pacer ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def pacer(kind, request, clock):
    return MemoryPacer(clock) if kind == "fake" else LedgerPace(request.getfixturevalue("table"), clock)


@BOTH
def test_slots_lie_as_far_apart_as_the_quota_says(pacer):
    assert [pacer.reserve("lane", 20) - NOW for _ in range(4)] == [0, 3000, 6000, 9000]


@BOTH
def test_every_lane_has_its_own_pace(pacer):
    pacer.reserve("one", 20)

    assert pacer.reserve("two", 15) == NOW
    assert pacer.reserve("two", 15) - NOW == 4000


@BOTH
def test_time_without_calls_is_not_saved_up_for_a_burst(pacer, clock):
    pacer.reserve("lane", 20)
    clock.now += 3600

    assert [pacer.reserve("lane", 20) - NOW for _ in range(3)] == [3_600_000, 3_603_000, 3_606_000]


@BOTH
def test_a_slot_that_was_missed_in_part_is_given_at_once(pacer, clock):
    pacer.reserve("lane", 20)
    clock.now += 2

    assert pacer.reserve("lane", 20) - NOW == 3000


@BOTH
def test_a_429_halves_the_pace_for_a_minute(pacer, clock):
    pacer.slow("lane")
    slowed = [pacer.reserve("lane", 20) - NOW for _ in range(3)]
    clock.now += 61
    recovered = [pacer.reserve("lane", 20) - NOW for _ in range(3)]

    assert slowed == [0, 6000, 12_000]
    assert recovered == [61_000, 64_000, 67_000]


@BOTH
def test_a_slow_lane_slows_no_other(pacer):
    pacer.slow("lane")
    pacer.reserve("other", 20)

    assert pacer.reserve("other", 20) - NOW == 3000


class Overtaken(LedgerPace):
    """A pacer that another one overtakes just before its n-th write."""

    def __init__(self, table, clock, other, before):
        super().__init__(table, clock)
        self._overtake = [lambda: None] * before + [lambda: other.reserve("lane", 20)]

    def _update(self, *arguments):
        if self._overtake:
            self._overtake.pop(0)()
        return super()._update(*arguments)


@pytest.mark.parametrize("before", [0, 1])
def test_two_workers_that_reserve_at_once_never_get_the_same_slot(table, clock, before):
    other = LedgerPace(table, clock)

    mine = Overtaken(table, clock, other, before).reserve("lane", 20)

    assert mine - NOW == 3000
    assert other.reserve("lane", 20) - NOW == 6000


# --- Purse ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def purse(kind, request, clock):
    return MemoryPurse() if kind == "fake" else LedgerPurse(request.getfixturevalue("table"), clock)


def spends(purse, price, job="job", job_limit=100, day_limit=1000):
    """Whether the purse lets a job spend this."""
    try:
        purse.spend(job, price, job_limit=job_limit, day_limit=day_limit)
    except BudgetExceeded:
        return False
    return True


@BOTH
def test_a_job_may_spend_up_to_its_limit_and_not_a_millionth_more(purse):
    assert [spends(purse, price) for price in (60, 41, 40, 1)] == [True, False, True, False]
    assert purse.tally("job").usd_micros == 100


@BOTH
def test_all_jobs_together_may_spend_up_to_the_days_limit(purse):
    spent = [spends(purse, 60, job, day_limit=150) for job in ("a", "b", "c")]

    assert spent == [True, True, False]
    assert purse.tally("c") == Tally()


@BOTH
def test_what_the_day_refuses_is_not_booked_on_the_job(purse):
    spends(purse, 60, "a", day_limit=100)
    refused = spends(purse, 60, "b", day_limit=100)

    assert not refused
    assert spends(purse, 40, "b", job_limit=40, day_limit=100)


@BOTH
def test_what_was_given_back_can_be_spent_again(purse):
    spends(purse, 100, day_limit=100)
    purse.give_back("job", 100)

    assert purse.tally("job").usd_micros == 0
    assert spends(purse, 100, day_limit=100)


@BOTH
def test_a_call_that_is_free_needs_no_money_at_all(purse):
    assert spends(purse, 0, job_limit=0, day_limit=0)
    assert not spends(purse, 1, job_limit=0)
    purse.give_back("job", 0)
    assert purse.tally("job") == Tally()


@BOTH
def test_a_limit_that_was_lowered_below_what_is_spent_lets_nothing_through(purse):
    spends(purse, 90)

    assert not spends(purse, 1, job_limit=50)
    assert purse.tally("job").usd_micros == 90


@BOTH
def test_a_refusal_is_a_sentence_about_the_limit(purse):
    with pytest.raises(BudgetExceeded, match=r"limits\.max_cost_usd"):
        purse.spend("job", 2, job_limit=1, day_limit=10)
    with pytest.raises(BudgetExceeded, match=r"limit of .*day"):
        purse.spend("job", 2, job_limit=10, day_limit=1)


@BOTH
def test_counters_add_up_and_leave_the_money_alone(purse):
    spends(purse, 70)
    purse.count("job", made=1, filtered=1)
    purse.count("job", made=1, gb_ms=500, tasks=1, simulated=0)
    purse.count("job")
    purse.count("other", lost=1)

    assert purse.tally("job") == Tally(made=2, filtered=1, usd_micros=70, gb_ms=500, tasks=1)
    assert purse.tally("other") == Tally(lost=1)


@BOTH
def test_every_counter_of_the_tally_can_be_counted(purse):
    counters = {name: number for number, name in enumerate(Tally.__dataclass_fields__, 1) if name != "usd_micros"}

    purse.count("job", **counters)

    assert purse.tally("job") == Tally(**counters)


def test_the_next_day_has_a_limit_of_its_own_but_the_job_has_not(table, clock):
    purse = LedgerPurse(table, clock)
    spends(purse, 60, "a", day_limit=60)
    clock.now += 24 * 3600

    assert spends(purse, 60, "b", day_limit=60)
    assert not spends(purse, 60, "a", day_limit=600)


def test_two_workers_at_the_ledger_share_the_last_cents(table, clock):
    workers = LedgerPurse(table, clock), LedgerPurse(table, clock)

    spent = [spends(worker, 60) for worker in workers]

    assert spent == [True, False]
    assert workers[1].tally("job").usd_micros == 60


def test_everything_in_the_ledger_goes_by_itself_some_day(aws, table, clock):
    claims, pacer, purse = LedgerTable(table, clock), LedgerPace(table, clock), LedgerPurse(table, clock)
    claims.claim(JOB, EXECUTION)
    claims.stop(JOB.id, "No.", "ModelDenied")
    claims.finish(JOB.id, "failed")
    pacer.reserve("lane", 20)
    pacer.slow("lane")
    spends(purse, 60)
    purse.count("job", made=1)

    items = aws.dynamodb.scan(TableName=table)["Items"]

    assert len(items) == 5
    assert all(int(item["expires_at"]["N"]) > NOON for item in items)


# --- Notifier and Executions ----------------------------------------------------------------------------------------


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
        name="one", definition="{}", roleArn="arn:aws:iam::123456789012:role/service-role/one"
    )
    execution = machines.start_execution(stateMachineArn=made["stateMachineArn"])["executionArn"]

    assert StepFunctions().ending(execution) == Ending("", "")
