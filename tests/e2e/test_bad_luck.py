"""What goes wrong: bad files, bad settings, filters, throttles, a cancelled job. Nothing is lost or charged in vain."""

import json
import time

import pytest

from tests.clips import clip
from tests.e2e.conftest import FAST, World

MODEL = {
    "style": {"engine": "control-structure", "preset": "anime"},
    "frames": {"keys": "all"},
    "output": {"compare": False},
}


def small(name: str, frames: int = 6):
    return clip(name, size=(96, 64), frames=frames, audio=None)


@pytest.fixture(scope="package")
def refused(world: World) -> dict[str, str]:
    """Jobs that PlanJob has to refuse, all dropped at once: what to say -> job."""
    whole = clip("faststart.mp4", more=("-movflags", "+faststart")).read_bytes()
    bad = {
        "sound.mp4": (clip("sound.mp4", filters="null", more=("-map", "1:a")).read_bytes(), None),
        "empty.mp4": (b"", None),
        "notes.mp4": (b"Dear diary, this is no video.\n" * 50, None),
        "cut.mp4": (whole[: len(whole) * 6 // 10], None),
        "typo.mp4": (small("typo.mp4").read_bytes(), {"style": {"presett": "anime"}}),
        "old-model.mp4": (small("old.mp4").read_bytes(), {"style": {"engine": "stability.stable-diffusion-xl-v1"}}),
        "dear.mp4": (small("dear.mp4").read_bytes(), {**MODEL, "limits": {"max_cost_usd": 0.1}}),
        "later.mp4": (small("later.mp4").read_bytes(), {"motion": {"slow": 2}}),
    }
    return {key: world.drop(key, body, settings) for key, (body, settings) in bad.items()}


@pytest.mark.parametrize(
    ("key", "error", "said"),
    [
        ("sound.mp4", "NotAVideo", "only sound"),
        ("empty.mp4", "NotAVideo", "empty"),
        ("notes.mp4", "", "video"),
        ("cut.mp4", "TruncatedVideo", "end"),
        ("typo.mp4", "SettingsInvalid", "Did you mean style.preset?"),
        ("old-model.mp4", "ModelRetired", 'Use the engine "sd35" instead'),
        ("dear.mp4", "BudgetExceeded", "limits.max_cost_usd"),
        ("later.mp4", "SettingNotBuilt", "not available yet"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence_and_costs_nothing(
    world: World, refused: dict[str, str], key: str, error: str, said: str
):
    before = world.meter().get("model_usd", 0)

    execution = world.execution(refused[key])

    assert execution["status"] == "FAILED"
    assert error in execution["error"]
    [mail] = world.mails(about=refused[key])
    assert key in mail["subject"] and "could not be restyled" in mail["subject"]
    assert said in mail["text"]
    assert "Nothing was charged." in mail["text"]
    assert world.meter().get("model_usd", 0) == before
    assert world.results(refused[key]) == {}


def test_a_frame_that_is_always_filtered_shows_its_neighbour(world: World, armed):
    armed(kind="filter", times=3)
    settings = {**MODEL, "frames": {"keys": [0, 3]}}

    job = world.drop("filtered.mp4", small("filtered.mp4"), settings)

    assert world.execution(job)["status"] == "SUCCEEDED"
    receipt = world.receipt(job)
    assert receipt["calls"]["filtered"] == 3
    assert receipt["calls"]["filled"] == 1
    assert receipt["outputs"][0]["frames"] == 6
    assert "filter refused 3" in world.mails(about=f"Job {job}")[0]["text"]


def test_throttles_and_server_errors_are_waited_out_without_losing_a_frame(world: World, armed):
    armed(kind="throttle", times=2)
    armed(kind="server_error", times=1)
    armed(kind="not_ready", times=1)
    before = world.meter().get("model_usd", 0)

    job = world.drop("busy.mp4", small("busy.mp4"), MODEL)

    assert world.execution(job)["status"] == "SUCCEEDED"
    receipt = world.receipt(job)
    assert receipt["calls"]["throttled"] == 2
    assert receipt["calls"]["retried"] == 2
    assert receipt["calls"]["lost"] == 0
    assert receipt["calls"]["made"] == 6
    assert receipt["calls"]["filled"] == 0
    assert receipt["cost"]["model_usd"] == pytest.approx(world.meter()["model_usd"] - before)


def test_a_filtered_frame_of_a_job_whose_money_is_spent_shows_its_neighbour(world: World, armed):
    armed(kind="filter", times=1)
    before = world.meter().get("model_usd", 0)

    job = world.drop("spent.mp4", small("spent.mp4"), {**MODEL, "limits": {"max_cost_usd": 0.43}})

    execution = world.execution(job)
    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    receipt = world.receipt(job)
    assert (receipt["calls"]["unaffordable"], receipt["calls"]["filled"]) == (1, 1)
    assert receipt["cost"]["model_usd"] == pytest.approx(world.meter()["model_usd"] - before)
    assert "1 frame was left out because limits.max_cost_usd was reached" in world.mails(about=f"Job {job}")[0]["text"]


def test_an_answer_without_a_picture_stays_booked_and_is_asked_for_once_more(world: World, armed):
    armed(kind="inference_error", times=1)

    job = world.drop("lost.mp4", small("lost.mp4"), MODEL)

    assert world.execution(job)["status"] == "SUCCEEDED"
    receipt = world.receipt(job)
    assert (receipt["calls"]["lost"], receipt["calls"]["made"], receipt["calls"]["filled"]) == (1, 6, 0)
    assert receipt["cost"]["model_usd"] == pytest.approx(7 * 0.07)


def test_an_account_that_may_not_call_the_model_is_told_so_once(world: World, armed):
    armed(kind="access_denied", times=None)

    job = world.drop("denied.mp4", small("denied.mp4"), MODEL)

    assert world.execution(job)["error"] == "ModelDenied"
    assert "as an administrator" in world.mails(about=job)[0]["text"]


def test_a_cancelled_job_says_so_and_can_be_taken_up_again(world: World, armed):
    armed(kind="slow", seconds=2, times=None)
    states = world.client("stepfunctions")
    job = world.drop("cancelled.mp4", small("cancelled.mp4", frames=12), MODEL)
    execution = _execution_at(world, job, "StylizeFrames")
    time.sleep(3)

    states.stop_execution(executionArn=execution, cause="the user changed his mind")
    assert world.execution(job)["status"] == "ABORTED"
    [mail] = world.mails(about=job)
    armed(kind="slow", seconds=0, times=None)
    states.start_execution(stateMachineArn=world.machine, input=json.dumps({"resume": job}))
    _wait_for_another(world, job, execution)

    assert "was cancelled" in mail["subject"]
    resumed = world.execution(job)
    assert resumed["status"] == "SUCCEEDED", resumed.get("cause")
    assert world.receipt(job)["outputs"][0]["frames"] == 12
    assert world.receipt(job)["calls"]["made"] == 12


def test_settings_come_from_folder_metadata_and_sidecar(world: World):
    s3, video = world.client("s3"), small("layers.mp4")
    s3.put_object(Bucket=world.inbox, Key="a/rotoscope.json", Body=json.dumps(FAST))
    s3.put_object(Bucket=world.inbox, Key="a/b/rotoscope.json", Body=json.dumps({"frames": {"step": 2}}))
    sidecar = json.dumps({"output": {"formats": ["gif"]}})
    s3.put_object(Bucket=world.inbox, Key="a/b/layers.mp4.json", Body=sidecar)
    metadata = {"rotoscope": json.dumps({"output": {"formats": ["webm"]}, "frames": {"end": 4}})}
    body = video.read_bytes()

    put = s3.put_object(Bucket=world.inbox, Key="a/b/layers.mp4", Body=body, Metadata=metadata)

    from rotoscope import layout

    job = layout.job_id(world.inbox, "a/b/layers.mp4", put["VersionId"])
    assert world.execution(job)["status"] == "SUCCEEDED"
    receipt = world.receipt(job)
    assert receipt["engine"] == "sketch"
    assert [each["name"] for each in receipt["outputs"]] == ["layers.gif", "poster.jpg", "report.html"]
    assert receipt["plan"]["frames"] == 2
    assert len(receipt["settings_from"]) == 5


def _execution_at(world: World, job: str, state: str) -> str:
    """The job's execution once it has entered a state."""
    claim = {"pk": {"S": f"job#{job}"}, "sk": {"S": "claim"}}
    for _ in range(300):
        item = world.client("dynamodb").get_item(TableName=world.outputs["LedgerTable"], Key=claim).get("Item")
        if item and state in world.states(item["execution"]["S"]):
            return str(item["execution"]["S"])
        time.sleep(0.2)
    raise AssertionError(f"the job {job} never came to {state}")


def _wait_for_another(world: World, job: str, execution: str) -> None:
    """Until another execution owns the job."""
    claim = {"pk": {"S": f"job#{job}"}, "sk": {"S": "claim"}}
    for _ in range(100):
        item = world.client("dynamodb").get_item(TableName=world.outputs["LedgerTable"], Key=claim)["Item"]
        if item["execution"]["S"] != execution:
            return
        time.sleep(0.2)
    raise AssertionError("nobody took the job up again")
