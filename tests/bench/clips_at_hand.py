"""The clips that are measured, as MP4 files of about 640 x 360: drawn ones, and real ones from a folder of media."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rotoscope.adapters import ffmpeg
from rotoscope.adapters.ffmpeg_read import FfmpegReader
from rotoscope.adapters.probe import PyAvProber
from rotoscope.contracts import Segment
from rotoscope.ports import RGB, Clip
from tests.bench import known_clips
from tests.bench.filming import HEIGHT, RATE, WIDTH, Known

MOST_FRAMES = 73
PIXELS = WIDTH * HEIGHT
H264 = ["-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "12", "-pix_fmt", "yuv420p"]

MOVING: dict[str, Callable[[], Known]] = {"layers": known_clips.layers, "turning": known_clips.turning}
HELD: dict[str, Callable[[], Known]] = {
    "slides": known_clips.slides,
    "on-twos": known_clips.on_twos,
    "still-camera": known_clips.still_camera,
}
MEDIA = {
    "bbb": "bbb_h264_720p_51audio.mp4",
    "flower": "flower_h264_aac.mp4",
    "pigs": "pigs_in_a_polka.gif",
    "phone": "phone_portrait_h264_rot.mp4",
}


@dataclass(frozen=True)
class Source:
    """A clip as it is uploaded, its decoded frames, and what is known of its motion."""

    name: str
    file: Path
    frames: list[RGB]
    known: Known | None = None

    @property
    def cuts(self) -> list[int]:
        """Frames that begin another shot; the real clips are one shot each."""
        return [n + 1 for n, flow in enumerate(self.known.flows) if flow is None] if self.known else []


def names(media: Path | None) -> list[str]:
    """Every clip there is: the moving ones first, then those with frames that repeat."""
    return [*MOVING, *(MEDIA if media else {}), *HELD]


def source(name: str, folder: Path, media: Path | None) -> Source:
    """Draws or scales the clip into `folder`."""
    file = folder / f"{name}.mp4"
    if draw := (MOVING | HELD).get(name):
        known = draw()
        written(known.frames, file)
        return Source(name, file, decoded(file), known)
    if media is None:
        raise FileNotFoundError(f"{name} is not generated: name a media folder")
    scaled(media / MEDIA[name], file)
    return Source(name, file, decoded(file))


def written(frames: list[RGB], file: Path) -> None:
    height, width = frames[0].shape[:2]
    pipe = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(RATE), "-i", "pipe:0"]
    matrix = ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-colorspace", "bt709", "-color_range", "tv"]
    with ffmpeg.Tool([*pipe, *matrix, *H264, str(file)], fed=True) as tool:
        for picture in frames:
            tool.feed(picture.data.cast("B"))
        tool.finish()


def scaled(original: Path, file: Path) -> None:
    """The first frames of a clip, made smaller, never larger."""
    side = f"*min(1,sqrt({PIXELS}/(iw*ih)))/2)"
    shape = f"scale=w='2*round(iw{side}':h='2*round(ih{side}':flags=area,setsar=1"
    ffmpeg.run(
        ["-i", str(original), "-frames:v", str(MOST_FRAMES), "-vf", shape, "-fps_mode", "passthrough", *H264, str(file)]
    )


def decoded(file: Path) -> list[RGB]:
    """Every frame of a file, as the product's own reader sees them."""
    with file.open("rb") as opened:
        found = PyAvProber().probe(opened, file.stat().st_size)
    whole = Segment(index=0, start_pts=found.start_pts, end_pts=found.end_pts, seeks=[])
    return [picture for _, picture in FfmpegReader().frames(Clip(str(file), found), whole)]
