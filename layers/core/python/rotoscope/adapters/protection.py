"""Tells a copy-protected MP4 by its sample descriptions: FFmpeg decodes such a video to noise and calls it damage."""

from collections.abc import Callable, Iterator

BytesAt = Callable[[int, int], bytes]
"""From an offset on, a count; fewer at the end."""

_WAY = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
_LOCKED = (b"encv", b"drmi")
"""Sample entries of encrypted pictures: Common Encryption (ISO/IEC 23001-7), FairPlay."""
_MOST_BOXES = 1_000


def is_protected(bytes_at: BytesAt, size: int) -> bool:
    """Whether a track of an MP4 or QuickTime file holds encrypted pictures. Reads headers of boxes alone."""
    return any(bytes_at(start + 8, 8)[4:] in _LOCKED for start, _ in _boxes(bytes_at, 0, size, _WAY))


def _boxes(bytes_at: BytesAt, start: int, end: int, way: tuple[bytes, ...]) -> Iterator[tuple[int, int]]:
    """Where the contents of the boxes at the end of the way begin and end."""
    for _ in range(_MOST_BOXES):
        header = bytes_at(start, 16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        inside = start + 8
        if length == 1:
            length, inside = int.from_bytes(header[8:16], "big"), start + 16
        stop = end if length == 0 else min(start + length, end)
        if stop < inside:
            return
        if kind == way[0]:
            yield from [(inside, stop)] if len(way) == 1 else _boxes(bytes_at, inside, stop, way[1:])
        start = stop
