"""Frames that lie ready, a model that answers as it is told, and visits of StylizeFrame."""

import base64
import json

from rotoscope import layout
from rotoscope.adapters.memory import ScriptedRuntime
from rotoscope.contracts import CallState, FrameCall, StylizeFrameInput
from rotoscope.ports import ModelReply
from rotoscope.styling import stylize_frame
from tests.builders import TICKS, a_job, a_picture, a_plan, png
from tests.worlds import extracted

JOB = a_job().id
PRICE = 70_000
DRAWN = a_picture(seed=40)


def pictured(target, body):
    return ModelReply(
        json.dumps({"seeds": [7], "finish_reasons": [None], "images": [base64.b64encode(png(DRAWN)).decode()]}).encode()
    )


def refusing(error):
    """A model whose every call ends so."""

    def answer(target, body):
        raise error

    return answer


def saying(reason):
    """A model that answers with HTTP 200 and this finish reason."""
    return lambda target, body: ModelReply(json.dumps({"finish_reasons": [reason], "images": []}).encode())


def scripted(*answers):
    """A model that ends one call after the other in these ways."""
    script = iter(answers)
    return lambda target, body: next(script)(target, body)


def a_studio(answer=pictured, plan=None, indices=(0, 1, 2), **instead):
    """A world with frames to restyle and a model that answers so."""
    return extracted(plan or a_plan(), indices, bedrock=ScriptedRuntime(answer), **instead)


def visit(services, index=0, call=None, attempt=1):
    frame = FrameCall(index=index, pts=index * TICKS, anchor=0, attempt=attempt)
    return stylize_frame(StylizeFrameInput(job=a_job(), frame=frame, call=call or CallState()), services)


def styled(services, index=0):
    return services.studio.exists(layout.styled_frame(JOB, index))


def tally(services):
    """The counters that are about calls."""
    counted = services.purse.tally(JOB)
    return {name: value for name, value in vars(counted).items() if value and name not in ("gb_ms", "tasks")}


def sent(services):
    return [json.loads(body) for _, body in services.bedrock.asked]
