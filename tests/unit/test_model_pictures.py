"""What the stand-ins draw, in which size, with which memory of the shot."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from local.models import ModelServices
from tests.unit import bad_bodies as bodies
from tests.unit.model_account import SD35, SKETCH, STRUCTURE, TRANSFER, Account, TallyMeter, opened, pixels


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.mark.parametrize(("width", "height"), [(320, 192), (960, 540), (720, 1280), (1280, 544)])
def test_sd35_answers_one_megapixel_at_the_inputs_aspect(account: Account, width: int, height: int):
    answer = account.invoke(SD35, bodies.SD35 | {"image": bodies.picture(width, height)})

    got = opened(answer["images"][0])
    assert got.size != (width, height)
    assert got.width * got.height == pytest.approx(1_048_576, rel=0.03)
    assert got.width / got.height == pytest.approx(width / height, rel=0.03)


def test_style_transfer_answers_one_megapixel_at_the_inputs_aspect(account: Account):
    got = opened(account.invoke(TRANSFER, bodies.TRANSFER)["images"][0])

    assert got.width * got.height == pytest.approx(1_048_576, rel=0.03)
    assert got.width / got.height == pytest.approx(320 / 192, rel=0.03)


def test_control_answers_in_the_inputs_size_even_where_it_is_odd(account: Account):
    answer = account.invoke(SKETCH, bodies.CONTROL | {"image": bodies.picture(559, 443)})

    assert opened(answer["images"][0]).size == (559, 443)


def test_text_to_image_answers_in_the_aspect_that_was_asked(account: Account):
    body = {"prompt": "a city at dawn", "aspect_ratio": "16:9", "seed": 7}

    got = opened(account.invoke(SD35, body)["images"][0])

    assert got.width / got.height == pytest.approx(16 / 9, rel=0.03)


@pytest.mark.parametrize("size", [(1280, 704), (1024, 1024), (64, 64), (1344, 768)])
def test_sdxl_takes_every_multiple_of_64_up_to_a_megapixel(account: Account, size: tuple[int, int]):
    answer = account.invoke_endpoint("rotoscope-sdxl", bodies.SDXL | {"init_image": bodies.picture(*size, "JPEG")})

    assert opened(answer["artifacts"][0]["base64"]).size == size


def test_jumpstart_answers_in_the_size_that_was_asked(account: Account):
    answer = account.invoke_endpoint("rotoscope-sdxl-jumpstart", bodies.JUMPSTART | {"width": 512, "height": 320})

    assert list(answer) == ["generated_image"]
    assert opened(answer["generated_image"]).size == (512, 320)


def test_the_body_of_seed_0_is_answered_with_an_artifact(account: Account):
    body = bodies.SDXL | {"image_strength": 0.4, "cfg_scale": 15, "steps": 25, "seed": 123234343}

    answer = account.invoke_endpoint("rotoscope-sdxl", body)

    assert answer["result"] == "success"
    assert [(artifact["seed"], artifact["finishReason"]) for artifact in answer["artifacts"]] == [
        (123234343, "SUCCESS")
    ]
    assert account.drawer.asked == [("anime", pytest.approx(1 - 0.4**3))]


def test_more_denoising_changes_more_in_every_dialect(account: Account):
    def change(answer: str) -> float:
        drawn = pixels(answer)
        source = np.asarray(opened(bodies.FRAME).convert("RGB").resize(drawn.shape[1::-1]), np.float32)
        return float(np.abs(drawn - source).mean())

    sd35 = [change(account.invoke(SD35, bodies.SD35 | {"strength": s})["images"][0]) for s in (0, 0.3, 1)]
    control = [
        change(account.invoke(SKETCH, bodies.CONTROL | {"control_strength": s})["images"][0]) for s in (1, 0.7, 0)
    ]
    sdxl = [
        change(account.invoke_endpoint("rotoscope-sdxl", bodies.SDXL | {"image_strength": s})["artifacts"][0]["base64"])
        for s in (1, 0.6, 0)
    ]

    for kept, little, much in (sd35, control, sdxl):
        assert kept < 3 < little < much


def test_the_step_schedule_takes_the_place_of_image_strength(account: Account):
    body = bodies.changed(bodies.SDXL, {"init_image_mode": "STEP_SCHEDULE", "image_strength": bodies.GONE})

    account.invoke_endpoint("rotoscope-sdxl", body | {"step_schedule_start": 0.0})

    assert account.drawer.asked == [("anime", 0.0)]


def test_a_preset_counts_before_the_words_of_the_prompt(account: Account):
    account.invoke(STRUCTURE, bodies.CONTROL | {"style_preset": "origami"})
    account.invoke(STRUCTURE, bodies.changed(bodies.CONTROL, {"style_preset": bodies.GONE}))

    assert [preset for preset, _ in account.drawer.asked] == ["origami", "anime"]


def test_style_transfer_draws_like_the_style_image(account: Account):
    account.invoke(TRANSFER, bodies.TRANSFER)

    assert [preset for preset, _ in account.drawer.asked] == ["like"]


def test_the_seed_is_answered_and_shows_in_the_picture(account: Account):
    one = account.invoke(STRUCTURE, bodies.CONTROL | {"seed": 1})
    other = account.invoke(STRUCTURE, bodies.CONTROL | {"seed": 5})

    assert (one["seeds"], other["seeds"]) == ([1], [5])
    assert np.abs(pixels(one["images"][0]) - pixels(other["images"][0])).max() > 0


def test_seed_0_asks_for_a_random_seed_that_the_answer_names(account: Account):
    seeds = [account.invoke(STRUCTURE, bodies.CONTROL | {"seed": 0})["seeds"][0] for _ in range(2)]

    assert 0 not in seeds
    assert seeds[0] != seeds[1]


def test_frames_of_one_shot_share_a_memory_and_a_cut_starts_another(account: Account):
    frames = [np.full((96, 128, 3), level, np.uint8) for level in (40, 44, 200, 42)]

    for frame in frames:
        account.invoke(STRUCTURE, bodies.CONTROL | {"image": _png(frame)})

    assert [int(anchor.mean()) for anchor in account.drawer.anchors] == [40, 200]


@pytest.mark.parametrize(("step", "memories"), [(4, 1), (80, 2)])
def test_a_pan_stays_one_shot_where_a_jump_as_far_does_not(account: Account, step: int, memories: int):
    ramp = np.linspace(0, 255, 512).astype(np.uint8)
    panorama = np.broadcast_to(ramp[None, :, None], (96, 512, 3))

    for left in range(0, 81, step):
        account.invoke(STRUCTURE, bodies.CONTROL | {"image": _png(panorama[:, left : left + 192])})

    assert len(account.drawer.anchors) == memories


def test_a_fresh_pair_of_prompt_and_seed_starts_its_own_memory(account: Account):
    for change in ({}, {"seed": 9}, {"prompt": "oil painting"}, {}):
        account.invoke(STRUCTURE, bodies.CONTROL | change)

    assert len(account.drawer.anchors) == 3


def test_memories_are_bounded(account: Account):
    for seed in range(1, 40):
        account.invoke(STRUCTURE, bodies.CONTROL | {"seed": seed, "image": _png(np.zeros((64, 64, 3), np.uint8))})
    account.invoke(STRUCTURE, bodies.CONTROL | {"seed": 39, "image": _png(np.zeros((64, 64, 3), np.uint8))})
    account.invoke(STRUCTURE, bodies.CONTROL | {"seed": 1, "image": _png(np.zeros((64, 64, 3), np.uint8))})

    assert len(account.drawer.anchors) == 40


def test_without_a_drawer_the_products_own_sketch_draws():
    services = ModelServices(TallyMeter())
    body = json.dumps(bodies.CONTROL | {"style_preset": "comic-book"}).encode()

    answer = services.answer("bedrock", "POST", f"/model/{STRUCTURE}/invoke", {}, body)

    drawn = pixels(json.loads(answer.body)["images"][0])
    assert answer.headers["x-rotoscope-simulated"] == "true"
    assert np.abs(drawn - pixels(bodies.FRAME)).mean() > 3


def _png(frame: np.ndarray) -> str:
    buffer = io.BytesIO()
    Image.fromarray(frame).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()
