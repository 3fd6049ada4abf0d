"""The options that several commands share, each with its help."""

from pathlib import Path
from typing import Annotated

import typer

from local.cli.account import STACK

Video = Annotated[Path, typer.Argument(metavar="VIDEO", help="The video file.", show_default=False)]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", metavar="FILE", help="A JSON file of settings; examples/ has some.", show_default=False),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help='One setting, such as style.preset=anime or \'output.formats=["mp4","gif"]\'. May be repeated, '
        "and wins over --settings.",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Where the results go. Default: out/NAME.", show_default=False),
]
Name = Annotated[
    str | None,
    typer.Option("--name", help="What to call the result. Default: as the video.", show_default=False),
]
Context = Annotated[
    list[str] | None,
    typer.Option(
        "--context",
        "-c",
        metavar="NAME=VALUE",
        help="A setting of the stack, as for cdk deploy. May be repeated.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
StackName = Annotated[str, typer.Option("--stack", help="The deployed stack.")]
Job = Annotated[str, typer.Argument(metavar="JOB", help="The job's twelve characters.", show_default=False)]

DEFAULT_STACK = STACK
