"""A still .webp in the inbox is a style image: its upload comes to nothing, silently; an animated one is a video."""

import pytest

from local.cli.errors import WrongUse
from local.cli.uploading import require_video
from rotoscope.contracts import PlanJobInput
from rotoscope.errors import JobError, NotAVideo
from rotoscope.intake import is_still_webp
from rotoscope.planning import plan_job
from tests.builders import EXECUTION, STARTED, a_job, an_upload
from tests.clips_pictures import animation, packed, picture
from tests.worlds import FakeProber, a_world

STILLS = {
    "lossy": packed(picture(0), "WEBP"),
    "lossless": packed(picture(0), "WEBP", lossless=True),
    "clear": packed(picture(0, mode="RGBA"), "WEBP"),
    "with EXIF": packed(picture(0), "WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0"),
}
NO_VIDEO = FakeProber(NotAVideo("This is not a video."))


def dropped(body, key, version_id=None):
    services = a_world(prober=NO_VIDEO)
    if body is not None:
        services.inbox.put(key, body)
    job = a_job(key, version_id)
    return services, job, PlanJobInput(event=an_upload(job), execution=EXECUTION, started=STARTED)


@pytest.mark.parametrize("body", STILLS.values(), ids=STILLS.keys())
@pytest.mark.parametrize("key", ["style.webp", "looks/Style.WEBP"])
@pytest.mark.treats("a still WebP picture dropped in the inbox", "a style image: no job, no mail")
def test_a_still_picture_starts_no_job_and_leaves_no_claim(body, key):
    services, job, task = dropped(body, key)

    planned = plan_job(task, services)

    assert (planned.owned, planned.segments.count) == (False, 0)
    assert services.claims.claimed(job.id) is None
    assert services.claims.stopped(job.id) is None
    assert services.studio.objects == {}


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (lambda: animation("WEBP").read_bytes(), "moving.webp"),
        (lambda: b"not a picture at all", "text.webp"),
        (lambda: b"", "empty.webp"),
        (lambda: None, "gone.webp"),
        (lambda: STILLS["lossy"], "picture.mp4"),
    ],
)
def test_anything_else_is_a_job_and_its_refusal_is_told(body, key):
    services, job, task = dropped(body(), key)

    with pytest.raises(JobError, match=r"not a video|no video"):
        plan_job(task, services)

    assert services.claims.claimed(job.id).execution == EXECUTION
    assert services.claims.stopped(job.id)


def test_a_head_too_short_to_tell_is_no_still_picture():
    assert not is_still_webp(b"")
    assert not is_still_webp(STILLS["clear"][:20])
    assert is_still_webp(STILLS["clear"][:21])
    assert not is_still_webp(b"RIFF\0\0\0\0AVI LIST")


def test_the_command_line_takes_an_animation_and_no_still_picture(tmp_path):
    still = tmp_path / "style.webp"
    still.write_bytes(STILLS["lossy"])

    require_video(animation("WEBP"))
    with pytest.raises(WrongUse, match=r"style\.webp is a still picture and would start no job"):
        require_video(still)
