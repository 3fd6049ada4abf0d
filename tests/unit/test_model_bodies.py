"""Which request bodies the stand-ins refuse, in which words, and which they take."""

import json
from typing import Any

import pytest

from tests.unit import bad_bodies as bodies
from tests.unit.model_account import SD35, SKETCH, STRUCTURE, TRANSFER, Account, opened, refused


def rows(table: list[tuple[bodies.Body, str]]) -> Any:
    return pytest.mark.parametrize(
        ("change", "reason"), table, ids=[f"{n}-{reason[:60]}" for n, (_, reason) in enumerate(table)]
    )


@pytest.fixture
def account() -> Account:
    return Account()


@rows(bodies.BAD_SD35)
def test_a_bad_sd35_body_is_refused_with_its_reason(account: Account, change: bodies.Body, reason: str):
    answer = refused(account.invoke, SD35, bodies.changed(bodies.SD35, change))

    assert answer[:2] == (400, "ValidationException")
    assert reason in json.loads(answer[2])["detail"]
    assert not account.meter.totals


@pytest.mark.parametrize("model", [STRUCTURE, SKETCH])
@rows(bodies.BAD_CONTROL)
def test_a_bad_control_body_is_refused_with_its_reason(account: Account, model: str, change: bodies.Body, reason: str):
    answer = refused(account.invoke, model, bodies.changed(bodies.CONTROL, change))

    assert answer[:2] == (400, "ValidationException")
    assert reason in json.loads(answer[2])["detail"]


@rows(bodies.BAD_TRANSFER)
def test_a_bad_style_transfer_body_is_refused_with_its_reason(account: Account, change: bodies.Body, reason: str):
    answer = refused(account.invoke, TRANSFER, bodies.changed(bodies.TRANSFER, change))

    assert answer[:2] == (400, "ValidationException")
    assert reason in json.loads(answer[2])["detail"]


@rows(bodies.BAD_SDXL)
def test_a_bad_sdxl_body_is_refused_as_its_servers_did(account: Account, change: bodies.Body, reason: str):
    status, code, message = refused(account.invoke_endpoint, "rotoscope-sdxl", bodies.changed(bodies.SDXL, change))

    assert (status, code) == (424, "ModelError")
    assert "Received client error (400) from primary" in message
    assert reason in message
    assert not account.meter.totals


@rows(bodies.BAD_JUMPSTART)
def test_a_bad_jumpstart_body_is_refused(account: Account, change: bodies.Body, reason: str):
    body = bodies.changed(bodies.JUMPSTART, change)

    status, code, message = refused(account.invoke_endpoint, "rotoscope-sdxl-jumpstart", body)

    assert (status, code) == (424, "ModelError")
    assert reason in message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{not json", "the body is not valid JSON"),
        (b"", "the body is not valid JSON"),
        (b'{"prompt": NaN}', "the body is not valid JSON"),
        (b"\xff\xfe", "the body is not valid JSON"),
        (b"[]", "expected type: JSONObject, found: JSONArray"),
    ],
)
def test_what_is_no_json_object_is_refused(account: Account, content: bytes, reason: str):
    assert reason in refused(account.invoke, SD35, content)[2]
    assert reason in refused(account.invoke_endpoint, "rotoscope-sdxl", content)[2]


def test_an_unknown_field_is_answered_in_the_services_own_words(account: Account):
    core = refused(account.invoke, SD35, bodies.SD35 | {"sampler": "DDIM"})[2]
    service = refused(account.invoke, SKETCH, bodies.CONTROL | {"text_prompts": []})[2]

    fields = "['prompt', 'mode', 'strength', 'image', 'aspect_ratio', 'negative_prompt', 'seed', 'output_format']"
    assert json.loads(core) == {"detail": f"Invalid field in request. Available fields: {fields}"}
    assert json.loads(service)["detail"].startswith(
        "Invalid field 'text_prompts' in request. Available fields for control-sketch are: image, prompt, "
    )


def test_bodies_over_the_services_limits_are_refused(account: Account):
    assert "less than or equal to 25000000" in refused(account.invoke, SD35, b" " * 25_000_001)[2]
    answer = refused(account.invoke_endpoint, "rotoscope-sdxl", b" " * 6_291_457)
    assert answer[:2] == (400, "ValidationError")
    assert "less than or equal to 6291456" in answer[2]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_every_documented_input_format_is_taken(account: Account, form: str):
    answer = account.invoke(STRUCTURE, bodies.CONTROL | {"image": bodies.picture(320, 192, form)})

    assert answer["finish_reasons"] == [None]


@pytest.mark.parametrize(("asked", "got"), [("png", "PNG"), ("jpeg", "JPEG"), ("webp", "WEBP")])
def test_the_output_format_is_honoured(account: Account, asked: str, got: str):
    answer = account.invoke(SD35, bodies.SD35 | {"output_format": asked})

    assert opened(answer["images"][0]).format == got


def test_without_an_output_format_the_answer_is_png(account: Account):
    answer = account.invoke(STRUCTURE, bodies.changed(bodies.CONTROL, {"output_format": bodies.GONE}))

    assert opened(answer["images"][0]).format == "PNG"
