"""Zips of pictures and animated WebP are read as exactly as films are, from disk and through the loopback server."""

import io
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rotoscope.adapters.guarded_probe import GuardedProber
from rotoscope.adapters.picture_probe import PictureProber
from rotoscope.adapters.picture_read import PictureReader
from rotoscope.adapters.ranges import open_clip
from rotoscope.adapters.stills import ORIENTATION
from rotoscope.contracts import Segment
from rotoscope.errors import MediaToolFailed
from rotoscope.intervals import cut as planned
from tests.clips_pictures import (
    DELAYS_MS,
    SEEN_MS,
    SIZE,
    WEBP,
    animation,
    number_of,
    numbers,
    on_white,
    packed,
    picture,
    pictured,
    played,
    sequence,
    zip_file,
    zipped,
)
from tests.playing import cut, whole

READER = PictureReader()


def webp(kind: str, mode: str = "RGBA") -> Path:
    return animation("WEBP", mode, name=f"{kind}-{mode}.webp".replace(" ", "-"), **WEBP[kind])


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("name", ["frame{}.png", "frame{:04d}.png", "shot {0}/take.png", "{}.TIFF"])
@pytest.mark.treats("an image sequence in a zip", "24 pictures a second, in the natural order of their names")
def test_a_zip_of_pictures_is_a_video(method: int, name: str) -> None:
    form = "TIFF" if name.endswith("TIFF") else "PNG"
    members = {name.format(n): packed(picture(n), form) for n in (3, 11, 0, 7, 1, 10, 2, 9, 4, 5, 8, 6)}

    clip = pictured(zip_file(members, method=method))

    source = clip.source
    assert (source.container, source.codec, source.alpha) == ("zip", form.lower(), False)
    assert (source.width, source.height, source.frame_count, source.duration_s) == (*SIZE, 12, 0.5)
    assert (source.frame_rate, source.average_rate, 1 / source.time_base) == (24, 24, 24)
    assert numbers(clip) == [(n, n) for n in range(12)]


CLIPS: dict[str, Callable[[], Path]] = {
    "zip": lambda: zip_file(sequence(range(10), mode="RGBA")),
    **{kind: lambda kind=kind: webp(kind) for kind in WEBP},  # type: ignore[misc]
}


@pytest.mark.parametrize("make", CLIPS.values(), ids=CLIPS.keys())
def test_segments_cut_anywhere_hold_the_same_pictures_as_one_pass(make: Callable[[], Path]) -> None:
    clip = pictured(make())
    every = list(READER.frames(clip, whole(clip.source)))

    for border in range(1, 9):
        pieces = [
            frame for part in cut(clip.source, [every[border][0]]) for frame in READER.frames(clip, part, size=(48, 32))
        ]
        assert [pts for pts, _ in pieces] == [pts for pts, _ in every]

    chosen = list(READER.frames(clip, whole(clip.source), [every[n][0] for n in (1, 4, 8)]))
    assert all(np.array_equal(chosen[n][1], every[place][1]) for n, place in enumerate((1, 4, 8)))


@pytest.mark.parametrize("kind", WEBP)
@pytest.mark.parametrize("mode", ["RGBA", "RGB"])
@pytest.mark.treats("animated WebP", "every frame for as long as browsers show it, with its transparency")
def test_an_animated_webp_shows_what_its_decoder_shows(kind: str, mode: str) -> None:
    path = webp(kind, mode)
    clip = pictured(path)

    found = list(READER.frames(clip, whole(clip.source)))

    assert [pts for pts, _ in found] == [sum(SEEN_MS[:n]) for n in range(len(DELAYS_MS))]
    assert clip.source.end_pts == sum(SEEN_MS)
    assert max(np.abs(a[1].astype(int) - on_white(b)).max() for a, b in zip(found, played(path), strict=True)) <= 1
    if clip.source.alpha:
        alphas = list(READER.alphas(clip, whole(clip.source)))
        assert [pts for pts, _ in alphas] == [pts for pts, _ in found]
        assert all(np.array_equal(a[1], b[..., 3]) for a, b in zip(alphas, played(path), strict=True))


@pytest.mark.treats("PNG pictures with transparency in a zip", "opacity kept, and white where a format has none")
def test_transparency_in_a_zip_is_kept_and_lies_on_white() -> None:
    clip = pictured(zip_file({**sequence(range(3), mode="RGBA"), "frame3.jpg": packed(picture(3), "JPEG")}))

    (_, shown), *_ = READER.frames(clip, whole(clip.source))
    opacities = [alpha for _, alpha in READER.alphas(clip, whole(clip.source), size=(48, 32))]

    assert clip.source.alpha
    assert shown[-1, -1].tolist() == [255, 255, 255]
    assert [alpha.shape for alpha in opacities] == [(32, 48)] * 4
    assert [int(alpha[-1, -1]) for alpha in opacities] == [0, 0, 0, 255]
    assert {0, 128, 255} <= set(np.unique(opacities[0]).tolist())


def test_pictures_of_other_sizes_and_kinds_become_the_firsts() -> None:
    members = {
        "1.png": packed(picture(1)),
        "2.jpg": packed(picture(2, (192, 128)), "JPEG", quality=95),
        "3.webp": packed(picture(3, (64, 64)), "WEBP"),
        "4.bmp": packed(picture(4, mode="L"), "BMP"),
        "5.png": packed(picture(5, mode="P")),
    }
    clip = pictured(zip_file(members))

    frames = [shown for _, shown in READER.frames(clip, whole(clip.source))]

    assert {shown.shape for shown in frames} == {(64, 96, 3)}
    assert (number_of(frames[0]), number_of(frames[1]), number_of(frames[4])) == (1, 2, 5)
    assert frames[2][:, [0, 15, 80, 95]].max() == 0
    assert frames[2][:, 17:79].any(axis=2).all()


@pytest.mark.parametrize("make", CLIPS.values(), ids=CLIPS.keys())
def test_a_clip_is_read_through_the_loopback_server_as_from_disk(make: Callable[[], Path]) -> None:
    clip = pictured(make())
    body = Path(clip.location).read_bytes()
    local = [(pts, shown.tobytes()) for pts, shown in READER.frames(clip, whole(clip.source))]

    with open_clip(lambda start, end: body[start:end], len(body), clip.source, block_bytes=4096) as remote:
        found = [(pts, shown.tobytes()) for pts, shown in READER.frames(remote, whole(clip.source))]

    assert found == local


def test_a_segment_reads_its_own_pictures_alone() -> None:
    noise = np.random.default_rng(7).integers(0, 256, (40, 400, 400, 3), np.uint8)
    body = zipped({f"{n}.png": packed(Image.fromarray(each), compress_level=0) for n, each in enumerate(noise)})
    source, fetched = PictureProber().probe(io.BytesIO(body), len(body)), list[int]()

    def fetch(start: int, end: int) -> bytes:
        fetched.append(end - start)
        return body[start:end]

    with open_clip(fetch, len(body), source, block_bytes=1 << 20) as remote:
        segment = Segment(index=1, start_pts=20, end_pts=22, seeks=[])
        found = list(READER.frames(remote, segment))

    assert [np.array_equal(shown, noise[pts]) for pts, shown in found] == [True, True]
    assert sum(fetched) < 4 << 20 < len(body)


def test_a_source_whose_bytes_stop_coming_fails_loudly_and_is_no_damaged_picture() -> None:
    body = zipped(sequence(range(4)))
    source = PictureProber().probe(io.BytesIO(body), len(body))

    def fetch(start: int, end: int) -> bytes:
        if start < 1024:
            raise ConnectionAbortedError("the store went away")
        return body[start:end]

    with pytest.raises(MediaToolFailed), open_clip(fetch, len(body), source, block_bytes=1024) as remote:
        list(READER.frames(remote, whole(source)))


def test_an_abandoned_reader_closes_its_file() -> None:
    clip = pictured(zip_file(sequence(range(4))))

    with closing(READER.frames(clip, whole(clip.source))) as frames:
        next(frames)

    assert [link for link in Path("/proc/self/fd").glob("*") if _target(link).endswith("frames.zip")] == []


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


@pytest.mark.treats("an animated WebP that stands still for long", "cut by frames, not by time")
def test_an_animated_webp_is_cut_into_pieces_of_as_many_frames() -> None:
    delays_ms = [*[20] * 12, *[500] * 8]
    clip = pictured(animation("WEBP", "RGB", delays_ms, name="uneven.webp", lossless=True))

    pieces = planned(clip.source, megapixels=5 * SIZE[0] * SIZE[1] / 1e6)

    held = [[number for _, number in numbers(clip, piece)] for piece in pieces]
    assert [number for piece in held for number in piece] == list(range(20))
    assert len(held) == 4
    assert all(4 <= len(piece) <= 6 for piece in held)  # key frames near by draw the borders to themselves


def test_a_steady_animated_webp_needs_no_list_of_times() -> None:
    assert pictured(animation("WEBP", "RGB", [40] * 12, name="steady.webp")).source.marks == []


@pytest.mark.treats("a zip of very many pictures", "planned from its list of contents and a few headers")
def test_planning_reads_little_of_a_long_sequence() -> None:
    small = packed(picture(0, (8, 8)))
    body = zipped({f"a rather long name of a frame {n}.png": small for n in range(20_000)})
    read = list[int]()

    class Counted(io.BytesIO):
        def read(self, count: int | None = -1) -> bytes:
            found = super().read(count)
            read.append(len(found))
            return found

    source = PictureProber().probe(Counted(body), len(body))

    directory = 20_000 * (46 + 36)
    assert source.frame_count == 20_000
    assert sum(read) < directory + 200_000
    assert len(read) < 500


@pytest.mark.parametrize(
    "make", [*CLIPS.values(), lambda: zip_file(sequence(range(3), name="{}.tif"), "t.zip")], ids=[*CLIPS.keys(), "tif"]
)
def test_the_process_that_looks_into_uploads_looks_into_these(make: Callable[[], Path]) -> None:
    path = make()

    with path.open("rb") as file:
        found = GuardedProber(timeout_s=60).probe(file, path.stat().st_size)

    assert found == pictured(path).source


def test_other_sizes_in_a_zip_are_found_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    members = {
        "1.png": packed(picture(1)),
        "2.jpg": packed(picture(2, (64, 96)), "JPEG", exif=exif),
        "3.png": packed(picture(3, (64, 96))),
    }

    assert pictured(zip_file(members, "sizes.zip")).source.other_sizes == [(64, 96)]
