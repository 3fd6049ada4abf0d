"""What deliverables take over from the source, one after the other: what is converted for one serves the others too."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rotoscope import layout
from rotoscope.contracts import JobPlan
from rotoscope.deliverables import Deliverable, deliverables, loops
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import Joined, Original, PartFormat
from rotoscope.services import Services

TAKING_OVER: tuple[PartFormat, ...] = ("mp4", "hevc", "prores", "webm")
"""The formats that keep anything of the source but its pictures."""
PICTURE_FILES = ("zip", "webp")
"""Containers of pictures alone."""
DIED = "died"
"""What stands in a trouble's place while a source is being read: it stays there only if the process ends with it."""
GONE = "The upload is no longer in the inbox: the result has neither its sound nor its subtitles, chapters and title."

Lent = tuple[Original | None, list[str]]
"""What is taken over, and what to say of it."""


def deadly(name: str) -> str:
    """What is known of a source over which the program ended without a word while it joined that file."""
    return (
        f"An earlier try ended without a word while it was joining {name} with what the video has beside its pictures. "
        f"So its sound, subtitles, chapters and title were left out of {name} and of what was joined after it."
    )


class Originals:
    """`span` is the taken stretch in seconds of the source's clock; `folder` keeps what was converted."""

    def __init__(self, plan: JobPlan, span: tuple[float, float], folder: Path, services: Services) -> None:
        self._plan, self._span, self._folder, self._services = plan, span, folder, services
        self._converted: dict[str, tuple[Path, Sequence[str]]] = {}
        self._deadly: str | None = None

    @contextmanager
    def lent(self, each: Deliverable) -> Iterator[Lent]:
        """For as long as the deliverable is joined, and no longer: if the process ends in it, the next try knows.

        Neither a lost nor a deadly upload loses any picture. What comes after a deadly one is not tried either: a state
        machine has few tries.
        """
        if each.form not in TAKING_OVER or self._plan.source.container in PICTURE_FILES:
            yield None, []
            return
        job, place, name = self._plan.job.id, f"joining-{each.name}", each.file_name(self._plan.job.name)
        if self._services.documents.trouble(job, place) == DIED:
            self._deadly = self._deadly or name
        self._mark(place, DIED)
        try:
            with self._opened(each) as lent:
                yield lent
        finally:
            self._mark(place, "")

    def learn(self, each: Deliverable, out: Path, joined: Joined) -> None:
        """Keeps the sound of a finished file, converted as it may be, for others of its container that follow."""
        every = deliverables(self._plan)
        later = [other for other in every[every.index(each) + 1 :] if other.container == each.container]
        if not (later and joined.audio) or each.container in self._converted:
            return
        kept = self._folder / f"beside.{each.container}"
        try:
            self._services.joiner.beside_pictures(each.form, out, kept)
        except MediaToolFailed:  # then it is converted once more
            kept.unlink(missing_ok=True)
        else:
            self._converted[each.container] = kept, joined.notes

    @contextmanager
    def _opened(self, each: Deliverable) -> Iterator[Lent]:
        if self._deadly:
            yield None, [deadly(self._deadly)]
        elif each.container in self._converted:
            kept, said = self._converted[each.container]
            with kept.open("rb") as file:
                yield Original(file, 0.0, float("inf"), container=each.container), list(said)
        else:
            yield from self._source()

    def _source(self) -> Iterator[Lent]:
        plan, output = self._plan, self._plan.settings.output
        try:
            file = self._services.open_file(plan.video_key, plan.video_version_id)
        except KeyError:
            yield None, [GONE]
            return
        timed, sound = output.fps is None and not loops(plan), output.audio == "keep"
        with file:
            whence, opening = plan.source.container, not plan.settings.frames.start
            yield Original(file, *self._span, sound, timed, whence, opening), []

    def _mark(self, place: str, text: str) -> None:
        self._services.studio.write(layout.trouble(self._plan.job.id, place), text.encode(), "text/plain")
