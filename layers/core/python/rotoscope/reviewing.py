"""ReviewFrames: reconcile what came back with what was asked for; one second pass, then it goes on without the rest.

A key frame that no call brought is no key: the look of its neighbours is carried over it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from rotoscope import layout
from rotoscope.contracts import ChosenKeys, FilledFrame, FrameCall, Listing, ReviewFramesInput, ReviewFramesResult
from rotoscope.cutting import read_footage, take, write_sheets
from rotoscope.errors import JobError, NothingStyled
from rotoscope.observability import accounted
from rotoscope.ports import Tally
from rotoscope.scenes import Scenes, scenes
from rotoscope.services import Services
from rotoscope.stopping import refuse_if_stopped

PASSES = 2


@accounted
def review_frames(task: ReviewFramesInput, services: Services) -> ReviewFramesResult:
    """Asks for another pass over missing frames, or writes the sheets anew without them: never a hole.

    Raises NothingStyled when there is no key at all, and the error that stopped the job if one did.
    """
    refuse_if_stopped(task.job, services)
    job = task.job.id
    styled = {layout.number_of(key) for key in services.studio.list(layout.styled_frames(job))}
    missing = [call for call in services.documents.calls(task.calls.key) if call.index not in styled]
    if missing and task.attempt < PASSES:
        return _again(job, task.attempt + 1, missing, services)
    keys = services.documents.keys(job)
    needed = {call.pts: call.index for call in missing}
    _refuse_unextracted(job, needed | _own(job, keys, services), services)
    living = [index for index in keys.frames if index in styled or index in keys.own]
    if not living:
        raise NothingStyled(_nothing(services.purse.tally(job)))
    filled = _without_lost(job, keys, living, services) if len(living) < len(keys.frames) else []
    services.documents.save_list(layout.filled(job), filled)
    return ReviewFramesResult(again=False, calls=task.calls, attempt=task.attempt, missing=len(filled))


def _own(job: str, keys: ChosenKeys, services: Services) -> dict[int, int]:
    """Time stamps and indices of the keys that are the user's."""
    if not keys.own:
        return {}
    stamps = read_footage(job, len(services.documents.segments(job)), services).stamps
    return {stamps[index]: index for index in keys.own}


def _refuse_unextracted(job: str, needed: Mapping[int, int], services: Services) -> None:
    """A frame that never came out of the video is no model's fault, and no neighbour may hide it.

    `needed` tells the frames' indices by their time stamps.
    """
    if not needed:
        return
    there = {layout.number_of(key) for key in services.studio.list(layout.source_frames(job))}
    if gone := sorted(index for pts, index in needed.items() if pts not in there):
        raise JobError(
            f"{len(gone)} frames could not be taken out of the video, the first is frame {gone[0]}. "
            "What was paid for is kept: resume the job."
        )


def _without_lost(job: str, keys: ChosenKeys, living: Sequence[int], services: Services) -> list[FilledFrame]:
    """Writes sheets whose keys are the living ones alone; returns the others."""
    plan = services.documents.plan(job)
    footage = read_footage(job, len(services.documents.segments(job)), services)
    seen = scenes(footage, take(plan.settings.frames, footage.stamps, plan.source.time_base))
    places = [place for index in living if (place := seen.place(index)) is not None]
    write_sheets(plan, footage, seen, places, keys.own, services)
    return stand_ins(sorted(set(keys.frames).difference(living)), living, seen)


def _again(job: str, attempt: int, missing: Sequence[FrameCall], services: Services) -> ReviewFramesResult:
    calls = [call.model_copy(update={"attempt": call.attempt + 1}) for call in missing]
    key = layout.calls(job, attempt)
    services.documents.save_list(key, calls)
    listing = Listing(key=key, count=len(calls))
    return ReviewFramesResult(again=True, calls=listing, attempt=attempt, missing=len(missing))


def stand_ins(lost: Sequence[int], living: Sequence[int], seen: Scenes) -> list[FilledFrame]:
    """For each lost key frame the nearest living one of its shot, else the nearest of all; both are ascending."""
    filled = []
    for index in lost:
        first, end = seen.shot(bisect_left(seen.frames, index))
        mine = living[bisect_left(living, seen.frames[first]) : bisect_right(living, seen.frames[end - 1])]
        filled.append(FilledFrame(index=index, shows=nearest(index, mine or living)))
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
