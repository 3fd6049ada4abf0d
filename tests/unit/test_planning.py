"""PlanJob: claims, plans once, refuses with a sentence before anything is paid."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope import layout
from rotoscope.adapters.memory import OpenCatalog
from rotoscope.contracts import FrameCall, PlanJobInput
from rotoscope.errors import (
    JobRunning,
    JobUnknown,
    ModelDenied,
    ModelRetired,
    NotAVideo,
    SettingsInvalid,
    StyleImageMissing,
    VideoTooLarge,
)
from rotoscope.planning import cut, plan_job
from tests.builders import EXECUTION, STARTED, FakeProber, a_job, a_picture, a_source, a_world, an_upload, png

KEY = "clips/dance.mp4"
OTHER = EXECUTION + "-more"


def a_drop(settings=None, **instead):
    """A world into which a video was just dropped."""
    services = a_world(**instead)
    services.inbox.put(KEY, b"a video")
    if settings is not None:
        services.inbox.put(KEY + ".json", json.dumps(settings).encode())
    return services


def plan(services, event=None, execution=EXECUTION):
    """PlanJob's result, and the document it wrote."""
    result = plan_job(PlanJobInput(event=event or an_upload(a_job()), execution=execution, started=STARTED), services)
    return result, services.documents.plan(result.job.id)


def test_an_upload_becomes_a_plan_and_segments_that_cover_the_video():
    services = a_drop()

    result, written = plan(services)

    segments = services.documents.segments(result.job.id)
    assert result.owned
    assert result.segments.count == len(segments) == 1
    assert (segments[0].start_pts, segments[-1].end_pts) == (written.source.start_pts, written.source.end_pts)
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


# --- seeds ----------------------------------------------------------------------------------------------------------


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


# --- engines --------------------------------------------------------------------------------------------------------


class Catalogue(OpenCatalog):
    """An account that refuses some things and says its own quota."""

    def __init__(self, refused=None, quota=None):
        self.refused, self.quota, self.asked = refused or {}, quota, []

    def require_callable(self, model_id):
        self.asked.append(model_id)
        if model_id in self.refused:
            raise self.refused[model_id]

    def requests_per_minute(self, quota_name):
        return self.quota

    def require_endpoint(self, name):
        self.asked.append(name)


def test_every_step_of_a_ladder_is_checked_before_anything_is_paid():
    denied = Catalogue({"us.stability.stable-image-control-sketch-v1:0": ModelDenied("No subscription.")})
    services = a_drop({"style": {"engine": ["sd35", "control-sketch"], "prompt": "ink"}}, catalog=denied)

    with pytest.raises(ModelDenied, match=r"No subscription"):
        plan(services)

    assert denied.asked == ["stability.sd3-5-large-v1:0", "us.stability.stable-image-control-sketch-v1:0"]


def test_a_ladder_is_priced_at_its_dearest_step_and_paced_by_its_first():
    _, written = plan(a_drop({"style": {"engine": ["sketch", "control-structure", "sd35"], "prompt": "ink"}}))

    assert written.price_usd == 0.08
    assert written.requests_per_minute is None


def test_the_accounts_own_quota_counts_where_it_may_be_read():
    _, written = plan(a_drop(catalog=Catalogue(quota=4.0)))

    assert written.requests_per_minute == 4


def test_sdxl_without_an_endpoint_is_refused_as_retired():
    services = a_drop({"style": {"engine": "sdxl", "prompt": "ink"}})

    with pytest.raises(ModelRetired, match=r"2025-05-20.*sdxl_endpoint"):
        plan(services)


def test_sdxl_with_an_endpoint_is_planned_without_pace_or_price():
    catalog = Catalogue()
    config = {"sdxl_endpoint": "my-sdxl"}

    _, written = plan(a_drop({"style": {"engine": "sdxl", "prompt": "ink"}}, config=config, catalog=catalog))

    assert (written.price_usd, written.requests_per_minute) == (0, None)
    assert catalog.asked == ["my-sdxl"]


def test_what_the_engine_ignores_is_written_down():
    asked = {"style": {"engine": "sketch", "preset": "anime", "negative_prompt": "fog", "sdxl": {"steps": 20}}}

    _, written = plan(a_drop(asked))

    assert written.ignored == ["style.sdxl.steps", "style.negative_prompt"]


def test_an_engine_that_redraws_from_a_text_wants_one():
    asked = {"style": {"engine": "control-structure", "image": "look.png"}}
    services = a_drop(asked)
    services.inbox.put("clips/look.png", png(a_picture()))

    with pytest.raises(SettingsInvalid, match=r'"control-structure" needs style.prompt or style.preset'):
        plan(services)


# --- the style image ------------------------------------------------------------------------------------------------


def test_the_job_keeps_its_own_copy_of_the_style_image():
    look = png(a_picture(seed=3))
    services = a_drop({"style": {"engine": "style-transfer", "image": "look.png"}})
    services.inbox.put("clips/look.png", look)

    plan(services)

    assert services.studio.read(layout.style_image(a_job().id)) == look


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        (None, "needs a style image"),
        ("", "needs a style image"),
        ("gone.png", "no style image clips/gone.png"),
        ("/", "no style image"),
        ("dance.mp4", "clips/dance.mp4 cannot be used"),
    ],
)
def test_a_missing_style_image_or_one_that_is_none_is_named(image, sentence):
    services = a_drop({"style": {"engine": "style-transfer", "image": image}})

    with pytest.raises(StyleImageMissing, match=sentence):
        plan(services)


# --- resuming -------------------------------------------------------------------------------------------------------


def resume(services, execution=OTHER):
    return plan(services, {"resume": a_job().id}, execution)


def test_a_job_that_is_still_running_cannot_be_resumed_under_its_feet():
    services = a_drop()
    plan(services)

    with pytest.raises(JobRunning, match=r"cancel it first"):
        resume(services)

    assert services.claims.stopped(a_job().id) is None
    assert services.claims.claimed(a_job().id).execution == EXECUTION


@pytest.mark.parametrize("job", ["nosuchjob", "", 5])
def test_a_job_that_never_was_cannot_be_resumed(job):
    with pytest.raises((JobUnknown, KeyError)):
        plan(a_drop(), {"resume": job})


def test_a_resumed_job_is_owned_by_the_new_execution_and_no_longer_stopped():
    services = a_drop()
    plan(services)
    services.claims.stop(a_job().id, "Too dear.", "BudgetExceeded")
    services.claims.finish(a_job().id, "failed")

    result, _ = resume(services)

    assert result.owned
    assert services.claims.stopped(a_job().id) is None
    assert services.claims.claimed(a_job().id).execution == OTHER


def test_a_job_resumed_before_any_call_is_planned_afresh_with_mended_settings():
    services = a_drop({"style": {"seed": "seven"}})
    with pytest.raises(SettingsInvalid):
        plan(services)
    services.claims.finish(a_job().id, "failed")
    services.inbox.put(KEY + ".json", b'{"style": {"seed": 7}}')

    _, written = resume(services)

    assert written.seed == 7


def test_a_job_resumed_after_calls_keeps_its_look_but_takes_raised_limits_and_a_new_clock():
    services = a_drop({"style": {"seed": 7}, "limits": {"max_cost_usd": 1}})
    _, before = plan(services)
    services.documents.save_list(layout.calls(a_job().id, 1), [FrameCall(index=0, anchor=0)])
    services.claims.finish(a_job().id, "failed")
    services.inbox.put(KEY + ".json", b'{"style": {"seed": 8}, "limits": {"max_cost_usd": 9}}')
    later = "2026-11-21T09:00:00Z"

    result = plan_job(PlanJobInput(event={"resume": a_job().id}, execution=OTHER, started=later), services)

    after = services.documents.plan(a_job().id)
    assert result.segments.count == 1
    assert (after.seed, after.settings.style, after.source) == (7, before.settings.style, before.source)
    assert (after.settings.limits.max_cost_usd, after.started) == (9, later)


# --- sizes and segments ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        a_source(width=8000, height=6000),
        a_source(duration_s=7 * 3600),
        a_source(frames=1_000_001),
    ],
    ids=["pixels", "hours", "frames"],
)
def test_what_is_too_large_is_refused_with_the_limit(source):
    with pytest.raises(VideoTooLarge, match=r"at most"):
        plan(a_drop(prober=FakeProber(source)))


sources = st.builds(
    lambda frames, start, width, height, keys: a_source(
        frames,
        width,
        height,
        start_pts=start,
        end_pts=start + frames * 512,
        keyframes=sorted({start, *(start + key % frames * 512 for key in keys)}),
    ),
    st.integers(1, 5000),
    st.integers(-100_000, 100_000),
    st.integers(16, 4096),
    st.integers(16, 4096),
    st.lists(st.integers(0, 10_000), max_size=20),
)


@given(sources, st.floats(0.001, 500))
def test_segments_cover_the_video_once_and_can_be_decoded_from_before_their_start(source, megapixels):
    segments = cut(source, megapixels)

    assert [segment.index for segment in segments] == list(range(len(segments)))
    assert (segments[0].start_pts, segments[-1].end_pts) == (source.start_pts, source.end_pts)
    for before, after in itertools.pairwise(segments):
        assert before.start_pts < before.end_pts == after.start_pts
    for segment in segments:
        assert segment.seeks[-1] == source.start_pts
        assert all(seek <= segment.start_pts for seek in segment.seeks)
        assert segment.seeks == sorted(set(segment.seeks), reverse=True)


def test_a_segment_is_about_as_large_as_the_stack_says():
    source = a_source(frames=1000, width=1000, height=1000)

    assert len(cut(source, 250)) == 4
    assert len(cut(source, 10_000)) == 1


def test_decoding_starts_one_key_frame_earlier_than_the_last_before_a_segment():
    source = a_source(frames=100, keyframes=[0, 20 * 512, 40 * 512, 60 * 512])

    third = cut(source, 25 * 64 * 36 / 1e6)[2]

    assert third.start_pts == 50 * 512
    assert third.seeks == [20 * 512, 0]
