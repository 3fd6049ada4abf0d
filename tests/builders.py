"""Jobs, plans, pictures and a world of fakes, each complete by default: a test says only what it is about."""

import io
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from rotoscope import layout, settings
from rotoscope.adapters.memory import (
    Endings,
    MailBox,
    MemoryClaims,
    MemoryInbox,
    MemoryPacer,
    MemoryPurse,
    MemoryStore,
    OpenCatalog,
    ScriptedRuntime,
)
from rotoscope.adapters.s3 import file_opener
from rotoscope.contracts import FrameCall, Job, JobPlan, Segment, SourceVideo
from rotoscope.engines.catalog import ENGINES
from rotoscope.ports import RGB, Clip, Joined, ModelReply, PartFormat, Sound, Timeline
from rotoscope.services import Config, Services

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


def an_upload(job: Job) -> dict[str, Any]:
    """EventBridge's Object Created event, as far as anybody looks at it."""
    thing = {"key": job.key, "version-id": job.version_id, "size": 5}
    return {"detail-type": "Object Created", "detail": {"bucket": {"name": job.bucket}, "object": thing}}


@dataclass
class ManualClock:
    """Seconds since the epoch that pass when a test says so."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class FakeProber:
    """Finds the same source in every file, or the same fault."""

    found: SourceVideo | Exception = field(default_factory=a_source)

    def probe(self, file: BinaryIO, size: int) -> SourceVideo:
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@dataclass
class FakeReader:
    """A video whose n-th frame is `a_picture(seed=n)`; those in `lost` do not decode."""

    lost: set[int] = field(default_factory=set)
    decoded: int = 0

    def stamps(self, clip: Clip, segment: Segment) -> list[int]:
        every = range(clip.source.start_pts, clip.source.end_pts, TICKS)
        return [pts for pts in every if segment.start_pts <= pts < segment.end_pts and pts // TICKS not in self.lost]

    def frames(self, clip: Clip, segment: Segment, wanted: Collection[int] | None = None) -> Iterator[tuple[int, RGB]]:
        for pts in self.stamps(clip, segment):
            if wanted is None or pts in wanted:
                self.decoded += 1
                yield pts, a_picture(clip.source.width, clip.source.height, pts // TICKS)


class FakeWriter:
    """Writes a part that lists its pictures' shapes and their mean colours."""

    def __init__(self, path: Path) -> None:
        self._path, self._pictures = path, list[dict[str, Any]]()

    def write(self, picture: RGB) -> None:
        self._pictures.append({"shape": picture.shape, "mean": picture.mean((0, 1)).tolist()})

    def close(self) -> int:
        self._path.write_text(json.dumps(self._pictures))
        return len(self._pictures)


class FakeEncoder:
    """Encodes into FakeWriter's lists and remembers at which rate."""

    def __init__(self) -> None:
        self.rates: list[Fraction] = []

    def open(self, path: Path, form: PartFormat, size: tuple[int, int], rate: Fraction) -> FakeWriter:
        self.rates.append(rate)
        return FakeWriter(path)


@dataclass
class FakeJoiner:
    """Puts FakeWriter's lists behind one another and remembers what it was given."""

    joined: list[tuple[PartFormat, Timeline, Sound | None]] = field(default_factory=list)

    def join(
        self, form: PartFormat, parts: Iterable[Path], timeline: Timeline, out: Path, sound: Sound | None = None
    ) -> Joined:
        pictures = [picture for part in parts for picture in json.loads(part.read_text())]
        out.write_text(json.dumps(pictures))
        self.joined.append((form, timeline, sound))
        height, width = pictures[0]["shape"][:2]
        seconds = float((timeline.ticks[-1] + timeline.last_duration) * timeline.time_base)
        return Joined(len(pictures), width, height, seconds, ("aac",) if sound else ())


def _opened(key: str, version_id: str | None, source: SourceVideo) -> AbstractContextManager[Clip]:
    return nullcontext(Clip(key, source))


def nobody_home(target: str, body: bytes) -> ModelReply:
    """A model that a test did not expect to be called."""
    raise AssertionError(f"{target} was called")


def a_world(source: SourceVideo | None = None, clock: ManualClock | None = None, **instead: Any) -> Services:
    """Services on fakes alone. Anything can be replaced by name; `config` by a dictionary of its fields."""
    clock, inbox = clock or ManualClock(), MemoryInbox()
    config = Config(**{"inbox": "inbox", "studio": "studio", "region": "us-west-2", **instead.pop("config", {})})
    fakes = {
        "clock": clock,
        "inbox": inbox,
        "studio": MemoryStore(),
        "claims": MemoryClaims(),
        "pacer": MemoryPacer(clock),
        "purse": MemoryPurse(),
        "catalog": OpenCatalog(),
        "bedrock": ScriptedRuntime(nobody_home),
        "sagemaker": ScriptedRuntime(nobody_home),
        "prober": FakeProber(source or a_source()),
        "reader": FakeReader(),
        "encoder": FakeEncoder(),
        "joiner": FakeJoiner(),
        "open_clip": _opened,
        "open_file": file_opener(inbox),
        "notifier": MailBox(),
        "executions": Endings(),
    }
    return Services(config, **{**fakes, **instead})


def planned(plan: JobPlan, **instead: Any) -> Services:
    """A world in which PlanJob wrote this plan for an execution that runs."""
    services = a_world(plan.source, **instead)
    services.claims.claim(plan.job, EXECUTION)
    services.documents.save(layout.plan(plan.job.id), plan)
    return services


def extracted(plan: JobPlan, indices: Iterable[int] = (0,), **instead: Any) -> Services:
    """A world in which the frames to restyle lie ready, and are called for."""
    from rotoscope import pictures

    services, indices = planned(plan, **instead), list(indices)
    for index in indices:
        picture = a_picture(plan.source.width, plan.source.height, index)
        services.studio.write(layout.source_frame(plan.job.id, index), pictures.to_jpeg(picture))
    services.documents.save_list(
        layout.calls(plan.job.id, 1), [FrameCall(index=index, anchor=indices[0]) for index in indices]
    )
    return services


def png(picture: RGB) -> bytes:
    """The picture as a service would send it."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
