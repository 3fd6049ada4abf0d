"""Services on fakes alone, and the media fakes that only tests need."""

import json
from collections.abc import Collection, Generator, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from rotoscope import layout
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
from rotoscope.contracts import FrameCall, JobPlan, Segment, SourceVideo
from rotoscope.ports import RGB, Alpha, Clip, Damage, Joined, ModelReply, Original, PartFormat, Timeline
from rotoscope.services import Config, Services
from tests.builders import EXECUTION, NOON, TICKS, a_picture, a_source


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
    """A video whose n-th frame is `a_picture(seed=n)`; those in `lost` do not decode, those in `torn` are damaged.

    Those in `smeared` build on them, and are spoilt.
    """

    lost: set[int] = field(default_factory=set)
    torn: set[int] = field(default_factory=set)
    smeared: set[int] = field(default_factory=set)
    decoded: int = 0

    def frames(
        self,
        clip: Clip,
        segment: Segment,
        wanted: Collection[int] | None = None,
        size: tuple[int, int] | None = None,
        damage: Damage | None = None,
    ) -> Generator[tuple[int, RGB]]:
        if damage:
            damage.pictures = [index * TICKS for index in sorted(self.torn)]
            damage.places = [index * TICKS for index in sorted(self.torn | self.lost)]
            damage.smeared = damage.spoilt = [index * TICKS for index in sorted(self.smeared)]
        for pts in range(clip.source.start_pts, clip.source.end_pts, TICKS):
            due = segment.start_pts <= pts < segment.end_pts and (wanted is None or pts in wanted)
            if due and pts // TICKS not in self.lost:
                self.decoded += 1
                yield pts, self.picture(pts // TICKS, *(size or (clip.source.width, clip.source.height)))

    def alphas(
        self,
        clip: Clip,
        segment: Segment,
        wanted: Collection[int] | None = None,
        size: tuple[int, int] | None = None,
    ) -> Generator[tuple[int, Alpha]]:
        """Clear on the left, opaque on the right."""
        for pts, picture in self.frames(clip, segment, wanted, size):
            height, width = picture.shape[:2]
            yield pts, np.repeat(np.where(np.arange(width) < width // 2, 0, 255).astype(np.uint8)[None], height, 0)

    def picture(self, index: int, width: int, height: int) -> RGB:
        return a_picture(width, height, index)


class FakeWriter:
    """Writes a part that lists its pictures' shapes and mean colours, and their mean opacity if it has `alpha`."""

    def __init__(self, path: Path, alpha: bool = False) -> None:
        self._path, self._alpha, self._pictures = path, alpha, list[dict[str, Any]]()

    def __enter__(self) -> "FakeWriter":
        return self

    def __exit__(self, *_: object) -> None:
        return

    def write(self, picture: RGB, alpha: Alpha | None = None) -> None:
        assert (alpha is not None) is self._alpha
        assert alpha is None or alpha.shape == picture.shape[:2]
        opacity = {} if alpha is None else {"alpha": alpha.mean()}
        self._pictures.append({"shape": picture.shape, "mean": picture.mean((0, 1)).tolist(), **opacity})

    def close(self) -> int:
        self._path.write_text(json.dumps(self._pictures))
        return len(self._pictures)


class FakeEncoder:
    """Encodes into FakeWriter's lists and remembers at which rate, and what was asked for under which name."""

    def __init__(self) -> None:
        self.rates: list[Fraction] = []
        self.opened: dict[str, dict[str, Any]] = {}

    def open(
        self,
        path: Path,
        form: PartFormat,
        size: tuple[int, int],
        rate: Fraction,
        *,
        alpha: bool = False,
        enlarged: tuple[int, int] | None = None,
    ) -> FakeWriter:
        self.rates.append(rate)
        self.opened[path.name] = {"form": form, "size": size, "alpha": alpha, "enlarged": enlarged}
        return FakeWriter(path, alpha)


@dataclass
class FakeJoiner:
    """Puts FakeWriter's lists behind one another and remembers what it was given."""

    joined: list[tuple[PartFormat, Timeline, Original | None]] = field(default_factory=list)
    provenances: list[str] = field(default_factory=list)
    copied: list[PartFormat] = field(default_factory=list)

    def beside_pictures(self, form: PartFormat, finished: Path, out: Path) -> None:
        out.write_bytes(b"beside " + finished.read_bytes())
        self.copied.append(form)

    def join(
        self,
        form: PartFormat,
        parts: Iterable[Path],
        timeline: Timeline,
        out: Path,
        original: Original | None = None,
        provenance: str = "",
    ) -> Joined:
        pictures = [picture for part in parts for picture in json.loads(part.read_text())]
        out.write_text(json.dumps(pictures))
        self.joined.append((form, timeline, original))
        self.provenances.append(provenance)
        height, width = pictures[0]["shape"][:2]
        seconds = float((timeline.ticks[-1] + timeline.last_duration) * timeline.time_base)
        return Joined(
            len(pictures), width, height, seconds, ("aac",) if original and original.sound and original.timed else ()
        )


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
        services.studio.write(layout.source_frame(plan.job.id, index * TICKS), pictures.to_jpeg(picture))
    services.documents.save_list(
        layout.calls(plan.job.id, 1),
        [FrameCall(index=index, pts=index * TICKS, anchor=indices[0] * TICKS) for index in indices],
    )
    return services
