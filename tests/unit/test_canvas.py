"""Legal sizes and the exact way back. Pictures are padded, never stretched."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotoscope.engines.canvas import Canvas, free_canvas, resized, stepped_canvas
from tests.builders import a_picture

MEGAPIXEL = 1_048_576
SERVICE = {"max_pixels": 9_437_184, "max_aspect": 2.5}
SD35 = {"max_pixels": MEGAPIXEL, "max_side": 1536, "max_aspect": 2.5}
SDXL = {"step": 64, "max_pixels": MEGAPIXEL, "min_side": 256}
SIZES = [(1920, 1080), (1080, 1920), (853, 480), (720, 1280), (1201, 3), (900, 300), (20, 12), (1, 1), (7680, 4320)]
sides = st.integers(1, 9000)


def free(limits):
    return lambda width, height: free_canvas(width, height, **limits)


def stepped(width, height):
    return stepped_canvas(width, height, **SDXL)


KINDS = pytest.mark.parametrize("canvas_for", [free(SERVICE), free(SD35), stepped], ids=["service", "sd35", "sdxl"])


def check_geometry(canvas):
    """Inside its canvas, and of the source's shape to within the rounding of a pixel."""
    assert 1 <= canvas.inner_width <= canvas.width
    assert 1 <= canvas.inner_height <= canvas.height
    stretch = canvas.inner_width * canvas.source_height - canvas.inner_height * canvas.source_width
    assert abs(stretch) <= max(canvas.source_width, canvas.source_height)


@given(sides, sides)
@pytest.mark.parametrize("limits", [SERVICE, SD35], ids=["service", "sd35"])
def test_a_free_canvas_is_legal_for_any_picture(limits, width, height):
    canvas = free_canvas(width, height, **limits)

    check_geometry(canvas)
    assert min(canvas.width, canvas.height) >= 64
    assert max(canvas.width, canvas.height) <= limits.get("max_side", 10**9)
    assert canvas.width * canvas.height <= limits["max_pixels"]
    assert max(canvas.width, canvas.height) <= 2.5 * min(canvas.width, canvas.height)


@given(sides, sides)
def test_a_stepped_canvas_is_legal_for_any_picture(width, height):
    canvas = stepped(width, height)

    check_geometry(canvas)
    assert canvas.width % 64 == canvas.height % 64 == 0
    assert min(canvas.width, canvas.height) >= 256
    assert canvas.width * canvas.height <= MEGAPIXEL


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (853, 480), (160, 64)])
def test_a_service_that_takes_it_gets_the_frame_as_it_is(size):
    canvas = free_canvas(*size, **SERVICE)

    assert canvas.untouched
    assert canvas.place(picture := a_picture(*size)) is not None
    assert np.array_equal(canvas.place(picture), picture)


@pytest.mark.parametrize(
    ("size", "legal"),
    [((1920, 1080), (1344, 768)), ((1080, 1920), (768, 1344)), ((500, 500), (1024, 1024)), ((300, 100), (1728, 576))],
)
def test_sdxl_gets_the_size_that_shows_the_frame_largest(size, legal):
    canvas = stepped(*size)

    assert (canvas.width, canvas.height) == legal


@KINDS
@pytest.mark.parametrize("size", SIZES[:7], ids=str)
def test_what_was_placed_comes_back_in_its_own_size_and_place(canvas_for, size):
    picture = a_picture(*size)
    canvas = canvas_for(*size)

    back = canvas.restore(canvas.place(picture))

    assert back.shape == picture.shape
    assert np.abs(back.astype(int) - picture).mean() < 3


@given(st.integers(8, 400), st.integers(8, 400))
@KINDS
def test_any_size_survives_the_way_there_and_back(canvas_for, width, height):
    picture = a_picture(width, height)
    canvas = canvas_for(width, height)

    back = canvas.restore(canvas.place(picture))

    assert back.shape == picture.shape
    assert np.abs(back.astype(int) - picture).mean() < 8


@given(st.sampled_from(SIZES), st.integers(1, 1600), st.integers(1, 1600))
@KINDS
def test_an_answer_of_any_size_gives_a_frame_of_exactly_the_right_one(canvas_for, size, width, height):
    answer = np.zeros((height, width, 3), np.uint8)

    assert canvas_for(*size).restore(answer).shape == (size[1], size[0], 3)


def test_the_border_repeats_the_edge_so_that_no_frame_is_drawn_around_it():
    canvas = stepped(1920, 1080)
    grey = np.full((1080, 1920, 3), 90, np.uint8)

    assert canvas.place(grey).shape == (768, 1344, 3)
    assert (canvas.place(grey) == 90).all()


def test_padding_lies_evenly_around_the_picture():
    canvas = Canvas(100, 40, 128, 64, 100, 40)

    assert (canvas.left, canvas.top) == (14, 12)


def test_a_picture_of_the_right_size_is_not_copied():
    picture = a_picture()

    assert resized(picture, 64, 36) is picture
