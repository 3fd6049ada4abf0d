"""`rotoscope run`: one video through the whole pipeline on a local cloud of its own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cli import bars, deploying, key_pictures, logs, results, summary, uploading, wishes
from local.cli.account import STACK, Account, find_stack
from local.cli.errors import JobFailed
from local.cli.jobs import Jobs
from local.cli.options import AsJson, Context, Name, Out, Set, SettingsFile, Video
from local.cli.progress import JobProgress
from local.cli.terminal import doing, failure_as_json, say, say_json, stderr, tell
from rotoscope import layout
from rotoscope.settings import Settings


def run(
    video: Video,
    settings: SettingsFile = None,
    set_: Set = None,
    out: Out = None,
    name: Name = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Restyle a video on this machine: the real template and state machine on a local cloud, with simulated models."""
    uploading.require_video(video)
    wanted = wishes.read(settings, set_ or [])
    errand = Errand(video, wanted, settings, uploading.key_of(video, name), out)
    with failure_as_json(as_json):
        ran = carry_out(errand, context or [])
    if as_json:
        say_json(ran.document())
    else:
        say(summary.of_run(ran.receipt, ran.out, ran.files))


@dataclass(frozen=True)
class Errand:
    """What to run; `key` is what the upload is called."""

    video: Path
    settings: Settings
    settings_file: Path | None
    key: str
    out: Path | None

    @property
    def folder(self) -> Path:
        """Where its results go."""
        return self.out or Path("out") / layout.result_name(self.key)


@dataclass(frozen=True)
class Ran:
    """What a finished run left behind."""

    job: str
    out: Path
    files: list[Path]

    @property
    def receipt(self) -> dict[str, Any]:
        """The receipt, as it lies in the folder."""
        path = self.out / results.RECEIPT
        return json.loads(path.read_text()) if path.exists() else {}

    def document(self) -> dict[str, Any]:
        """For programs."""
        files = [str(path) for path in self.files]
        return {"job": self.job, "status": "succeeded", "out": str(self.out), "files": files, "receipt": self.receipt}


def carry_out(errand: Errand, context: Sequence[str]) -> Ran:
    """Deploys, uploads, watches and fetches; raises JobFailed with the uploader's sentence."""
    image = wishes.require_style_image(errand.settings, errand.settings_file)
    keys = key_pictures.folder(errand.settings, errand.settings_file)
    with deploying.local_cloud() as cloud:
        account = Account.local(cloud.url)
        with doing("Starting the local cloud") as then:
            deploying.deploy(cloud.url, cloud.environment(), context=context, mail=deploying.MAIL_ADDRESS, tell=then)
        stack = find_stack(account, STACK)
        upload = uploading.drop(
            account,
            stack.inbox,
            errand.video,
            errand.key,
            settings=wishes.given(errand.settings),
            image=image,
            keys=keys,
        )
        tell(f"Uploaded {errand.key} as job {upload.job}.")
        jobs = Jobs(account, stack)
        ended = bars.watch(lambda: jobs.progress(upload.job), stderr(), account.poll_s)
        return _bring_home(errand, account, jobs, upload.job, ended, cloud.url)


def _bring_home(errand: Errand, account: Account, jobs: Jobs, job: str, ended: JobProgress, url: str) -> Ran:
    out = errand.folder
    name = layout.result_name(errand.key)
    files = results.fetch(account, jobs.stack, name, job, out) if ended.status == "succeeded" else []
    if mail := results.await_mail(url):
        out.mkdir(parents=True, exist_ok=True)
        (out / results.MAIL).write_text(mail)
    if ended.status != "succeeded":
        where = f" The mail about it is in {out / results.MAIL}." if mail else ""
        if _keep_logs(account, jobs, ended, out):
            where += f" What the function said is in {out / results.LOGS}."
        raise JobFailed(f"{ended.sentence}{where}", job=job, status=ended.status, sentence=ended.sentence, out=str(out))
    results.add_meter(out / results.RECEIPT, results.meter(url))
    return Ran(job, out, sorted({*files, *([out / results.MAIL] if mail else [])}))


def _keep_logs(account: Account, jobs: Jobs, ended: JobProgress, out: Path) -> bool:
    """Whether the functions of the state in which it ended had said anything."""
    state = ended.current
    lines = logs.of_state(account, jobs.stack.machine_arn, state.name) if state else []
    if lines:
        out.mkdir(parents=True, exist_ok=True)
        (out / results.LOGS).write_text("".join(f"{line}\n" for line in lines))
    return bool(lines)
