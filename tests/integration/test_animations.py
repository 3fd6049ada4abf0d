"""GIF and APNG as FFmpeg reads them: delays, disposal, blending and transparency are those that browsers show."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from rotoscope.contracts import Segment
from rotoscope.ports import Clip
from tests.clips_apng import BACKGROUND, NONE, OVER, PREVIOUS, SOURCE, apng, layers, seen
from tests.clips_pictures import DELAYS_MS, SEEN_MS, animation, on_white, played
from tests.playing import READER, cut, opened, whole

LONG_MS = [100, 20, 30, 500, 70, 40, 90, 250, 60, 120]
"""Delays that nobody reads as anything else."""


def starts_ms(clip: Clip, segment: Segment | None = None) -> list[Fraction]:
    stamps = [pts for pts, _ in READER.frames(clip, segment or whole(clip.source))]
    return [(pts - clip.source.start_pts) * clip.source.time_base * 1000 for pts in stamps]


def unlike(clip: Clip, wanted: list[Any]) -> int:
    """The largest difference of any pixel from what has to be seen, on white, and of any opacity."""
    frames = [shown for _, shown in READER.frames(clip, whole(clip.source))]
    worst = max(np.abs(a.astype(int) - on_white(b)).max() for a, b in zip(frames, wanted, strict=True))
    if clip.source.alpha:
        alphas = [alpha for _, alpha in READER.alphas(clip, whole(clip.source))]
        worst = max(worst, *(np.abs(a.astype(int) - b[..., 3]).max() for a, b in zip(alphas, wanted, strict=True)))
    return int(worst)


@pytest.mark.parametrize("disposal", [0, 1, 2, 3])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.treats("GIF with another delay for every frame", "every frame keeps its own time")
def test_a_gif_keeps_its_delays_and_shows_what_pillow_shows(mode: str, disposal: int) -> None:
    path = animation("GIF", mode, LONG_MS, name=f"{mode}-{disposal}.gif", disposal=disposal, optimize=False)
    clip = opened(path)

    assert starts_ms(clip) == [sum(LONG_MS[:n]) for n in range(len(LONG_MS))]
    assert clip.source.duration_s == pytest.approx(sum(LONG_MS) / 1000)
    assert clip.source.alpha is (mode == "RGBA")
    assert unlike(clip, played(path)) <= 1


@pytest.mark.treats("GIF with transparency", "opacity kept where the result can hold it, else on the background")
def test_a_gifs_transparency_is_its_own() -> None:
    clip = opened(animation("GIF", "RGBA", LONG_MS, name="clear.gif", disposal=2))

    alphas = [alpha for _, alpha in READER.alphas(clip, whole(clip.source))]

    assert {int(alpha[-1, -1]) for alpha in alphas} == {0}
    assert {int(alpha.max()) for alpha in alphas} == {255}


@pytest.mark.parametrize("delays_ms", [[40, 0, 40, 10, 10, 20, 10], [10] * 7, [0] * 7, [10, 20, 0, 10, 500, 20, 10]])
@pytest.mark.treats("GIF, APNG or WebP that asks for 10 ms a frame or less", "shown for 100 ms, as browsers do")
def test_a_frame_of_a_gif_that_asks_for_hardly_any_time_gets_a_tenth_of_a_second(delays_ms: list[int]) -> None:
    shown_ms = [100 if delay <= 10 else delay for delay in delays_ms]

    clip = opened(animation("GIF", "RGB", delays_ms, name=f"hasty-{'-'.join(map(str, delays_ms))}.gif", disposal=2))

    assert starts_ms(clip) == [sum(shown_ms[:n]) for n in range(len(shown_ms))]
    assert clip.source.duration_s == pytest.approx(sum(shown_ms) / 1000)
    assert (clip.source.frame_rate == 10) is (set(shown_ms) == {100})


def test_a_hasty_gif_is_cut_where_its_frames_are_shown() -> None:
    clip = opened(animation("GIF", "RGB", [10, 20, 0, 10, 500, 20, 10], name="hasty-cut.gif", disposal=2))

    found = [starts_ms(clip, segment) for segment in cut(clip.source, [11, 32])]

    assert found == [[0, 100], [120, 220], [320, 820, 840]]


@pytest.mark.parametrize("dispose", [NONE, BACKGROUND, PREVIOUS])
@pytest.mark.parametrize("blend", [SOURCE, OVER])
@pytest.mark.treats("APNG with half-transparent frames", "blended and disposed of as the format says")
def test_an_apng_is_composited_as_the_format_says(dispose: int, blend: int) -> None:
    frames = layers(dispose, blend)

    clip = opened(apng(f"layers-{dispose}-{blend}.apng", frames))

    assert (clip.source.frame_count, clip.source.alpha) == (len(frames), True)
    assert starts_ms(clip) == [0, 40, 70, 110, 160, 220]
    assert unlike(clip, seen(frames)) <= 2


def test_a_frame_of_an_apng_that_asks_for_hardly_any_time_gets_a_tenth_of_a_second() -> None:
    clip = opened(animation("PNG", "RGB", name="hasty.apng"))

    assert DELAYS_MS != SEEN_MS
    assert starts_ms(clip) == [sum(SEEN_MS[:n]) for n in range(len(SEEN_MS))]


def test_the_picture_for_programs_without_animation_is_no_frame() -> None:
    frames = layers(NONE, SOURCE)

    clip = opened(apng("still.apng", frames, still=np.full_like(frames[0].picture, 255)))

    assert clip.source.frame_count == len(frames)
    assert unlike(clip, seen(frames)) <= 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: animation("GIF", "RGBA", LONG_MS, name="cut.gif", disposal=1),
        lambda: apng("cut.apng", layers(NONE, OVER)),
    ],
    ids=["GIF", "APNG"],
)
def test_segments_of_an_animation_hold_what_one_pass_holds(make: Any) -> None:
    clip = opened(make())
    every = [(pts, shown.tobytes()) for pts, shown in READER.frames(clip, whole(clip.source))]

    for border, _ in every[1::2]:
        pieces = [
            (pts, shown.tobytes())
            for segment in cut(clip.source, [border])
            for pts, shown in READER.frames(clip, segment)
        ]
        assert pieces == every
