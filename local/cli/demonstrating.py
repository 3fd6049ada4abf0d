"""`rotoscope demo`: draws a clip of its own and sends it through the whole pipeline."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from local.cli import summary, uploading, wishes
from local.cli.errors import WrongUse
from local.cli.options import AsJson, Set, SettingsFile
from local.cli.running import Errand, carry_out
from local.cli.terminal import failure_as_json, say, say_json, tell

OUT = Path("out/demo")
LOOK = ["style.preset=comic-book"]

DemoVideo = Annotated[
    Path | None, typer.Option("--video", metavar="FILE", help="Your own video instead.", show_default=False)
]
DemoOut = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the results go.")]


def demo(
    video: DemoVideo = None,
    settings: SettingsFile = None,
    set_: Set = None,
    out: DemoOut = OUT,
    as_json: AsJson = False,
) -> None:
    """See it work: a small clip, drawn by this project, through the whole pipeline on this machine."""
    if settings is not None and not settings.exists():
        raise WrongUse(f"There is no settings file {settings}.")
    values = set_ or ([] if settings else LOOK)
    wanted = wishes.read(settings, values)
    with failure_as_json(as_json), tempfile.TemporaryDirectory(prefix="rotoscope-demo-") as folder:
        clip = video or _drawn(Path(folder))
        uploading.require_video(clip)
        ran = carry_out(Errand(clip, wanted, settings, clip.name, out), [])
    if as_json:
        say_json(ran.document())
    else:
        say(summary.of_run(ran.receipt, ran.out, ran.files))
        say(f"\nStart with {ran.out / 'compare.mp4'}: the clip on the left, the result on the right.")


def _drawn(folder: Path) -> Path:
    from local.demo import draw_clip

    tell("Drawing a clip: a small harbour, with a tune.")
    return draw_clip(folder / "harbour.mp4")
