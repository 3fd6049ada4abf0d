"""The fuzz run: `make fuzz`, `make fuzz COUNT=500 FROM=2000`, and one file again: `make fuzz SEED=17 ONLY=mp4`."""

import argparse
import collections
import os
import sys
import time

from tests.fuzz.driving import Verdict, verdicts


def main() -> int:
    """Prints every verdict that is wrong as it comes, and a table of the others at the end."""
    wishes = _wishes()
    seeds = [wishes.seed] if wishes.seed is not None else range(wishes.first, wishes.first + wishes.count)
    tally: collections.Counter[str] = collections.Counter()
    wrong, began = 0, time.monotonic()
    for number, verdict in enumerate(verdicts(seeds, workers=wishes.workers, only=wishes.only), 1):
        tally[verdict["ended"]] += 1
        if verdict["wrong"]:
            wrong += 1
            _say(_told(verdict, wishes.only))
        elif wishes.seed is not None or wishes.verbose:
            _say(
                f"{verdict['seed']} {verdict['name']} {'+'.join(verdict['how'])}: {verdict['ended']} {verdict['says']}"
            )
        if number % 100 == 0:
            _say(f"{number} files, {time.monotonic() - began:.0f} s, {wrong} wrong, {dict(tally)}")
    _say(f"{sum(tally.values())} files, {wrong} wrong: {dict(tally)}")
    return 1 if wrong else 0


def _told(verdict: Verdict, only: str) -> str:
    again = f"make fuzz SEED={verdict['seed']}" + (f" ONLY={only}" if only else "")
    return f"WRONG ({again}): {verdict['name']} {'+'.join(verdict['how'])}: {verdict['wrong']}"


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
