"""`rotoscope jobs`, `cancel` and `redrive`: the queue of a deployed stack."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from local.cli import key_pictures
from local.cli.account import Account, find_stack
from local.cli.bars import counted
from local.cli.errors import WrongUse
from local.cli.jobs import Jobs, JobView
from local.cli.options import DEFAULT_STACK, AsJson, Job, StackName
from local.cli.progress import JobProgress
from local.cli.terminal import say, say_json, stdout, tell
from rotoscope import layout
from rotoscope.errors import JobStopped

MOST = 100
PACED = "StylizeFrames"
"""The state that jobs queue for: its calls share the models' pace."""
Count = Annotated[int, typer.Option("--last", min=1, max=MOST, help="How many.")]
EditedKeys = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        metavar="FOLDER",
        help="Pictures named by frame number, such as 00000012.png, to use as key frames.",
        show_default=False,
    ),
]
Reason = Annotated[str, typer.Option("--reason", help="What the mail about it will say.")]


def jobs(stack: StackName = DEFAULT_STACK, last: Count = 10, as_json: AsJson = False) -> None:
    """List the latest jobs: how far they are, their place in the queue, when they may end, what they cost."""
    found = _jobs(stack)
    now = datetime.now(UTC)
    latest = found.latest()
    shown = [found.view(job) for job in islice(latest, last)]
    # Older jobs that are not shown may still stand in the queue.
    older = [found.view(job) for job, runs in islice(latest.items(), last, None) if runs]
    rows = placed([*shown, *older])[: len(shown)]
    if as_json:
        say_json([_document(view, place, now) for view, place in rows])
    elif rows:
        stdout().print(table(rows, now))
    else:
        say("No jobs yet. Drop a video with: rotoscope submit VIDEO")
    if len(latest) > last:
        tell(f"There are {len(latest) - last} older ones too; --last {min(len(latest), MOST)} shows them.")


def cancel(
    job: Job,
    stack: StackName = DEFAULT_STACK,
    reason: Reason = "It was cancelled from the command line.",
    as_json: AsJson = False,
) -> None:
    """Stop a job within seconds. What was made and paid stays; redrive takes it up again."""
    from rotoscope.adapters.dynamodb import LedgerTable

    found = _jobs(stack)
    execution = found.require(job)
    if found.progress(job).over:
        raise WrongUse(f"The job {job} has ended already; there is nothing to cancel.")
    LedgerTable(found.stack.table).stop(job, reason, JobStopped.__name__)
    found.account.states.stop_execution(executionArn=execution, error=JobStopped.__name__, cause=reason)
    say_json({"job": job, "status": "cancelled"}) if as_json else say(f"Job {job} is cancelled.")


def redrive(job: Job, stack: StackName = DEFAULT_STACK, keys: EditedKeys = None, as_json: AsJson = False) -> None:
    """Take up a failed or cancelled job where it ended, or any with key frames edited by hand; nothing that was paid is
    paid again."""
    found = _jobs(stack)
    found.require(job)
    progress = found.progress(job)
    if not progress.over:
        raise WrongUse(f"The job {job} is still running. Cancel it first, or watch it: rotoscope watch {job}")
    if progress.status == "succeeded" and keys is None and not _lacks_a_result(found, job):
        raise WrongUse(
            f"The job {job} is already done: its results are in {found.results(job)}; "
            "drop the video again to restyle it anew, or give edited key frames: --keys FOLDER."
        )
    order = {"resume": job, **({"keys": _sent(found, job, keys)} if keys else {})}
    started = found.account.states.start_execution(stateMachineArn=found.stack.machine_arn, input=json.dumps(order))
    if as_json:
        say_json({"job": job, "execution": started["executionArn"]})
    else:
        say(f"Job {job} goes on. Follow it with: rotoscope watch {job}")


def _lacks_a_result(found: Jobs, job: str) -> bool:
    """Whether the job handed over what it had, and more may come."""
    from rotoscope.adapters.dynamodb import LedgerTable

    claim = LedgerTable(found.stack.table).claimed(job)
    return claim is not None and claim.status == "incomplete"


def _sent(found: Jobs, job: str, keys: Path) -> str:
    """The inbox prefix under which the edited key frames now lie: a fresh one, where none of an earlier edit are."""
    prefix = layout.edited_keys(job, f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
    key_pictures.send(keys, prefix, lambda path, to: found.account.s3.upload_file(path, found.stack.inbox, to))
    return prefix


def table(rows: list[tuple[JobView, int | None]], now: datetime) -> Table:
    """For 80 columns: only the video's name is ever cut."""
    names = ("job", "video", "state", "", "queue", "began", "ends", "cost")
    cells = [_cells(view, place, now) for view, place in rows]
    drawn = Table(box=None, pad_edge=False, collapse_padding=True, header_style="bold", padding=(0, 1))
    for name, column in zip(names, zip(*cells, strict=True), strict=True):
        whole = name != "video"
        drawn.add_column(name, no_wrap=whole, min_width=_widest(name, *column) if whole else None)
    for job, video, *others in cells:
        drawn.add_row(job, Text(video, no_wrap=True, overflow="ellipsis"), *others)
    return drawn


def _widest(*texts: str) -> int:
    return max(map(cell_len, texts))


def _cells(view: JobView, place: int | None, now: datetime) -> tuple[str, ...]:
    progress = view.progress
    current = progress.current
    return (
        view.id,
        (view.key or "?").rpartition("/")[2],
        current.name if current and not progress.over else progress.status,
        counted(current) if current and not progress.over else "",
        str(place or ""),
        _clock(progress.started, now),
        _end(progress, now),
        "" if view.cost_usd is None else f"${view.cost_usd:.2f}",
    )


def _end(progress: JobProgress, now: datetime) -> str:
    """When it ended; of a running job the earliest end that its pace allows."""
    if progress.over:
        return _clock(progress.ended, now)
    earliest = _clock(progress.not_before(now), now)
    return f"≥ {earliest}" if earliest else ""


def _clock(moment: datetime | None, now: datetime) -> str:
    """Local time, with the day where it is not today."""
    if moment is None:
        return ""
    local = moment.astimezone()
    return f"{local:%H:%M}" if local.date() == now.astimezone().date() else f"{local:%d %b}"


def placed(views: Sequence[JobView]) -> list[tuple[JobView, int | None]]:
    """The order of arrival, newest first, among the jobs whose frames are not all asked for."""
    queue = [view.id for view in reversed(views) if _queues(view.progress)]
    return [(view, queue.index(view.id) + 1 if view.id in queue else None) for view in views]


def _queues(progress: JobProgress) -> bool:
    return not progress.over and not any(state.name == PACED and state.left for state in progress.states)


def _document(view: JobView, place: int | None, now: datetime) -> dict[str, Any]:
    progress, current = view.progress, view.progress.current
    return {
        "job": view.id,
        "key": view.key,
        "status": progress.status,
        "state": current.name if current else None,
        "done": current.done if current and current.total else None,
        "total": current.total if current else None,
        "queue": place,
        "started": progress.started,
        "ended": progress.ended,
        "ends_not_before": progress.not_before(now),
        "cost_usd": view.cost_usd,
        "sentence": progress.sentence,
    }


def _jobs(stack: str) -> Jobs:
    account = Account.from_environment()
    return Jobs(account, find_stack(account, stack))
