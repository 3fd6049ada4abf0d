"""Deploys the real template with the project's own, unmodified CDK command line into a local cloud."""

import errno
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from local.cli.account import LOCAL_REGION, STACK, Account
from local.cli.errors import WrongUse

if TYPE_CHECKING:
    from local.cloud import LocalCloud

ROOT = Path(__file__).resolve().parents[2]
CDK = ROOT / "node_modules" / ".bin" / "cdk"
QUIET = ("--no-notices", "--no-version-reporting", "--no-asset-metadata", "--no-path-metadata", "--ci")
LAST_LINES = 25
MAIL_ADDRESS = "you@example.com"
STAND_IN_ENDPOINT = ("sdxl_endpoint=rotoscope-sdxl", "sdxl_dialect=stability")
"""The local cloud serves SDXL itself; in an account this names an endpoint of one's own."""


class DeploymentFailed(WrongUse):
    """The CDK command line did not succeed; the message ends with its own last lines."""


@contextmanager
def local_cloud(port: int = 0) -> Iterator["LocalCloud"]:
    """A local cloud while the block lasts, and the folder that its functions run in."""
    from local.cloud import LocalCloud

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rotoscope-cloud-")))
        stack.enter_context(_log_kept_in(folder / "cloud.log"))
        try:
            cloud = stack.enter_context(LocalCloud(folder, port=port, region=LOCAL_REGION))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise WrongUse(f"The port {port} is taken; choose another with --port, 0 for any free one.") from error
        yield cloud


@contextmanager
def _log_kept_in(path: Path) -> Iterator[None]:
    """Keeps what the servers of this process log off the terminal, which belongs to the command."""
    handler = logging.FileHandler(path)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


def environment(cloud: Mapping[str, str], inherited: Mapping[str, str]) -> dict[str, str]:
    """For programs that should speak to the local cloud and to nothing else, with our own node first."""
    node_first = os.pathsep.join([str(Path(sys.executable).parent), inherited.get("PATH", os.defpath)])
    kept = {name: value for name, value in inherited.items() if not name.startswith(("AWS_", "CDK_"))}
    return {**kept, **cloud, "PATH": node_first, "AWS_EC2_METADATA_DISABLED": "true"}


def deploy(
    url: str, cloud: Mapping[str, str], *, context: Sequence[str] = (), mail: str, tell: Callable[[str], None]
) -> None:
    """Bootstraps and deploys the stack. `cloud` is the environment that leads there, `context` holds "name=value"."""
    if not CDK.exists():
        raise WrongUse("The CDK command line is not installed here. Run make once in the project's folder.")
    account = Account.local(url).session.client("sts", endpoint_url=url).get_caller_identity()["Account"]
    with tempfile.TemporaryDirectory(prefix="rotoscope-cdk-") as folder:
        cdk = _Cdk(Path(folder), environment(cloud, os.environ))
        # The two do not need each other, and bootstrapping where there is no cdk.json does not run the app.
        tell("Preparing it and the template (cdk bootstrap, cdk synth)")
        bootstrap = cdk.start("bootstrap", f"aws://{account}/{LOCAL_REGION}", cwd=cdk.folder)
        chosen = [argument for entry in (*STAND_IN_ENDPOINT, *context) for argument in ("--context", entry)]
        cdk.finish(cdk.start("synth", "--quiet", "--output", str(cdk.assembly), *chosen))
        cdk.finish(bootstrap)
        tell("Deploying the stack (cdk deploy)")
        parameters = ("--parameters", f"MailAddress={mail}", "--require-approval", "never", "--method", "direct")
        cdk.finish(cdk.start("deploy", STACK, "--app", str(cdk.assembly), *parameters))


class _Cdk:
    """Runs the CDK command line with its words kept in `folder`."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self.folder, self.assembly = folder, folder / "cdk.out"
        # Its own cache of account numbers by access key must not learn about an account that is none.
        self.env = {**env, "CDK_HOME": str(folder), "CDK_VALIDATION": "false", "CDK_DISABLE_CLI_TELEMETRY": "true"}

    def start(
        self, command: str, *arguments: str, cwd: Path = ROOT
    ) -> tuple[str, "subprocess.Popen[bytes]", IO[bytes]]:
        log = (self.folder / f"{command}.log").open("w+b")
        line = [str(CDK), command, *arguments, *QUIET]
        return command, subprocess.Popen(line, cwd=cwd, env=self.env, stdout=log, stderr=subprocess.STDOUT), log

    def finish(self, running: tuple[str, "subprocess.Popen[bytes]", IO[bytes]]) -> None:
        command, process, log = running
        with log:
            if process.wait() == 0:
                return
            log.seek(0)
            lines = log.read().decode(errors="replace").splitlines()
        # What was rolled back says nothing of why.
        last = [line for line in lines if "| DELETE_" not in line][-LAST_LINES:]
        raise DeploymentFailed(f"cdk {command} failed; its last words were:\n" + "\n".join(last))
