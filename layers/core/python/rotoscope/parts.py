"""The parts of one segment, one for each deliverable, written side by side: every frame goes to all of them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rotoscope.contracts import JobPlan
from rotoscope.deliverables import Deliverable, output_rate, picture_size, result_size
from rotoscope.errors import MediaToolFailed
from rotoscope.ports import PartEncoder, PartFormat, PartWriter
from rotoscope.presenting import Presentation, Shown

ENCODERS_MB = 1000
"""What encoders may hold at a time: of 3,008 MB drawing takes 1,000 at 4096x2304, and decoding up to 900."""
HELD_MB: Mapping[PartFormat, int] = {
    "mp4": 40, "hevc": 70, "prores": 35, "webm": 90, "gif": 52, "webp": 10, "frames": 8,
}  # fmt: skip
HELD_WITH_ALPHA_MB: Mapping[PartFormat, int] = {"prores": 78, "webm": 175, "gif": 170, "webp": 21, "frames": 10}
"""For each megapixel of the part, measured at 4096x2304; at 7680x4320 it is less."""

Named = tuple[Deliverable, str]
"""A deliverable and a part's file name."""


@dataclass(frozen=True)
class _Part:
    """What of a frame a part shows, and who writes it."""

    name: str
    compares: bool
    keeps_alpha: bool
    writer: PartWriter

    def write(self, shown: Shown) -> None:
        if self.compares and shown.compared is not None:
            self.writer.write(shown.compared)
        elif self.keeps_alpha:
            self.writer.write(shown.picture, shown.alpha)
        else:
            self.writer.write(shown.flat)


@dataclass(frozen=True)
class Parts:
    """Open parts."""

    parts: list[_Part]

    def write(self, shown: Shown) -> None:
        """Adds the next frame to each."""
        for part in self.parts:
            part.write(shown)

    def close(self, frames: int) -> None:
        """Ends them. Raises MediaToolFailed when one has not so many frames."""
        for part in self.parts:
            if (written := part.writer.close()) != frames:
                raise MediaToolFailed(f"{part.name} has {written} frames instead of {frames}.")


def in_turns(wanted: Iterable[Named], plan: JobPlan, presentation: Presentation) -> list[list[Named]]:
    """Those whose encoders may work at the same time, in order; together they might take more memory than there is."""
    turns, held = list[list[Named]](), 0.0
    for each, name in wanted:
        needed = _held_mb(each, plan, presentation)
        if not turns or held + needed > ENCODERS_MB:
            turns.append([])
            held = 0
        turns[-1].append((each, name))
        held += needed
    return turns


def _held_mb(each: Deliverable, plan: JobPlan, presentation: Presentation) -> float:
    width, height = (presentation.compared if each.compare else None) or result_size(plan)
    held = HELD_WITH_ALPHA_MB if presentation.keeps_alpha(each) else HELD_MB
    return held[each.form] * width * height / 1e6


@contextmanager
def opened(
    files: Iterable[tuple[Deliverable, Path]], plan: JobPlan, presentation: Presentation, encoder: PartEncoder
) -> Iterator[Parts]:
    """A part for each file. Those not closed when this is left are given up."""
    with ExitStack() as stack:
        yield Parts([_part(each, path, plan, presentation, encoder, stack) for each, path in files])


def _part(
    each: Deliverable, path: Path, plan: JobPlan, presentation: Presentation, encoder: PartEncoder, stack: ExitStack
) -> _Part:
    alpha, whole = presentation.keeps_alpha(each), result_size(plan)
    size = presentation.compared if each.compare else presentation.size
    enlarged = None if each.compare or picture_size(plan) == whole else whole
    writer = encoder.open(path, each.form, size or presentation.size, output_rate(plan), alpha=alpha, enlarged=enlarged)
    return _Part(path.name, each.compare, alpha, stack.enter_context(writer))
