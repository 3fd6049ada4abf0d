"""The free stages of a job on this machine, before anything is uploaded: the same checks, on memory alone."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from local.cli import wishes
from rotoscope import layout
from rotoscope.adapters.memory import MemoryClaims, MemoryInbox, MemoryPurse, MemoryStore, OpenCatalog
from rotoscope.budgeting import budget_calls
from rotoscope.contracts import BudgetCallsInput, PlanJobInput, SegmentAnalysis, SourceVideo
from rotoscope.planning import plan_job
from rotoscope.services import Config, Services
from rotoscope.settings import Settings

INBOX, STUDIO = "inbox", "studio"
ENDPOINT = "an-endpoint-of-your-own"
"""Whether the stack names one for SDXL is not known here."""
STARTED = "1970-01-01T00:00:00Z"


@dataclass(frozen=True)
class _Probed:
    """A prober that has looked already."""

    source: SourceVideo

    def probe(self, file: BinaryIO, size: int) -> SourceVideo:
        """The same source as before, whatever the file."""
        return self.source


def even_stamps(source: SourceVideo) -> list[int]:
    """The frames' time stamps as far as the file's index tells: evenly spaced."""
    span = source.end_pts - source.start_pts
    return [source.start_pts + span * index // source.frame_count for index in range(source.frame_count)]


def rehearse(video: Path, source: SourceVideo, settings: Settings, settings_file: Path | None) -> None:
    """Raises the JobError that PlanJob or BudgetCalls would raise, in an account that may call every model."""
    services = Services(
        Config(inbox=INBOX, studio=STUDIO, sdxl_endpoint=ENDPOINT),
        inbox=_dropped(video, settings, settings_file),
        studio=MemoryStore(),
        claims=MemoryClaims(),
        purse=MemoryPurse(),
        catalog=OpenCatalog(),
        prober=_Probed(source),
    )
    event = {"detail": {"bucket": {"name": INBOX}, "object": {"key": video.name}}}
    planned = plan_job(PlanJobInput(event=event, execution="rehearsal", started=STARTED), services)
    _analyze(services, planned.job.id, even_stamps(source))
    budget_calls(BudgetCallsInput(job=planned.job, segments=planned.segments, entered=STARTED), services)


def _dropped(video: Path, settings: Settings, settings_file: Path | None) -> MemoryInbox:
    """The inbox as `rotoscope submit` would leave it; the video itself has been looked at."""
    inbox = MemoryInbox()
    inbox.put(video.name, b"")
    inbox.put(layout.sidecar(video.name), settings.model_dump_json(exclude_unset=True).encode())
    if image := wishes.style_image(settings, settings_file):
        inbox.put(layout.beside(video.name, str(settings.style.image)), image.read_bytes())
    return inbox


def _analyze(services: Services, job: str, stamps: Sequence[int]) -> None:
    for segment in services.documents.segments(job):
        first, last = (bisect_left(stamps, pts) for pts in (segment.start_pts, segment.end_pts))
        found = SegmentAnalysis(
            segment=segment.index, start_pts=segment.start_pts, end_pts=segment.end_pts, stamps=list(stamps[first:last])
        )
        services.documents.save(layout.analysis(job, segment.index), found)
