"""The whole pipeline in this process: real stages and real media on memory, in the state machine's order."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rotoscope import layout
from rotoscope.adapters.ffmpeg_read import FfmpegReader
from rotoscope.adapters.ffmpeg_write import FfmpegEncoder
from rotoscope.adapters.memory import MemoryInbox
from rotoscope.adapters.mux import PyAvJoiner
from rotoscope.adapters.probe import PyAvProber
from rotoscope.adapters.s3 import clip_opener, file_opener
from rotoscope.analysis import analyze_segment
from rotoscope.assembly import assemble_video
from rotoscope.budgeting import budget_calls
from rotoscope.contracts import (
    AssembleVideoInput,
    BudgetCallsInput,
    Job,
    Listing,
    PlanJobInput,
    ReviewFramesInput,
    SegmentTask,
    StylizeFrameInput,
)
from rotoscope.extraction import extract_segment
from rotoscope.planning import plan_job
from rotoscope.rendering import render_segment
from rotoscope.reviewing import review_frames
from rotoscope.services import Services
from rotoscope.styling import stylize_frame
from tests.builders import EXECUTION, STARTED, a_job, an_upload
from tests.worlds import a_world


@dataclass
class Walk:
    """One job after the other on the same bucket contents."""

    services: Services
    job: Job

    def run(self, event: Mapping[str, Any] | None = None, execution: str = EXECUTION) -> "Walk":
        """From PlanJob to AssembleVideo, or no further where there is nothing to do; a JobError comes through."""
        asked = PlanJobInput(event=dict(event or an_upload(self.job)), execution=execution, started=STARTED)
        planned = plan_job(asked, self.services)
        if not planned.owned:
            return self
        segments = planned.segments
        self._over_segments(segments, analyze_segment)
        budget = BudgetCallsInput(job=self.job, segments=segments, entered=STARTED)
        calls, attempt, again = budget_calls(budget, self.services).calls, 1, True
        while again:
            self._over_segments(segments, extract_segment)
            self._stylize(calls)
            task = ReviewFramesInput(job=self.job, calls=calls, attempt=attempt)
            reviewed = review_frames(task, self.services)
            calls, attempt, again = reviewed.calls, reviewed.attempt, reviewed.again
        self._over_segments(segments, render_segment)
        assembled = AssembleVideoInput(
            job=self.job, segments=segments, entered={"PlanJob": {"at": STARTED}}, reviewed=STARTED, now=STARTED
        )
        assemble_video(assembled, self.services)
        return self

    def _over_segments(self, segments: Listing, stage: Any) -> None:
        for segment in self.services.documents.segments(self.job.id):
            stage(SegmentTask(job=self.job, segment=segment), self.services)
        assert len(self.services.documents.segments(self.job.id)) == segments.count

    def _stylize(self, calls: Listing) -> None:
        """Paced by a clock that a test moves, so that no slot has to be waited for."""
        for frame in self.services.documents.calls(calls.key):
            self.services.clock.now += 60  # type: ignore[attr-defined]
            stylize_frame(StylizeFrameInput(job=self.job, frame=frame), self.services)

    def result(self, name: str) -> bytes:
        """A finished file."""
        return self.services.studio.read(layout.result(self.job.name, self.job.id, name))

    @property
    def names(self) -> list[str]:
        """The finished files."""
        prefix = layout.result(self.job.name, self.job.id, "")
        return [key.removeprefix(prefix) for key in self.services.studio.list(prefix)]

    @property
    def receipt(self) -> dict[str, Any]:
        """What receipt.json says."""
        found: dict[str, Any] = json.loads(self.result("receipt.json"))
        return found


def a_walk(video: Path, settings: Mapping[str, Any] | None = None, key: str = "", **instead: Any) -> Walk:
    """A world with a video in its inbox, drawn by `sketch` unless the settings say otherwise."""
    inbox = MemoryInbox()
    media = {"prober": PyAvProber(), "reader": FfmpegReader(), "encoder": FfmpegEncoder(), "joiner": PyAvJoiner()}
    opening = {"inbox": inbox, "open_clip": clip_opener(inbox), "open_file": file_opener(inbox)}
    services = a_world(**{**media, **opening, **instead})
    job = a_job(key or f"clips/{video.name}", None)
    wishes = {
        **(settings or {}),
        "style": {"engine": "sketch", "preset": "digital-art", **(settings or {}).get("style", {})},
    }
    inbox.put(layout.sidecar(job.key), json.dumps(wishes).encode())
    inbox.put(job.key, video.read_bytes())
    return Walk(services, job)
