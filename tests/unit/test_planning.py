"""PlanJob: claims, plans once, refuses with a sentence before anything is paid."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope.capacity import MAX_FRAMES, MAX_PACKETS, refuse_endless
from rotoscope.contracts import PlanJobInput
from rotoscope.errors import (
    NotAVideo,
    SettingsInvalid,
    VideoTooLarge,
)
from rotoscope.planning import cut, plan_job
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
    assert segments[0].start_pts == source.start_pts
    assert segments[-1].end_pts > source.end_pts
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


def test_pictures_that_are_drawn_smaller_come_in_larger_segments_but_never_in_tiny_ones():
    large = a_source(frames=1000, width=7680, height=4320)

    smaller, enlarged = cut(large, 250), cut(large, 250, output_pixels=7680 * 4320)

    assert len(smaller) == 15  # 67 frames of 2560x1440
    assert len(enlarged) == 42  # 24 frames instead of 7


def test_without_known_key_frames_decoding_starts_at_times_well_before():
    source = a_source(frames=1000, indexed=False, keyframes=[], start_pts=5000, end_pts=5000 + 1000 * 512)
    second = 25 * 512

    segments = cut(source, 64 * 36 * 250 / 1e6)

    assert segments[0].seeks == [5000]
    assert segments[1].seeks == [5000 + 8 * second, 5000 + 4 * second, 5000]
    assert segments[3].seeks == [5000 + 28 * second, 5000 + 24 * second, 5000 + 10 * second, 5000]


def test_the_last_segment_reaches_past_the_end_for_frames_that_come_later_than_the_index_says():
    segments = cut(a_source(frames=100), 64 * 36 * 30 / 1e6)

    assert segments[-1].end_pts == 150 * 512
    assert [segment.end_pts for segment in segments[:-1]] == [segment.start_pts for segment in segments[1:]]
    assert segments[-1].start_pts < 100 * 512


def test_a_million_frames_are_cut_without_looking_at_every_key_frame_for_every_segment():
    source = a_source(frames=1_000_000, keyframes=[n * 512 for n in range(1_000_000)])

    segments = cut(source, 64 * 36 * 50 / 1e6)

    assert len(segments) == 20_000
    assert segments[-1].seeks[0] == segments[-1].start_pts - 512
