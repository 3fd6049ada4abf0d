"""Puts picture and tune into one MP4 file with the FFmpeg binary."""

import subprocess
import tempfile
import wave
from pathlib import Path

import imageio_ffmpeg

from local.demo import tune
from local.demo.harbour import HEIGHT, WIDTH, Harbour

FRAMES = 70
FPS = 24
"""70 pictures at the engines' list prices stay under a job's default limit of five dollars."""


def draw_clip(path: Path) -> Path:
    """Writes the clip (640x360, 24 fps, H.264, AAC stereo) and returns `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "tune.wav"
        _write_sound(sound, FRAMES / FPS)
        pictures = Harbour()
        with subprocess.Popen(_arguments(sound, path), stdin=subprocess.PIPE) as encoder:
            assert encoder.stdin is not None
            for number in range(FRAMES):
                encoder.stdin.write(pictures.picture(number / FPS).tobytes())
            encoder.stdin.close()
        if encoder.returncode:
            raise RuntimeError(f"FFmpeg could not write {path} (exit status {encoder.returncode}).")
    return path


def _arguments(sound: Path, path: Path) -> list[str]:
    picture = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", f"{WIDTH}x{HEIGHT}", "-framerate", str(FPS)]
    colour = ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"]
    return [
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y"),
        *(*picture, "-i", "-", "-i", str(sound)),
        *("-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", *colour),
        *("-c:v", "libx264", "-preset", "medium", "-crf", "15", "-threads", "2"),
        *("-c:a", "aac", "-b:a", "160k", "-shortest"),
        *("-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact", "-movflags", "+faststart"),
        str(path),
    ]


def _write_sound(path: Path, seconds: float) -> None:
    samples = tune.played(seconds)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(tune.RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
