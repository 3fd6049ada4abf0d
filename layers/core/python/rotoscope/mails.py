"""The two mails: a video is done, a video could not be done. Written for the person who dropped the file."""

import re
import unicodedata
from urllib.parse import quote

from rotoscope import layout, receipts
from rotoscope.contracts import Job, JobPlan, Mail
from rotoscope.judging import in_words
from rotoscope.ports import Tally
from rotoscope.receipts import Output, Receipt
from rotoscope.wording import counted, duration, file_size

SUBJECT_LENGTH = 99
_SPELLED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "Ø": "O", "Æ": "AE", "đ": "d"})
"""Letters that have no accent to drop but an ASCII spelling."""
_HOPELESS = ("NotAVideo", "UnreadableVideo", "TruncatedVideo", "VideoTooLarge")
"""Errors of the very file: the same file can only fail again."""


def subject(name: str, what: str) -> str:
    """`Rotoscope: <file> <what>`: SNS takes printable ASCII under 100 characters, whatever the file is called."""
    base = name.rpartition("/")[2].translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", base).encode("ascii", "ignore").decode()
    plain = _closed("".join(letter for letter in plain if letter.isprintable()))
    room = SUBJECT_LENGTH - len(f"Rotoscope:  {what}")
    return f"Rotoscope: {plain if len(plain) <= room else plain[: room - 3] + '...'} {what}"


def _closed(name: str) -> str:
    """A file name without the gaps that dropped letters have left in it; a neutral word where nothing else is left."""
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    stem = re.sub(r"\s+", " ", re.sub(r"\(\s*\)|\[\s*\]", "", stem)).strip(" -_")
    return f"{stem}{dot}{suffix.strip()}" if any(map(str.isalnum, stem)) else "your video"


def done(plan: JobPlan, receipt: Receipt, bucket: str, region: str) -> Mail:
    """What came out, where it lies, how to fetch it, what it cost and how long it took."""
    prefix = layout.result(plan.job.name, plan.job.id, "")
    lines = [
        f"Your video {plan.job.key} is ready.",
        "",
        *(f"  {_file(each)}" for each in receipt.outputs),
        "",
        "Look at it in the console:",
        f"  https://{region}.console.aws.amazon.com/s3/buckets/{bucket}?prefix={quote(prefix)}",
        "Or fetch it:",
        f'  aws s3 cp "s3://{bucket}/{prefix}" . --recursive',
        "",
        _work(receipt, "limits.max_cost_usd" + (" or limits.max_calls" if plan.settings.limits.max_calls else "")),
        *_quality(receipt),
        _money(receipt),
        f"It took {duration(receipt.time['total'])}.",
        *_remarks(receipt),
        "",
        f"Job {plan.job.id}. What was done is in report.html, and in figures in receipt.json, beside the video.",
    ]
    return Mail(subject=subject(plan.job.key, "is ready"), text="\n".join(lines))


def failed(job: Job, sentence: str, details: str, tally: Tally, *, error: str = "", cancelled: bool = False) -> Mail:
    """One sentence that says what is wrong and what to do, then the details for whoever runs the stack."""
    spent = f"${tally.usd_micros / 1e6:.2f}"
    lost = f", and {tally.lost} more whose answers were lost," if tally.lost else ""
    money = f"It made {tally.made} model calls{lost} for {spent}; they are kept."
    money = money if tally.made or tally.lost else "Nothing was charged."
    name = job.key.rpartition("/")[2]
    verb = "was cancelled" if cancelled else "could not be restyled"
    lines = [
        f"{name} {verb}.",
        "",
        sentence,
        "",
        f"{money} The upload itself is untouched: {job.key} in the bucket {job.bucket}.",
        _next_step(job, error, cancelled=cancelled),
        "",
        "Details for the operator",
        *(f"  {line}" for line in details.splitlines()),
    ]
    return Mail(subject=subject(job.key, verb), text="\n".join(lines))


def _next_step(job: Job, error: str, *, cancelled: bool) -> str:
    if error in _HOPELESS:
        return "Drop the mended file; the settings beside it stay as they are."
    if cancelled:
        return f"To continue where it stopped: rotoscope redrive {job.id}"
    return f"After mending what is wrong, drop it again, or continue this job: rotoscope redrive {job.id}"


def _file(each: Output) -> str:
    size = file_size(each.bytes)
    if not each.width:
        return f"{each.name}  {size}"
    picture = f"{each.width}x{each.height}"
    if each.frames <= 1 or not each.duration_s:
        many = f"{counted(each.frames, 'picture')} of " if each.frames > 1 else ""
        return f"{each.name}  {many}{picture}, {size}"
    sound = ", with sound" if each.audio else ""
    return f"{each.name}  {picture}, {each.frames} frames, {each.duration_s:.2f} s, {size}{sound}"


def _work(receipt: Receipt, limits: str) -> str:
    calls, frames, own = receipt.calls, receipt.plan["frames"], receipt.plan["own"]
    redrawn = receipt.plan["keys"] - own
    text = f"{redrawn} of {counted(frames, 'frame')} {_were(redrawn)} redrawn by {receipt.engine}"
    text += " (simulated on this machine; no model was called)" if receipt.simulated else ""
    if own:
        text += f"; {own} more {'is a picture' if own == 1 else 'are pictures'} of yours"
    if calls.filtered:
        text += f"; the content filter refused {counted(calls.filtered, 'call')}"
    # Counted over all of the job's executions: a resumed job may have paid since for what was left out before.
    left_out = min(calls.unaffordable, calls.filled)
    if left_out:
        text += f"; {counted(left_out, 'frame')} {_were(left_out)} left out because {limits} was reached"
    if calls.filled > left_out:
        text += f"; {counted(calls.filled - left_out, 'frame')} got no picture"
    if calls.filled:
        text += f" and {'follows its' if calls.filled == 1 else 'follow their'} neighbours instead"
    return text + "."


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _quality(receipt: Receipt) -> list[str]:
    """Measured against the source: of that nothing is said here, so damage must not be praised."""
    said = in_words(receipt.quality) if receipt.quality else None
    if said and receipts.damaged(receipt):
        said = f"As far as the damaged file allows, {said[0].lower()}{said[1:]}"
    return [said] if said else []


def _money(receipt: Receipt) -> str:
    cost, calls = receipt.cost, counted(receipt.calls.made, "call")
    pipeline = f"about ${cost.pipeline_usd:.4f} for the pipeline"
    if receipt.engine in ("sketch", "echo"):
        return f"It was drawn without a model, so there is no fee but {pipeline}."
    would = "In an account this would cost" if receipt.simulated else "It cost"
    if receipt.engine == "sdxl":
        return f"{would} the hours of your endpoint for {calls} and {pipeline}."
    return f"{would} ${cost.model_usd:.2f} for {calls} and {pipeline}."


def _remarks(receipt: Receipt) -> list[str]:
    ignored = [f"The engine {receipt.engine} makes no use of: {', '.join(receipt.ignored)}."] if receipt.ignored else []
    return [*ignored, *receipt.notes]
