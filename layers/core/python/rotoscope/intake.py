"""Which uploads start a job: the event rule is made of this list, and the command line asks it."""

from rotoscope import layout

VIDEO_SUFFIXES = (
    *(".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3g2", ".f4v"),
    *(".mkv", ".webm", ".ogv", ".avi", ".divx", ".wmv", ".asf", ".flv"),
    *(".mpg", ".mpeg", ".mpe", ".m2v", ".vob", ".ts", ".m2ts", ".mts", ".mxf", ".dv"),
    *(".gif", ".apng", ".webp", ".y4m", ".zip"),
)
"""What people call a video, and pictures in a zip. Not .png and .jpg: those are style images."""

HEAD_BYTES = 21
"""What `is_still_webp` looks at."""

_ANIMATED = 0x02
"""A flag of the VP8X chunk, which only begins those WebP files that are more than a picture (RFC 9649)."""

SUFFIXES = (*VIDEO_SUFFIXES, layout.JOB_SUFFIX)


def starts_job(key: str) -> bool:
    """Whether an upload of that name is noticed at all."""
    return key.lower().endswith(SUFFIXES)


def is_still_webp(head: bytes) -> bool:
    """Whether a file that begins so is a WebP picture that does not move: a style image, which starts no job."""
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return False
    return head[12:16] != b"VP8X" or (len(head) >= HEAD_BYTES and not head[20] & _ANIMATED)
