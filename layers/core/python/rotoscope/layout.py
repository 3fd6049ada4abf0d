"""Every S3 key that Rotoscope reads or writes. No other file spells one."""

import hashlib
import posixpath
import re
import unicodedata
from base64 import b32encode

SETTINGS_NAME = "rotoscope.json"
JOB_SUFFIX = ".rotoscope.json"
SIDECAR_SUFFIX = ".json"
METADATA_FIELD = "rotoscope"
JOBS = "jobs/"
MAP_RESULTS = "jobs/_maps"
CACHE = "cache/"
RESULTS = "results/"
COMPARISON = "compare.mp4"
REPORT = "report.html"
KEYS = "keys/"
KEYS_README = f"{KEYS}README.txt"


def job_id(bucket: str, key: str, version_id: str | None) -> str:
    """Twelve characters that anyone who knows the PutObject answer can compute."""
    digest = hashlib.sha256("\n".join((bucket, key, version_id or "")).encode()).digest()
    return b32encode(digest)[:12].decode().lower()


def result_name(key: str) -> str:
    """The upload's own name without folder and suffix, safe in paths, URLs and shells; never empty or the comparison's.

    >>> result_name("holiday/My clip (1).MP4")
    'My-clip-1'
    """
    base = posixpath.basename(key)
    stem = base[: -len(JOB_SUFFIX)] if base.lower().endswith(JOB_SUFFIX) else base.rpartition(".")[0] or base
    words = re.findall(r"\w+", unicodedata.normalize("NFC", stem))
    name = "-".join(words)[:80] or "video"
    return f"{name}-video" if f"{name}.mp4".casefold() == COMPARISON else name


def sidecar(key: str) -> str:
    """Settings for one video: `clip.mp4` has `clip.mp4.json`."""
    return key + SIDECAR_SUFFIX


def folder_settings(key: str) -> list[str]:
    """Where folder settings for a key may lie, outermost first."""
    parts = key.split("/")[:-1]
    folders = ["", *("/".join(parts[: n + 1]) + "/" for n in range(len(parts)))]
    return [folder + SETTINGS_NAME for folder in folders]


def beside(key: str, other: str) -> str:
    """The key `other` as it is meant in a settings file next to `key`: absolute with a leading slash, else relative."""
    return other[1:] if other.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(key), other))


def edited_keys(job: str, moment: str) -> str:
    """Inbox prefix under which the command line lays the key frames of a job that were edited up to a moment."""
    return f"keys/{job}/{moment}/"


def job_prefix(job: str) -> str:
    """Everything of one job but its results."""
    return f"{JOBS}{job}/"


def plan(job: str) -> str:
    """The JobPlan."""
    return f"{JOBS}{job}/plan.json"


def segments(job: str) -> str:
    """The list of Segment, read by the Maps over segments."""
    return f"{JOBS}{job}/segments.json"


def analysis(job: str, segment: int) -> str:
    """The SegmentAnalysis of one segment."""
    return f"{JOBS}{job}/analysis/{segment:06d}.json"


def sheet(job: str, segment: int) -> str:
    """The SegmentSheet of one segment: what each of its frames shows."""
    return f"{JOBS}{job}/sheets/{segment:06d}.json"


def budget(job: str) -> str:
    """The Budget."""
    return f"{JOBS}{job}/budget.json"


def keys(job: str) -> str:
    """The ChosenKeys."""
    return f"{JOBS}{job}/keys.json"


def calls(job: str, attempt: int) -> str:
    """The list of FrameCall of one pass, read by the Map over frames."""
    return f"{JOBS}{job}/calls/{attempt}.json"


def style_image(job: str) -> str:
    """The job's own copy of its style image."""
    return f"{JOBS}{job}/style-image"


def source_frames(job: str) -> str:
    """Prefix of all decoded frames of the source."""
    return f"{JOBS}{job}/frames/"


def source_frame(job: str, pts: int) -> str:
    """One decoded frame of the source, named by its time stamp: it may be kept before frames are counted."""
    return f"{source_frames(job)}{pts:012d}.jpg"


def styled_frames(job: str) -> str:
    """Prefix of all restyled frames."""
    return f"{JOBS}{job}/styled/"


def styled_frame(job: str, index: int) -> str:
    """One restyled frame."""
    return f"{styled_frames(job)}{index:08d}.jpg"


def filled(job: str) -> str:
    """The list of frames that no call brought, and the frame that stands in for each."""
    return f"{JOBS}{job}/filled.json"


def trouble(job: str, place: str) -> str:
    """What went wrong in one place of the job, in the tool's own words."""
    return f"{JOBS}{job}/trouble/{place}.txt"


def own_key(job: str, index: int, content: str) -> str:
    """The user's own picture for a key frame; another `content` is another picture, so that none is ever replaced."""
    return f"{JOBS}{job}/own/{index:08d}/{content}.jpg"


def part(job: str, look: str, segment: int, name: str) -> str:
    """One segment's part of one deliverable, such as `video.mp4`; another `look` (see deliverables) is another part."""
    return f"{JOBS}{job}/parts/{segment:06d}/{look}/{name}"


def quality(job: str, look: str, segment: int) -> str:
    """The SegmentQuality of one segment."""
    return part(job, look, segment, "quality.json")


def poster(job: str, look: str, segment: int) -> str:
    """The finished picture that becomes the poster, written with the segment that shows it."""
    return part(job, look, segment, "poster.jpg")


def result(name: str, job: str, file: str) -> str:
    """One file of the finished job."""
    return f"{RESULTS}{name}/{job}/{file}"


def key_file(index: int) -> str:
    """A restyled key frame among the files of the finished job."""
    return f"{KEYS}{index:08d}.png"


def key_source_file(index: int) -> str:
    """The same frame as the source shows it."""
    return f"{KEYS}source/{index:08d}.png"


def number_of(key: str) -> int:
    """The frame index that a restyled frame's key holds, or the time stamp that a source frame's does."""
    return int(posixpath.splitext(posixpath.basename(key))[0])
