"""What the figures have to come to, on the mean over the moving clips; and what clips that stand still may cost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.bench.clips_at_hand import HELD
from tests.bench.deliveries import ADAPTIVE, EVERY_FRAME
from tests.bench.figures import Figures
from tests.bench.seams import Seams

MOST_PAID = 0.20
CALMER = 8
SHARPNESS_KEPT = 0.8
DISTINCT = {"slides": 3 / 60, "on-twos": 30 / 60, "still-camera": 40 / 60}
"""The share of the frames that repeat no other."""


@dataclass(frozen=True)
class Verdict:
    """A limit in words, what was found, and whether it holds."""

    limit: str
    found: str
    holds: bool


def verdicts(figures: Mapping[str, Mapping[str, Figures]]) -> list[Verdict]:
    """`figures` by clip and variant."""
    moving = [each for clip, each in figures.items() if clip not in HELD]
    held = {clip: each for clip, each in figures.items() if clip in HELD}
    return [*(_of_moving(*_means(moving)) if moving else ()), *_of_held(held)]


def of_seams(clip: str, seams: Seams) -> Verdict:
    """Before encoding: an encoder begins every part with a picture of its own."""
    joins, elsewhere = seams.drawn_at_joins, seams.drawn_elsewhere
    found = f"{joins} at joins, {elsewhere} elsewhere"
    return Verdict(f"{clip}: one segment and many differ at joins no more than elsewhere", found, joins <= elsewhere)


def _means(figures: list[Mapping[str, Figures]]) -> tuple[Figures, Figures]:
    every, adaptive = (Figures.mean([each[name] for each in figures]) for name in (EVERY_FRAME, ADAPTIVE))
    return every, adaptive


def _of_moving(every: Figures, adaptive: Figures) -> Iterator[Verdict]:
    calmer, gained = every.warp / adaptive.warp, adaptive.psnr - every.psnr
    yield Verdict(f"at most {MOST_PAID:.0%} of the frames paid", f"{adaptive.paid:.1%}", adaptive.paid <= MOST_PAID)
    yield Verdict(f"E_warp at most 1/{CALMER} of every frame's", f"1/{calmer:.1f}", calmer >= CALMER)
    yield Verdict("PSNR to the noise-free style no worse than every frame's", f"{gained:+.2f} dB", gained >= 0)
    kept = adaptive.sharpness
    yield Verdict(f"sharpness at least {SHARPNESS_KEPT} of the paid keys'", f"{kept:.2f}", kept >= SHARPNESS_KEPT)


def _of_held(figures: Mapping[str, Mapping[str, Figures]]) -> Iterator[Verdict]:
    """No repeated frame is paid; of slides every single one has to be, as nothing leads from one to the next."""
    for clip, each in figures.items():
        every, adaptive, new = each[EVERY_FRAME].paid, each[ADAPTIVE].paid, DISTINCT[clip]
        yield Verdict(
            f"{clip}, every frame: pays for the {new:.0%} that are new", f"{every:.1%}", abs(every - new) < 0.02
        )
        if clip == "slides":
            yield Verdict(f"{clip}: pays for each slide, {new:.0%}", f"{adaptive:.1%}", abs(adaptive - new) < 1e-9)
        else:
            most = MOST_PAID * new
            yield Verdict(f"{clip}: at most {MOST_PAID:.0%} of those, {most:.0%}", f"{adaptive:.1%}", adaptive <= most)
