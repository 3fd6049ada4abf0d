"""What FFmpeg is told, word by word: the traps are in the arguments."""

from fractions import Fraction

import pytest

from rotoscope.adapters.ffmpeg import FORMATS, environment, input_guards, input_url
from rotoscope.adapters.ffmpeg_graphs import frame_arguments, matrix_of, packet_arguments, selection
from rotoscope.contracts import Segment, SourceVideo

SEGMENT = Segment(index=1, start_pts=180_000, end_pts=360_000, seeks=[90_000])
EXACT = "bicubic+accurate_rnd+full_chroma_int"
GUARDS = ["-format_whitelist", FORMATS]
SEEK = ["-seek_timestamp", "1", "-ss", "1.000000"]
TIME = ["-enc_time_base", "filter", "-fps_mode", "passthrough", "-stats_enc_pre", "stamps"]
FEW = ["-thread_queue_size", "1"]


def source(**changes: object) -> SourceVideo:
    plain = SourceVideo(
        container="mp4",
        codec="h264",
        coded_width=720,
        coded_height=576,
        width=1024,
        height=576,
        time_base=Fraction(1, 90_000),
        start_pts=0,
        end_pts=900_000,
        frame_count=250,
        frame_rate=Fraction(25),
        average_rate=Fraction(25),
        duration_s=10,
    )
    return plain.model_copy(update=changes)


def graph(arguments: list[str]) -> str:
    return arguments[arguments.index("-filter_complex") + 1]


def test_a_segment_is_cut_by_integer_stamps_after_an_early_seek() -> None:
    arguments = frame_arguments("/tmp/a b.mp4", source(), SEGMENT, 90_000, "stamps")

    assert arguments == [
        *("-copyts", *GUARDS, "-noaccurate_seek", "-protocol_whitelist", "file", *SEEK, "-i", "file:/tmp/a b.mp4"),
        "-filter_complex",
        "[0:V:0]trim=end_pts=360000:start_pts=180000[s0];"
        f"[s0]scale=1024:576:flags={EXACT}:in_color_matrix=smpte170m:in_range=tv[s1];"
        "[s1]setsar=1[s2];[s2]format=rgb24[s3]",
        *("-map", "[s3]", "-f", "rawvideo", *TIME, "-stats_enc_pre_fmt", "{ptsi}", *FEW, "pipe:1"),
    ]


def test_a_small_picture_is_scaled_cheaply_in_the_same_colours() -> None:
    arguments = frame_arguments("http://127.0.0.1:5/x", source(), SEGMENT, None, "stamps", size=(640, 361))

    assert arguments == [
        *("-copyts", *GUARDS, "-protocol_whitelist", "http,tcp", "-i", "http://127.0.0.1:5/x"),
        "-filter_complex",
        "[0:V:0]trim=end_pts=360000:start_pts=180000[s0];"
        "[s0]scale=640:361:flags=area:in_color_matrix=smpte170m:in_range=tv[s1];"
        "[s1]setsar=1[s2];[s2]format=rgb24[s3]",
        *("-map", "[s3]", "-f", "rawvideo", *TIME, "-stats_enc_pre_fmt", "{ptsi}", *FEW, "pipe:1"),
    ]


def test_packets_are_listed_without_decoding() -> None:
    arguments = packet_arguments("a.mp4", source(), 90_000)

    assert arguments == [
        *("-copyts", *GUARDS, "-noaccurate_seek", "-protocol_whitelist", "file", *SEEK, "-i", "file:a.mp4"),
        *("-map", "0:V:0", "-f", "framecrc", "-c", "copy", "-"),
    ]


def test_fields_are_woven_before_cutting_and_stamps_count_in_half_ticks() -> None:
    arguments = frame_arguments("a.mp4", source(interlaced=True), SEGMENT, None, "stamps", [183_600])

    assert graph(arguments).startswith(
        "[0:V:0]bwdif=deint=interlaced:mode=send_frame[s0];"
        "[s0]trim=end_pts=720000:start_pts=360000[s1];"
        "[s1]select=eq(pts\\,367200)[s2];"
    )


def test_high_dynamic_range_is_tone_mapped_before_anything_else_touches_it() -> None:
    arguments = frame_arguments("a.mp4", source(color_transfer="smpte2084"), SEGMENT, None, "stamps")

    assert (
        "zscale=npl=203:t=linear[s1];[s1]format=gbrpf32le[s2];[s2]zscale=p=bt709[s3];"
        "[s3]tonemap=desat=0:param=0.8:tonemap=mobius[s4];[s4]zscale=m=bt709:r=tv:t=bt709[s5]"
    ) in graph(arguments)


def test_a_small_picture_in_high_dynamic_range_is_scaled_before_it_is_tone_mapped() -> None:
    hdr = source(color_transfer="smpte2084")

    chain = graph(frame_arguments("a.mp4", hdr, SEGMENT, None, "stamps", size=(640, 360)))

    assert chain.index("scale=640:360:flags=area") < chain.index("zscale")
    assert "1024" not in chain


@pytest.mark.parametrize(
    ("facts", "matrix"),
    [
        ({}, "smpte170m"),
        ({"coded_height": 720}, "bt709"),
        ({"coded_width": 1280, "coded_height": 544}, "bt709"),
        ({"color_matrix": "bt709"}, "bt709"),
        ({"color_matrix": "smpte170m", "coded_height": 1080}, "smpte170m"),
        ({"color_matrix": "bt2020nc"}, "bt2020"),
    ],
)
def test_an_untagged_video_is_taken_for_what_its_size_suggests(facts: dict[str, object], matrix: str) -> None:
    assert matrix_of(source(**facts)) == matrix


def test_rgb_sources_and_full_range_are_taken_as_they_are() -> None:
    rgb = graph(frame_arguments("a.gif", source(color_matrix="gbr", full_range=True), SEGMENT, None, "stamps"))
    full = graph(frame_arguments("a.mp4", source(full_range=True), SEGMENT, None, "stamps"))

    assert "in_color_matrix" not in rgb
    assert "in_range=pc" in full


def test_a_selection_too_long_for_an_argument_is_left_to_the_reader() -> None:
    assert selection(range(100, 102), 1) == "eq(pts,100)+eq(pts,101)"
    assert selection(range(100_000), 1) == ""
    assert selection(None, 1) == ""


def test_of_large_pictures_few_are_held() -> None:
    large = frame_arguments("a.mp4", source(coded_width=3840, coded_height=2160), SEGMENT, None, "stamps")

    assert large[large.index("-threads") + 1] == "2"
    assert "-threads" not in frame_arguments("a.mp4", source(), SEGMENT, None, "stamps")


def test_ffmpeg_sees_no_credentials_and_reads_nothing_but_its_input() -> None:
    assert environment() == {"GCONV_PATH": "/nonexistent", "LC_ALL": "C"}
    assert input_url("-i.mp4") == "file:-i.mp4"
    assert input_guards("/tmp/x")["protocol_whitelist"] == "file"
    assert not {"hls", "concat", "dash", "image2"} & set(FORMATS.split(","))
