"""Which uploads start a job: the event rule is made of this list, and the command line asks it."""

from rotoscope import layout

VIDEO_SUFFIXES = (
    *(".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3g2", ".f4v"),
    *(".mkv", ".webm", ".ogv", ".avi", ".divx", ".wmv", ".asf", ".flv"),
    *(".mpg", ".mpeg", ".mpe", ".m2v", ".vob", ".ts", ".m2ts", ".mts", ".mxf", ".dv"),
    *(".gif", ".apng", ".y4m"),
)
"""What FFmpeg 7.0.2 decodes and people call a video. Not .webp: it cannot decode the animated kind, and still pictures
with that suffix, as with .png and .jpg, are style images."""

SUFFIXES = (*VIDEO_SUFFIXES, layout.JOB_SUFFIX)


def starts_job(key: str) -> bool:
    """Whether an upload of that name is noticed at all."""
    return key.lower().endswith(SUFFIXES)
