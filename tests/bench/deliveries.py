"""Jobs as the product delivers them: all nine stages in this process, a noisy styler, frames decoded from the MP4."""

import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rotoscope import layout
from rotoscope.contracts import Listing
from rotoscope.ports import RGB
from rotoscope.rendering import render_segment
from tests.bench.clips_at_hand import Source, decoded
from tests.bench.noisy_styler import NoisyStyler
from tests.walking import Walk, a_walk

EVERY_FRAME, ADAPTIVE = "every frame", "adaptive"
VARIANTS: dict[str, dict[str, Any]] = {
    EVERY_FRAME: {"frames": {"keys": "all"}, "motion": {"deflicker": "off"}},
    "every frame, deflicker": {"frames": {"keys": "all"}, "motion": {"deflicker": "on"}},
    "every 4": {"frames": {"keys": "every 4"}},
    "every 8": {"frames": {"keys": "every 8"}},
    "every 16": {"frames": {"keys": "every 16"}},
    ADAPTIVE: {"frames": {"keys": "adaptive"}},
}


@dataclass(frozen=True)
class Delivery:
    """The delivered frames, the paid pictures by frame index, CPU of RenderSegment and its FFmpeg, the receipt."""

    frames: list[RGB]
    paid: dict[int, RGB]
    render_cpu_s: float
    receipt: dict[str, Any]


@dataclass
class TimedWalk(Walk):
    """Counts the CPU seconds of RenderSegment."""

    render_cpu_s: float = field(default=0.0)

    def _over_segments(self, segments: Listing, stage: Any) -> None:
        before = cpu_s()
        super()._over_segments(segments, stage)
        if stage is render_segment:
            self.render_cpu_s += cpu_s() - before


def cpu_s() -> float:
    """Of this process, and of the FFmpeg processes that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def walked(source: Source, styler: NoisyStyler, wishes: Mapping[str, Any], **instead: Any) -> TimedWalk:
    """A finished job, without the side-by-side video."""
    settings = {"output": {"compare": False}, "limits": {"max_cost_usd": 1000}, **wishes}
    begun = a_walk(source.file, settings, engine=lambda name: styler, **instead)
    walk = TimedWalk(begun.services, begun.job)
    walk.run()
    return walk


def delivered(source: Source, styler: NoisyStyler, wishes: Mapping[str, Any], folder: Path) -> Delivery:
    walk = walked(source, styler, wishes)
    video = folder / "delivered.mp4"
    video.write_bytes(walk.result(f"{walk.job.name}.mp4"))
    paid = [layout.number_of(key) for key in walk.services.studio.list(layout.styled_frames(walk.job.id))]
    return Delivery(decoded(video), {index: styler.paid[index] for index in paid}, walk.render_cpu_s, walk.receipt)
