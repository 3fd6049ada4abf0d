"""Draws a job's progress: a live bar per state on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from local.cli.progress import JobProgress, StateProgress

BAR_COLUMNS = 24
PLAIN_STEPS = 4
"""A counted state says where it is this often in a log."""


def watch(read: Callable[[], JobProgress], console: Console, poll_s: float) -> JobProgress:
    """Shows the job until it is over, and returns how it ended."""
    return _live(read, console, poll_s) if console.is_terminal else _lines(read, console, poll_s)


def duration(seconds: float) -> str:
    """In a person's words: 0.4 s, 12 s, 3 min 20 s, 2 h 5 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def drawing(job: JobProgress, now: datetime, spinner: RenderableType = "") -> Table:
    """One row per state."""
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(width=16)
    table.add_column(width=BAR_COLUMNS)
    table.add_column(justify="right", width=9)
    table.add_column(no_wrap=True)
    for state in job.states:
        table.add_row(*_row(job, state, job.ended or now, spinner))
    if not job.states:
        table.add_row(spinner, "waiting", Text("to be noticed", "dim"))
    return table


def _row(job: JobProgress, state: StateProgress, now: datetime, spinner: RenderableType) -> tuple[RenderableType, ...]:
    if state.entered is None:
        return Text("·", "dim"), Text(state.name, "dim"), _bar(1, 0)
    if state.left:
        return Text("✓", "green"), state.name, _bar(1, 1), counted(state), _time(state, now)
    if job.over:
        return Text("✗", "red"), Text(state.name, "red"), _bar(state.total or 1, state.done), counted(state), ""
    bar = _bar(state.total, state.done) if state.total else ProgressBar(None, pulse=True, width=BAR_COLUMNS)
    return spinner, state.name, bar, counted(state), _time(state, now)


def _bar(total: int, done: int) -> ProgressBar:
    return ProgressBar(total, done, BAR_COLUMNS, style="bright_black", complete_style="cyan", finished_style="green")


def counted(state: StateProgress) -> str:
    """43/75, or nothing where nothing is counted."""
    return f"{state.done}/{state.total}" if state.total else ""


def _time(state: StateProgress, now: datetime) -> Text:
    return Text(_words(state, now), "dim")


def _words(state: StateProgress, now: datetime) -> str:
    remaining = state.remaining_s(now)
    left = "" if remaining is None else f", about {duration(remaining)} left"
    return duration(max(state.seconds(now) or 0, 0)) + left


def _live(read: Callable[[], JobProgress], console: Console, poll_s: float) -> JobProgress:
    spinner = Spinner("dots")
    job = read()
    with Live(console=console, refresh_per_second=8, get_renderable=lambda: drawing(job, datetime.now(UTC), spinner)):
        while not job.over:
            time.sleep(poll_s)
            job = read()
    return job


def _lines(read: Callable[[], JobProgress], console: Console, poll_s: float) -> JobProgress:
    said: set[str] = set()
    while True:
        job = read()
        for state in job.states:
            line = _line(job, state, datetime.now(UTC))
            if line and (mark := _mark(job, state)) not in said:
                said.add(mark)
                console.print(line, soft_wrap=True, highlight=False, markup=False)
        if job.over:
            return job
        time.sleep(poll_s)


def _mark(job: JobProgress, state: StateProgress) -> str:
    """What counts as news of a state: it began, a part of its items is through, it ended; each pass anew."""
    part = state.ended * PLAIN_STEPS // state.total if state.total else 0
    return f"{state.name} {state.entered} {part} {state.left or job.over}"


def _line(job: JobProgress, state: StateProgress, now: datetime) -> str:
    if state.entered is None:
        return ""
    if state.left or job.over:
        end = "done" if state.left else job.status
        what = f"{end} after {duration(state.seconds(job.ended or now) or 0)}"
    else:
        what = f"at work for {_words(state, now)}" if state.ended else "begins"
    return f"{state.name:<16} {counted(state):>9} {what}"
