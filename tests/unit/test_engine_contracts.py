"""Every engine of the registry against its model's own contract, as AWS's pages state it (not as the adapters do)."""

import base64
import io
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from rotoscope import settings
from rotoscope.adapters.memory import ScriptedRuntime
from rotoscope.contracts import FrameCall, StylizeFrameInput
from rotoscope.engines import registry
from rotoscope.engines.contract import Style
from rotoscope.engines.presets import LOOKS
from rotoscope.errors import FrameFiltered, ModelBusy, ModelDenied, Throttled
from rotoscope.ports import ModelReply
from rotoscope.settings import SdxlSettings
from rotoscope.styling import stylize_frame
from tests.builders import a_picture, a_plan, a_source, extracted, png

EXAMPLES = Path(__file__).parents[2] / "examples"
MEGAPIXEL = 1_048_576
LARGEST_BODY = 25_000_000
SIZES = [(320, 180), (180, 320), (427, 241), (600, 200), (20, 12), (1, 1)]
STYLE = Style(prompt="ink", negative_prompt="", preset=None, denoise=0.3, seed=7, frame_index=0)


def picture_in(body):
    """The frame as it was sent, whatever the contract calls it."""
    text = next(body[name] for name in ("image", "init_image") if name in body)
    return Image.open(io.BytesIO(base64.b64decode(text, validate=True)))


def negative(sent, pixels=None):
    """What a model sends back: the picture's negative, at its own size or at about so many pixels."""
    array = 255 - np.asarray(sent.convert("RGB"))
    scale = 1 if pixels is None else (pixels / (sent.width * sent.height)) ** 0.5
    size = max(1, round(sent.width * scale)), max(1, round(sent.height * scale))
    return base64.b64encode(png(cv2.resize(array, size, interpolation=cv2.INTER_AREA))).decode()


def as_stability(body, pixels=None):
    return {"seeds": [body["seed"]], "finish_reasons": [None], "images": [negative(picture_in(body), pixels)]}


def at_its_own_size(body):
    return as_stability(body, 250_000)


def as_old_sdxl(body):
    artifact = {"seed": body["seed"], "base64": negative(picture_in(body)), "finishReason": "SUCCESS"}
    return {"result": "success", "artifacts": [artifact]}


def as_jumpstart(body):
    return {"generated_image": negative(picture_in(body))}


ANSWERS = {
    "control-structure": as_stability,
    "control-sketch": as_stability,
    "sd35": at_its_own_size,
    "style-transfer": at_its_own_size,
    "sdxl": as_old_sdxl,
    "sdxl jumpstart": as_jumpstart,
}
STABILITY = ("control-structure", "control-sketch", "sd35", "style-transfer")
EVERY_MODEL = pytest.mark.parametrize("name", ANSWERS)
EVERY_ENGINE = pytest.mark.parametrize("name", [*ANSWERS, "sketch", "echo"])


def an_engine(name, answer):
    """The engine of a name in front of a model that answers so, and the runtime that remembers."""
    runtime = ScriptedRuntime(lambda target, body: ModelReply(answer(json.loads(body))))
    kind, _, dialect = name.partition(" ")
    return registry.engine(kind, lambda: runtime, lambda: runtime, "my-endpoint", dialect or "stability"), runtime


def working(name):
    answer = ANSWERS.get(name, as_stability)
    return an_engine(name, lambda body: json.dumps(answer(body)).encode())


def asked(name, **changes):
    """The target and the body of one call, its pictures taken out."""
    engine, runtime = working(name)
    engine.redraw(a_picture(320, 176), replace(STYLE, image=a_picture(80, 80, 5), **changes))
    target, body = runtime.asked[0]
    return target, {
        key: value for key, value in json.loads(body).items() if "image" not in key or key == "image_strength"
    }


def test_every_engine_that_settings_may_name_is_held_to_the_contract():
    named = {name.partition(" ")[0] for name in (*ANSWERS, "sketch", "echo")}

    assert named == set(registry.ENGINES)


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


# --- request bodies, field by field ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("control-structure", "us.stability.stable-image-control-structure-v1:0"),
        ("control-sketch", "us.stability.stable-image-control-sketch-v1:0"),
    ],
)
def test_control_is_called_through_its_profile_with_the_strength_of_what_is_kept(name, model):
    target, body = asked(name, preset="anime", negative_prompt="blurry", denoise=0.3)

    assert target == model
    assert body == {
        "prompt": "ink",
        "control_strength": 0.7,
        "style_preset": "anime",
        "negative_prompt": "blurry",
        "seed": 7,
        "output_format": "png",
    }


def test_control_without_a_text_takes_the_presets_words_because_it_must_have_some():
    _, body = asked("control-structure", prompt="", preset="origami")

    assert body["prompt"] == LOOKS["origami"]
    assert body["style_preset"] == "origami"


def test_control_without_a_preset_sends_no_such_field():
    assert "style_preset" not in asked("control-structure")[1]


def test_sd35_is_asked_image_to_image_and_its_strength_is_denoise_itself():
    target, body = asked("sd35", preset="anime", negative_prompt="blurry", denoise=0.45)

    assert target == "stability.sd3-5-large-v1:0"
    assert body == {
        "prompt": f"ink, {LOOKS['anime']}",
        "negative_prompt": "blurry",
        "mode": "image-to-image",
        "strength": 0.45,
        "seed": 7,
        "output_format": "png",
    }


def test_style_transfer_sends_frame_and_style_and_wants_no_text():
    engine, runtime = working("style-transfer")

    engine.redraw(a_picture(320, 176), replace(STYLE, prompt="", denoise=0.9, image=a_picture(900, 100, 5)))

    target, body = runtime.asked[0][0], json.loads(runtime.asked[0][1])
    look = Image.open(io.BytesIO(base64.b64decode(body.pop("style_image"))))
    assert target == "us.stability.stable-style-transfer-v1:0"
    assert max(look.size) <= 2.5 * min(look.size)
    assert picture_in(body).size == (320, 176)
    assert set(body) == {"init_image", "change_strength", "seed", "output_format"}
    assert body["change_strength"] == 0.9


def test_style_transfer_is_never_asked_for_less_change_than_it_takes():
    assert asked("style-transfer", denoise=0)[1]["change_strength"] == 0.1


@EVERY_MODEL
def test_no_field_is_sent_that_the_contract_does_not_know(name):
    everything = {"negative_prompt": "blurry", "preset": "anime"}
    sdxl = SdxlSettings(cfg_scale=7, steps=30, sampler="K_LMS", clip_guidance_preset="SLOW")
    known = {
        "control": {"prompt", "image", "control_strength", "style_preset", "negative_prompt", "seed", "output_format"},
        "sd35": {"prompt", "mode", "image", "strength", "seed", "negative_prompt", "output_format"},
        "style-transfer": {"init_image", "style_image", "prompt", "change_strength", "composition_fidelity",
                           "style_strength", "negative_prompt", "seed", "output_format"},
        "sdxl": {"text_prompts", "init_image", "init_image_mode", "image_strength", "cfg_scale", "sampler", "samples",
                 "clip_guidance_preset", "seed", "steps", "style_preset"},
        "sdxl jumpstart": {"text_prompts", "init_image", "image_strength", "width", "height", "seed", "cfg_scale",
                           "steps", "sampler", "use_refiner", "refiner_steps", "refiner_strength"},
    }  # fmt: skip

    fields = set(asked(name, sdxl=sdxl, **everything)[1])

    assert fields <= known["control" if name.startswith("control") else name]


@EVERY_MODEL
@pytest.mark.parametrize(("seed", "sent"), [(0, 4294967294), (1, 1), (4294967294, 4294967294)])
def test_a_seed_of_nought_is_never_sent_because_it_would_mean_another_one_for_every_frame(name, seed, sent):
    assert asked(name, seed=seed)[1]["seed"] == sent


def test_seed_noughts_example_is_the_historic_sdxl_body_to_the_letter():
    example = settings.parse((EXAMPLES / "seed-0-sdxl-dance.json").read_text(), "the example")
    plan = a_plan(source=a_source(frames=250, width=1280, height=720), **example)
    runtime = ScriptedRuntime(lambda target, body: ModelReply(json.dumps(as_old_sdxl(json.loads(body))).encode()))
    services = extracted(plan, [159], sagemaker=runtime, config={"sdxl_endpoint": "my-sdxl"})

    stylize_frame(StylizeFrameInput(job=plan.job, frame=FrameCall(index=159, anchor=159)), services)

    target, body = runtime.asked[0][0], json.loads(runtime.asked[0][1])
    sent = picture_in(body)
    assert target == "my-sdxl"
    assert sent.width % 64 == sent.height % 64 == 0
    assert sent.width * sent.height <= MEGAPIXEL
    del body["init_image"]
    assert body == {
        "text_prompts": [
            {"text": example["style"]["prompt"], "weight": 1.0},
            {"text": example["style"]["negative_prompt"], "weight": -1.0},
        ],
        "init_image_mode": "IMAGE_STRENGTH",
        "image_strength": 0.4,
        "cfg_scale": 15,
        "clip_guidance_preset": "SLOWEST",
        "sampler": "K_DPMPP_2M",
        "samples": 1,
        "seed": 123234343,
        "steps": 25,
        "style_preset": "anime",
    }


def test_jumpstart_has_sampler_names_and_size_fields_of_its_own():
    sdxl = SdxlSettings(cfg_scale=7, steps=30, sampler="K_DPMPP_2M", clip_guidance_preset="SLOWEST")

    _, body = asked("sdxl jumpstart", sdxl=sdxl, preset="anime", negative_prompt="blurry", denoise=0.65)

    assert body == {
        "text_prompts": [{"text": f"ink, {LOOKS['anime']}", "weight": 1.0}, {"text": "blurry", "weight": -1.0}],
        "image_strength": 0.35,
        "width": body["width"],
        "height": body["height"],
        "cfg_scale": 7,
        "steps": 30,
        "sampler": "DPMPP2MSampler",
        "seed": 7,
    }
    assert body["width"] % 8 == body["height"] % 8 == 0


@pytest.mark.parametrize("name", ["sdxl", "sdxl jumpstart"])
def test_sdxl_left_to_its_own_defaults_is_sent_none(name):
    _, body = asked(name)

    assert not {"cfg_scale", "steps", "sampler", "clip_guidance_preset", "style_preset"} & set(body)
    assert body["text_prompts"] == [{"text": "ink", "weight": 1.0}]


@pytest.mark.parametrize("name", ["sdxl", "sdxl jumpstart"])
def test_sdxls_texts_are_no_longer_than_it_takes(name):
    _, body = asked(name, prompt="x" * 9000, negative_prompt="y" * 9000)

    assert [len(prompt["text"]) for prompt in body["text_prompts"]] == [2000, 2000]


# --- answers that are no picture ------------------------------------------------------------------------------------

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
def test_an_inference_error_is_worth_another_try(name):
    with pytest.raises(ModelBusy, match=r"Inference error"):
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
def test_an_answer_without_a_picture_is_a_failure_of_the_moment(name, reply):
    with pytest.raises(ModelBusy):
        redraw(name, reply)


@EVERY_MODEL
@pytest.mark.parametrize(
    "error", [Throttled("429"), ModelBusy("503"), ModelDenied("No.")], ids=lambda e: type(e).__name__
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
