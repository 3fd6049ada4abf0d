"""A process that tries one mutant after the other: seeds come in by line, verdicts go out as lines of JSON."""

import json
import os
import sys
import traceback
from dataclasses import asdict
from typing import Any

from tests.fuzz.mutations import mutant
from tests.fuzz.trial import tried


def verdict(seed: int, only: str) -> dict[str, Any]:
    """What became of the seed's file. Whatever is raised unasked is what this run looks for."""
    made = mutant(seed, only)
    about = {"seed": seed, "name": made.name, "how": made.how}
    try:
        return {**about, **asdict(tried(made.body, made.name))}
    except Exception:  # noqa: BLE001 - the very thing that is to be reported
        return {**about, "ended": "raised", "says": "", "wrong": traceback.format_exc()}


def main(only: str) -> None:
    """Answers until its input ends; standard output is for verdicts alone."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(verdict(int(line), only)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
