"""How large and how long a video may be; what is more is refused with a sentence."""

from rotoscope.errors import UnreadableVideo, VideoTooLarge
from rotoscope.sizes import LARGEST, LONGEST_SIDE

SHORTEST_SIDE = 16
MAX_HOURS = 6
MAX_FRAMES = 1_000_000
MAX_PACKETS = 20_000_000
"""Of all tracks together."""

MAX_TRACKS = 500
"""With attached fonts and the like."""


def refuse_large(width: int, height: int) -> None:
    """Raises VideoTooLarge for pictures of more than 8K, lying or upright."""
    if max(width, height) > LONGEST_SIDE or width * height > LARGEST:
        raise VideoTooLarge(
            f"The picture is {width}x{height}; at most 8192x4608 ({LARGEST / 1e6:.1f} megapixels) can be taken. "
            "Scale it."
        )


def refuse_small(width: int, height: int) -> None:
    """Raises UnreadableVideo for pictures that encoders and models cannot do anything with."""
    if min(width, height) < SHORTEST_SIDE:
        raise UnreadableVideo(
            f"The picture is {width}x{height}; at least {SHORTEST_SIDE}x{SHORTEST_SIDE} is needed. Enlarge it first."
        )


def refuse_long(duration_s: float, frames: int) -> None:
    """Raises VideoTooLarge above the limits of time and frames."""
    if duration_s > MAX_HOURS * 3600 or frames > MAX_FRAMES:
        raise VideoTooLarge(_too_long(f"The video lasts {duration_s / 3600:.1f} hours with {frames} frames"))


def refuse_endless(frames: int, packets: int) -> None:
    """The same while they are still being counted."""
    if frames > MAX_FRAMES:
        raise VideoTooLarge(_too_long(f"The video has more than {MAX_FRAMES:,} frames"))
    if packets > MAX_PACKETS:
        raise VideoTooLarge(_too_long(f"The video's tracks have more than {MAX_PACKETS:,} pieces"))


def _too_long(what: str) -> str:
    return f"{what}; at most {MAX_HOURS} hours and {MAX_FRAMES:,} frames can be taken. Cut it and drop the parts."
