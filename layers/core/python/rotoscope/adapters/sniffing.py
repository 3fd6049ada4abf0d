"""Tells from a file's first bytes what it is, before FFmpeg sees any of it: the demuxer is named, never guessed.

A file that would pass for two things is the first of them that is known here, and is read as that alone. What comes
before a file's own beginning (tags, junk) is skipped only where players do it too: MXF, MPEG-TS and MPEG-PS.
"""

from collections.abc import Callable

from rotoscope.adapters.boxes import FIRST_BOXES
from rotoscope.adapters.scripts import NO_VIDEO, REFUSALS, plain_text, script_of
from rotoscope.errors import NotAVideo

HEAD_BYTES = 1 << 16
"""What is looked at. An MXF file may have this much before its beginning (SMPTE 377-1, 5.5)."""

DEMUXERS = (
    *("mov", "matroska", "avi", "flv", "asf", "ogg", "mpegts", "mpeg", "mpegvideo"),
    *("gif", "apng", "mxf", "dv", "ivf", "yuv4mpegpipe"),
)
"""FFmpeg's names of the containers that a video may be in."""

HASTY_CS, INSTEAD_CS = 1, 10
"""Browsers show a frame that asks for no more hundredths of a second than the first for as many as the second."""

TIMED_AS_SEEN = {
    "apng": {"max_fps": "90", "default_fps": "10"},
    "gif": {"bsf:v": f"setts=ts='TS+st(0,ld(0)+{INSTEAD_CS - HASTY_CS}*eq(PREV_INDURATION,{HASTY_CS}))'"},
}
"""Input options of FFmpeg for that, by demuxer. For GIF they count how much later each frame has become: no time at
all is a tenth of a second to FFmpeg too, but its min_delay is without effect."""

PICTURES = ("zip", "webp")
"""What no demuxer reads: pictures in a folder, and animated WebP."""

_STARTS: dict[bytes, str] = {
    b"\x1aE\xdf\xa3": "matroska",
    b"FLV\x01": "flv",
    bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"): "asf",
    b"OggS": "ogg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"DKIF\0\0": "ivf",
    b"YUV4MPEG2 ": "yuv4mpegpipe",
    b"\0\0\x01\xba": "mpeg",
    b"\0\0\x01\xb3": "mpegvideo",
    b"\x1f\x07\0\x3f": "dv",
    b"\x1f\x07\0\xbf": "dv",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\xff\xd8\xff": "still picture",
    **dict.fromkeys([b"II*\0", b"MM\0*", b"8BPS", b"\0\0\x01\0\x01\0", b"\xff\x0a", b"qoif"], "still picture"),
    **dict.fromkeys([b"ID3", b"fLaC", b"#!AMR", b"caff", b"MThd", b".snd", b"RF64", b"wvpk", b"MAC "], "sound"),
    **dict.fromkeys([b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"], "archive"),
    **dict.fromkeys([b".RMF", b"nut/multimedia", b"BIK", b"FWS", b"CWS", b"ZWS"], "other video"),
    bytes.fromhex("b7d800203749da11a64e0007e95ead8d"): "other video",
}
_MXF = bytes.fromhex("060e2b34020501010d01020101")
_RIFF = {b"AVI ": "avi", b"AVIX": "avi", b"WAVE": "sound", b"RMID": "sound"}
_STILL_BRANDS = (b"avif", b"heic", b"heix", b"mif1", b"crx ")
_TS = ((188, 0), (192, 4), (204, 0))
"""Bytes in a packet and before its sync byte: plain, as camcorders write it, and with error correction."""
_TS_PACKETS = 8


def sniffed(head: bytes) -> str:
    """A name out of DEMUXERS or PICTURES. Raises NotAVideo with a sentence that says what the file is instead."""
    if not head:
        raise NotAVideo("The file is empty. Please upload the video again.")
    kind = format_of(head)
    if kind in DEMUXERS or kind in PICTURES:
        return kind
    raise NotAVideo(REFUSALS.get(kind, NO_VIDEO))


def demuxer_of(container: str) -> str | None:
    """FFmpeg's name for what SourceVideo calls its container; None where FFmpeg has none."""
    name = {"mp4": "mov", "webm": "matroska"}.get(container, container)
    return name if name in DEMUXERS else None


def format_of(head: bytes) -> str:
    """A name out of DEMUXERS or PICTURES, a key of REFUSALS, or "unknown"."""
    looks: tuple[Callable[[bytes], str], ...] = (
        _iso,
        _riff,
        _png,
        _started,
        script_of,
        _packets,
        _late,
        _weak,
        plain_text,
    )
    return next((kind for look in looks if (kind := look(head))), "unknown")


def _iso(head: bytes) -> str:
    if head[4:8] not in FIRST_BOXES:
        return ""
    return "still picture" if head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS else "mov"


def _riff(head: bytes) -> str:
    if not head.startswith(b"RIFF"):
        return ""
    if head[8:12] == b"WEBP":
        moves = head[12:16] == b"VP8X" and len(head) > 20 and head[20] & 2
        return "webp" if moves else "still picture"
    return _RIFF.get(head[8:12], "unknown")


def _png(head: bytes) -> str:
    """Animated where the chunk that says so comes before the picture."""
    if not head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ""
    offset = 8
    while offset + 8 <= len(head) and head[offset + 4 : offset + 8] != b"IDAT":
        if head[offset + 4 : offset + 8] == b"acTL":
            return "apng"
        offset += 12 + int.from_bytes(head[offset : offset + 4], "big")
    return "still picture"


def _started(head: bytes) -> str:
    return next((kind for start, kind in _STARTS.items() if head.startswith(start)), "")


def _packets(head: bytes) -> str:
    """MPEG transport streams may begin in the middle of a packet; then more of them have to agree."""
    for stride, before in _TS:
        if _in_step(head, stride, before, least=3):
            return "mpegts"
    late = any(_in_step(head, stride, start, least=_TS_PACKETS) for stride, _ in _TS for start in range(stride))
    return "mpegts" if late else ""


def _in_step(head: bytes, stride: int, first: int, least: int) -> bool:
    syncs = head[first : first + stride * _TS_PACKETS : stride]
    return len(syncs) >= least and syncs.count(b"G") == len(syncs)


def _late(head: bytes) -> str:
    """Recordings that begin with something else."""
    if _MXF in head:
        return "mxf"
    if head[:4096].count(b"\0\0\x01\xba") >= 2:
        return "mpeg"
    return "archive" if head[257:262] == b"ustar" else ""


def _weak(head: bytes) -> str:
    """Signatures of a few bits, which chance writes too."""
    if len(head) > 2 and head[0] == 0xFF and head[1] != 0xFE and head[1] & 0xE0 == 0xE0 and head[2] & 0xF0 != 0xF0:
        return "sound"
    if head.startswith(b"FORM") and head[8:12] in (b"AIFF", b"AIFC"):
        return "sound"
    return "still picture" if head.startswith(b"BM") and head[6:10] == bytes(4) else ""
