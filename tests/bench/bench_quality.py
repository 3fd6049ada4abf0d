"""How good a delivered video is for how few paid frames: every clip and way of choosing keys, with a noisy styler.

usage: python -m tests.bench.bench_quality [--media FOLDER] [--clip NAME ...] [--look PRESET] [--strip CLIP OUT.jpg]

Prints Markdown tables, and whether the stated limits hold. Exit code 1 when one does not.
"""

import argparse
import sys
import tempfile
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2

from tests.bench import clips_at_hand, limits, strips
from tests.bench.clips_at_hand import HELD, Source
from tests.bench.deliveries import ADAPTIVE, EVERY_FRAME, VARIANTS, delivered
from tests.bench.figures import Figures, Judge, Motion
from tests.bench.noisy_styler import NoisyStyler, clean
from tests.bench.seams import Seams, compared

LOOK = "fantasy-art"
"""Of the looks, the one that changes least from frame to frame by itself: what flickers then is the styler's noise."""
STYLERS = 3
"""So many rolls of the dice for the two variants that limits compare: one key's colours colour a whole shot."""
SEAM_CLIPS = ("turning", "bbb")
SOURCE, CLEAN = "(source)", "(style without noise)"
HEAD = (
    "| clip | keys | paid | E_warp e-3 | by true flow | flicker | PSNR | in-between | SSIM | sharpness | CPU s |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Measured:
    """A clip's figures by variant, and how its segments join where that was looked at."""

    clip: str
    figures: dict[str, Figures]
    seams: Seams | None


def main() -> None:
    options = _options()
    names = options.clip or clips_at_hand.names(options.media)
    if not options.media:
        print("No media folder named: only the generated clips.", file=sys.stderr)  # noqa: T201
    ask = partial(measured, media=options.media, look=options.look, drawn=dict(options.strip))
    found = []
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        for each in pool.map(ask, names):
            print(f"{each.clip} is measured", file=sys.stderr)  # noqa: T201
            found.append(each)
    verdicts = limits.verdicts({each.clip: each.figures for each in found})
    verdicts += [limits.of_seams(each.clip, each.seams) for each in found if each.seams]
    print("\n".join(report(found, verdicts)))  # noqa: T201
    sys.exit(not all(verdict.holds for verdict in verdicts))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--media", type=Path)
    parser.add_argument("--clip", action="append", help="only this one; may be given again")
    parser.add_argument("--look", default=LOOK)
    parser.add_argument("--strip", nargs=2, action="append", default=[], metavar=("CLIP", "OUT.jpg"))
    parser.add_argument("--jobs", type=int, default=2, help="clips measured at a time")
    return parser.parse_args()


def measured(clip: str, *, media: Path | None, look: str, drawn: dict[str, str]) -> Measured:
    """Runs every variant of one clip; draws its strip if that is asked for."""
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        source = clips_at_hand.source(clip, Path(folder), media)
        judge, stylers = (
            _judge(source, look),
            [NoisyStyler(look, zlib.crc32(clip.encode()) + n) for n in range(STYLERS)],
        )
        figures = {SOURCE: judge.steadiness(source.frames), CLEAN: judge.steadiness(judge.clean)}
        rows = {"source": source.frames}
        for name, wishes in VARIANTS.items():
            chances = stylers if name in (EVERY_FRAME, ADAPTIVE) and clip not in HELD else stylers[:1]
            jobs = [delivered(source, styler, wishes, Path(folder)) for styler in chances]
            figures[name] = Figures.mean([judge.figures(job) for job in jobs])
            rows[name] = jobs[0].frames
        if clip in drawn:
            strips.save(Path(drawn[clip]), {name: rows[name] for name in ("source", EVERY_FRAME, ADAPTIVE)})
        return Measured(clip, figures, compared(source, stylers[0], judge.motion) if clip in SEAM_CLIPS else None)


def _judge(source: Source, look: str) -> Judge:
    return Judge(
        Motion.found(source.frames, source.cuts),
        Motion.true(source.known) if source.known else None,
        [clean(frame, look) for frame in source.frames],
    )


# --- what is printed ------------------------------------------------------------------------------------------------


def report(found: Sequence[Measured], verdicts: Iterable[limits.Verdict]) -> list[str]:
    """Markdown."""
    moving = [each for each in found if each.clip not in HELD]
    lines = [HEAD, *(line for each in found for line in _rows(each.clip, each.figures))]
    if moving:
        means = {name: Figures.mean([each.figures[name] for each in moving]) for name in moving[0].figures}
        lines += _rows(f"**mean of the {len(moving)} moving clips**", means)
    lines += ["", "| limit | found | |", "|---|---|---|"]
    lines += [f"| {each.limit} | {each.found} | {'PASS' if each.holds else 'FAIL'} |" for each in verdicts]
    seams = [(each.clip, each.seams) for each in found if each.seams]
    return lines + (["", *Seams.table(seams)] if seams else [])


def _rows(clip: str, figures: dict[str, Figures]) -> list[str]:
    return [f"| {clip if n == 0 else ''} | {name} | {_cells(each)} |" for n, (name, each) in enumerate(figures.items())]


def _cells(figures: Figures) -> str:
    cells = [
        f"{100 * figures.paid:.1f} %",
        f"{figures.warp:.2f}",
        f"{figures.true_warp:.2f}",
        f"{figures.flicker:.2f}",
        f"{figures.psnr:.2f}",
        f"{figures.psnr_between:.2f}",
        f"{figures.ssim:.3f}",
        f"{figures.sharpness:.2f}",
        f"{figures.cpu_s:.1f}",
    ]
    return " | ".join("" if "nan" in cell else cell for cell in cells)


if __name__ == "__main__":
    main()
