"""`rotoscope submit` and `watch`: a deployed stack's work, seen from a terminal."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn

from local.cli import bars, key_pictures, uploading, wishes
from local.cli.account import Account, Stack, find_stack
from local.cli.errors import JobFailed
from local.cli.jobs import Jobs
from local.cli.options import DEFAULT_STACK, AsJson, Job, Name, Set, SettingsFile, StackName, Video
from local.cli.terminal import failure_as_json, say, say_json, stderr
from local.cli.uploading import Upload
from rotoscope import layout
from rotoscope.settings import Settings

LARGE_BYTES = 20_000_000


def submit(
    video: Video,
    settings: SettingsFile = None,
    set_: Set = None,
    name: Name = None,
    stack: StackName = DEFAULT_STACK,
    follow: Annotated[bool, typer.Option("--watch", help="Stay and show the progress until the job ends.")] = False,
    as_json: AsJson = False,
) -> None:
    """Drop a video into a deployed stack's inbox, and print its job."""
    uploading.require_video(video)
    wanted = wishes.read(settings, set_ or [])
    account = Account.from_environment()
    deployed = find_stack(account, stack)
    upload = _upload(account, deployed, video, uploading.key_of(video, name), wanted, settings)
    if follow:
        with failure_as_json(as_json):
            _follow(Jobs(account, deployed), upload.job, as_json=as_json)
    elif as_json:
        say_json({"job": upload.job, "bucket": upload.bucket, "key": upload.key, "version_id": upload.version_id})
    else:
        say(f"{video.name} is job {upload.job}. Follow it with: rotoscope watch {upload.job}")


def watch(job: Job, stack: StackName = DEFAULT_STACK, as_json: AsJson = False) -> None:
    """Show a job's progress until it ends."""
    account = Account.from_environment()
    jobs = Jobs(account, find_stack(account, stack))
    jobs.require(job)
    with failure_as_json(as_json):
        _follow(jobs, job, as_json=as_json)


def _upload(
    account: Account, stack: Stack, video: Path, key: str, wanted: Settings, settings_file: Path | None
) -> Upload:
    size = video.stat().st_size
    bar = Progress("uploading", BarColumn(), DownloadColumn(), TransferSpeedColumn(), console=stderr(), transient=True)
    bar.disable = size < LARGE_BYTES or not stderr().is_terminal
    with bar:
        task = bar.add_task("upload", total=size)
        return uploading.drop(
            account,
            stack.inbox,
            video,
            key,
            settings=wishes.given(wanted),
            image=wishes.style_image(wanted, settings_file),
            keys=key_pictures.folder(wanted, settings_file),
            sent=lambda count: bar.advance(task, count),
        )


def _follow(jobs: Jobs, job: str, *, as_json: bool) -> None:
    ended = bars.watch(lambda: jobs.progress(job), stderr(), jobs.account.poll_s)
    if ended.status != "succeeded":
        raise JobFailed(str(ended.sentence), job=job, status=ended.status, sentence=ended.sentence)
    name, where = layout.result_name(jobs.key(job) or job), jobs.results(job)
    if as_json:
        say_json({"job": job, "status": ended.status, "results": where, "cost_usd": jobs.cost_usd(job)})
    else:
        say(f"Done. Fetch it with: aws s3 cp --recursive {where} {name}")
