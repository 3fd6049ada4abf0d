"""Every engine's request, field by field, against its model's own contract as AWS's pages state it."""

import base64
import io
import json
from dataclasses import replace

import pytest
from PIL import Image

from rotoscope import settings
from rotoscope.adapters.memory import ScriptedRuntime
from rotoscope.contracts import FrameCall, StylizeFrameInput
from rotoscope.engines.presets import LOOKS
from rotoscope.ports import ModelReply
from rotoscope.settings import SdxlSettings
from rotoscope.styling import stylize_frame
from tests.builders import TICKS, a_picture, a_plan, a_source
from tests.unit.model_answers import (
    EVERY_MODEL,
    EXAMPLES,
    MEGAPIXEL,
    STYLE,
    as_old_sdxl,
    asked,
    picture_in,
    working,
)
from tests.worlds import extracted


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


@pytest.mark.parametrize("name", ["sd35", "style-transfer"])
def test_a_prompt_and_its_presets_words_are_no_longer_than_the_model_takes(name):
    prompt = "x" * 9000 + "y" * 1000

    _, worded = asked(name, prompt=prompt, preset="anime")
    _, plain = asked(name, prompt=prompt)

    assert len(worded["prompt"]) == 10_000
    assert worded["prompt"].startswith("x" * 9000 + "y")
    assert worded["prompt"].endswith(f", {LOOKS['anime']}")
    assert plain["prompt"] == prompt


@pytest.mark.parametrize(("size", "form"), [((2560, 1440), "png"), ((3840, 2160), "jpeg")])
def test_a_large_picture_is_asked_for_as_jpeg_because_a_png_might_pass_the_longest_answer(size, form):
    engine, runtime = working("control-structure")

    engine.redraw(a_picture(*size), STYLE)

    assert json.loads(runtime.asked[0][1])["output_format"] == form


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

    frame = FrameCall(index=159, pts=159 * TICKS, anchor=159 * TICKS)
    stylize_frame(StylizeFrameInput(job=plan.job, frame=frame), services)

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
