"""What no upload can be, found before any of it is decoded: too many bytes, or a claim that its bytes cannot hold."""

import struct

from rotoscope.contracts import SourceVideo
from rotoscope.errors import UnreadableVideo, VideoTooLarge
from rotoscope.sizes import Size
from rotoscope.wording import file_size

MOST_BYTES = 100 * 10**9
MOST_PICTURE_BYTES = 50 * 10**6
"""Of a still picture beside the video, which is read whole."""

MANY_PIXELS = 10**11
"""Of all pictures together: an hour of 640x480 at 90 frames a second. Less costs little, however it was packed."""

MOST_PIXELS_PER_BYTE = 1_000_000
"""Nothing but black at 3840x2160 comes to 30,000 as HEVC, 70,000 as H.264, 84,000 as VP9 and 146,000 as GIF (four times
that at 8K); screen recordings and slideshows stay far below. What claims more was made to be expensive."""

MUCH_PICTURE_BYTES, DENSE = 10 * 10**6, 100
"""From so many bytes on, a picture in a zip that unpacks to so many times what it is packed in has to have the pixels
for it. Flat colour in 8K is packed 1,030 times smaller as BMP and TIFF, 750 times as PNG that is not compressed itself;
compressed PNG, JPEG and WebP have under a megabyte then."""

MOST_PIXEL_BYTES, BESIDE_PIXELS = 8.4, 1 << 20
"""16 bits in four channels and what frames them; colour profiles and the like."""

STATED_BYTES = 32
_PNG, _TIFF = b"\x89PNG\r\n\x1a\n", (b"II*\0", b"MM\0*")


def refuse_heavy(size: int) -> None:
    """Raises VideoTooLarge for a file that takes too long to be read at all."""
    if size > MOST_BYTES:
        raise VideoTooLarge(
            f"The file has {size / 1e9:,.0f} GB; at most {MOST_BYTES / 1e9:.0f} GB can be taken. "
            "Export it with a lower bit rate, or cut it and drop the parts."
        )


def refuse_impossible(source: SourceVideo, size: int) -> None:
    """Raises UnreadableVideo for a file of a few bytes that says it holds days of large pictures."""
    pixels = source.coded_width * source.coded_height * source.frame_count
    if source.frame_count > size or (pixels > MANY_PIXELS and pixels > size * MOST_PIXELS_PER_BYTE):
        raise UnreadableVideo(
            f"The file says that its {size:,} bytes hold {source.frame_count:,} pictures of {source.coded_width}x"
            f"{source.coded_height}, which cannot be. Please export or record it again and upload the new file."
        )


def stated_size(head: bytes) -> Size | None:
    """What the first bytes (STATED_BYTES) of a PNG or GIF say; None of anything else."""
    return _size_at(head, 16, ">II", _PNG) or _size_at(head, 6, "<HH", b"GIF87a", b"GIF89a")


def _size_at(head: bytes, offset: int, numbers: str, *starts: bytes) -> Size | None:
    if len(head) < STATED_BYTES or not head.startswith(starts):
        return None
    width, height = struct.unpack_from(numbers, head, offset)
    return abs(width), abs(height)


def is_dense(packed: int, unpacked: int) -> bool:
    """Whether a picture in a zip has to be looked at before it is unpacked."""
    return unpacked > MUCH_PICTURE_BYTES and unpacked > DENSE * packed


def refuse_stuffed(name: str, head: bytes, packed: int, unpacked: int) -> None:
    """Raises UnreadableVideo for a dense picture whose pixels would come to far less. A TIFF may tell at its end."""
    if head.startswith(_TIFF):
        return
    width, height = stated_size(head) or _size_at(head, 18, "<ii", b"BM") or (0, 0)
    if unpacked > width * height * MOST_PIXEL_BYTES + BESIDE_PIXELS:
        raise UnreadableVideo(
            f"The picture {name} unpacks from {file_size(packed)} to {file_size(unpacked)}, which is no picture. "
            "Please save it again and pack the pictures anew."
        )
