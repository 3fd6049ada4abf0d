"""The parts of a segment: which are written together, and that all are whole."""

import pytest

from rotoscope import parts
from rotoscope.deliverables import deliverables
from rotoscope.errors import MediaToolFailed
from rotoscope.presenting import Presentation
from tests.builders import a_plan, a_source
from tests.worlds import FakeEncoder

EVERY = ["mp4", "hevc", "prores", "webm", "gif", "webp", "frames"]


def turns(width, height, formats=EVERY, **source):
    plan = a_plan(source=a_source(width=width, height=height, **source), output={"formats": formats, "compare": False})
    named = [(each, each.name) for each in deliverables(plan)]
    return [[each.form for each, _ in turn] for turn in parts.in_turns(named, plan, Presentation.of(plan))]


def test_what_people_ask_for_is_encoded_while_it_is_drawn():
    assert len(turns(1920, 1080)) == 1
    assert len(turns(4096, 2304, ["mp4"])) == 1
    assert len(turns(7680, 4320, ["mp4"])) <= 2


def test_large_pictures_in_many_formats_take_turns_and_none_is_forgotten():
    found = turns(4096, 2304)

    assert [form for turn in found for form in turn] == EVERY
    assert found[0] == ["mp4"]
    assert all(sum(parts.HELD_MB[form] for form in turn) * 9.44 <= parts.ENCODERS_MB for turn in found if turn[1:])


def test_transparency_takes_room_of_its_own():
    assert len(turns(2560, 1440, ["webm", "gif"], alpha=True)) > len(turns(2560, 1440, ["webm", "gif"]))


def test_a_part_with_too_few_frames_is_an_error(tmp_path):
    plan = a_plan(output={"compare": False})
    files = [(each, tmp_path / each.name) for each in deliverables(plan)]

    with (
        parts.opened(files, plan, Presentation.of(plan), FakeEncoder()) as writing,
        pytest.raises(MediaToolFailed, match=r"video.mp4 has 0 frames instead of 3"),
    ):
        writing.close(3)
