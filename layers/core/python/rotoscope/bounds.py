"""What no upload can be, found before any of it is decoded: too many bytes, or a claim that its bytes cannot hold."""

from rotoscope.contracts import SourceVideo
from rotoscope.errors import UnreadableVideo, VideoTooLarge

MOST_BYTES = 100 * 10**9
MOST_PICTURE_BYTES = 50 * 10**6
"""Of a still picture beside the video, which is read whole."""

MANY_PIXELS = 10**11
"""Of all pictures together: an hour of 640x480 at 90 frames a second. Less costs little, however it was packed."""

MOST_PIXELS_PER_BYTE = 1_000_000
"""Nothing but black at 3840x2160 comes to 30,000 as HEVC, 70,000 as H.264, 84,000 as VP9 and 146,000 as GIF (four times
that at 8K); screen recordings and slideshows stay far below. What claims more was made to be expensive."""


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
