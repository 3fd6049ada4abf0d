"""Faults on demand: each in the form of its service, as often as it was armed, charged as documented."""

import json
from typing import Any

import numpy as np
import pytest

from local.models import Fault, Faults
from tests.unit import bad_bodies as bodies
from tests.unit.model_account import SD35, STRUCTURE, Account, pixels, refused


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("throttle", 429, "ThrottlingException"),
        ("not_ready", 429, "ModelNotReadyException"),
        ("server_error", 500, "InternalServerException"),
        ("unavailable", 503, "ServiceUnavailableException"),
        ("timeout", 408, "ModelTimeoutException"),
        ("model_error", 424, "ModelErrorException"),
        ("quota_exceeded", 400, "ServiceQuotaExceededException"),
        ("access_denied", 403, "AccessDeniedException"),
    ],
)
def test_an_armed_error_strikes_as_often_as_it_was_asked_and_costs_nothing(kind: Any, status: int, code: str):
    account = Account(faults=Faults([Fault(kind=kind, times=2)]))

    first, second = (refused(account.invoke, STRUCTURE, bodies.CONTROL) for _ in range(2))
    assert first[:2] == second[:2] == (status, code)
    assert account.meter.totals["model_usd"] == 0

    assert account.invoke(STRUCTURE, bodies.CONTROL)["finish_reasons"] == [None]


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("throttle", 429, "ThrottlingException"),
        ("server_error", 500, "InternalFailure"),
        ("unavailable", 503, "ServiceUnavailable"),
        ("timeout", 424, "ModelError"),
        ("model_error", 424, "ModelError"),
        ("access_denied", 403, "AccessDeniedException"),
    ],
)
def test_endpoints_fail_in_sagemakers_way(account: Account, kind: Any, status: int, code: str):
    account.services.arm(Fault(kind=kind, model="rotoscope-*"))

    assert refused(account.invoke_endpoint, "rotoscope-sdxl", bodies.SDXL)[:2] == (status, code)
    assert not account.meter.totals


@pytest.mark.parametrize("reason", ["prompt", "output image", "input image"])
def test_a_filtered_answer_is_a_success_without_pictures(account: Account, reason: Any):
    account.services.arm(Fault(kind="filter", reason=reason))

    assert account.invoke(SD35, bodies.SD35) == {"finish_reasons": [f"Filter reason: {reason}"]}


def test_an_inference_error_is_a_success_without_pictures_and_without_a_charge(account: Account):
    account.services.arm(Fault(kind="inference_error"))

    assert account.invoke(SD35, bodies.SD35) == {"finish_reasons": ["Inference error"]}
    assert account.meter.totals == {f"model_calls:{SD35}": 1}


def test_sdxl_hands_a_filtered_picture_over_blurred(account: Account):
    clear = account.invoke_endpoint("rotoscope-sdxl", bodies.SDXL)["artifacts"][0]
    account.services.arm(Fault(kind="filter"))

    filtered = account.invoke_endpoint("rotoscope-sdxl", bodies.SDXL)["artifacts"][0]

    assert (clear["finishReason"], filtered["finishReason"]) == ("SUCCESS", "CONTENT_FILTERED")
    assert _sharpness(filtered["base64"]) < _sharpness(clear["base64"]) / 2


def test_sdxl_names_a_failed_inference(account: Account):
    account.services.arm(Fault(kind="inference_error"))

    assert account.invoke_endpoint("rotoscope-sdxl", bodies.SDXL)["artifacts"][0]["finishReason"] == "ERROR"


def test_jumpstart_has_no_content_filter_to_strike(account: Account):
    account.services.arm(Fault(kind="filter"))

    assert "generated_image" in account.invoke_endpoint("rotoscope-sdxl-jumpstart", bodies.JUMPSTART)
    assert account.invoke(SD35, bodies.SD35)["finish_reasons"] == ["Filter reason: output image"]


def test_a_fault_may_wait_for_a_word_a_model_and_a_number_of_calls(account: Account):
    account.services.arm(Fault(kind="filter", when_prompt_contains="Blood", times=None))
    account.services.arm(Fault(kind="timeout", model=SD35, after=1))

    bloody = account.invoke(STRUCTURE, bodies.CONTROL | {"prompt": "much blood"})
    control = account.invoke(STRUCTURE, bodies.CONTROL)
    first = account.invoke(SD35, bodies.SD35)
    second = refused(account.invoke, SD35, bodies.SD35)

    assert bloody["finish_reasons"] == ["Filter reason: output image"]
    assert control["finish_reasons"] == first["finish_reasons"] == [None]
    assert second[:2] == (408, "ModelTimeoutException")


def test_a_slow_answer_comes_late_and_is_paid(account: Account):
    account.services.arm(Fault(kind="slow", seconds=0.01))

    answer = account.invoke(SD35, bodies.SD35)

    assert answer["finish_reasons"] == [None]
    assert account.meter.totals["model_usd"] == pytest.approx(0.08)


def test_faults_are_armed_shown_and_disarmed_over_http(account: Account):
    def ask(method: str, body: bytes = b"") -> tuple[int, Any]:
        answer = account.services.answer("", method, "/_rotoscope/faults", {}, body)
        return answer.status, json.loads(answer.body)

    status, armed = ask("POST", b'{"kind": "filter", "times": 3}')
    assert (status, [fault["kind"] for fault in armed["armed"]]) == (200, ["filter"])
    assert account.invoke(SD35, bodies.SD35)["finish_reasons"] != [None]

    assert ask("DELETE") == (200, {"armed": []})
    assert account.invoke(SD35, bodies.SD35)["finish_reasons"] == [None]
    assert ask("POST", b'{"kind": "explode"}')[0] == 400
    assert ask("POST", b'{"kind": "filter", "when": "now"}')[0] == 400


def _sharpness(encoded: str) -> float:
    return float(np.abs(np.diff(pixels(encoded), axis=0)).max())
