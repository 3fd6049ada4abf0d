"""The sketch engine on small synthetic frames."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from rotoscope.engines.sketch import PRESETS, RGB, ShotMemory, draw, draw_like, suggest_preset

SDXL_PRESETS = {
    "3d-model", "analog-film", "anime", "cinematic", "comic-book", "digital-art", "enhance", "fantasy-art", "isometric",
    "line-art", "low-poly", "modeling-compound", "neon-punk", "origami", "photographic", "pixel-art", "tile-texture",
}  # fmt: skip
LIVING_GRAIN = {"analog-film", "cinematic"}
FEW_COLOURS = ("comic-book", "origami", "pixel-art")
AWKWARD_SIZES = [(16, 16), (97, 33), (5, 240)]


def scene(height: int = 144, width: int = 256, shift: int = 0) -> RGB:
    """A sky, a meadow with texture, a red disc and a dark box, moved right by `shift` pixels."""
    x, y = np.meshgrid(np.arange(width) / width, np.arange(height) / height)
    frame = np.stack([110 + 80 * y, 150 + 60 * y, 235 - 60 * y], axis=-1)
    blades = 25 * np.sin(160 * x + 9 * np.sin(40 * y))
    frame[y > 0.6] = np.stack([60 + blades, 130 + blades, 40 + 0 * x], axis=-1)[y > 0.6]
    frame = np.clip(frame, 0, 255).astype(np.uint8)
    cv2.circle(frame, (width // 3 + shift, height // 2), height // 5, (220, 40, 30), -1, cv2.LINE_AA)
    cv2.rectangle(
        frame, (width * 3 // 5 + shift, height // 3), (width * 4 // 5 + shift, height * 3 // 4), (35, 30, 45), -1
    )
    return frame


def style_picture() -> RGB:
    """Orange and dark green waves."""
    x, y = np.meshgrid(np.arange(200), np.arange(150))
    wave = 0.5 + 0.5 * np.sin(x / 5 + 4 * np.sin(y / 17))
    colours = wave[..., None] * np.array((235, 140, 30)) + (1 - wave[..., None]) * np.array((20, 60, 30))
    return np.asarray(colours, np.uint8)


def difference(first: RGB, second: RGB) -> float:
    """Mean absolute difference in levels."""
    return float(np.abs(first.astype(np.float32) - second).mean())


@pytest.fixture(scope="module")
def drawings() -> dict[str, RGB]:
    memory = ShotMemory.of(scene(), seed=7)
    return {preset: draw(scene(), preset, memory) for preset in PRESETS}


def test_the_presets_are_the_seventeen_of_sdxl() -> None:
    assert set(PRESETS) == SDXL_PRESETS
    assert len(PRESETS) == 17


@pytest.mark.parametrize("preset", PRESETS)
def test_a_drawing_keeps_the_shape_and_visibly_changes_the_frame(preset: str, drawings: dict[str, RGB]) -> None:
    drawing = drawings[preset]

    assert (drawing.shape, drawing.dtype) == (scene().shape, np.uint8)
    assert difference(drawing, scene()) > 8


def test_no_two_looks_draw_the_same_picture(drawings: dict[str, RGB]) -> None:
    pairs = [(a, b) for a in PRESETS for b in PRESETS if a < b]

    closest = min(pairs, key=lambda pair: difference(drawings[pair[0]], drawings[pair[1]]))

    assert difference(drawings[closest[0]], drawings[closest[1]]) > 6, closest


@pytest.mark.parametrize("preset", PRESETS)
def test_two_workers_with_the_same_anchor_and_seed_draw_the_same(preset: str) -> None:
    first, second = ShotMemory.of(scene(), seed=3), ShotMemory.of(scene(), seed=3)
    draw(scene(shift=9), preset, first, frame_index=0)

    alone = draw(scene(shift=4), preset, second, frame_index=5)
    after_another_frame = draw(scene(shift=4), preset, first, frame_index=5)

    assert np.array_equal(alone, after_another_frame)


def test_threads_may_share_a_memory(drawings: dict[str, RGB]) -> None:
    memory = ShotMemory.of(scene(), seed=7)
    presets = 4 * ("pixel-art", "tile-texture", "analog-film")

    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda preset: draw(scene(), preset, memory), presets))

    assert all(np.array_equal(got, drawings[preset]) for preset, got in zip(presets, drawn, strict=True))


@pytest.mark.parametrize("preset", PRESETS)
def test_what_stands_still_is_drawn_alike_in_neighbouring_frames(preset: str) -> None:
    memory = ShotMemory.of(scene(), seed=7)
    noise = np.random.default_rng(0).integers(-1, 2, scene().shape)
    neighbour = np.clip(scene().astype(int) + noise, 0, 255).astype(np.uint8)

    drawn = draw(scene(), preset, memory, frame_index=0), draw(neighbour, preset, memory, frame_index=1)

    assert difference(*drawn) < (9 if preset in LIVING_GRAIN else 2)


@pytest.mark.parametrize("preset", FEW_COLOURS)
def test_an_object_that_enters_does_not_recolour_the_rest(preset: str) -> None:
    memory = ShotMemory.of(scene(), seed=7)
    entered = scene()
    entered[:, 160:] = np.linspace((250, 240, 0), (0, 250, 250), 96).astype(np.uint8)

    before, after = (draw(frame, preset, memory)[:, :60] for frame in (scene(), entered))
    refitted = draw(entered, preset, ShotMemory.of(entered, seed=7))[:, :60]

    assert difference(before, after) < 0.5
    assert difference(before, refitted) > 1


def test_changing_the_anchor_array_later_changes_nothing() -> None:
    anchor = scene()
    memory = ShotMemory.of(anchor, seed=7)

    anchor[:] = 0

    assert np.array_equal(draw(scene(), "comic-book", memory), draw(scene(), "comic-book", ShotMemory.of(scene(), 7)))


def test_film_grain_lives_and_the_other_looks_ignore_the_frame_number(drawings: dict[str, RGB]) -> None:
    memory = ShotMemory.of(scene(), seed=7)

    changing = {p for p in PRESETS if difference(drawings[p], draw(scene(), p, memory, frame_index=1))}

    assert changing == LIVING_GRAIN


@pytest.mark.parametrize("size", AWKWARD_SIZES)
@pytest.mark.parametrize("preset", PRESETS)
def test_any_frame_can_be_drawn(preset: str, size: tuple[int, int]) -> None:
    frames = [scene(*size), np.zeros((*size, 3), np.uint8), np.full((*size, 3), (200, 30, 90), np.uint8)]

    for frame in frames:
        drawing = draw(frame, preset, ShotMemory.of(frame, seed=1))

        assert (drawing.shape, drawing.dtype) == (frame.shape, np.uint8)


@pytest.mark.parametrize("size", AWKWARD_SIZES)
def test_any_frame_can_be_drawn_like_any_picture(size: tuple[int, int]) -> None:
    flat = np.full((*size, 3), 128, np.uint8)

    for frame, style in ((scene(*size), flat), (flat, style_picture()), (flat * 0, flat * 0)):
        assert draw_like(frame, style, ShotMemory.of(frame, seed=1)).shape == frame.shape


@pytest.mark.parametrize("preset", PRESETS)
def test_a_flat_frame_gets_no_black_hole(preset: str) -> None:
    frame = np.full((90, 160, 3), 190, np.uint8)

    drawing = draw(frame, preset, ShotMemory.of(frame, seed=1))

    assert np.median(drawing) > 60


def test_strength_goes_from_the_source_to_the_whole_look(drawings: dict[str, RGB]) -> None:
    memory = ShotMemory.of(scene(), seed=7)

    none, half = (draw(scene(), "anime", memory, strength=strength) for strength in (0.0, 0.5))

    assert np.array_equal(none, scene())
    assert np.array_equal(draw_like(scene(), style_picture(), memory, strength=0), scene())
    assert difference(half, scene()) == pytest.approx(difference(drawings["anime"], scene()) / 2, abs=1)


def test_a_style_image_lends_its_palette() -> None:
    frame, style = scene(), style_picture()

    drawn = draw_like(frame, style, ShotMemory.of(frame, seed=7))

    wanted = style.mean(axis=(0, 1))
    assert np.linalg.norm(drawn.mean(axis=(0, 1)) - wanted) < 0.4 * np.linalg.norm(frame.mean(axis=(0, 1)) - wanted)


def test_a_style_image_lends_its_strokes() -> None:
    frame = np.full((144, 256, 3), 150, np.uint8)
    memory = ShotMemory.of(frame, seed=7)
    smooth_style = np.full((150, 200, 3), (235, 140, 30), np.uint8)

    rough, calm = draw_like(frame, style_picture(), memory), draw_like(frame, smooth_style, memory)

    assert rough.astype(float).std(axis=(0, 1)).mean() > 4 * calm.astype(float).std(axis=(0, 1)).mean()


def test_an_unknown_preset_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"watercolour.*anime"):
        draw(scene(), "watercolour", ShotMemory.of(scene(), seed=1))


@pytest.mark.parametrize(
    ("prompt", "preset"),
    [
        ("Pixel Art castle in a fantasy forest", "pixel-art"),
        ("an 8-bit hero", "pixel-art"),
        ("ANIME girl under cherry trees", "anime"),
        ("a watercolour of Venice", "digital-art"),
        ("a watercolor of Venice", "digital-art"),
        ("in the style of Van Gogh, oil painting", "fantasy-art"),
        ("claymation dinosaur", "modeling-compound"),
        ("low-poly mountains", "low-poly"),
        ("cyberpunk street at night", "neon-punk"),
        ("pencil sketch of a dog", "line-art"),
        ("a comic book cover", "comic-book"),
        ("a photo of a horse, photorealistic", "photographic"),
        ("shot on 35mm film", "analog-film"),
        ("cinematic still", "cinematic"),
        ("a textile shop", "digital-art"),
        ("", "digital-art"),
    ],
)
def test_the_words_of_a_prompt_suggest_a_look(prompt: str, preset: str) -> None:
    assert suggest_preset(prompt) == preset


@pytest.mark.parametrize("preset", PRESETS)
def test_naming_a_preset_suggests_it(preset: str) -> None:
    assert suggest_preset(f"a fox, {preset.replace('-', ' ')} style") == preset
    assert suggest_preset(f"a fox, {preset.upper()}") == preset
