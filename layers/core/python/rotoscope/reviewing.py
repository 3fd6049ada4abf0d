"""ReviewFrames: reconcile what came back with what was asked for; one second pass, then neighbours stand in.

A key frame that no call brought is no key: the look of its neighbours is carried over it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from rotoscope import layout
from rotoscope.contracts import FilledFrame, FrameCall, Listing, ReviewFramesInput, ReviewFramesResult
from rotoscope.errors import JobError, NothingStyled
from rotoscope.observability import accounted
from rotoscope.ports import Tally
from rotoscope.services import Services
from rotoscope.stopping import refuse_if_stopped

PASSES = 2


@accounted
def review_frames(task: ReviewFramesInput, services: Services) -> ReviewFramesResult:
    """Asks for another pass over missing frames, or writes down whose look they take: never a hole.

    Raises NothingStyled when there is nobody to stand in, and the error that stopped the job if one did.
    """
    refuse_if_stopped(task.job, services)
    job = task.job.id
    styled = sorted(layout.index_of(key) for key in services.studio.list(layout.styled_frames(job)))
    have = set(styled)
    missing = [call for call in services.documents.calls(task.calls.key) if call.index not in have]
    if missing and task.attempt < PASSES:
        return _again(job, task.attempt + 1, missing, services)
    _refuse_unextracted(job, missing, services)
    if not styled:
        raise NothingStyled(_nothing(services.purse.tally(job)))
    filled = stand_ins(missing, services.documents.calls(layout.calls(job, 1)), styled) if missing else []
    services.documents.save_list(layout.filled(job), filled)
    return ReviewFramesResult(again=False, calls=task.calls, attempt=task.attempt, missing=len(missing))


def _refuse_unextracted(job: str, missing: Sequence[FrameCall], services: Services) -> None:
    """A frame that never came out of the video is no model's fault, and no neighbour may hide it."""
    lost = [call for call in missing if not services.studio.exists(layout.source_frame(job, call.index))]
    if lost:
        raise JobError(
            f"{len(lost)} frames could not be taken out of the video, the first is frame {lost[0].index}. "
            "What was paid for is kept: resume the job."
        )


def _again(job: str, attempt: int, missing: Sequence[FrameCall], services: Services) -> ReviewFramesResult:
    calls = [call.model_copy(update={"attempt": call.attempt + 1}) for call in missing]
    key = layout.calls(job, attempt)
    services.documents.save_list(key, calls)
    listing = Listing(key=key, count=len(calls))
    return ReviewFramesResult(again=True, calls=listing, attempt=attempt, missing=len(missing))


def stand_ins(missing: Sequence[FrameCall], asked: Sequence[FrameCall], styled: Sequence[int]) -> list[FilledFrame]:
    """For each missing frame the nearest restyled one of its shot, else the nearest of all; `asked` are all calls.

    Calls tell a shot from its anchor to its last call: the user's pictures between them belong to it as well.
    """
    ends = {call.anchor: call.index for call in asked}
    filled = []
    for call in missing:
        own = styled[bisect_left(styled, call.anchor) : bisect_right(styled, ends.get(call.anchor, call.index))]
        filled.append(FilledFrame(index=call.index, shows=nearest(call.index, own or styled)))
    return filled


def nearest(index: int, styled: Sequence[int]) -> int:
    """The restyled frame closest in time, the earlier one of two equally close."""
    place = bisect_left(styled, index)
    return min(styled[max(0, place - 1) : place + 1], key=lambda other: abs(other - index))


def _nothing(tally: Tally) -> str:
    if tally.filtered:
        return (
            "The model's content filter refused every frame. Try another prompt, less style.denoise, or another engine."
        )
    return "The model did not return a single frame. The job can be resumed later; nothing that was paid for is lost."
