"""What a finished run on this machine tells its user, read from the receipt."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from local.cli.bars import duration

KNOWN_FILES = {
    "compare.mp4": "before and after",
    "poster.jpg": "one frame of the result",
    "report.html": "the receipt to look at",
    "receipt.json": "what was done, called and counted",
    "mail.txt": "the mail that was sent",
}


def of_run(receipt: dict[str, Any], out: Path, files: Sequence[Path]) -> str:
    """What was done, what it would cost, and every file with what it is."""
    facts = {output["name"]: output for output in receipt.get("outputs", [])}
    order = list(KNOWN_FILES)
    beside = [path for path in files if path.parent == out]
    ranked = sorted(beside, key=lambda path: (order.index(path.name) if path.name in order else -1, path.name))
    names = max((len(path.name) for path in beside), default=0)
    rows = [*(_row(path, names, facts.get(path.name, {})) for path in ranked), *_folders(out, files, names)]
    return "\n".join([*_done(receipt), "", f"In {out}/", *rows])


def size(count: int) -> str:
    """1.2 MB, 34 kB."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


def _row(path: Path, names: int, facts: dict[str, Any]) -> str:
    what = KNOWN_FILES.get(path.name) or _form(facts)
    return f"  {path.name:<{names}} {size(path.stat().st_size):>8}  {what}".rstrip()


def _folders(out: Path, files: Sequence[Path], names: int) -> list[str]:
    """One line for each folder, however many pictures lie in it."""
    inside = [path for path in files if path.parent != out]
    folders = sorted({path.relative_to(out).parts[0] for path in inside})
    members = {name: [path for path in inside if path.relative_to(out).parts[0] == name] for name in folders}
    return [
        f"  {name + '/':<{names}} {size(sum(path.stat().st_size for path in found)):>8}  {len(found)} files"
        for name, found in members.items()
    ]


def _form(facts: dict[str, Any]) -> str:
    if not facts:
        return ""
    sound = ", with sound" if facts["audio"] else ""
    return f"{facts['width']}x{facts['height']}, {facts['frames']} frames, {facts['duration_s']:.2f} s{sound}"


def _done(receipt: dict[str, Any]) -> list[str]:
    if not receipt:
        return ["Done, but there is no receipt."]
    plan, calls, cost = receipt["plan"], receipt["calls"], receipt["cost"]
    drawn = " (simulated: drawn on this machine, no model was called)" if receipt["simulated"] else ""
    lines = [
        f"Redrew {plan['keys']} of {plan['frames']} frames with {receipt['engine']}{drawn}.",
        f"In an account: ${cost['model_usd']:.2f} for {calls['made']} calls, and about ${cost['pipeline_usd']:.4f} for "
        f"the pipeline. It took {duration(receipt['time']['total'])} here.",
    ]
    if calls["filled"]:
        lines.append(f"Key frames that no call brought, which follow their neighbours instead: {calls['filled']}.")
    ignored = [f"{receipt['engine']} makes no use of {', '.join(receipt['ignored'])}."] if receipt["ignored"] else []
    return [*lines, *ignored, *receipt["notes"]]
