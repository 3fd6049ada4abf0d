"""StylizeFrame: one booked, idempotent call per frame, and what every ending of it means."""

import numpy as np
import pytest

from rotoscope import layout, pictures
from rotoscope.errors import (
    AnswerLost,
    CallRefused,
    ModelDenied,
    ModelRetired,
)
from rotoscope.ports import ModelReply
from tests.builders import NOON, a_plan
from tests.unit.visits import (
    DRAWN,
    JOB,
    PRICE,
    a_studio,
    pictured,
    refusing,
    saying,
    scripted,
    sent,
    styled,
    tally,
    visit,
)


def test_a_frame_is_restyled_booked_and_counted():
    services = a_studio()

    result = visit(services)

    picture = pictures.from_bytes(services.studio.read(layout.styled_frame(JOB, 0)))
    assert result.outcome == "made"
    assert np.abs(picture.astype(int) - DRAWN).max() < 12
    assert tally(services) == {"made": 1, "usd_micros": PRICE}


def test_a_frame_that_is_there_already_is_neither_called_nor_paid_again():
    services = a_studio()
    visit(services)

    again = visit(services)

    assert again.outcome == "exists"
    assert len(services.bedrock.asked) == 1


def test_a_simulated_answer_is_counted_as_such():
    services = a_studio(lambda target, body: ModelReply(pictured(target, body).body, simulated=True))

    visit(services)

    assert tally(services)["simulated"] == 1


@pytest.mark.parametrize(
    "reason", ["Filter reason: prompt", "Filter reason: input image", "Filter reason: output image"]
)
def test_a_filtered_frame_is_booked_and_left_for_the_second_pass(reason):
    services = a_studio(saying(reason))

    result = visit(services)

    assert result.outcome == "filtered"
    assert not styled(services)
    assert tally(services) == {"made": 1, "filtered": 1, "usd_micros": PRICE}
    assert services.claims.stopped(JOB) is None


def test_a_second_attempt_asks_for_less_with_another_seed():
    services = a_studio(scripted(saying("Filter reason: output image"), pictured), plan=a_plan(style={"denoise": 0.5}))
    visit(services)
    services.clock.now += 60

    visit(services, attempt=2)

    first, second = sent(services)
    assert (first["control_strength"], second["control_strength"]) == (0.5, 0.6)
    assert (first["seed"], second["seed"]) == (7, 8)


def test_a_ladders_second_engine_takes_the_second_attempt_and_the_last_all_further_ones():
    services = a_studio(plan=a_plan(style={"engine": ["control-structure", "sd35"]}))

    for attempt in (1, 2, 3):
        visit(services, attempt - 1, attempt=attempt)
        services.clock.now += 60

    assert [target for target, _ in services.bedrock.asked] == [
        "us.stability.stable-image-control-structure-v1:0",
        "stability.sd3-5-large-v1:0",
        "stability.sd3-5-large-v1:0",
    ]


LOST = [refusing(AnswerLost("timeout")), saying("Inference error"), saying(None), lambda *_: ModelReply(b"{")]


@pytest.mark.parametrize("answer", LOST)
def test_an_answer_that_was_lost_stays_booked_and_is_left_for_the_second_pass(answer):
    services = a_studio(answer)

    result = visit(services)

    assert result.outcome == "lost"
    assert tally(services) == {"lost": 1, "usd_micros": PRICE}
    assert services.claims.stopped(JOB) is None


def test_a_frame_whose_style_image_is_gone_is_not_paid_for():
    services = a_studio(plan=a_plan(style={"engine": "style-transfer", "image": "look.png"}))

    with pytest.raises(KeyError):
        visit(services)

    assert tally(services) == {}


@pytest.mark.parametrize("error", [ModelDenied("No."), ModelRetired("Gone."), CallRefused("Bad field.")])
def test_what_dooms_the_job_gives_the_money_back_and_every_other_worker_sees_it(error):
    services = a_studio(refusing(error))

    with pytest.raises(type(error)):
        visit(services, 0)
    other = visit(services, 1)

    assert tally(services) == {}
    assert services.claims.stopped(JOB) == (type(error).__name__, str(error))
    assert other.outcome == "stopped"
    assert len(services.bedrock.asked) == 1


def test_a_stopped_job_takes_no_slot_and_makes_no_call():
    services = a_studio()
    services.claims.stop(JOB, "Cancelled.", "JobStopped")

    result = visit(services)

    assert result.outcome == "stopped"
    assert services.bedrock.asked == []
    assert services.pacer.reserve("us-west-2/us.stability.stable-image-control-structure-v1:0", 20) == NOON * 1000


def test_a_frame_whose_source_never_came_is_not_paid_for():
    services = a_studio(indices=(0,))

    with pytest.raises(KeyError):
        visit(services, 9)

    assert tally(services) == {}
