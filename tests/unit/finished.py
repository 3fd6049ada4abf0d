"""What a finished job's receipt says."""

from rotoscope.receipts import Calls, Cost, Output, Quality, Receipt, Steadiness, WarpingError


def an_output(name, size, **facts):
    """A file of 64 x 36 pixels."""
    return Output(**{"frames": 1, "duration_s": 0, **facts}, name=name, bytes=size, sha256="", width=64, height=36)


def a_receipt(plan, **changes):
    """A receipt of ten frames, all redrawn."""
    facts = {
        "job": plan.job.id,
        "video": plan.video_key,
        "simulated": False,
        "engine": "control-structure",
        "model": "us.stability.x",
        "seed": 7,
        "prompt": "ink",
        "source": {},
        "settings": {},
        "settings_from": [],
        "ignored": [],
        "notes": [],
        "plan": {"frames": 10, "keys": 10, "own": 0},
        "frame_rate": "25/1",
        "calls": Calls(made=10, filtered=0, retried=0, throttled=0, lost=0, filled=0),
        "cost": Cost(estimated_model_usd=0.7, model_usd=0.7, pipeline_usd=0.0123),
        "time": {"total": 75.4},
        "outputs": [
            an_output("dance.mp4", 1_234_567, frames=10, duration_s=0.4, audio=("aac",)),
            an_output("poster.jpg", 4321),
        ],
    }
    return Receipt.model_validate({**facts, **changes})


def a_quality(**changes):
    """A steady picture that is as sharp as it was drawn."""
    facts = {
        "samples": 12,
        "warping_error": WarpingError(source=2e-4, result=3e-4, ratio=1.5),
        "flicker_levels": Steadiness(source=0.5, result=0.9),
        "sharpness_kept": 0.97,
        "flow": "DIS",
        "meaningful": True,
    }
    return Quality.model_validate({**facts, **changes})
