"""The free stages of a job on this machine, before anything is uploaded: the same code and checks, on memory alone."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from local.cli import key_pictures, wishes
from rotoscope import layout
from rotoscope.adapters.memory import MemoryClaims, MemoryInbox, MemoryPurse, MemoryStore, OpenCatalog
from rotoscope.analysis import analyze_segment
from rotoscope.budgeting import budget_calls
from rotoscope.contracts import BudgetCallsInput, Job, Listing, PlanJobInput, SegmentTask, SourceVideo
from rotoscope.errors import JobError
from rotoscope.footage import Footage, merged
from rotoscope.planning import plan_job
from rotoscope.ports import Clip, VideoReader
from rotoscope.services import Config, Services
from rotoscope.settings import Settings

INBOX, STUDIO = "inbox", "studio"
ENDPOINT = "an-endpoint-of-your-own"
"""Whether the stack names one for SDXL is not known here."""
STARTED = "1970-01-01T00:00:00Z"
ANYTHING = Settings.model_validate({"style": {"engine": "sketch"}})
"""Settings that no job is refused for: a look at the frames is wanted even where the real ones are a mistake."""


@dataclass(frozen=True)
class _Probed:
    """A prober that has looked already."""

    source: SourceVideo

    def probe(self, file: BinaryIO, size: int) -> SourceVideo:
        """The same source as before, whatever the file."""
        return self.source


@dataclass(frozen=True)
class Seen:
    """What the frames show, which of them the user has pictures for, and why the job would be refused, if it would."""

    footage: Footage
    own_keys: list[int]
    refused: str | None


@dataclass
class Rehearsal:
    """One video on this machine, in an account that may call every model. Its frames are looked at once."""

    video: Path
    source: SourceVideo
    reader: VideoReader
    studio: MemoryStore = field(default_factory=MemoryStore)

    def look(self, settings: Settings, settings_file: Path | None) -> Seen:
        """What the video's frames show, and the sentence with which PlanJob or BudgetCalls would refuse the job."""
        services = self._services(settings, settings_file)
        try:
            job, segments = self._planned(services)
        except JobError as refusal:
            services = self._services(ANYTHING, None)
            return Seen(self._looked_at(services, *self._planned(services)), [], str(refusal))
        footage, own = self._looked_at(services, job, segments), list(services.documents.plan(job.id).own_keys)
        try:
            budget_calls(BudgetCallsInput(job=job, segments=segments, entered=STARTED), services)
        except JobError as refusal:
            return Seen(footage, own, str(refusal))
        return Seen(footage, own, None)

    def _services(self, settings: Settings, settings_file: Path | None) -> Services:
        return Services(
            Config(inbox=INBOX, studio=STUDIO, sdxl_endpoint=ENDPOINT),
            inbox=_dropped(self.video, settings, settings_file),
            studio=self.studio,
            claims=MemoryClaims(),
            purse=MemoryPurse(),
            catalog=OpenCatalog(),
            prober=_Probed(self.source),
            reader=self.reader,
            open_clip=self._opened,
        )

    def _opened(self, key: str, version_id: str | None, source: SourceVideo) -> AbstractContextManager[Clip]:
        return nullcontext(Clip(str(self.video), source))

    def _planned(self, services: Services) -> tuple[Job, Listing]:
        event = {"detail": {"bucket": {"name": INBOX}, "object": {"key": self.video.name}}}
        planned = plan_job(PlanJobInput(event=event, execution="rehearsal", started=STARTED), services)
        return planned.job, planned.segments

    def _looked_at(self, services: Services, job: Job, segments: Listing) -> Footage:
        for segment in services.documents.segments(job.id):
            analyze_segment(SegmentTask(job=job, segment=segment), services)
        return merged(services.documents.analysis(job.id, number) for number in range(segments.count))


def _dropped(video: Path, settings: Settings, settings_file: Path | None) -> MemoryInbox:
    """The inbox as `rotoscope submit` would leave it; the video itself has been looked at."""
    inbox = MemoryInbox()
    inbox.put(video.name, b"")
    inbox.put(layout.sidecar(video.name), settings.model_dump_json(exclude_unset=True).encode())
    if image := wishes.style_image(settings, settings_file):
        inbox.put(layout.beside(video.name, str(settings.style.image)), image.read_bytes())
    if keys := key_pictures.folder(settings, settings_file):
        prefix = layout.beside(video.name, settings.style.keys) + "/"
        key_pictures.send(keys, prefix, lambda path, key: inbox.put(key, Path(path).read_bytes()))
    return inbox
