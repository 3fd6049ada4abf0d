"""RenderSegment: transparency, backwards, a border that wipes, and pictures too large to be drawn as they are."""

import numpy as np
import pytest

from rotoscope import pictures
from rotoscope.errors import MediaToolFailed
from rotoscope.rendering import render_segment
from tests.builders import TICKS, a_plan, a_source
from tests.unit.segments import ALL, OFF, a_key, a_segment, greys, made, part
from tests.unit.sheets import a_sheet
from tests.worlds import FakeReader

CLEAR = a_source(alpha=True)
EVERY = ["mp4", "hevc", "prores", "webm", "gif", "webp", "frames"]
BACK = ["video.back.mp4", "video.hevc.back.mp4", "video.back.mov", "video.back.webm", "video.back.gif"]


def a_wish(source=None, **output):
    return a_plan(source=source, frames=ALL, motion=OFF, output=output)


def black(index):
    return np.zeros((36, 64, 3), np.uint8)


def test_transparency_stays_where_the_format_keeps_it_and_lies_on_the_background_elsewhere():
    plan = a_wish(CLEAR, formats=EVERY, background="#0080ff")
    services, task = a_segment(a_sheet([0, 1], poster=1), plan, drawn=black)

    render_segment(task, services)

    opened = services.encoder.opened
    assert {opened[name]["form"] for name in opened if opened[name]["alpha"]} == {
        *("prores", "webm", "gif", "webp", "frames"),
    }
    assert [frame["alpha"] for frame in part(services, task, "video.webm")] == [127.5, 127.5]
    assert np.allclose(part(services, task)[0]["mean"], [0, 64, 127.5], atol=1)
    poster = pictures.from_bytes(services.studio.read(made(services, task, "poster.jpg")))
    assert np.abs(poster[18, [10, 50]].astype(int) - [(0, 128, 255), (0, 0, 0)]).max() <= 6


def test_the_comparison_shows_both_sides_on_the_background():
    plan = a_wish(CLEAR, background="#000000")
    services, task = a_segment(a_sheet([0]), plan, drawn=black)

    render_segment(task, services)

    compared = np.mean(part(services, task, "compare.mp4")[0]["mean"]) * 132
    opaque = np.mean(FakeReader().picture(0, 64, 36)[:, 32:])
    assert compared == pytest.approx(opaque * 32 + 255 * 4, rel=0.01)


def test_what_padding_adds_is_transparent():
    services, task = a_segment(a_sheet([0]), a_wish(CLEAR, formats=["webm"], size="64x72"))

    render_segment(task, services)

    assert part(services, task, "video.webm")[0]["alpha"] == pytest.approx(255 / 4)


def test_a_frame_that_repeats_another_keeps_its_own_transparency():
    services, task = a_segment(a_sheet(range(3), repeats={1: 0, 2: 0}), a_wish(CLEAR, formats=["webm"]))

    render_segment(task, services)

    assert len(part(services, task, "video.webm")) == 3
    assert services.reader.decoded == 1 + 3


def test_transparency_that_falls_out_of_step_is_an_error_and_not_a_shift():
    class Forgetful(FakeReader):
        def alphas(self, *wanted, **how):
            return (found for found in super().alphas(*wanted, **how) if found[0] != TICKS)

    services, task = a_segment(a_sheet(range(3)), a_wish(CLEAR, formats=["webm"]), reader=Forgetful())

    with pytest.raises(MediaToolFailed):
        render_segment(task, services)


def test_the_way_back_shows_the_segment_backwards_without_the_ends_of_the_whole():
    sheet = a_sheet(range(2, 6), repeats={4: 3}, bounds=(2 * TICKS, 9 * TICKS))
    services, task = a_segment(sheet, a_wish(formats=EVERY, loop="boomerang"))

    render_segment(task, services)

    assert greys(part(services, task)) == [50, 65, 65, 95]
    assert greys(part(services, task, "video.back.mp4")) == [95, 65, 65]
    for name in (*BACK, "video.back.webp", "compare.back.mp4"):
        assert len(part(services, task, name)) == 3
    assert not services.studio.exists(made(services, task, "frames.back.zip"))
    assert not services.studio.exists(made(services, task, "spool"))


@pytest.mark.parametrize("frames", [1, 2])
def test_a_segment_of_which_the_way_back_shows_nothing_has_no_part_for_it(frames):
    services, task = a_segment(a_sheet(range(frames)), a_wish(loop="boomerang"))

    render_segment(task, services)

    assert not services.studio.exists(made(services, task, "video.back.mp4"))
    assert set(services.encoder.opened) == {"video.mp4", "compare.mp4"}


def test_the_way_back_is_as_transparent_as_the_way_there():
    services, task = a_segment(a_sheet(range(4)), a_wish(CLEAR, formats=["webm", "mp4"], loop="boomerang"))

    render_segment(task, services)

    for name in ("video.webm", "video.mp4", "compare.mp4"):
        stem, _, suffix = name.partition(".")
        assert part(services, task, f"{stem}.back.{suffix}") == part(services, task, name)[2:0:-1]


def test_a_segment_without_its_way_back_is_rendered_again():
    services, task = a_segment(a_sheet(range(3)), a_wish(loop="boomerang"))
    render_segment(task, services)
    del services.studio.objects[made(services, task, "video.back.mp4")]

    render_segment(task, services)

    assert len(part(services, task, "video.back.mp4")) == 1


def test_a_wipe_is_one_picture_whose_border_follows_the_time_of_the_whole_result():
    plan = a_wish(formats=["mp4"], compare="wipe", fps=1)

    def wiped(sheet):
        services, task = a_segment(sheet, plan, drawn=black)
        render_segment(task, services)
        return part(services, task, "compare.mp4")

    whole, later = wiped(a_sheet(range(6))), wiped(a_sheet([4, 5], bounds=(0, 5 * TICKS)))

    assert {tuple(frame["shape"]) for frame in whole} == {(36, 64, 3)}
    assert later == whole[4:]
    # A second to a frame: the middle, right, left, and after five seconds the middle again.
    light = [np.mean(frame["mean"]) for frame in whole]
    assert light[1] > light[0] > light[3]


def test_large_pictures_are_read_and_drawn_small_and_enlarged_by_the_encoder_alone():
    source = a_source(frames=1, width=7680, height=4320)
    asked = []

    class Attentive(FakeReader):
        def frames(self, clip, segment, wanted=None, size=None):
            asked.append(size)
            return super().frames(clip, segment, wanted, size)

    services, task = a_segment(
        a_sheet([0]),
        a_wish(source),
        drawn=lambda index: a_key(index, 2560, 1440),
        reader=Attentive(),
    )

    render_segment(task, services)

    assert asked == [(2560, 1440)]
    opened = services.encoder.opened
    assert (opened["video.mp4"]["size"], opened["video.mp4"]["enlarged"]) == ((2560, 1440), (7680, 4320))
    assert opened["compare.mp4"]["enlarged"] is None
    assert part(services, task)[0]["shape"] == [1440, 2560, 3]


def test_encoders_that_take_turns_all_see_every_frame():
    plan = a_wish(formats=["mp4", "hevc", "webm"], size="4096x2304", compare=False)
    services, task = a_segment(a_sheet([0, 1]), plan)

    render_segment(task, services)

    assert [greys(part(services, task, f"video.{form}")) for form in ("mp4", "hevc.mp4", "webm")] == [[20, 35]] * 3


def test_a_size_larger_than_what_is_drawn_is_the_encoders_business_too():
    services, task = a_segment(a_sheet([0]), a_wish(size="7680x4320"))

    render_segment(task, services)

    opened = services.encoder.opened["video.mp4"]
    assert (opened["size"], opened["enlarged"]) == ((2560, 1440), (7680, 4320))
