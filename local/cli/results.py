"""Brings a finished job's files home, and says in a few lines what they are."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from local.cli.account import Account, Stack
from rotoscope import layout

RECEIPT = "receipt.json"
MAIL = "mail.txt"
LOGS = "logs.txt"
MAIL_PATIENCE_S = 20


def fetch(account: Account, stack: Stack, name: str, job: str, out: Path) -> list[Path]:
    """Copies all result files of a job to the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    prefix = layout.result(name, job, "")
    paths = []
    for key in _keys(account, stack.studio, prefix):
        path = out / key.removeprefix(prefix)
        path.parent.mkdir(parents=True, exist_ok=True)
        account.s3.download_file(stack.studio, key, str(path))
        paths.append(path)
    return paths


def add_meter(receipt: Path, lines: dict[str, float]) -> None:
    """Writes what the local cloud metered into the copied receipt, as cost.metered."""
    if receipt.exists():
        document = json.loads(receipt.read_text())
        document.setdefault("cost", {})["metered"] = lines
        receipt.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def meter(url: str) -> dict[str, float]:
    """What the local cloud has counted so far."""
    lines: dict[str, float] = _get(f"{url}/_rotoscope/meter")
    return lines


def await_mail(url: str) -> str | None:
    """The latest mail as its reader sees it; a failure's is written after the execution ended, so wait for it."""
    deadline = time.monotonic() + MAIL_PATIENCE_S
    while time.monotonic() < deadline:
        if mails := _get(f"{url}/_rotoscope/mails"):
            return f"Subject: {mails[-1]['subject']}\n\n{mails[-1]['text']}\n"
        time.sleep(0.2)
    return None


def _keys(account: Account, bucket: str, prefix: str) -> Iterator[str]:
    for page in account.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for entry in page.get("Contents", []):
            yield entry["Key"]


def _get(url: str) -> Any:
    with urlopen(url, timeout=10) as answer:
        return json.load(answer)
