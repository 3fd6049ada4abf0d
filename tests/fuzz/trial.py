"""One file's way through the whole pipeline in this process, and whether it ended as every upload has to."""

import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rotoscope.adapters.ffmpeg_read import FfmpegReader
from rotoscope.adapters.ffmpeg_write import FfmpegEncoder
from rotoscope.adapters.guarded_probe import GuardedProber
from rotoscope.adapters.picture_read import PictureReader, ReaderByContainer
from rotoscope.adapters.probe import PyAvProber
from rotoscope.complaints import plain_words
from rotoscope.errors import JobError, MediaToolFailed
from tests.walking import Walk, a_walk

TIMEOUT_S = 20.0
WISHES = {"style": {"engine": "echo"}, "output": {"compare": False}}


@dataclass(frozen=True)
class Outcome:
    """`ended` is "result", or the refusal's class; `says` its sentence; `wrong` what must never happen, or empty."""

    ended: str
    says: str = ""
    wrong: str = ""


def tried(body: bytes, name: str) -> Outcome:
    """Sends the file through the pipeline. Anything but a result or a refusal comes through as it is raised."""
    before = set(_children())
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        video, scratch = Path(folder) / name, Path(folder) / "scratch"
        video.write_bytes(body)
        scratch.mkdir()
        tempfile.tempdir = str(scratch)
        try:
            outcome = _walked(video)
        finally:
            tempfile.tempdir = None
        left = [path.name for path in scratch.iterdir()]
    if left:
        return Outcome(outcome.ended, outcome.says, f"left behind {left}")
    if children := set(_children()) - before:
        return Outcome(outcome.ended, outcome.says, f"processes {children} still run")
    return outcome


def _walked(video: Path) -> Outcome:
    reader = ReaderByContainer(films=FfmpegReader(TIMEOUT_S), pictures=PictureReader())
    tools = {"reader": reader, "encoder": FfmpegEncoder(TIMEOUT_S)}
    walk = a_walk(video, WISHES, prober=GuardedProber(TIMEOUT_S), **tools)
    try:
        walk.run()
    except (JobError, MediaToolFailed) as refusal:
        return Outcome(type(refusal).__name__, str(refusal), _wrong_refusal(walk, refusal))
    if not walk.names:  # a still picture under the name of one is a style image, and no job
        return Outcome("passed over", "", "" if video.suffix == ".webp" else "nothing was made and nothing said")
    return Outcome("result", "", _wrong_result(walk))


def _wrong_refusal(walk: Walk, refusal: Exception) -> str:
    """A refusal has a sentence, is no fault of our own, and costs nothing when it comes from looking at the file."""
    says, cause = str(refusal), str(refusal.__cause__ or "")
    if "Traceback" in says + cause:
        return f"failed inside: {(says + cause)[-2000:]}"
    told = plain_words(says) if isinstance(refusal, MediaToolFailed) else says
    if not told[:1].isupper() or "." not in told:
        return f"says nothing: {says!r}"
    planned = any(key.endswith("plan.json") for key in walk.services.studio.list(""))
    spent = walk.services.purse.tally(walk.job.id)
    return "" if planned or not (spent.made or spent.usd_micros) else f"was charged {spent}"


def _wrong_result(walk: Walk) -> str:
    """What the receipt says is in the file is in the file."""
    for output in walk.receipt["outputs"]:
        if output["name"].endswith(".mp4"):
            body = walk.result(output["name"])
            found = PyAvProber().probe(io.BytesIO(body), len(body)).frame_count
            if found != output["frames"] or not found:
                return f"{output['name']} has {found} frames, the receipt says {output['frames']}"
    return ""


def _children() -> list[int]:
    """Processes that this one has started and not ended; Linux tells."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    found = [task / "children" for task in tasks.iterdir()] if tasks.exists() else []
    return [int(number) for listing in found for number in listing.read_text().split()]
