"""FFmpeg's and PyAV's error lines in plain words: what is wrong with the file, and what its owner can do.

The lines were collected from FFmpeg 7.0.2 and PyAV 18 over thousands of damaged files. Earlier entries win: they name
causes, later ones what follows from them.
"""

import re

AGAIN = "Please export or record it again and upload the new file."
OTHER_CODEC = "Please convert it to H.264 in an MP4."

_MEANINGS: tuple[tuple[str, str], ...] = (
    (r"DRM protected|encrypted|decryption|\bencv\b|drmi", "The video is protected against copying (DRM)."),
    (
        r"No space left on device|SIGXFSZ|wrote more than it may",
        "There was no room left for what is made of the video.",
    ),
    (
        r"exceeds specified max pixel count|Picture size \S+ is invalid|Invalid frame dimensions",
        "Its picture size is damaged, or larger than can be taken.",
    ),
    (
        r"Cannot allocate memory|out of memory|bad_alloc|get_buffer\(\) failed|SIGKILL|malloc.*failed",
        "There was not enough memory for pictures of this size.",
    ),
    (
        r"past its time limit|Immediate exit requested|Resource temporarily unavailable",
        "It takes too long to read or to make.",
    ),
    (r"on whitelist|non standard extension", "It is a list of other files or addresses, and no video itself."),
    (
        r"no decoder found|Decoder not found|Unknown decoder|Could not find codec parameters|could not find codec"
        r"|Unsupported codec|unknown codec|codec not currently supported",
        "Its codec is unknown here.",
    ),
    (r"patches welcome|Not yet implemented", "It uses a feature of its codec that is unknown here."),
    (r"pixel format|Impossible to convert between the formats|pix_fmt", "Its pixel format cannot be used here."),
    (r"matches no streams|does not contain any stream", "It holds no picture."),
    (
        r"moov atom not found|EBML header parsing failed|invalid as first byte of an EBML|error reading header"
        r"|Header processing failed|Header missing|could not find sequence header|no index",
        "Its index is missing or damaged, so nothing in it can be found.",
    ),
    (r"partial file|ended prematurely|End of file|Truncating packet", "It ends too early: a part of it is missing."),
    (r"non monoton\w+|out of order|Invalid timestamps|Packet mismatch", "Its time stamps are damaged."),
    (r"\[(h26[34]|hevc|av1|libdav1d|vp[89]|mpeg\w*|theora|wmv\d|msmpeg4\w*|prores|mjpeg|gif|apng) @", "It is damaged."),
    (r"\[(vorbis|opus|aac\w*|mp[23]\w*|e?ac3|pcm_\w+|flac|wma\w*) @|channel element", "Its sound is damaged."),
    (
        r"Invalid data|non-existing PPS|error while decoding|damaged|corrupt|no frame|CRC mismatch|LZW|NAL unit|invalid"
        r"|inflate|did not decode|exceeds max|Internal bug|Input/output error|crashed|not permitted|Invalid argument",
        "It is damaged.",
    ),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), meaning) for pattern, meaning in _MEANINGS)


def plain_words(complaint: str) -> str:
    """What the lines mean, one sentence; empty where they say nothing that is known here."""
    return next((meaning for pattern, meaning in _COMPILED if pattern.search(complaint)), "")


def last_line(complaint: str) -> str:
    """For the operator: FFmpeg's own last line, without addresses in memory."""
    lines = [line for line in complaint.splitlines() if line.strip() and "Last message repeated" not in line]
    return re.sub(r" @ 0x[0-9a-f]+", "", lines[-1]).strip() if lines else ""


def unreadable(complaint: str) -> str:
    """For the uploader: the video cannot be read, why in plain words, and what to do."""
    return " ".join(filter(None, ["The video cannot be read.", plain_words(complaint), AGAIN]))
