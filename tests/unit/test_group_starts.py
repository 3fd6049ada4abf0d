"""What the first packet tells of how far decoding has to go back."""

import pytest

from rotoscope.adapters.group_starts import keys_needed

START = b"\x00\x00\x01"
PARAMETERS = START + b"\x67\x64\x00\x1e" + START + b"\x68\xee"
SLICE = START + b"\x41\x9a\x24"


def message(*payloads: tuple[int, bytes]) -> bytes:
    """A supplemental message of H.264."""
    bodies = (b"\xff" * (kind // 255) + bytes([kind % 255, len(body)]) + body for kind, body in payloads)
    return START + b"\x06" + b"".join(bodies) + b"\x80"


@pytest.mark.parametrize(
    ("codec", "packet", "needed"),
    [
        ("h264", PARAMETERS + START + b"\x65\x88\x84", 1),
        ("h264", message((6, b"\x04\x40")) + PARAMETERS + START + b"\x25\x88", 1),
        ("h264", PARAMETERS + message((6, b"\xc4")) + SLICE, 2),
        ("h264", PARAMETERS + SLICE, 2),
        ("h264", message((6, b"\x04\x40")) + SLICE, 3),
        ("h264", message((1, b"\x30"), (0, b"\x80")) + message((5, b"words"), (6, b"\x2c")) + SLICE, 3),
        ("h264", message((261, b"\x01\x02"), (6, b"\x2c")) + SLICE, 3),
        ("h264", START + b"\x06\xff", 2),
        ("h264", b"", 2),
        ("hevc", START + b"\x40\x01" + START + b"\x26\x01\xaf", 1),
        ("hevc", START + b"\x28\x01\xaf", 1),
        ("hevc", START + b"\x2a\x01\xaf", 2),
    ],
)
def test_key_frames_that_have_to_be_passed(codec: str, packet: bytes, needed: int) -> None:
    assert keys_needed(codec, packet) == needed
