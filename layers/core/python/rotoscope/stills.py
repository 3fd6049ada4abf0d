"""Stills of the source that models are given and motion is carried with: one JPEG for each frame, kept by its time."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

from rotoscope import intermediates, layout
from rotoscope.contracts import JobPlan
from rotoscope.ports import RGB, BlobStore

WRITES = 8
"""At the same time: each waits for the store."""


class Stills(AbstractContextManager["Stills"]):
    """Writes stills side by side. All are written when it is left; what could not be is raised then."""

    def __init__(self, job: str, studio: BlobStore) -> None:
        self._job, self._studio = job, studio
        self._pool, self._writes = ThreadPoolExecutor(WRITES), list[Future[None]]()

    def keep(self, pts: int, picture: RGB) -> None:
        """Adds one, upright, square pixels, as it is drawn."""
        key, body = layout.source_frame(self._job, pts), intermediates.written(picture, intermediates.OF_SOURCE)
        self._writes.append(self._pool.submit(self._studio.write, key, body, "image/jpeg"))

    @property
    def kept(self) -> int:
        """How many were added."""
        return len(self._writes)

    def __exit__(self, broken: object, *_: Any) -> None:
        self._pool.shutdown(cancel_futures=broken is not None)
        if broken is None:
            for write in self._writes:
                write.result()


def surely_wanted(plan: JobPlan) -> bool:
    """Whether every frame that repeats no other is going to be redrawn, whatever analysis finds: all are keys, all are
    taken, and no limit can refuse them, as nothing is paid and nothing is paced."""
    frames, limits = plan.settings.frames, plan.settings.limits
    every = frames.keys == "all" and frames.step == 1 and frames.start is None and frames.end is None
    free = plan.price_usd == 0 and plan.requests_per_minute is None
    return every and free and (limits.max_calls is None or plan.source.frame_count <= limits.max_calls)
