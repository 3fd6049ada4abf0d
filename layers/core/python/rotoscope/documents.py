"""The job's documents in the studio bucket, read and written as contracts."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from rotoscope import layout
from rotoscope.contracts import Budget, ChosenKeys, Contract, FilledFrame, FrameCall, JobPlan, Segment
from rotoscope.ports import BlobStore
from rotoscope.segment_contracts import SegmentAnalysis, SegmentSheet

_JSON = "application/json"


class Documents:
    """Typed views of one bucket. A document that is not there raises KeyError."""

    def __init__(self, studio: BlobStore) -> None:
        self._studio = studio

    def plan(self, job: str) -> JobPlan:
        return JobPlan.model_validate_json(self._studio.read(layout.plan(job)))

    def analysis(self, job: str, segment: int) -> SegmentAnalysis:
        return SegmentAnalysis.model_validate_json(self._studio.read(layout.analysis(job, segment)))

    def sheet(self, job: str, segment: int) -> SegmentSheet:
        return SegmentSheet.model_validate_json(self._studio.read(layout.sheet(job, segment)))

    def budget(self, job: str) -> Budget:
        return Budget.model_validate_json(self._studio.read(layout.budget(job)))

    def keys(self, job: str) -> ChosenKeys:
        return ChosenKeys.model_validate_json(self._studio.read(layout.keys(job)))

    def segments(self, job: str) -> list[Segment]:
        return TypeAdapter(list[Segment]).validate_json(self._studio.read(layout.segments(job)))

    def calls(self, key: str) -> list[FrameCall]:
        return TypeAdapter(list[FrameCall]).validate_json(self._studio.read(key))

    def filled(self, job: str) -> dict[int, int]:
        """Frame index -> index of the restyled frame that stands in for it."""
        frames = TypeAdapter(list[FilledFrame]).validate_json(self._studio.read(layout.filled(job)))
        return {frame.index: frame.shows for frame in frames}

    def trouble(self, job: str, place: str) -> str | None:
        """What a tool last said when it failed in that place, also if a later try went well."""
        try:
            return self._studio.read(layout.trouble(job, place)).decode()
        except KeyError:
            return None

    def save(self, key: str, document: Contract) -> None:
        self._studio.write(key, document.model_dump_json().encode(), _JSON)

    def save_list(self, key: str, documents: Sequence[Contract]) -> None:
        """Writes a JSON array, the form that a Map's ItemReader takes."""
        body = "[" + ",".join(document.model_dump_json() for document in documents) + "]"
        self._studio.write(key, body.encode(), _JSON)
