"""PlanJob: claims, plans once, refuses with a sentence before anything is paid."""

import pytest

from rotoscope.capacity import MAX_FRAMES, MAX_PACKETS, refuse_endless
from rotoscope.contracts import PlanJobInput
from rotoscope.errors import (
    NotAVideo,
    SettingsInvalid,
    VideoTooLarge,
)
from rotoscope.planning import plan_job
from tests.builders import STARTED, a_job, a_source, an_upload
from tests.unit.drops import KEY, OTHER, a_drop, plan
from tests.worlds import FakeProber, a_world


def test_an_upload_becomes_a_plan_and_segments_that_cover_the_video():
    services = a_drop()

    result, written = plan(services)

    segments = services.documents.segments(result.job.id)
    assert result.owned
    assert result.segments.count == len(segments) == 1
    assert segments[0].start_pts == written.source.start_pts
    assert segments[-1].end_pts > written.source.end_pts
    assert (written.video_key, written.video_version_id, written.started) == (KEY, "v1", STARTED)
    assert (written.price_usd, written.requests_per_minute) == (0.07, 20)


def test_an_upload_that_another_execution_owns_is_left_alone():
    services = a_drop()
    plan(services)
    before = dict(services.studio.objects)

    second, _ = plan(services, execution=OTHER)

    assert not second.owned
    assert second.segments.count == 0
    assert services.studio.objects == before


def test_the_owner_may_plan_again_and_comes_to_the_same_keys():
    services = a_drop({"style": {"prompt": "ink"}})

    first, plan_before = plan(services)
    again, plan_after = plan(services)

    assert again == first
    assert plan_after == plan_before


def test_a_refusal_stops_the_job_with_its_own_words():
    services = a_drop(prober=FakeProber(NotAVideo("It holds sound only.")))

    with pytest.raises(NotAVideo):
        plan(services)

    assert services.claims.stopped(a_job().id) == ("NotAVideo", "It holds sound only.")


def test_a_second_delivery_of_a_refused_upload_stays_silent():
    services = a_drop({"style": 5})
    with pytest.raises(SettingsInvalid):
        plan(services)

    second = plan_job(PlanJobInput(event=an_upload(a_job()), execution=OTHER, started=STARTED), services)

    assert not second.owned


@pytest.mark.parametrize("key", ["a b+c [1] (2).mp4", "ünï/çødé 舞.mov", "x" * 1000 + ".mp4", "🎬.mp4"])
def test_any_key_that_s3_takes_can_be_planned(key):
    services = a_world()
    services.inbox.put(key, b"a video")

    _, written = plan(services, an_upload(a_job(key)))

    assert written.video_key == key
    assert written.job == a_job(key)


def test_an_inbox_without_versions_is_fine():
    job = a_job(version_id=None)
    event = an_upload(job)
    del event["detail"]["object"]["version-id"]

    _, written = plan(a_drop(), event)

    assert written.job == job


@pytest.mark.parametrize("seed", [0, 1, 4294967294])
def test_a_given_seed_is_kept_even_when_it_is_nought(seed):
    _, written = plan(a_drop({"style": {"seed": seed}}))

    assert written.seed == seed


def test_the_default_seed_belongs_to_the_key_so_that_a_rerun_repeats_it():
    first, second = a_job(version_id="v1"), a_job(version_id="v2")

    seeds = [plan(a_drop(), an_upload(job))[1].seed for job in (first, second)]

    assert seeds[0] == seeds[1]
    assert 1 <= seeds[0] <= 4294967294


def test_a_random_seed_is_drawn_anew_and_written_down():
    seeds = {plan(a_drop({"style": {"seed": "random"}}))[1].seed for _ in range(4)}

    assert len(seeds) > 1
    assert all(1 <= seed <= 4294967294 for seed in seeds)


@pytest.mark.parametrize(
    "source",
    [
        a_source(width=8000, height=6000),
        a_source(width=8200, height=100),
        a_source(width=8000, height=2000, coded_height=6000),
        a_source(duration_s=7 * 3600),
        a_source(frames=1_000_001),
    ],
    ids=["pixels", "side", "stored pixels", "hours", "frames"],
)
def test_what_is_too_large_is_refused_with_the_limit(source):
    with pytest.raises(VideoTooLarge, match=r"at most"):
        plan(a_drop(prober=FakeProber(source)))


def test_8k_lying_and_upright_is_taken():
    for size in ((8192, 4608), (4608, 8192)):
        _, written = plan(a_drop(prober=FakeProber(a_source(width=size[0], height=size[1]))))

        assert (written.source.width, written.source.height) == size


def test_counting_stops_where_the_limit_is_passed():
    refuse_endless(MAX_FRAMES, MAX_PACKETS)

    with pytest.raises(VideoTooLarge, match=r"more than 1,000,000 frames; at most"):
        refuse_endless(MAX_FRAMES + 1, 0)
    with pytest.raises(VideoTooLarge, match=r"more than 20,000,000 pieces; at most"):
        refuse_endless(0, MAX_PACKETS + 1)
