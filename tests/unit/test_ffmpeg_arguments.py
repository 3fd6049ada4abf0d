"""What FFmpeg is told, word by word: the traps are in the arguments."""

from fractions import Fraction

import pytest

from rotoscope.adapters.ffmpeg import FORMATS, environment, input_guards, input_url
from rotoscope.adapters.ffmpeg_graphs import frame_arguments, matrix_of, packet_arguments, selection
from rotoscope.adapters.part_graphs import (
    gif_arguments,
    lossless_arguments,
    mp4_arguments,
    palette_arguments,
    webm_arguments,
)
from rotoscope.contracts import Segment, SourceVideo

SEGMENT = Segment(index=1, start_pts=180_000, end_pts=360_000, seeks=[90_000])
EXACT = "bicubic+accurate_rnd+full_chroma_int"
GUARDS = ["-format_whitelist", FORMATS]
SEEK = ["-seek_timestamp", "1", "-ss", "1.000000"]
TIME = ["-enc_time_base", "filter", "-fps_mode", "passthrough", "-stats_enc_pre", "stamps"]
FEW = ["-thread_queue_size", "1"]
TAGS = [word for tag in ("color_primaries", "color_range", "color_trc", "colorspace") for word in (f"-{tag}", "bt709")]
TAGS[3] = "tv"


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


def test_mp4_parts_are_tagged_and_can_be_joined() -> None:
    arguments = mp4_arguments("o.mp4", (1280, 720), Fraction(30_000, 1001))

    assert arguments == [
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-r", "30000/1001", "-s", "1280x720", "-i", "pipe:0"),
        *("-filter_complex", f"[0]scale=flags={EXACT}:out_color_matrix=bt709:out_range=tv[s0];[s0]format=yuv420p[s1]"),
        *("-map", "[s1]", "-f", "mp4", "-c:v", "libx264", *TAGS, "-crf", "17", "-g", "60"),
        *("-preset", "veryfast", "-profile:v", "high", "-x264-params", "stitchable=1", "o.mp4"),
    ]


def test_of_large_pictures_few_are_held() -> None:
    large = frame_arguments("a.mp4", source(coded_width=3840, coded_height=2160), SEGMENT, None, "stamps")

    assert large[large.index("-threads") + 1] == "2"
    assert "-threads" not in frame_arguments("a.mp4", source(), SEGMENT, None, "stamps")
    assert any("rc-lookahead=4" in word for word in mp4_arguments("o.mp4", (3840, 2160), Fraction(25)))


def test_odd_sizes_are_padded_for_mp4_and_kept_for_webm() -> None:
    odd = (91, 62)

    assert "pad=92:62[s2];[s2]fillborders=bottom=0:mode=smear:right=1" in graph(
        mp4_arguments("o.mp4", odd, Fraction(25))
    )
    assert "pad" not in graph(webm_arguments("o.webm", odd, Fraction(25)))


def test_webm_parts_hide_no_frames() -> None:
    arguments = webm_arguments("o.webm", (91, 61), Fraction(25))

    assert arguments[arguments.index("-map") :] == [
        *("-map", "[s1]", "-f", "webm", "-b:v", "0", "-c:v", "libvpx-vp9", *TAGS, "-cpu-used", "5", "-crf", "28"),
        *("-deadline", "realtime", "-g", "50", "-row-mt", "1", "-tile-columns", "2", "o.webm"),
    ]


def test_a_gif_part_takes_three_passes_over_pictures_on_disk() -> None:
    packed = lossless_arguments("p.mkv", (91, 61))
    palette = palette_arguments("p.mkv", "p.png")
    drawn = gif_arguments("p.mkv", "p.png", "o.gif")

    assert packed[-8:] == ["matroska", "-c:v", "libx264rgb", "-preset", "ultrafast", "-qp", "0", "p.mkv"]
    assert graph(palette) == "[0:V:0]scale=min(iw\\,320):-1:flags=neighbor[s0];[s0]palettegen=stats_mode=diff[s1]"
    assert graph(drawn) == "[0:V:0][1]paletteuse=bayer_scale=5:diff_mode=rectangle:dither=bayer[s0]"
    assert drawn[-5:] == ["-f", "gif", "-fps_mode", "passthrough", "o.gif"]


def test_ffmpeg_sees_no_credentials_and_reads_nothing_but_its_input() -> None:
    assert environment() == {"GCONV_PATH": "/nonexistent", "LC_ALL": "C"}
    assert input_url("-i.mp4") == "file:-i.mp4"
    assert input_guards("/tmp/x")["protocol_whitelist"] == "file"
    assert not {"hls", "concat", "dash", "image2"} & set(FORMATS.split(","))
