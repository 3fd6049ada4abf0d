"""Every engine of the registry keeps the frame's size and place, and tells a picture from a refusal."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest

from rotoscope.engines.catalog import ENGINES
from rotoscope.errors import AnswerLost, FrameFiltered, ModelBusy, ModelDenied, Throttled
from tests.builders import a_picture, png
from tests.unit.model_answers import (
    ANSWERS,
    EVERY_ENGINE,
    EVERY_MODEL,
    LARGEST_BODY,
    MEGAPIXEL,
    SIZES,
    STABILITY,
    STYLE,
    an_engine,
    picture_in,
    working,
)


def test_every_engine_that_settings_may_name_is_held_to_the_contract():
    named = {name.partition(" ")[0] for name in (*ANSWERS, "sketch", "echo")}

    assert named == set(ENGINES)


@EVERY_ENGINE
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_redrawn_frame_has_exactly_the_frames_size(name, size):
    engine, _ = working(name)

    redrawn = engine.redraw(a_picture(*size), replace(STYLE, image=a_picture(80, 80, 5)))

    assert redrawn.picture.shape == (size[1], size[0], 3)
    assert redrawn.picture.dtype == np.uint8


@EVERY_MODEL
@pytest.mark.parametrize("size", SIZES[:4], ids=str)
def test_a_redrawn_frame_shows_everything_where_it_was(name, size):
    engine, _ = working(name)
    frame = a_picture(*size)

    redrawn = engine.redraw(frame, replace(STYLE, image=a_picture(80, 80, 5)))

    assert np.abs(redrawn.picture.astype(int) - (255 - frame)).mean() < 3


@EVERY_MODEL
@pytest.mark.parametrize("size", [*SIZES, (1920, 1080), (3000, 300)], ids=str)
def test_what_is_sent_is_a_legal_jpeg_without_a_data_prefix(name, size):
    engine, runtime = working(name)

    engine.redraw(a_picture(*size), replace(STYLE, image=a_picture(2000, 100)))

    raw = runtime.asked[0][1]
    sent = picture_in(json.loads(raw))
    pixels = sent.width * sent.height
    assert sent.format == "JPEG"
    assert len(raw) < LARGEST_BODY
    if name.startswith("sdxl"):
        assert sent.width % 64 == sent.height % 64 == 0
        assert pixels <= MEGAPIXEL
        assert name == "sdxl" or min(sent.size) > 256
    else:
        assert min(sent.size) >= 64
        assert max(sent.size) <= 2.5 * min(sent.size)
        assert pixels <= (MEGAPIXEL if name == "sd35" else 9_437_184)


TEXT = base64.b64encode(b"not a picture").decode()


def redraw(name, reply):
    """Redraws a frame with a model that answers with these bytes, or with this as JSON."""
    body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    engine, _ = an_engine(name, lambda _: body)
    return engine.redraw(a_picture(), replace(STYLE, image=a_picture()))


@pytest.mark.parametrize("name", STABILITY)
@pytest.mark.parametrize("reason", ["prompt", "output image", "input image"])
@pytest.mark.parametrize("rest", [{}, {"images": []}, {"images": [None], "seeds": []}, {"images": [TEXT]}], ids=str)
def test_a_filtered_answer_is_one_whether_it_holds_a_picture_or_not(name, reason, rest):
    with pytest.raises(FrameFiltered, match=reason):
        redraw(name, {"finish_reasons": [f"Filter reason: {reason}"], **rest})


@pytest.mark.parametrize("name", STABILITY)
def test_an_inference_error_may_have_been_charged(name):
    with pytest.raises(AnswerLost, match=r"Inference error"):
        redraw(name, {"finish_reasons": ["Inference error"], "images": [base64.b64encode(png(a_picture())).decode()]})


@pytest.mark.parametrize("seeds", [[7], ["7"], [], None])
def test_seeds_may_be_numbers_or_texts_or_missing(seeds):
    picture = base64.b64encode(png(a_picture())).decode()

    redrawn = redraw("sd35", {"seeds": seeds, "finish_reasons": [None], "images": [picture]})

    assert redrawn.picture.shape == (36, 64, 3)


def test_the_historic_filter_hands_out_a_blurred_picture_that_is_not_taken():
    blurred = base64.b64encode(png(a_picture())).decode()

    with pytest.raises(FrameFiltered, match=r"CONTENT_FILTERED"):
        redraw("sdxl", {"result": "success", "artifacts": [{"base64": blurred, "finishReason": "CONTENT_FILTERED"}]})


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"<html>502</html>",
        b"\xff\xfe\x00",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        {},
        {"images": [], "finish_reasons": [], "artifacts": []},
        {"images": None, "finish_reasons": None, "artifacts": None, "generated_image": None},
        {"images": [None], "finish_reasons": [None], "artifacts": [None], "generated_image": 5},
        {"images": 5, "finish_reasons": 5, "artifacts": 5, "generated_image": []},
        {"images": {"a": 1}, "finish_reasons": {"a": 1}, "artifacts": {"a": 1}, "generated_image": {}},
        {"images": [{}], "artifacts": ["text"]},
        {"artifacts": [{"finishReason": "ERROR", "base64": TEXT}]},
        {"artifacts": [{"base64": TEXT}]},
        {"images": [TEXT], "artifacts": [{"finishReason": "SUCCESS", "base64": TEXT}], "generated_image": TEXT},
        {"images": ["ü"], "artifacts": [{"finishReason": "SUCCESS", "base64": "ü"}], "generated_image": "ü"},
        {"images": ["a=b"], "artifacts": [{"finishReason": "SUCCESS", "base64": "a=b"}], "generated_image": "a=b"},
        {"images": [""], "artifacts": [{"finishReason": "SUCCESS", "base64": ""}], "generated_image": ""},
        {"images": [5], "artifacts": [{"finishReason": "SUCCESS", "base64": 5}], "generated_image": 5},
    ],
    ids=str,
)
@EVERY_MODEL
def test_an_answer_without_a_picture_is_one_that_was_lost(name, reply):
    with pytest.raises(AnswerLost):
        redraw(name, reply)


@EVERY_MODEL
@pytest.mark.parametrize(
    "error",
    [Throttled("429"), ModelBusy("503"), AnswerLost("?"), ModelDenied("No.")],
    ids=lambda e: type(e).__name__,
)
def test_what_the_runtime_raises_passes_through_unchanged(name, error):
    def answer(body):
        raise error

    engine, _ = an_engine(name, answer)

    with pytest.raises(type(error)) as raised:
        engine.redraw(a_picture(), replace(STYLE, image=a_picture()))

    assert raised.value is error


def test_echo_gives_the_frame_back():
    frame = a_picture()

    assert working("echo")[0].redraw(frame, STYLE).picture is frame


@pytest.mark.parametrize(
    "style", [{"preset": "comic-book"}, {"prompt": "an oil painting"}, {"image": a_picture(80, 80, 5)}]
)
def test_sketch_changes_the_frame_by_preset_words_or_picture_and_not_at_all_at_strength_nought(style):
    engine, _ = working("sketch")
    frame = a_picture(160, 90)

    drawn = engine.redraw(frame, replace(STYLE, denoise=1.0, **style)).picture
    kept = engine.redraw(frame, replace(STYLE, denoise=0.0, **style)).picture

    assert not np.array_equal(drawn, frame)
    assert np.array_equal(kept, frame)
