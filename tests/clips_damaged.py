"""Clips of many kinds with a hole in the middle of their pictures, as failing disks and bad reception leave them."""

import functools
import random
from pathlib import Path

from rotoscope.adapters.ffmpeg import run
from tests.clips import path, written

FRAMES = 48
_PICTURE = f"testsrc2=size=128x72:rate=25,trim=end_frame={FRAMES},noise=alls=8:allf=t:all_seed=3"
_X264 = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -x264-params"
MAKINGS = {
    "h264.mp4": f"{_X264} keyint=12:bframes=3",
    "h264.mkv": f"{_X264} keyint=12:bframes=3",
    "h264.ts": f"{_X264} keyint=12:bframes=3",
    "open-gop.ts": f"{_X264} keyint=12:min-keyint=12:open-gop=1:bframes=3:scenecut=0",
    "refreshed.ts": f"{_X264} keyint=12:intra-refresh=1:bframes=0",
    "h264.flv": f"{_X264} keyint=12",
    "hevc.mp4": "-c:v libx265 -preset ultrafast -x265-params keyint=12:log-level=error -pix_fmt yuv420p",
    "av1.mp4": "-c:v libaom-av1 -usage realtime -cpu-used 8 -g 12",
    "mpeg2.ts": "-c:v mpeg2video -q:v 3 -g 12 -bf 2",
    "mpeg2.mpg": "-c:v mpeg2video -q:v 3 -g 12 -bf 2",
    "mpeg4.avi": "-c:v mpeg4 -q:v 3 -g 12 -bf 2",
    "mjpeg.mov": "-c:v mjpeg -q:v 3",
    "prores.mov": "-c:v prores_ks",
    "card.gif": "-c:v gif",
    "card.apng": "-c:v apng -plays 0",
}
"""Encoder options by file name. VP8 and VP9 are not among them: their decoders notice no damage."""
ZEROED = ("ts", "mpg")
"""Streams that are received: there what is missing is zero, elsewhere it is noise."""


@functools.cache
def intact(name: str) -> Path:
    """FRAMES pictures with grain, which makes every picture's bytes matter."""
    run(["-f", "lavfi", "-i", _PICTURE, *MAKINGS[name].split(), str(path(f"intact-{name}"))])
    return path(f"intact-{name}")


def holed(name: str, share: float = 0.5) -> Path:
    """A few hundred bytes in the middle are lost, of what is received a few thousand."""
    body = bytearray(intact(name).read_bytes())
    zeroed = name.rpartition(".")[2] in ZEROED
    start, length = int(len(body) * share), 4_500 if zeroed else min(600, len(body) // 20)
    body[start : start + length] = bytes(length) if zeroed else random.Random(7).randbytes(length)
    return written(f"holed-{name}", bytes(body))


def riddled(name: str) -> Path:
    """A small hole in every hundredth of the file."""
    body, chance = bytearray(intact(name).read_bytes()), random.Random(3)
    for hundredth in range(8, 92):
        start = len(body) * hundredth // 100
        body[start : start + 40] = chance.randbytes(40)
    return written(f"riddled-{name}", bytes(body))


@functools.cache
def flipped(share: float) -> Path:
    """H.264 with one key frame, and one wrong byte: at that share of the key frame, beyond 1 in a later picture."""
    options = f"-f lavfi -i {_PICTURE} {_X264} keyint=250:bframes=0:scenecut=0:threads=1".split()
    body = bytearray(run([*options, "-f", "h264", "-"]))
    key, after = body.index(b"\0\0\1\x65"), body.index(b"\0\0\1\x41")
    body[int(key + (after - key) * share)] ^= 0x55
    raw, whole = written("flipped.h264", bytes(body)), path(f"flipped-{share}.mp4")
    run(["-f", "h264", "-r", "25", "-i", str(raw), "-c", "copy", str(whole)])
    return whole


@functools.cache
def joined(name: str) -> Path:
    """Two transport streams behind one another, the second one's clock twenty seconds on."""
    later = path(f"later-{name}")
    run(["-i", str(intact(name)), "-c", "copy", "-output_ts_offset", "20", str(later)])
    return written(f"joined-{name}", intact(name).read_bytes() + later.read_bytes())


def begun_late(name: str) -> Path:
    """A transport stream that was switched on in the middle of a picture."""
    body = intact(name).read_bytes()
    return written(f"begun-late-{name}", body[188 * (len(body) // 188 // 5) :])
