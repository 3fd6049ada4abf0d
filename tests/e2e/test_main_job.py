"""The main job through the deployed template: drop a video, get it back restyled, with a mail that says so."""

import io
import json
import subprocess

import av
import pytest

from rotoscope import layout
from tests.clips import clip
from tests.e2e.conftest import FAST, World, put_to

EVERY_STATE = {
    "PlanJob", "OwnsJob", "AnalyzeSegments", "BudgetCalls", "ExtractFrames", "StylizeFrames", "ReviewFrames",
    "HasCalls", "NeedsSecondPass", "RenderSegments", "AssembleVideo", "NotifyDone",
}  # fmt: skip
ODD_KEYS = [
    "two words.mp4",
    "one+one.MP4",
    "take [1] (final).mp4",
    "Übergrößenträger/ämter & ähren.mp4",
    "旅行/映画 その一.mp4",
    "100% 'quoted' \"name\"; $(rm -rf).mp4",
]


def frames_of(body: bytes) -> int:
    """Frames that really decode."""
    with av.open(io.BytesIO(body)) as container:
        return sum(1 for _ in container.decode(video=0))


@pytest.fixture(scope="package")
def odd_jobs(world: World) -> dict[str, str]:
    """One job per odd key, all at once: presigned PUT for the first three, boto3 for the others."""
    video = clip("odd.mp4", size=(96, 64), frames=8).read_bytes()
    s3, jobs = world.client("s3"), {}
    for number, key in enumerate(ODD_KEYS):
        s3.put_object(Bucket=world.inbox, Key=layout.sidecar(key), Body=json.dumps(FAST))
        if number < 3:
            url = s3.generate_presigned_url("put_object", Params={"Bucket": world.inbox, "Key": key})
            jobs[key] = layout.job_id(world.inbox, key, put_to(url, video))
        else:
            jobs[key] = world.drop(key, video)
    return jobs


@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_upload_under_any_name_comes_back_once_with_one_mail(world: World, odd_jobs: dict[str, str], key: str):
    job = odd_jobs[key]

    execution = world.execution(job)

    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    assert frames_of(world.results(job)[f"{layout.result_name(key)}.mp4"]) == 8
    mails = world.mails(about=f"Job {job}")
    assert len(mails) == 1
    assert mails[0]["subject"].isascii() and len(mails[0]["subject"]) < 100
    assert key in mails[0]["text"]


def test_a_multipart_upload_starts_a_job_too(world: World):
    key, s3 = "large/multi part.mov", world.client("s3")
    s3.put_object(Bucket=world.inbox, Key=layout.sidecar(key), Body=json.dumps(FAST))
    upload = s3.create_multipart_upload(Bucket=world.inbox, Key=key)["UploadId"]
    body = clip("multi.mov", size=(96, 64), frames=8).read_bytes()

    part = s3.upload_part(Bucket=world.inbox, Key=key, UploadId=upload, PartNumber=1, Body=body)
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    done = s3.complete_multipart_upload(Bucket=world.inbox, Key=key, UploadId=upload, MultipartUpload=parts)

    job = layout.job_id(world.inbox, key, done["VersionId"])
    assert world.execution(job)["status"] == "SUCCEEDED"
    assert "multi-part.mp4" in world.results(job)


def test_an_event_delivered_twice_gives_one_result_and_one_mail(world: World, odd_jobs: dict[str, str]):
    job = odd_jobs[ODD_KEYS[0]]
    first = world.execution(job)
    before = world.results(job)

    second = world.client("stepfunctions").start_execution(stateMachineArn=world.machine, input=first["input"])
    waiter = world.client("stepfunctions")
    while (again := waiter.describe_execution(executionArn=second["executionArn"]))["status"] == "RUNNING":
        pass

    assert again["status"] == "SUCCEEDED"
    assert world.states(second["executionArn"]) == ["PlanJob", "OwnsJob", "AlreadyClaimed"]
    assert world.results(job) == before
    assert len(world.mails(about=f"Job {job}")) == 1


def test_the_history_names_every_state(world: World, odd_jobs: dict[str, str]):
    execution = world.execution(odd_jobs[ODD_KEYS[1]])

    entered = world.states(execution["executionArn"])

    assert set(entered) == EVERY_STATE


def test_handlers_ran_in_processes_of_their_own(world: World, odd_jobs: dict[str, str]):
    world.execution(odd_jobs[ODD_KEYS[2]])

    running = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout

    assert sum("awslambdaric" in line for line in running.splitlines()) >= 3


def test_the_stack_and_its_resources_exist(world: World):
    resources = world.client("cloudformation").describe_stack_resources(StackName="Rotoscope")["StackResources"]

    kinds = [resource["ResourceType"] for resource in resources]

    assert kinds.count("AWS::Lambda::Function") == 9
    assert kinds.count("AWS::StepFunctions::StateMachine") == 1
    assert {bucket["Name"] for bucket in world.client("s3").list_buckets()["Buckets"]} >= {world.inbox, world.studio}
    assert "inbox" in world.inbox and "studio" in world.studio
    assert world.client("dynamodb").describe_table(TableName=world.outputs["LedgerTable"])["Table"]["ItemCount"] >= 0
    subscriptions = world.client("sns").list_subscriptions_by_topic(TopicArn=world.outputs["TopicArn"])
    assert [each["Endpoint"] for each in subscriptions["Subscriptions"]] == ["you@example.com"]


def test_a_video_keeps_its_time_shape_and_sound_in_every_format(world: World):
    video = clip("whole.mp4", size=(118, 64), frames=30, rate="30000/1001", audio="aac")
    settings = {
        "style": {"engine": "control-structure", "preset": "comic-book"},
        "output": {"formats": ["mp4", "webm", "gif", "frames"]},
        "frames": {"keys": "every 3"},
    }
    before = world.meter()

    job = world.drop("whole.mp4", video, settings)
    execution = world.execution(job)

    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    receipt, files = world.receipt(job), world.results(job)
    assert receipt["simulated"] is True
    assert receipt["calls"]["made"] == 10 and receipt["cost"]["model_usd"] == 0.7
    assert world.meter()["model_usd"] - before.get("model_usd", 0) == pytest.approx(0.7)
    for output in receipt["outputs"]:
        assert len(files[output["name"]]) == output["bytes"]
        if output["name"].endswith((".mp4", ".webm", ".gif")):
            assert frames_of(files[output["name"]]) == output["frames"] == 30
    with av.open(io.BytesIO(files["whole.mp4"])) as result, av.open(str(video)) as source:
        assert (result.streams.video[0].width, result.streams.video[0].height) == (118, 64)
        assert str(result.streams.video[0].average_rate) == "30000/1001"
        assert abs(result.duration - source.duration) < 1e6 / 29.97
        assert [track.codec_context.name for track in result.streams.audio] == ["aac"]
