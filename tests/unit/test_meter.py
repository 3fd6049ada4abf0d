"""The local cloud's bill."""

import threading

import pytest

from local.meter import PRICES, Meter


def test_a_million_small_invocations_cost_what_the_price_list_says():
    meter = Meter()

    meter.count("lambda_requests", 1_000_000)
    meter.count("lambda_gb_s", 1_000)

    assert meter.cost_usd() == {"lambda_gb_s": pytest.approx(0.0133334), "lambda_requests": pytest.approx(0.20)}


def test_a_breakdown_by_function_is_shown_but_not_billed_twice():
    meter = Meter()

    meter.count("lambda_requests")
    meter.count("lambda_requests:StylizeFrame")

    assert meter.lines() == {"lambda_requests": 1.0, "lambda_requests:StylizeFrame": 1.0}
    assert list(meter.cost_usd()) == ["lambda_requests"]


def test_model_calls_are_billed_in_the_dollars_that_the_models_count():
    meter = Meter()

    meter.count("model_calls:stability.sd3-5-large-v1:0", 2)
    meter.count("model_usd", 0.16)

    assert sum(meter.cost_usd().values()) == pytest.approx(0.16)


@pytest.mark.parametrize("item", ["teleports", "teleports:StylizeFrame"])
def test_what_has_no_price_cannot_be_counted(item):
    meter = Meter()

    with pytest.raises(KeyError, match="no price"):
        meter.count(item)

    assert meter.lines() == {}


def test_counting_from_many_threads_loses_nothing():
    meter = Meter()

    def add() -> None:
        for _ in range(2_000):
            meter.count("s3_get")

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert meter.lines() == {"s3_get": 16_000.0}


def test_the_price_list_cannot_be_changed_by_accident():
    with pytest.raises(TypeError):
        PRICES["lambda_requests"] = 0.0
