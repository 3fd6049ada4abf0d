"""Every format's parts, encoded, joined and decoded again: what was transparent still is, and parts fit each other."""

import io
import zipfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from rotoscope.adapters.mux import PyAvJoiner
from rotoscope.errors import MediaToolFailed, SettingsInvalid
from rotoscope.ports import PartFormat, Timeline
from tests import clips, see_through
from tests import playing as opaque
from tests.see_through import ENCODER, RATE, decoded, encoded, likeness, moving

SUFFIXES: dict[PartFormat, str] = {"mp4": "mp4", "hevc": "mp4", "prores": "mov", "webm": "webm", "gif": "gif"}
SUFFIXES |= {"webp": "webp", "frames": "zip"}
MADE = "Made by Rotoscope with echo, <seed 7> & äöü"


def joined(form: PartFormat, parts: list[Path], count: int, provenance: str = "") -> Path:
    out = parts[0].parent / f"out.{SUFFIXES[form]}"
    found = PyAvJoiner().join(form, parts, Timeline(range(count), 1, 1 / RATE), out, None, provenance)
    assert found.frames == count
    return out


@pytest.mark.treats(
    "transparent video", "transparency kept in WebM (VP9), ProRes 4444, GIF, animated WebP and PNG frames"
)
@pytest.mark.parametrize(("form", "wrong"), [("webm", 16), ("prores", 1)])
def test_transparency_survives_in_a_video_over_the_borders_of_parts(
    form: PartFormat, wrong: int, tmp_path: Path
) -> None:
    pictures = moving(9)

    shown = decoded(joined(form, encoded(tmp_path, form, pictures, [5, 4]), 9))

    assert len(shown) == 9
    for (picture, alpha), (meant, opacity) in zip(shown, pictures, strict=True):
        assert np.abs(alpha.astype(int) - opacity).max() <= wrong
        assert likeness(picture[opacity > 0], meant[opacity > 0]) > 28


def test_a_joined_webm_says_that_it_is_transparent(tmp_path: Path) -> None:
    out = joined("webm", encoded(tmp_path, "webm", moving(4), [2, 2]), 4)

    assert opaque.probe(out).alpha
    assert b"\x53\xc0\x81\x01" in out.read_bytes()  # the element AlphaMode, by which players know


def hard(alpha: see_through.Alpha) -> see_through.Alpha:
    return np.where(alpha >= 128, np.uint8(255), np.uint8(0))


@pytest.mark.treats("transparent GIF", "every picture whole and cleared after it: what moves leaves no trail")
def test_what_moves_in_a_transparent_gif_leaves_no_trail(tmp_path: Path) -> None:
    opaque_first = [(picture, np.full_like(alpha, 255)) for picture, alpha in moving(4)]
    pictures = opaque_first + moving(8)[4:] + opaque_first[:2] + moving(12)[10:]

    out = joined("gif", encoded(tmp_path, "gif", pictures, [4, 5, 3]), 12)

    with Image.open(out) as animation:
        for number, ((seen, alpha), (meant, opacity)) in enumerate(zip(decoded(out), pictures, strict=True)):
            animation.seek(number)
            other = np.asarray(animation.convert("RGBA"))[..., 3]
            assert np.array_equal(alpha, hard(opacity))
            assert np.array_equal(other, hard(opacity))
            assert likeness(seen[opacity > 128], meant[opacity > 128]) > 30


def test_colours_that_nobody_sees_take_no_place_in_a_gif(tmp_path: Path) -> None:
    noise = np.random.default_rng(7)
    plain = moving(4)
    noisy = [
        (np.where(alpha[..., None] < 128, noise.integers(0, 255, picture.shape, np.uint8), picture), alpha)
        for picture, alpha in plain
    ]
    (tmp_path / "noisy").mkdir()

    [part] = encoded(tmp_path, "gif", plain, [4])
    [other] = encoded(tmp_path / "noisy", "gif", noisy, [4])

    assert part.read_bytes() == other.read_bytes()


@pytest.mark.treats("animated WebP wanted", "one still per picture, joined to the millisecond without drift, looping")
@pytest.mark.parametrize("alpha", [False, True])
def test_an_animated_webp_plays_its_parts_without_drift(alpha: bool, tmp_path: Path) -> None:
    pictures = moving(30)
    parts = encoded(tmp_path, "webp", pictures, [17, 13], alpha=alpha)
    ntsc = Timeline([number * 1001 for number in range(30)], 1001, Fraction(1, 30_000))

    found = PyAvJoiner().join("webp", parts, ntsc, tmp_path / "out.webp", None, MADE)

    ends = 0
    with Image.open(tmp_path / "out.webp") as animation:
        assert (animation.n_frames, animation.info["loop"], animation.size) == (30, 0, see_through.SIZE)
        assert "&lt;seed 7&gt; &amp; äöü" in animation.info["xmp"].decode()
        for number, (meant, opacity) in enumerate(pictures):
            animation.seek(number)
            animation.load()
            ends += animation.info["duration"]
            assert ends == round((number + 1) * 1001 / 30)
            shown = np.asarray(animation.convert("RGBA"))
            assert np.array_equal(shown[..., 3], opacity if alpha else np.full_like(opacity, 255))
            seen = opacity > 0 if alpha else opacity >= 0
            assert likeness(shown[seen][:, :3], meant[seen]) > 30
    assert (found.frames, found.duration_s, found.notes) == (30, 1.001, [])


def test_a_webp_that_is_too_fast_for_browsers_says_how_long_it_takes(tmp_path: Path) -> None:
    parts = encoded(tmp_path, "webp", moving(10), [10])

    found = PyAvJoiner().join("webp", parts, Timeline(range(10), 1, Fraction(1, 120)), tmp_path / "out.webp")

    assert "0.11 s, not 0.08 s" in found.notes[0]


@pytest.mark.parametrize("planned", [5, 7])
def test_a_webp_of_more_or_fewer_frames_than_planned_is_an_error(planned: int, tmp_path: Path) -> None:
    parts = encoded(tmp_path, "webp", moving(6), [3, 3])

    with pytest.raises(MediaToolFailed, match="frames"):
        joined("webp", parts, planned)


def test_frames_keep_their_alpha_and_say_how_they_were_made(tmp_path: Path) -> None:
    pictures = moving(5)

    out = joined("frames", encoded(tmp_path, "frames", pictures, [2, 3]), 5, MADE)

    with zipfile.ZipFile(out) as archive:
        assert archive.comment.decode() == MADE
        shown = np.asarray(Image.open(io.BytesIO(archive.read("00000003.png"))))
    assert np.array_equal(shown, np.dstack(pictures[3]))


@pytest.mark.treats("HEVC wanted", "H.265 Main with BT.709 tags, marked hvc1, parts joined by copying packets")
def test_hevc_parts_fit_each_other_whatever_they_show(tmp_path: Path) -> None:
    noise = np.random.default_rng(7)
    pictures = opaque.moving(8) + [noise.integers(0, 255, (48, 64, 3), np.uint8) for _ in range(20)]
    parts = opaque.encoded(tmp_path, "hevc", pictures, [1, 7, 20])
    apart = [picture for part in parts for _, picture in opaque.decoded(part)]

    out = joined("hevc", parts, 28)

    with av.open(str(out)) as container:
        assert container.streams.video[0].codec_context.codec_tag == "hvc1"
    together = [picture for _, picture in opaque.decoded(out)]
    assert all(np.array_equal(a, b) for a, b in zip(together, apart, strict=True))


@pytest.mark.treats("ProRes wanted", "422 HQ in 10 bit with BT.709 tags; 4444 where something is transparent")
@pytest.mark.parametrize(("form", "most"), [("hevc", 4), ("prores", 3)])
def test_colours_survive_hevc_and_prores(form: PartFormat, most: int, tmp_path: Path) -> None:
    _, picture = opaque.decoded(clips.patches())[0]

    out = joined(form, opaque.encoded(tmp_path, form, [picture] * 3, [2, 1]), 3)

    after = opaque.probe(out)
    shown = opaque.decoded(out)[2][1][32, 32::64].astype(int)
    assert np.abs(shown - clips.PATCHES).max() <= most
    assert (after.color_matrix, after.color_transfer, after.full_range) == ("bt709", "bt709", False)


@pytest.mark.parametrize("form", ["mp4", "hevc", "prores"])
def test_what_is_odd_is_made_even_where_it_must_be(form: PartFormat, tmp_path: Path) -> None:
    [part] = encoded(tmp_path, form, moving(2, (91, 63)), [2], alpha=False)

    with av.open(str(part)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (92, 64)


@pytest.mark.treats("8K video", "drawn smaller and enlarged again by the encoder, to the source's own size")
@pytest.mark.parametrize("form", list(SUFFIXES))
def test_pictures_are_enlarged_to_the_size_of_the_result(form: PartFormat, tmp_path: Path) -> None:
    pictures = moving(3)
    meant = Image.fromarray(pictures[2][0]).resize((192, 128), Image.Resampling.LANCZOS)

    parts = encoded(tmp_path, form, pictures, [1, 2], alpha=False, enlarged=(192, 128))
    out = joined(form, parts, 3)

    if form == "frames":
        with zipfile.ZipFile(out) as archive:
            shown = np.asarray(Image.open(io.BytesIO(archive.read("00000002.png"))))
    elif form == "webp":
        with Image.open(out) as animation:
            animation.seek(2)
            shown = np.asarray(animation.convert("RGB"))
    else:
        shown = decoded(out, (192, 128))[2][0]
    assert likeness(shown, np.asarray(meant)) > 33


def peak_mb(word: str) -> float:
    """The most memory that a living process with this word on its command line has had so far; Linux only."""
    for process in Path("/proc").glob("[0-9]*"):
        if word.encode() in opaque._command_line(process):
            facts = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
            return int(facts["VmHWM"].split()[0]) / 1024
    raise AssertionError(f"{word} is not running")


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks into /proc")
def test_an_8k_encoder_leaves_room_for_everything_else(tmp_path: Path) -> None:
    picture = np.random.default_rng(7).integers(0, 255, (360, 640, 3), np.uint8)
    with ENCODER.open(tmp_path / "large.mp4", "mp4", (640, 360), RATE, enlarged=(7680, 4320)) as writer:
        for number in range(6):
            writer.write(np.roll(picture, number, axis=1))

        assert peak_mb("large.mp4") < 1100


@pytest.mark.parametrize("form", ["mp4", "hevc"])
def test_an_encoder_that_ends_early_says_why_and_keeps_nobody_waiting(form: PartFormat, tmp_path: Path) -> None:
    writer = ENCODER.open(tmp_path / "nowhere" / "part.mp4", form, (1280, 720), RATE)

    with pytest.raises(MediaToolFailed, match="No such file"):
        for _ in range(10):
            writer.write(np.zeros((720, 1280, 3), np.uint8))


def test_alpha_is_given_where_it_was_announced_and_nowhere_else(tmp_path: Path) -> None:
    picture, alpha = moving(1)[0]

    with (
        ENCODER.open(tmp_path / "a.webm", "webm", see_through.SIZE, RATE, alpha=True) as clear,
        ENCODER.open(tmp_path / "b.webm", "webm", see_through.SIZE, RATE) as solid,
    ):
        with pytest.raises(ValueError, match="alpha"):
            clear.write(picture)
        with pytest.raises(ValueError, match="alpha"):
            solid.write(picture, alpha)
        with pytest.raises(ValueError, match="does not fit"):
            clear.write(picture, alpha[:-1])


def test_a_part_that_no_memory_could_hold_is_never_begun(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="megapixels"):
        ENCODER.open(tmp_path / "part.webm", "webm", (2560, 1440), RATE, enlarged=(7680, 4320))
