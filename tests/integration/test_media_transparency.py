"""Transparent sources: their opacity as it is stored, their colours on white, whatever lies hidden below."""

import numpy as np
import pytest

from rotoscope.ports import RGB, Clip
from tests.clips_alpha import ALPHA_CODECS, FRAMES, SIZE, opacity_at, see_through
from tests.playing import READER, cut, opened, whole

TOLERANCE = {"vp9.webm": 16, "vp8.webm": 16, "prores.mov": 2}
"""Levels that a codec may be off, a pixel away from edges; the others are lossless."""


def colours(clip: Clip) -> list[tuple[int, RGB]]:
    return list(READER.frames(clip, whole(clip.source)))


def opacity(name: str, frame: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.int_]]":
    """As it was drawn; a GIF knows all or nothing."""
    drawn = np.array([[opacity_at(frame, x, y) for x in range(SIZE[0])] for y in range(SIZE[1])])
    return np.where(drawn > 100, 255, 0) if name.endswith("gif") else drawn


def away_from_edges(frame: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """Codecs with halved chroma mix colours there."""
    drawn, calm = opacity("", frame), np.ones(SIZE[::-1], bool)
    for axis in (0, 1):
        for step in (-2, -1, 1, 2):
            calm &= np.roll(drawn, step, axis) == drawn
    return calm


@pytest.mark.treats(
    "transparent: VP8, VP9, ProRes 4444, QuickTime Animation, PNG, APNG, GIF", "opacity read as it is stored"
)
@pytest.mark.parametrize("name", ALPHA_CODECS)
def test_opacity_is_what_was_drawn_at_the_times_of_the_pictures(name: str) -> None:
    clip = opened(see_through(name))

    alphas = list(READER.alphas(clip, whole(clip.source)))

    assert clip.source.alpha
    assert [pts for pts, _ in alphas] == [pts for pts, _ in colours(clip)]
    assert len(alphas) == FRAMES
    for frame, (_, alpha) in enumerate(alphas):
        calm = away_from_edges(frame)
        assert alpha.shape == SIZE[::-1]
        assert np.abs(alpha.astype(int) - opacity(name, frame))[calm].max() <= TOLERANCE.get(name, 0)


@pytest.mark.treats("half-transparent pictures", "drawn as they look on white; hidden colours never show")
@pytest.mark.parametrize("name", ALPHA_CODECS)
def test_pictures_lie_on_white(name: str) -> None:
    clip = opened(see_through(name))

    for frame, (_, picture) in enumerate(colours(clip)):
        share = opacity(name, frame)[..., None] / 255
        square, strip = np.array([0, 200, 0]), np.array([0, 0, 220])
        drawn = np.where(np.arange(SIZE[1])[:, None, None] < 44, square, strip)
        expected = share * drawn + (1 - share) * 255

        calm = away_from_edges(frame)
        assert np.abs(picture - expected)[calm].max() <= TOLERANCE.get(name, 0) + 2


@pytest.mark.parametrize("name", ALPHA_CODECS)
def test_small_pictures_let_no_hidden_colour_through(name: str) -> None:
    clip = opened(see_through(name))
    size = (SIZE[0] // 3, SIZE[1] // 3)

    large, small = colours(clip), list(READER.frames(clip, whole(clip.source), size=size))

    alphas = list(READER.alphas(clip, whole(clip.source), size=size))
    assert [pts for pts, _ in small] == [pts for pts, _ in alphas] == [pts for pts, _ in large]
    assert {alpha.shape for _, alpha in alphas} == {size[::-1]}
    if name not in ("vp8.webm", "vp9.webm"):  # they mix it in themselves
        assert max(int(redness(picture).max()) for _, picture in small) <= 2


def redness(picture: RGB) -> "np.ndarray[tuple[int, ...], np.dtype[np.int_]]":
    """By how much red stands out."""
    rest = picture[..., 1:].max(axis=-1).astype(int)
    return np.asarray(picture[..., 0] - rest)


@pytest.mark.parametrize("name", ALPHA_CODECS)
def test_opacity_of_segments_and_of_chosen_frames_is_that_of_one_pass(name: str) -> None:
    clip = opened(see_through(name))
    every = {pts: alpha.tobytes() for pts, alpha in READER.alphas(clip, whole(clip.source))}
    stamps = list(every)

    parts = [
        (pts, alpha.tobytes())
        for segment in cut(clip.source, [stamps[3], stamps[17], stamps[23]])
        for pts, alpha in READER.alphas(clip, segment)
    ]
    chosen = [(pts, alpha.tobytes()) for pts, alpha in READER.alphas(clip, whole(clip.source), stamps[2::4])]

    assert parts == list(every.items())
    assert chosen == [(pts, every[pts]) for pts in stamps[2::4]]
