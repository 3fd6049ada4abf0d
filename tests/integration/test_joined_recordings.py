"""Recordings that were put behind one another byte by byte: refused with a sentence whose cure cures them."""

from pathlib import Path

import av
import pytest

from rotoscope.adapters.ffmpeg import run
from rotoscope.errors import UnreadableVideo
from tests import clips
from tests.walking import a_walk

CURE = "ffmpeg -i FILE mended.mp4"
FRAMES = 24


def joined(container: str, codec: str) -> Path:
    """`cat a b`, both of which begin at the same time."""
    names = [f"recording-{codec}-{number}.{container}" for number in (1, 2)]
    parts = [clips.clip(name, codec=codec, size=(96, 64), rate="25", frames=FRAMES, audio="mp3") for name in names]
    return clips.written(f"joined-{codec}.{container}", b"".join(part.read_bytes() for part in parts))


@pytest.mark.treats(
    "recordings put behind one another (cat a.ts b.ts), each with a clock of its own",
    "refused before anything is paid; the sentence says what cures it",
)
@pytest.mark.parametrize(("container", "codec"), [("ts", "h264"), ("ts", "mpeg2"), ("mpg", "mpeg2"), ("vob", "mpeg2")])
def test_joined_recordings_are_refused_with_what_cures_them(container: str, codec: str) -> None:
    path = joined(container, codec)

    with pytest.raises(UnreadableVideo, match=CURE):
        a_walk(path, {"style": {"engine": "echo"}}).run()

    mended = clips.path(f"mended-{codec}-{container}.mp4")
    run([*CURE.replace("FILE", str(path)).replace("mended.mp4", str(mended)).split()[1:]])
    a_walk(mended, {"style": {"engine": "echo"}, "output": {"compare": False}}).run()
    with av.open(str(mended)) as container_:
        assert sum(1 for _ in container_.decode(video=0)) in (2 * FRAMES, 2 * FRAMES + 1)
