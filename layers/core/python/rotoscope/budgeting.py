"""BudgetCalls: which frames are taken, which of them are restyled, what that costs, and whether it may."""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from rotoscope import layout
from rotoscope.contracts import Budget, BudgetCallsInput, BudgetCallsResult, ChosenKeys, FrameCall, JobPlan, Listing
from rotoscope.crowding import frames_meant, refuse_crowded
from rotoscope.cutting import read_footage, take, write_sheets
from rotoscope.deliverables import deliverables, drawing_size, result_frames, result_size
from rotoscope.errors import BudgetExceeded
from rotoscope.format_limits import refuse_unwritable
from rotoscope.observability import accounted
from rotoscope.pricing import Proposal, Rate, propose
from rotoscope.services import Services
from rotoscope.sheets import Cutter
from rotoscope.stopping import refuse_if_stopped
from rotoscope.wear import refuse_broken, wear

HEAVY = {
    "frames": (2.5, 4_000_000_000, "zip"),
    "prores": (1.0, 8_000_000_000, "ProRes video"),
    "mp4": (0.17 / 8, 10_300_000_000, "video in MP4"),
    "hevc": (0.13 / 8, 10_300_000_000, "video in HEVC"),
    "webm": (0.1 / 8, 10_300_000_000, "video in WebM"),
}
"""Bytes per pixel that a restyled frame may need (as a fast PNG, as ProRes 4444), the most for all, and what it is.

MP4's was measured on one clip of a phone (10.3 Mbit/s at 1080p30); those of HEVC and WebM are guesses from it.
"""

FEWER = 'Take fewer ("frames": {"start", "end", "step"}) or ask for mp4.'
SMALLER = 'Ask for a smaller "output": {"size": ...} or take a shorter range ("frames": {"start", "end"}).'

LARGER_THAN_MP4 = ("frames", "prores")

KEYS_PIXELS = 1500 * 1920 * 1080
"""What AssembleVideo can write as key frames in half of its time, at 0.15 s for a PNG of 1080p and two per key."""

SHORT = {"gif": "A GIF", "webp": "An animated WebP"}
SHORT_FRAMES = 900
"""A GIF of more frames is larger than anything that shows it, and what shows a WebP decodes it whole."""


@accounted
def budget_calls(task: BudgetCallsInput, services: Services) -> BudgetCallsResult:
    """Writes the keys, every segment's sheet, the calls of the first pass and the budget.

    Raises BudgetExceeded over a limit, unless the keys were chosen before: then what is left to pay for is asked for
    as far as the limits go, and the rest is done without.
    """
    refuse_if_stopped(task.job, services)
    job, plan = task.job.id, services.documents.plan(task.job.id)
    styled = {layout.number_of(key) for key in services.studio.list(layout.styled_frames(job))}
    earlier = _earlier(plan, services) if styled or plan.revision else None
    footage = read_footage(job, task.segments.count, services)
    taken = take(plan.settings.frames, footage.stamps, plan.source.time_base)
    left = _minutes_left(plan, task.entered)
    proposal = propose(plan.settings, Rate.of(plan), footage, taken, plan.own_keys, left=left, earlier=earlier)
    worn = wear(plan.source, footage, taken)
    budget = proposal.budget(task.entered, _last_duration(plan, footage.stamps, taken)).model_copy(update=asdict(worn))
    if earlier is None:
        refuse_broken(worn, taken[-1] + 1 - taken[0])
        _refuse(plan, proposal, budget)
        _refuse_crowded(plan, footage.stamps, services)
    keys = _keys(plan, proposal)
    cutter = write_sheets(plan, footage, proposal.scenes, proposal.choice.keys, keys.own, services)
    calls = _calls(job, proposal, cutter, styled, services)
    services.documents.save_list(layout.calls(job, 1), calls)
    services.documents.save(layout.budget(job), budget)
    services.documents.save(layout.keys(job), keys)
    return BudgetCallsResult(calls=Listing(key=layout.calls(job, 1), count=len(calls)))


def _earlier(plan: JobPlan, services: Services) -> ChosenKeys | None:
    """The keys that were chosen when the job ran before."""
    try:
        return services.documents.keys(plan.job.id)
    except KeyError:
        return None


def _minutes_left(plan: JobPlan, entered: str) -> float:
    passed = datetime.fromisoformat(entered) - datetime.fromisoformat(plan.started)
    return plan.settings.limits.max_minutes - passed.total_seconds() / 60


def _keys(plan: JobPlan, proposal: Proposal) -> ChosenKeys:
    """As they are written down."""
    choice, frames = proposal.choice, proposal.scenes.frames
    own = {
        frames[place]: layout.own_key(plan.job.id, index, plan.own_keys[index]) for place, index in choice.own.items()
    }
    return ChosenKeys(
        frames=[frames[place] for place in choice.keys],
        own=own,
        wanted=choice.wanted,
        chosen=choice.chosen,
        unkeyed=choice.unkeyed,
    )


def _calls(
    job: str, proposal: Proposal, cutter: Cutter, styled: Collection[int], services: Services
) -> list[FrameCall]:
    """One for every key that has no picture yet."""
    tried, frames, stamps = _tried(job, services), proposal.scenes.frames, cutter.footage.stamps
    return [
        FrameCall(
            index=frames[place],
            pts=stamps[frames[place]],
            anchor=stamps[frames[cutter.anchor(place)]],
            attempt=tried.get(frames[place], 0) + 1,
        )
        for place in proposal.choice.calls
        if frames[place] not in styled
    ]


def _tried(job: str, services: Services) -> dict[int, int]:
    """How often frames were asked for before the job was taken up again: the same request would fail the same way."""
    try:
        return {call.index: call.attempt for call in services.documents.calls(layout.calls(job, 2))}
    except KeyError:
        return {}


def _refuse(plan: JobPlan, proposal: Proposal, budget: Budget) -> None:
    """Not once something was paid for: what a job began with stands."""
    proposal.refuse_over(plan.settings.limits)
    refuse_unwritable(plan.settings.output.formats, result_size(plan), plan.source.alpha)
    _refuse_long_loops(plan, budget)
    _refuse_heavy(plan, budget)
    _refuse_many_keys(plan, budget)


def _refuse_crowded(plan: JobPlan, stamps: Sequence[int], services: Services) -> None:
    """Segments are cut evenly where frames were counted; an estimate may have been wrong."""
    if not plan.source.counted:
        size = result_size(plan)
        meant = frames_meant(plan.source, services.config.segment_megapixels, size[0] * size[1])
        refuse_crowded(services.documents.segments(plan.job.id), stamps, meant)


def _refuse_long_loops(plan: JobPlan, budget: Budget) -> None:
    frames = result_frames(plan, budget.frames)
    for form, name in SHORT.items():
        if form in plan.settings.output.formats and frames > SHORT_FRAMES:
            raise BudgetExceeded(
                f"{name} of {frames} frames would be too large; at most {SHORT_FRAMES} can be made. {FEWER}"
            )


def _refuse_heavy(plan: JobPlan, budget: Budget) -> None:
    """What is made of the parts has to fit beside the last of them into the scratch space; comparisons are small."""
    width, height = result_size(plan)
    for each in deliverables(plan):
        pixel_bytes, most_bytes, name = HEAVY.get("" if each.compare else each.form, (0, 1, ""))
        frames = result_frames(plan, budget.frames) if each.plays else budget.frames
        if frames * width * height * pixel_bytes > most_bytes:
            most = int(most_bytes / (width * height * pixel_bytes))
            raise BudgetExceeded(
                f"A {name} of {frames} frames of {width}x{height} would be too large; about {most} can be made. "
                f"{FEWER if each.form in LARGER_THAN_MP4 else SMALLER}"
            )


def _refuse_many_keys(plan: JobPlan, budget: Budget) -> None:
    """AssembleVideo writes every key and its source as PNG, and has fifteen minutes for it."""
    width, height = drawing_size(plan)
    most = int(KEYS_PIXELS / (width * height))
    if "keys" in plan.settings.output.formats and budget.keys > most:
        raise BudgetExceeded(
            f"A folder of {budget.keys} key frames would take too long to write; at most {most} of this size can be "
            'handed out. Take fewer ("frames": {"keys": "adaptive"}, or a shorter range) or leave out "keys".'
        )


def _last_duration(plan: JobPlan, stamps: Sequence[int], taken: Sequence[int]) -> int:
    """Ticks that the last taken frame stays: until the next one would have come, else until the source ends."""
    following = taken[-1] + plan.settings.frames.step
    if following < len(stamps):
        until = stamps[following]
    elif plan.source.end_pts > stamps[-1]:
        until = plan.source.end_pts
    else:  # it was estimated, and too early
        until = stamps[-1] + _usual_gap(stamps)
    return max(1, until - stamps[taken[-1]])


def _usual_gap(stamps: Sequence[int]) -> int:
    """The median distance of ascending time stamps; 1 when there is only one."""
    gaps = sorted(later - sooner for sooner, later in itertools.pairwise(stamps))
    return gaps[len(gaps) // 2] if gaps else 1
