"""What FFmpeg is told to encode parts, word by word: the traps are in the arguments."""

from fractions import Fraction

import pytest

from rotoscope.adapters.gif_graphs import gif_arguments, lossless_arguments, palette_arguments
from rotoscope.adapters.part_graphs import (
    Pictures,
    hevc_arguments,
    mp4_arguments,
    prores_arguments,
    webm_arguments,
    with_tally,
)

NTSC = Fraction(30_000, 1001)
EXACT = "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"
TO_BT709 = "out_color_matrix=bt709:out_h_chr_pos=0:out_range=tv"
TAGS = [word for tag in ("color_primaries", "color_range", "color_trc", "colorspace") for word in (f"-{tag}", "bt709")]
TAGS[3] = "tv"
SMALL = Pictures((1280, 720), NTSC)
ODD = Pictures((91, 62), NTSC)
CLEAR = Pictures((91, 61), Fraction(25), alpha=True)
ENLARGED = Pictures((2560, 1440), Fraction(25), enlarged=(7680, 4320))


def graph(arguments: list[str]) -> str:
    return arguments[arguments.index("-filter_complex") + 1]


def after_the_graph(arguments: list[str]) -> list[str]:
    return arguments[arguments.index("-map") :]


def test_mp4_parts_are_tagged_and_can_be_joined() -> None:
    arguments = mp4_arguments("o.mp4", SMALL)

    assert arguments == [
        *(
            "-f",
            "rawvideo",
            "-fpsprobesize",
            "0",
            "-pix_fmt",
            "rgb24",
            "-r",
            "30000/1001",
            "-s",
            "1280x720",
            "-thread_queue_size",
            "1",
        ),
        *("-i", "pipe:0", "-filter_complex", f"[0]scale=flags={EXACT}:{TO_BT709}[s0];[s0]format=yuv420p[s1]"),
        *("-map", "[s1]", "-f", "mp4", "-c:v", "libx264", *TAGS, "-crf", "17", "-g", "60"),
        *("-preset", "veryfast", "-profile:v", "high", "-x264-params", "stitchable=1", "o.mp4"),
    ]


def test_hevc_parts_have_the_same_headers_on_every_machine() -> None:
    arguments = hevc_arguments("o.mp4", SMALL)

    assert after_the_graph(arguments) == [
        *("-map", "[s1]", "-f", "mp4", "-c:v", "libx265", *TAGS, "-crf", "18", "-g", "60", "-preset", "superfast"),
        *("-tag:v", "hvc1", "-x265-params", "log-level=error:info=0:open-gop=0:pools=2:frame-threads=1", "o.mp4"),
    ]


def test_prores_parts_are_422_and_4444_where_something_is_transparent() -> None:
    opaque, clear = prores_arguments("o.mov", SMALL), prores_arguments("o.mov", CLEAR)

    assert graph(opaque).endswith("format=yuv422p10le[s1]")
    assert after_the_graph(opaque) == [
        *(
            "-map",
            "[s1]",
            "-f",
            "mov",
            "-bsf:v",
            "prores_metadata=color_primaries=bt709:color_trc=bt709:colorspace=bt709",
        ),
        *("-c:v", "prores_ks", *TAGS, "-profile:v", "hq", "-vendor", "apl0", "o.mov"),
    ]
    assert graph(clear).endswith("format=yuva444p10le[s1]")
    assert "4444" in clear


def test_webm_parts_hide_no_frames() -> None:
    arguments = webm_arguments("o.webm", SMALL)

    assert after_the_graph(arguments) == [
        *("-map", "[s1]", "-f", "webm", "-auto-alt-ref", "0", "-b:v", "0", "-c:v", "libvpx-vp9", *TAGS),
        *("-cpu-used", "5", "-crf", "28", "-deadline", "realtime", "-g", "60", "-lag-in-frames", "0"),
        *("-row-mt", "1", "-tile-columns", "2", "o.webm"),
    ]


def test_transparent_pictures_come_with_four_channels_and_keep_them() -> None:
    arguments = webm_arguments("o.webm", CLEAR)

    assert arguments[arguments.index("-pix_fmt") + 1] == "rgba"
    assert graph(arguments).endswith("format=yuva420p[s1]")


@pytest.mark.parametrize("arguments", [mp4_arguments, hevc_arguments, prores_arguments])
def test_odd_sizes_are_padded_where_two_pixels_share_a_colour(arguments: object) -> None:
    assert callable(arguments)

    assert "pad=92:62[s2];[s2]fillborders=bottom=0:mode=smear:right=1" in graph(arguments("o", ODD))


@pytest.mark.parametrize("pictures", [ODD, CLEAR])
def test_odd_sizes_stay_in_webm(pictures: Pictures) -> None:
    assert "pad" not in graph(webm_arguments("o.webm", pictures))


def test_of_large_pictures_few_are_held() -> None:
    four_k = Pictures((3840, 2160), Fraction(25))

    assert any("rc-lookahead=1:" in word and "bframes=0" in word for word in mp4_arguments("o.mp4", four_k))
    assert any("rc-lookahead=2:" in word and "bframes=0" in word for word in hevc_arguments("o.mp4", four_k))
    assert "-threads" in webm_arguments("o.webm", four_k)
    assert "-threads" in prores_arguments("o.mov", four_k)


def test_what_counts_as_large_is_the_size_that_is_encoded() -> None:
    arguments = mp4_arguments("o.mp4", ENLARGED)

    sharply = "lanczos+accurate_rnd+full_chroma_int+full_chroma_inp"
    assert graph(arguments).startswith(f"[0]scale=7680:4320:flags={sharply}:{TO_BT709}")
    assert any("rc-lookahead=1:" in word for word in arguments)


def test_the_encoder_tells_of_each_picture_that_it_takes() -> None:
    told = with_tally(["-i", "in", "out.mp4"], "/tmp/tally")

    assert told == ["-i", "in", "-stats_enc_pre", "/tmp/tally", "-stats_enc_pre_fmt", "{n}", "out.mp4"]


def test_a_gif_part_takes_three_passes_over_pictures_on_disk() -> None:
    packed = lossless_arguments("p.mkv", (91, 61))
    palette = palette_arguments("p.mkv", "p.png")
    drawn = gif_arguments("p.mkv", "p.png", "o.gif")

    assert packed[-8:] == ["matroska", "-c:v", "libx264rgb", "-preset", "ultrafast", "-qp", "0", "p.mkv"]
    assert graph(palette) == "[0:V:0]scale=min(iw\\,320):-1:flags=neighbor[s0];[s0]palettegen=stats_mode=diff[s1]"
    assert graph(drawn) == "[0:V:0][1]paletteuse=bayer_scale=5:diff_mode=rectangle:dither=bayer[s0]"
    assert drawn[-5:] == ["-f", "gif", "-fps_mode", "passthrough", "o.gif"]


def test_a_transparent_gif_shows_whole_pictures() -> None:
    packed = lossless_arguments("p.mkv", (91, 61), alpha=True)
    palette = palette_arguments("p.mkv", "p.png", alpha=True)
    drawn = gif_arguments("p.mkv", "p.png", "o.gif", alpha=True)

    assert packed[-9:] == ["-c:v", "ffv1", "-level", "3", "-pix_fmt", "bgra", "-slices", "4", "p.mkv"]
    assert graph(drawn) == "[0:V:0][1]paletteuse=alpha_threshold=128:bayer_scale=5:dither=bayer[s0]"
    assert graph(palette).endswith("palettegen=stats_mode=full[s1]")
    assert drawn[-3:] == ["-gifflags", "-offsetting-transdiff", "o.gif"]


def test_hidden_colours_do_not_come_into_an_enlarged_gif() -> None:
    drawn = gif_arguments("p.mkv", "p.png", "o.gif", alpha=True, enlarged=(182, 122))

    assert "premultiply=inplace=1" in graph(drawn).split("scale=182:122")[0]
    assert "unpremultiply=inplace=1" in graph(drawn).split("scale=182:122")[1]
