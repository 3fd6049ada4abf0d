"""Joining: the source's own time and what follows it, there and back again, and what is said of a result in itself."""

import json
import math
from fractions import Fraction

import pytest

from rotoscope.adapters.memory import MemoryStore
from rotoscope.assembly import assemble_video
from rotoscope.contracts import Budget
from rotoscope.errors import MediaToolFailed, ResultTooLarge
from rotoscope.joining import there_and_back, timeline
from rotoscope.ports import Timeline
from rotoscope.provenance import LONGEST_PROMPT, provenance
from tests.builders import TICKS, a_plan, a_source
from tests.unit.assembling import receipt_of, rendered, result

SOUND = [{"index": 0, "codec": "aac", "channels": 2, "sample_rate": 48000}]


def test_sound_is_kept_to_its_own_end_when_the_last_frame_is_taken():
    plan = a_plan(source=a_source(audio=SOUND), output={"compare": False})
    services, task = rendered(plan, range(10))

    assemble_video(task, services)

    sound = services.joiner.joined[0][2]
    assert (sound.start_s, sound.end_s) == (0, math.inf)


def test_sound_is_cut_to_the_taken_frames_on_the_sources_own_clock():
    plan = a_plan(source=a_source(start_pts=5 * TICKS, end_pts=15 * TICKS, audio=SOUND), output={"compare": False})
    services, task = rendered(plan, range(2, 6))

    assemble_video(task, services)

    sound = services.joiner.joined[0][2]
    assert (sound.start_s, sound.end_s) == pytest.approx((7 / 25, 11 / 25))


def test_the_time_stamps_are_the_sources_own_counted_from_the_first_taken_frame():
    budget = Budget(
        entered="", source_frames=9, frames=3, duplicates=0, shots=1, keys=3, estimated_usd=0, estimated_minutes=None,
        last_duration=77,
    )  # fmt: skip

    own = timeline(a_plan(), budget, [1000, 1500, 2700])
    replayed = timeline(a_plan(output={"fps": "30000/1001"}), budget, [1000, 1500, 2700])

    assert (own.ticks, own.last_duration, own.time_base) == ([0, 500, 1700], 77, Fraction(1, 25 * TICKS))
    assert (list(replayed.ticks), replayed.last_duration, replayed.time_base) == ([0, 1, 2], 1, Fraction(1001, 30000))


def taken_over(services):
    """What each deliverable took over from the source: sound, and things that follow its time; None: nothing at all."""
    return [(form, original and (original.sound, original.timed)) for form, _, original in services.joiner.joined]


@pytest.mark.parametrize(
    ("output", "kept"),
    [
        ({}, (True, True)),
        ({"audio": "drop"}, (False, True)),
        ({"fps": 9}, (True, False)),
        ({"loop": "boomerang"}, (True, False)),
    ],
)
def test_what_follows_the_sources_time_goes_where_the_result_follows_it_too(output, kept):
    plan = a_plan(source=a_source(audio=SOUND), output={"formats": ["mp4", "hevc", "prores", "webm"], **output})
    services, task = rendered(plan, range(10))

    assemble_video(task, services)

    assert taken_over(services) == [(form, kept) for form in ("mp4", "hevc", "prores", "webm", "mp4")]


def test_pictures_alone_take_nothing_over():
    plan = a_plan(source=a_source(audio=SOUND), output={"formats": ["gif", "webp", "frames"], "compare": False})
    services, task = rendered(plan, range(10))

    assemble_video(task, services)

    assert taken_over(services) == [("gif", None), ("webp", None), ("frames", None)]


@pytest.mark.parametrize("container", ["zip", "webp"])
def test_from_a_source_that_is_nothing_but_pictures_nothing_is_taken_over(container):
    services, task = rendered(a_plan(source=a_source(container=container)), range(10))

    assemble_video(task, services)

    assert taken_over(services) == [("mp4", None), ("mp4", None)]


def test_an_upload_that_was_deleted_meanwhile_costs_the_sound_and_not_the_pictures():
    plan = a_plan(source=a_source(audio=SOUND))
    services, task = rendered(plan, range(10))
    services.inbox.objects.clear()

    assemble_video(task, services)

    assert taken_over(services) == [("mp4", None), ("mp4", None)]
    assert any("no longer in the inbox" in note for note in receipt_of(services, plan)["notes"])


def test_an_ordinary_failure_costs_the_next_try_nothing():
    plan = a_plan(source=a_source(audio=SOUND))
    services, task = rendered(plan, range(10), lost=1)
    with pytest.raises(MediaToolFailed):
        assemble_video(task, services)
    services.joiner.joined.clear()

    with pytest.raises(MediaToolFailed):
        assemble_video(task, services)

    assert taken_over(services) == [("mp4", (True, True)), ("mp4", (True, True))]


def shown(services, plan, file):
    """The indices of the frames that a finished file shows."""
    return [picture["mean"][0] for picture in json.loads(result(services, plan, file))]


@pytest.mark.treats("boomerang loop", "plays forwards, then backwards; neither end twice; without sound")
def test_a_boomerang_comes_back_over_all_segments_and_shows_neither_end_twice():
    plan = a_plan(output={"loop": "boomerang", "formats": ["mp4", "gif", "frames"]})
    services, task = rendered(plan, [0], range(1, 4), range(4, 6))

    assemble_video(task, services)

    there_and_back = [0, 1, 2, 3, 4, 5, 4, 3, 2, 1]
    assert shown(services, plan, "dance.mp4") == shown(services, plan, "dance.gif") == there_and_back
    assert shown(services, plan, "compare.mp4") == there_and_back
    assert shown(services, plan, "dance.frames.zip") == [0, 1, 2, 3, 4, 5]
    assert receipt_of(services, plan)["outputs"][0]["frames"] == 10


@pytest.mark.parametrize("frames", [1, 2])
def test_what_is_too_short_to_come_back_just_plays(frames):
    plan = a_plan(output={"loop": "boomerang"})
    services, task = rendered(plan, range(frames))

    assemble_video(task, services)

    assert shown(services, plan, "dance.mp4") == list(range(frames))


def test_every_frame_of_a_boomerang_is_shown_as_long_on_its_way_back():
    looped = there_and_back(Timeline([0, 10, 30, 60], 7, Fraction(1, 100)))

    assert looped == Timeline([0, 10, 30, 60, 67, 97], 20, Fraction(1, 100))


def test_every_file_says_how_it_was_made():
    plan = a_plan(output={"formats": ["mp4", "gif", "frames"]})
    services, task = rendered(plan, range(10))

    assemble_video(task, services)

    [said] = set(services.joiner.provenances)
    assert said == provenance(plan, simulated=False)
    assert len(services.joiner.provenances) == 4


class Flooded(MemoryStore):
    """A store in which some parts are larger than any disk."""

    def __init__(self, name):
        super().__init__()
        self._name = name

    def download(self, key, path):
        super().download(key, path)
        if key.endswith(self._name):
            with path.open("r+b") as part:
                part.truncate(1 << 42)  # takes no room: all of it is a hole


def test_a_result_for_which_there_is_no_room_is_left_out_with_a_sentence():
    plan = a_plan(output={"formats": ["mp4", "prores"], "compare": False})
    services, task = rendered(plan, range(10), studio=Flooded("video.mov"))

    assemble_video(task, services)

    receipt = receipt_of(services, plan)
    assert [output["name"] for output in receipt["outputs"]] == ["dance.mp4", "poster.jpg", "report.html"]
    assert [note for note in receipt["notes"] if "dance.mov was not made" in note and "output.size" in note]


def test_when_there_is_room_for_no_result_the_job_ends_with_that_sentence():
    plan = a_plan(output={"compare": False})
    services, task = rendered(plan, range(10), studio=Flooded("video.mp4"))

    with pytest.raises(ResultTooLarge, match=r"dance.mp4 was not made: .* frames.start and frames.end"):
        assemble_video(task, services)


def test_provenance_is_one_line_that_people_and_programs_can_read():
    plan = a_plan(style={"prompt": 'ink\non "paper" ü', "preset": "anime"})

    [line] = provenance(plan, simulated=True).splitlines()

    sentence, _, facts = line.partition(": ")
    assert sentence == "Made with Rotoscope"
    assert json.loads(facts) == {
        "job": plan.job.id,
        "engine": "control-structure",
        "model": "us.stability.stable-image-control-structure-v1:0",
        "preset": "anime",
        "prompt": 'ink\non "paper" ü',
        "seed": 7,
        "simulated": True,
    }


def test_a_very_long_prompt_does_not_fill_the_file():
    assert len(provenance(a_plan(style={"prompt": "x" * 9_000}), simulated=False)) < LONGEST_PROMPT + 300


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ({"fps": 9}, "Sound, subtitles and chapters were dropped because output.fps changes the duration."),
        ({"loop": "boomerang"}, "Sound, subtitles and chapters were dropped because the result also plays backwards."),
        ({"fps": 9, "audio": "drop"}, "Subtitles and chapters were dropped because output.fps changes the duration."),
        ({}, None),
    ],
)
def test_what_a_result_of_another_time_has_lost_is_said(output, said):
    subtitles = [{"index": 1, "codec": "subrip", "text": True}]
    plan = a_plan(source=a_source(audio=SOUND, subtitles=subtitles, chapters=2), output=output)
    services, task = rendered(plan, range(4))

    assemble_video(task, services)

    assert [note for note in receipt_of(services, plan)["notes"] if "dropped" in note] == ([said] if said else [])
