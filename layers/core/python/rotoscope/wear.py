"""What of the file is broken: pictures that came out damaged or not at all, and whether they are too many to go on."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rotoscope.contracts import SourceVideo
from rotoscope.errors import UnreadableVideo
from rotoscope.footage import Footage
from rotoscope.wording import counted, listed

REACH = 16
"""Frames on either side of a broken place among which pictures may be missing."""
MOST = 0.5
"""Share of the pictures that may be missing, and broken or spoilt by those that they build on."""
STANDING_IN = ("zip", "webp")
"""Containers for whose damaged pictures the ones before are shown."""
LARGE = 1.5
"""Times the usual step; a step from there on leaves something out."""
JITTER, SLACK = 0.1, 0.3
"""Of a steady rate's period: how far a step, and a larger one that leaves frames out, may be from where it should end;
clocks of broadcasts and of whole milliseconds are that coarse."""
HIDING = ("vp8",)
"""Codecs in which a packet of its own may hold a picture that is not shown."""


@dataclass(frozen=True)
class Wear:
    """Pictures that are damaged and that are missing, about, in the range that was taken.

    Up to so many more are `smeared`, for they build on damaged ones; of both kinds about so many are `spoilt`, which
    most are not: more than half of the picture looks wrong. `steady` is true where nothing but missing pictures
    disturbs a constant rate.
    """

    damaged: int = 0
    missing: int = 0
    smeared: int = 0
    spoilt: int = 0
    steady: bool = False


def wear(source: SourceVideo, footage: Footage, taken: Sequence[int]) -> Wear:
    """Of a file that no decoder complained of nothing is said: containers count pictures that are never shown."""
    stamps, first, last = footage.stamps, footage.stamps[taken[0]], footage.stamps[taken[-1]]
    whole = taken[0] == 0 and taken[-1] + 1 == len(stamps)
    damaged, places, smeared, spoilt = (
        [pts for pts in found if whole or first <= pts <= last]
        for found in (footage.damaged, footage.breaks, footage.smeared, footage.spoilt)
    )
    if not (places or smeared):
        return Wear()
    holes = _holes(stamps, places)
    missing = max(sum(holes or ()), _uncounted(source, footage) if whole else 0)
    steady = holes is not None and source.frame_rate is None
    return Wear(len(damaged), missing, len(smeared), len(spoilt), steady)


def _uncounted(source: SourceVideo, footage: Footage) -> int:
    """How many packets brought no frame. Fields may be packets, too."""
    if not source.counted or source.interlaced or source.codec in HIDING:
        return 0
    return max(0, source.frame_count - len(footage.stamps) - footage.untimely)


def _holes(stamps: Sequence[int], places: Collection[int]) -> list[int] | None:
    """How many frames of a constant rate are left out by each step near those places; None where the rate varies."""
    steps = [later - sooner for sooner, later in pairwise(stamps)]
    usual = sorted(steps)[len(steps) // 2] if steps else 1
    small = [step for step in steps if step < LARGE * usual]
    period = sum(small) / len(small) if small else 1.0
    if any(abs(step - period) > max(1, JITTER * period) for step in small):
        return None
    near = _near(stamps, places)
    large = {number: step / period for number, step in enumerate(steps) if step >= LARGE * usual}
    if not near.issuperset(large) or any(abs(times - round(times)) > SLACK for times in large.values()):
        return None
    return [round(times) - 1 for times in large.values()]


def _near(stamps: Sequence[int], places: Collection[int]) -> set[int]:
    """Numbers of the steps within reach."""
    found = set[int]()
    for pts in places:
        middle = bisect_left(stamps, pts)
        found.update(range(middle - REACH, middle + REACH))
    return found


def refuse_broken(found: Wear, frames: int) -> None:
    """Raises UnreadableVideo where most of the pictures are lost; `frames` is how many came out.

    One break alone never comes to that, but of a key frame of which more than half is broken.
    """
    pictures = frames + found.missing
    if max(found.damaged, found.spoilt) + found.missing <= MOST * pictures:
        return
    counts = [f"about {found.damaged} broken"] if found.damaged else []
    counts += [f"up to {found.smeared} smeared by what they build on"] if found.smeared else []
    counts += [f"about {found.missing} missing"] if found.missing else []
    raise UnreadableVideo(
        f"Most of the video is damaged: of {counted(pictures, 'picture')} {listed(counts)}. Please upload an intact "
        'copy, or choose a part that is intact ("frames": {"start", "end"}).'
    )
