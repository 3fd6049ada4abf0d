"""What FFmpeg is told, word by word: the traps are in the arguments."""

from collections.abc import Collection
from fractions import Fraction

import pytest

from rotoscope.adapters.ffmpeg import FORMATS, environment, input_guards, input_url
from rotoscope.adapters.ffmpeg_drawing import PACKED, PLANAR, matrix_of
from rotoscope.adapters.ffmpeg_graphs import frame_arguments, packet_arguments, selection
from rotoscope.adapters.ffmpeg_takes import Take
from rotoscope.contracts import Segment, SourceVideo
from rotoscope.ports import Clip

SEGMENT = Segment(index=1, start_pts=180_000, end_pts=360_000, seeks=[90_000])
SMOOTH = "bicubic+accurate_rnd"
GUARDS = ["-f", "mov", "-copyts", "-format_whitelist", "mov"]
SEEK = ["-seek_timestamp", "1", "-ss", "1.000000"]
TIME = ["-enc_time_base", "filter", "-fps_mode", "passthrough", "-stats_enc_pre", "stamps"]
OUT = ["-f", "rawvideo", *TIME, "-stats_enc_pre_fmt", "{pts}", "-thread_queue_size", "1", "pipe:1"]
CUT = "trim=end_pts=360000:start_pts=180000"


def source(**changes: object) -> SourceVideo:
    plain = SourceVideo(
        container="mp4",
        codec="h264",
        coded_width=720,
        coded_height=576,
        width=1024,
        height=576,
        sample_aspect=Fraction(64, 45),
        time_base=Fraction(1, 90_000),
        start_pts=0,
        end_pts=900_000,
        frame_count=250,
        frame_rate=Fraction(25),
        average_rate=Fraction(25),
        duration_s=10,
    )
    return plain.model_copy(update=changes)


def square(**changes: object) -> SourceVideo:
    sides = {"coded_width": 1920, "coded_height": 1080, "width": 1920, "height": 1080}
    return source(sample_aspect=Fraction(1), **{**sides, **changes})


def told(
    video: SourceVideo,
    *,
    location: str = "a.mp4",
    seek: int | None = None,
    wanted: Collection[int] | None = None,
    size: tuple[int, int] | None = None,
    opacity: bool = False,
) -> list[str]:
    return frame_arguments(Take(Clip(location, video), SEGMENT, wanted, size, opacity), seek, "stamps")


def graph(arguments: list[str]) -> list[str]:
    """The filters, without the names of what lies between them."""
    chain = arguments[arguments.index("-filter_complex") + 1]
    return [step[step.index("]") + 1 : step.rindex("[")] for step in chain.split(";")]


def test_a_segment_is_cut_by_integer_stamps_after_an_early_seek() -> None:
    arguments = told(source(), location="/tmp/a b.mp4", seek=90_000)

    assert arguments == [
        *(*GUARDS, "-noaccurate_seek", "-protocol_whitelist", "file", *SEEK, "-threads", "2"),
        *("-i", "file:/tmp/a b.mp4", "-filter_complex"),
        f"[0:V:0]{CUT}[s0];[s0]scale=1024:576:flags={SMOOTH}[s1];"
        "[s1]zscale=f=bicubic:m=gbr:min=smpte170m:r=full:rin=limited[s2];[s2]format=gbrp[s3];[s3]setsar=1[s4]",
        *("-map", "[s4]", *OUT),
    ]


def test_a_small_picture_is_scaled_cheaply_in_the_same_colours() -> None:
    arguments = told(source(), location="http://127.0.0.1:5/x", size=(640, 361))

    assert arguments == [
        *(*GUARDS, "-protocol_whitelist", "http,tcp", "-threads", "2", "-i", "http://127.0.0.1:5/x"),
        "-filter_complex",
        f"[0:V:0]{CUT}[s0];[s0]scale=640:361:flags=area:in_color_matrix=smpte170m:in_range=tv[s1];"
        "[s1]format=gbrp[s2];[s2]setsar=1[s3]",
        *("-map", "[s3]", *OUT),
    ]


def test_packets_are_listed_without_decoding() -> None:
    arguments = packet_arguments(Clip("a.mp4", source(interlaced=True, rotation=90)), 90_000)

    assert arguments == [
        *(*GUARDS, "-noaccurate_seek", "-protocol_whitelist", "file", *SEEK, "-i", "file:a.mp4"),
        *("-map", "0:V:0", "-f", "framecrc", "-c", "copy", "-"),
    ]


def test_square_pictures_of_another_shape_are_fitted_into_the_middle_of_black() -> None:
    _, scaled, _, _, _, padded = graph(told(square()))

    shape, slack = "a*1080/1920", "0.000926"
    across = rf"if(lt(abs({shape}-1)\,{slack})\,1920\,trunc((1920*min(1\,{shape})+0.5)/2)*2)"
    down = rf"if(lt(abs({shape}-1)\,{slack})\,1080\,trunc((1080*min(1\,1/({shape}))+0.5)/2)*2)"
    assert scaled == f"scale={across}:{down}:flags={SMOOTH}"
    assert padded == "pad=1920:1080:-1:-1:color=black"


def test_pictures_are_fitted_lying_and_turned_afterwards() -> None:
    turned = square(rotation=90, width=1080, height=1920)
    take = Take(Clip("a.mp4", turned), SEGMENT, size=(270, 480))

    assert take.shape == (3, 270, 480)
    assert "-noautorotate" in told(turned)
    assert graph(told(turned)) == graph(told(square()))
    assert graph(told(turned, size=(270, 480)))[-1] == "pad=480:270:-1:-1:color=black"


def test_fields_are_woven_before_cutting_and_stamps_count_in_half_ticks() -> None:
    arguments = told(source(interlaced=True), wanted=[183_600])

    assert graph(arguments)[:4] == [
        f"scale=720:576:flags={SMOOTH}:interl=-1",
        "bwdif=deint=interlaced:mode=send_frame",
        "trim=end_pts=720000:start_pts=360000",
        r"select=eq(pts\,367200)",
    ]
    assert arguments[arguments.index("-reinit_filter") + 1] == "0"


def test_high_dynamic_range_is_tone_mapped_by_what_it_is_meant_to_be() -> None:
    chain = graph(told(source(color_transfer="smpte2084")))

    assert chain[2:] == [
        "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv",
        *("zscale=npl=203:t=linear", "format=gbrpf32le", "zscale=p=bt709", "tonemap=desat=0:param=0.8:tonemap=mobius"),
        *("zscale=m=gbr:r=full:t=bt709", "format=gbrp", "setsar=1"),
    ]


def test_a_small_picture_in_high_dynamic_range_is_scaled_before_it_is_tone_mapped() -> None:
    chain = graph(told(source(color_transfer="smpte2084"), size=(640, 360)))

    assert chain[1] == "scale=640:360:flags=area"
    assert not [step for step in chain if "1024" in step]


@pytest.mark.parametrize(
    ("facts", "matrix"),
    [
        ({}, "smpte170m"),
        ({"coded_height": 720}, "bt709"),
        ({"coded_width": 1280, "coded_height": 544}, "bt709"),
        ({"color_matrix": "bt709"}, "bt709"),
        ({"color_matrix": "smpte170m", "coded_height": 1080}, "smpte170m"),
        ({"color_matrix": "smpte240m"}, "smpte240m"),
        ({"color_transfer": "arib-std-b67"}, "bt2020nc"),
    ],
)
def test_an_untagged_video_is_taken_for_what_its_size_suggests(facts: dict[str, object], matrix: str) -> None:
    assert matrix_of(source(**facts)) == matrix


@pytest.mark.parametrize(("matrix", "named"), [("bt470bg", "bt470"), ("bt2020nc", "bt2020"), ("bt709", "bt709")])
def test_scale_and_zscale_have_different_names_for_a_matrix(matrix: str, named: str) -> None:
    video = source(color_matrix=matrix, full_range=True)

    assert graph(told(video, size=(64, 36)))[1].endswith(f"in_color_matrix={named}:in_range=pc")
    assert graph(told(video))[2] == f"zscale=f=bicubic:m=gbr:min={matrix}:r=full:rin=full"


def test_rgb_never_passes_through_yuv() -> None:
    video = source(color_matrix="gbr", full_range=True)

    assert graph(told(video))[1:4] == [
        *(f"format={PACKED}", f"format={PLANAR}"),
        "zscale=1024:576:f=bicubic:min=gbr:rin=full",
    ]


def test_chroma_of_odd_pictures_is_enlarged_for_zscale() -> None:
    odd = square(coded_width=1919, width=1919)

    assert graph(told(odd))[2] == "format=yuv444p|yuv444p10le|yuv444p12le"
    assert not [step for step in graph(told(odd, size=(64, 36))) if "yuv444p" in step]


def test_opacity_needs_its_own_decoder_and_colours_are_multiplied_by_it_before_they_are_mixed() -> None:
    video = square(codec="vp9", alpha=True)
    colours, opacity = told(video, size=(64, 36)), told(video, size=(64, 36), opacity=True)

    assert colours[colours.index("-c:v") + 1] == opacity[opacity.index("-c:v") + 1] == "libvpx-vp9"
    assert "-c:v" not in told(square(codec="prores", alpha=True))
    steps = [step.partition("=")[0] for step in graph(colours)]
    assert steps.index("premultiply") < len(steps) - 1 - steps[::-1].index("scale")
    assert graph(colours)[-1] == "pad=64:36:-1:-1:color=black"
    assert graph(opacity)[-1] == "pad=64:36:-1:-1:color=white"
    assert "alphaextract" in graph(opacity)


def test_planes_are_three_or_with_opacity_four_or_that_alone() -> None:
    opaque, clear = Clip("a.mp4", square()), Clip("a.webm", square(alpha=True))

    assert Take(opaque, SEGMENT).shape == (3, 1080, 1920)
    assert Take(clear, SEGMENT, size=(64, 36)).shape == (4, 36, 64)
    assert Take(clear, SEGMENT, opacity=True).shape == (1, 1080, 1920)


def test_a_selection_too_long_for_an_argument_is_left_to_the_reader() -> None:
    assert selection(range(100, 102), 1) == "eq(pts,100)+eq(pts,101)"
    assert selection(range(100_000), 1) == ""
    assert selection(None, 1) == ""


@pytest.mark.parametrize(("width", "height", "threads"), [(1920, 1080, "2"), (4096, 2160, "2"), (8192, 4320, "1")])
def test_of_large_pictures_few_are_held(width: int, height: int, threads: str) -> None:
    arguments = told(square(coded_width=width, coded_height=height))

    assert arguments[arguments.index("-threads") + 1] == threads


def test_ffmpeg_sees_no_credentials_and_reads_nothing_but_its_input() -> None:
    assert environment() == {"GCONV_PATH": "/nonexistent", "LC_ALL": "C"}
    assert input_url("-i.mp4") == "file:-i.mp4"
    assert input_guards("/tmp/x")["protocol_whitelist"] == "file"
    assert not {"hls", "concat", "dash", "image2"} & set(FORMATS.split(","))
