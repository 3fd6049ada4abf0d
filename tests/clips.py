"""Synthesises small test clips with FFmpeg, each once per session. Every frame differs from every other."""

import functools
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rotoscope.adapters.ffmpeg import run

AUDIO = {
    "aac": ["-c:a", "aac", "-b:a", "96k"],
    "opus": ["-c:a", "libopus", "-b:a", "64k"],
    "vorbis": ["-c:a", "libvorbis"],
    "mp3": ["-c:a", "libmp3lame"],
    "ac3": ["-c:a", "ac3"],
    "pcm": ["-c:a", "pcm_s16le"],
}
VIDEO = {
    "h264": ["-c:v", "libx264", "-preset", "veryfast", "-g", "24", "-bf", "3", "-pix_fmt", "yuv420p"],
    "h264-open-gop": [
        *("-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-pix_fmt", "yuv420p"),
        *("-x264-params", "open-gop=1:keyint=24:min-keyint=24:scenecut=0:b-adapt=0"),
    ],
    "h264-interlaced": [
        *("-c:v", "libx264", "-preset", "veryfast", "-g", "24", "-flags", "+ilme+ildct", "-pix_fmt", "yuv420p"),
        *("-x264-params", "tff=1"),
    ],
    "mpeg2": ["-c:v", "mpeg2video", "-q:v", "3", "-g", "12", "-bf", "2"],
    "vp9": ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "24", "-b:v", "400k"],
    "gif": ["-c:v", "gif"],
}


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="rotoscope-clips-")


def path(name: str) -> Path:
    """Where a clip of that name lies, or would."""
    return Path(_folder().name) / name


@functools.cache
def clip(
    name: str = "clip.mp4",
    *,
    codec: str = "h264",
    rate: str = "30",
    size: tuple[int, int] = (192, 108),
    frames: int = 48,
    filters: str = "null",
    audio: str | None = "aac",
    channels: int = 2,
    tone: str = "0.3*sin({hertz}*2*PI*t)",
    more: Sequence[str] = (),
) -> Path:
    """A moving test card with a tone; `filters` is applied to the picture. Time stamps pass through unchanged."""
    target = path(name)
    numerator, _, denominator = rate.partition("/")
    seconds = frames * int(denominator or 1) / int(numerator)
    picture = f"testsrc2=size={size[0]}x{size[1]}:rate={rate},trim=end_frame={frames},{filters}"
    sound = f"aevalsrc={'|'.join(tone.format(hertz=330 + 110 * n) for n in range(channels))}:s=48000:d={seconds}"
    command = ["-f", "lavfi", "-i", picture]
    if audio:
        command += ["-f", "lavfi", "-i", sound + (":c=5.1" if channels == 6 else "")]
    command += ["-fps_mode", "passthrough", *VIDEO[codec], *(AUDIO[audio] if audio else []), *more, str(target)]
    run(command)
    return target


def ntsc() -> Path:
    """30000/1001 frames a second, B-frames, AAC."""
    return clip("ntsc.mp4", rate="30000/1001", frames=60)


def faststart() -> Path:
    """The index comes first, as files for the web have it."""
    return clip("faststart.mp4", more=("-movflags", "+faststart"))


def film_rate() -> Path:
    """24000/1001 frames a second."""
    return clip("film.mp4", rate="24000/1001", frames=48)


def vfr(codec: str = "h264") -> Path:
    """Frames at irregular times, in 1/90000 s; the last one stands for long."""
    jitter = "settb=1/90000,setpts='N*3000+mod(N*37,11)*150'"
    return clip(
        f"vfr-{codec}.mp4",
        codec=codec,
        filters=jitter,
        more=("-enc_time_base", "1:90000", "-video_track_timescale", "90000"),
    )


def open_gop() -> Path:
    """Key frames that earlier-shown frames refer across."""
    return clip("open-gop.mp4", codec="h264-open-gop", frames=96)


def webm() -> Path:
    """VP9 with Opus; time stamps in whole milliseconds."""
    return clip("vp9.webm", codec="vp9", audio="opus", rate="30000/1001")


def transport_stream(codec: str = "h264-open-gop") -> Path:
    """MPEG-TS with open GOPs: no index, clock starts at 1.4 s, sound in ADTS."""
    audio = "mp3" if codec == "mpeg2" else "aac"
    return clip(f"{codec}.ts", codec=codec, frames=96, audio=audio)


def gif() -> Path:
    """10 frames a second, odd size, silent."""
    return clip("card.gif", codec="gif", rate="10", size=(91, 61), frames=20, audio=None)


def odd_size() -> Path:
    """Odd width and height, which H.264 in 4:2:0 cannot store."""
    return clip("odd.webm", codec="vp9", size=(159, 91), audio=None, frames=24)


def silent() -> Path:
    """No sound at all."""
    return clip("silent.mp4", audio=None)


def surround() -> Path:
    """5.1 AAC."""
    return clip("surround.mp4", channels=6, more=("-metadata:s:a:0", "language=deu"))


BEEP_S = 0.8


def beep(audio: str = "aac", name: str = "beep.mkv") -> Path:
    """Silence, and a tone from BEEP_S on."""
    return clip(name, audio=audio, tone=f"gte(t\\,{BEEP_S})*0.5*sin({{hertz}}*2*PI*t)")


def anamorphic() -> Path:
    """160 x 108 stored with pixels of 3:2: shown as 240 x 108."""
    return clip("anamorphic.mp4", size=(160, 108), filters="setsar=3/2", frames=24)


def interlaced() -> Path:
    """25 frames of 50 fields a second, top field first."""
    return clip("interlaced.ts", codec="h264-interlaced", rate="50", frames=96, filters="tinterlace=interleave_top")


def late_picture() -> Path:
    """The sound begins half a second before the picture."""
    return clip("late.mp4", filters="setpts=PTS+0.5/TB")


@functools.cache
def rotated(degrees: int = 90) -> Path:
    """A phone held upright: stored lying, with a note to turn it clockwise by `degrees`."""
    target = path(f"rotated-{degrees}.mp4")
    turn = str(-degrees if degrees <= 180 else 360 - degrees)
    run(["-display_rotation:v:0", turn, "-i", str(clip(frames=24)), "-map", "0", "-c", "copy", str(target)])
    return target


@functools.cache
def two_languages() -> Path:
    """Two sound tracks, English and Japanese, the second one the default; PCM cannot go into an MP4."""
    target = path("languages.mkv")
    tags = ["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=jpn"]
    choice = ["-disposition:a:0", "0", "-disposition:a:1", "default", "-c:v", "copy", "-c:a:0", "copy"]
    inputs = ["-i", str(clip()), "-i", str(clip("pcm.mkv", audio="pcm"))]
    run([*inputs, "-map", "0:v", "-map", "0:a", "-map", "1:a", *choice, "-c:a:1", "pcm_s16le", *tags, str(target)])
    return target


PATCHES = [(235, 16, 16), (16, 235, 16), (16, 16, 235), (200, 180, 40), (40, 160, 200), (128, 128, 128)]
PATCH = 64


@functools.cache
def patches(matrix: str = "bt709", *, tagged: bool = True, height: int = PATCH) -> Path:
    """Six still patches of the colours in PATCHES, side by side, near lossless."""
    target = path(f"patches-{matrix}-{tagged}-{height}.mp4")
    colours = [f"color=0x{r:02x}{g:02x}{b:02x}:s={PATCH}x{height}:r=25:d=0.4,format=gbrp" for r, g, b in PATCHES]
    inputs = [word for colour in colours for word in ("-f", "lavfi", "-i", colour)]
    flags = "accurate_rnd+full_chroma_int"
    graph = f"hstack=inputs={len(colours)},scale=out_color_matrix={matrix}:out_range=tv:flags={flags},format=yuv420p"
    tags = ["-colorspace", matrix, "-color_primaries", matrix, "-color_trc", matrix, "-color_range", "tv"]
    untag = ["-bsf:v", "h264_metadata=matrix_coefficients=2:colour_primaries=2:transfer_characteristics=2"]
    encoder = ["-c:v", "libx264", "-qp", "2", *(tags if tagged else untag)]
    run(
        [
            *inputs,
            "-filter_complex",
            graph,
            *encoder,
            str(target),
        ]
    )
    return target


@functools.cache
def hdr_white() -> Path:
    """The white of paper at 203 nits, in PQ: read as if it were SDR it is a grey of 148."""
    target = path("hdr.mp4")
    tags = ["-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", "smpte2084", "-color_range", "tv"]
    white = "color=0x949494:s=64x64:r=25:d=0.4,format=gbrp,scale=out_color_matrix=bt2020:out_range=tv"
    run(["-f", "lavfi", "-i", white, "-c:v", "libx264", "-pix_fmt", "yuv420p10le", "-qp", "2", *tags, str(target)])
    return target


# --- what must be refused -------------------------------------------------------------------------------------------


@functools.cache
def sound_only() -> Path:
    """Sound in a file that calls itself a video."""
    target = path("sound-only.mp4")
    run(["-i", str(clip()), "-map", "0:a", "-c", "copy", str(target)])
    return target


@functools.cache
def cover_art() -> Path:
    """A song with a cover picture, which is not a video."""
    target = path("song.mp3")
    still = ["-f", "lavfi", "-i", "testsrc2=size=64x64:rate=1,trim=end_frame=1"]
    streams = ["-map", "0:v", "-map", "1:a", "-c:v", "mjpeg", "-disposition:v", "attached_pic"]
    run([*still, "-i", str(clip()), *streams, "-c:a", "libmp3lame", "-f", "mp3", str(target)])
    return target


def written(name: str, content: bytes) -> Path:
    """A file of one's own making."""
    target = path(name)
    target.write_bytes(content)
    return target


def cut_off(whole: Path, share: float = 0.6) -> Path:
    """The first part of a file, as an interrupted upload leaves it."""
    content = whole.read_bytes()
    return written(f"cut-{whole.name}", content[: int(len(content) * share)])
