"""Jobs, plans and pictures, each complete by default: a test says only what it is about."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

import numpy as np

from rotoscope import layout, settings
from rotoscope.contracts import Job, JobPlan, SourceVideo
from rotoscope.engines.catalog import ENGINES
from rotoscope.ports import RGB
from rotoscope.segment_contracts import SegmentAnalysis
from rotoscope.signatures import GRID

STARTED = "2026-11-20T12:00:00Z"
NOON = datetime.fromisoformat(STARTED).timestamp()
EXECUTION = "arn:aws:states:us-west-2:123456789012:execution:Rotoscope:one"
TICKS = 512
"""Time stamps between two frames of a built source: 25 frames per second at a time base of 1/12800."""


def a_picture(width: int = 64, height: int = 36, seed: int = 0) -> RGB:
    """A smooth picture without symmetry, so that turning, cutting or stretching it would show."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    waves = [120 + 60 * np.sin(3 * x + seed), 40 + 170 * y * x, 230 - 150 * y]
    return np.stack(waves, axis=-1).astype(np.uint8)


def a_job(key: str = "clips/dance.mp4", version_id: str | None = "v1") -> Job:
    """A job with the id that its upload has."""
    return Job(
        id=layout.job_id("inbox", key, version_id),
        bucket="inbox",
        key=key,
        version_id=version_id,
        name=layout.result_name(key),
    )


def a_source(frames: int = 10, width: int = 64, height: int = 36, **changes: Any) -> SourceVideo:
    """A plain silent clip of 25 frames per second."""
    facts = {
        "container": "mp4",
        "codec": "h264",
        "coded_width": width,
        "coded_height": height,
        "width": width,
        "height": height,
        "time_base": Fraction(1, 25 * TICKS),
        "start_pts": 0,
        "end_pts": frames * TICKS,
        "frame_count": frames,
        "frame_rate": Fraction(25),
        "average_rate": Fraction(25),
        "duration_s": frames / 25,
        "keyframes": [0],
    }
    return SourceVideo.model_validate({**facts, **changes})


def a_plan(job: Job | None = None, source: SourceVideo | None = None, **wishes: Mapping[str, Any]) -> JobPlan:
    """A plan for settings given by group: `a_plan(style={"engine": "sketch"}, limits={"max_calls": 3})`."""
    job = job or a_job()
    style = {"engine": "control-structure", "prompt": "ink on paper", "seed": 7, **wishes.pop("style", {})}
    resolved = settings.resolve([("the test", {"style": style, **wishes})])
    facts = ENGINES[resolved.engines()[0]]
    return JobPlan(
        job=job,
        video_key=job.key,
        video_version_id=job.version_id,
        source=source or a_source(),
        settings=resolved,
        settings_from=["the test"],
        seed=style["seed"],
        prompt=str(resolved.style.prompt or ""),
        price_usd=facts.price_usd,
        requests_per_minute=facts.requests_per_minute,
        started=STARTED,
    )


def a_signature(level: int = 0) -> str:
    """The signature of a picture of one grey."""
    return bytes([level] * GRID * GRID * 3).hex()


def an_analysis(indices: Sequence[int] = range(10), segment: int = 0, **changes: Any) -> SegmentAnalysis:
    """A segment whose frames all look alike but are no repeats; `indices` count from the video's first frame."""
    facts = {
        "segment": segment,
        "start_pts": indices[0] * TICKS if indices else 0,
        "end_pts": indices[-1] * TICKS + 1 if indices else 1,
        "stamps": [index * TICKS for index in indices],
        "repeats": list(range(len(indices))),
        "costs": [0.0] * len(indices),
        "cuts": [],
        "flashes": [],
        "joins": False,
        "opening": a_signature(),
        "closing": a_signature(),
    }
    return SegmentAnalysis.model_validate({**facts, **changes})


def an_upload(job: Job) -> dict[str, Any]:
    """EventBridge's Object Created event, as far as anybody looks at it."""
    thing = {"key": job.key, "version-id": job.version_id, "size": 5}
    return {"detail-type": "Object Created", "detail": {"bucket": {"name": job.bucket}, "object": thing}}


def png(picture: RGB) -> bytes:
    """The picture as a service would send it."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
