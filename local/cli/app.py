"""`rotoscope`: which commands there are, and how each of them ends."""

import signal
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, NoCredentialsError

from local.cli.checking import doctor
from local.cli.demonstrating import demo
from local.cli.errors import JobFailed, WrongUse
from local.cli.estimating import engines, estimate
from local.cli.queueing import cancel, jobs, redrive
from local.cli.running import run
from local.cli.serving import cloud
from local.cli.submitting import submit, watch
from local.cli.terminal import tell
from rotoscope.errors import JobError

INTERRUPTED = 130
OUR_MISTAKE = 3

app = typer.Typer(
    name="rotoscope",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Redraw a video in another style: on this machine, or in your AWS account.",
    epilog="Exit codes: 0 done, 1 the job failed, 2 wrong use. Results go to stdout, progress to stderr.",
)
PANELS = {
    "On this machine, without an account": (run, demo, cloud),
    "Against a deployed stack, local or in your account": (submit, jobs, watch, cancel, redrive),
    "Before you pay": (estimate, engines, doctor),
}
for _panel, _commands in PANELS.items():
    for _command in _commands:
        app.command(rich_help_panel=_panel)(_command)


@app.callback()
def remember(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback when something breaks.")] = False,
) -> None:
    """Keeps what holds for every command."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script; `arguments` are the process's own unless given."""
    # Whoever ends it, also from a script that ignores Ctrl-C, the local cloud is taken down in order.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        app(args=arguments, prog_name="rotoscope")
    except JobFailed as error:
        _end(str(error), 1)
    except (WrongUse, JobError) as error:
        _end(str(error), 2)
    except (ClientError, BotoCoreError) as error:
        _end(_in_words(error), 2)
    except KeyboardInterrupt:
        _end("Stopped.", INTERRUPTED)
    except Exception as error:
        if "--debug" in (sys.argv if arguments is None else arguments):
            raise
        _end(
            f"Something broke that should not ({type(error).__name__}: {error}). "
            "Run it again as rotoscope --debug ... to see where.",
            OUR_MISTAKE,
        )


def _in_words(error: ClientError | BotoCoreError) -> str:
    if isinstance(error, NoCredentialsError):
        return "There are no AWS credentials. Run aws configure or aws sso login; or rotoscope cloud, for none at all."
    if isinstance(error, EndpointConnectionError):
        return f"Nothing answers at {error.kwargs['endpoint_url']}. Is the local cloud (rotoscope cloud) still running?"
    return f"AWS said: {error}"


def _end(sentence: str, code: int) -> None:
    tell(sentence, "red")
    raise SystemExit(code)
