"""A zip is looked through before anything of it is unpacked, and refused with a sentence where it is no sequence."""

import io
import struct
import tracemalloc
import zipfile

import pytest
from PIL import Image

from rotoscope.adapters.picture_archive import MOST_PICTURE_BYTES, PictureArchive
from rotoscope.errors import JobError, NotAVideo, TruncatedVideo, UnreadableVideo, VideoTooLarge
from tests.clips_pictures import packed, picture, sequence, zipped


def archive(body):
    return PictureArchive(io.BytesIO(body), len(body))


def names(body):
    found = archive(body)
    return [found.name(index) for index in range(len(found))]


def forged(members, method=zipfile.ZIP_STORED, **changes):
    """A zip whose list of contents says something else of its last member than is true."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as written:
        for name, content in members.items():
            written.writestr(name, content)
        for field, value in changes.items():
            setattr(written.filelist[-1], field, value)
    return buffer.getvalue()


def test_pictures_come_in_order_and_nothing_else_does():
    others = {"__MACOSX/._frame1.png": b"", "notes.txt": b"", "meta.json": b"{}", ".frame0.png": b"", "Thumbs.db": b""}
    nameless = {"frames/": b"", "README": b""}

    found = names(zipped({**sequence(range(12)), **others, **nameless}))

    assert found == [f"frame{number}.png" for number in range(12)]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("prefix", [b"", b"junk in front of it"])
def test_members_are_read_as_they_were_packed(method, prefix):
    members = sequence(range(3))

    found = archive(prefix + zipped(members, method))

    assert [found.read(index) for index in range(3)] == [members[f"frame{number}.png"] for number in range(3)]


def test_members_with_the_headers_of_large_files_are_read():
    members, buffer = sequence(range(2)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written:
        for name, content in members.items():
            with written.open(name, "w", force_zip64=True) as file:
                file.write(content)

    found = archive(buffer.getvalue())

    assert [found.read(index) for index in range(2)] == [members["frame0.png"], members["frame1.png"]]


@pytest.mark.treats("a zip with paths that leave its folder", "read like any other: nothing is unpacked to disk")
def test_paths_that_lead_elsewhere_are_names_like_any_other():
    members = {"../../2.png": b"b", "/etc/1.png": b"a", "..\\3.png": b"c", "C:\\4.png": b"d"}

    found = archive(zipped(members))

    assert sorted(found.read(index) for index in range(4)) == [b"a", b"b", b"c", b"d"]


def test_of_two_members_with_one_name_the_later_counts():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written, pytest.warns(UserWarning, match="Duplicate"):
        written.writestr("1.png", b"old")
        written.writestr("1.png", b"new")

    found = archive(buffer.getvalue())

    assert [found.read(index) for index in range(len(found))] == [b"new"]


ONE = {"1.png": b"x" * 99}
TWO = {**ONE, "2.png": b"y" * 99}
REFUSED = {
    "no pictures": (lambda: zipped({"notes.txt": b"hello", "song.mp3": b""}), NotAVideo, "holds no pictures"),
    "nothing": (lambda: zipped({}), NotAVideo, "holds no pictures"),
    "a video": (
        lambda: zipped({"clip/film.mp4": b"x", "notes.txt": b""}),
        NotAVideo,
        "clip/film.mp4. Please unpack it",
    ),
    "an archive": (lambda: zipped({"1.png": b"x", "more.zip": b"x"}), NotAVideo, "another archive, more.zip"),
    "a password": (lambda: forged(ONE, flag_bits=1), UnreadableVideo, "password"),
    "another method": (lambda: zipped({"1.png": b"x" * 99}, zipfile.ZIP_LZMA), UnreadableVideo, "ordinary zip file"),
    "a picture too large": (
        lambda: forged({"1.png": b"x"}, file_size=MOST_PICTURE_BYTES + 1),
        VideoTooLarge,
        "1.png has",
    ),
    "an overlap": (
        lambda: forged(TWO, header_offset=0),
        UnreadableVideo,
        "never end",
    ),
    "a lie about its place": (lambda: forged(ONE, header_offset=1 << 20), TruncatedVideo, "cut off"),
    "a cut": (lambda: zipped(sequence(range(4)))[:-30], TruncatedVideo, "cut off"),
    "only its first bytes": (lambda: b"PK\3\4" + bytes(200), TruncatedVideo, "cut off"),
    "names without end": (
        lambda: zipped({"x" * 60_000 + f"{n}.png": b"" for n in range(450)}),
        VideoTooLarge,
        "150,000",
    ),
    "too many pictures": (lambda: zipped({f"{n}.png": b"" for n in range(50_001)}), VideoTooLarge, "50,001 pictures"),
}


@pytest.mark.parametrize(("made", "error", "says"), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.treats(
    "a zip with a password, an archive or a video in it, too much, overlaps, or no picture", "refused with a sentence"
)
def test_what_is_no_sequence_is_refused_with_a_sentence(made, error, says):
    with pytest.raises(error, match=says) as refusal:
        archive(made())

    assert str(refusal.value).endswith(".")


def test_many_large_promises_in_few_bytes_are_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for number in range(20):
            written.writestr(f"{number}.png", b"x")
            written.filelist[-1].file_size = MOST_PICTURE_BYTES

    with pytest.raises(UnreadableVideo, match="never end"):
        archive(buffer.getvalue())


@pytest.mark.treats("a zip bomb", "never unpacked beyond what its list of contents says")
def test_a_member_is_not_unpacked_beyond_what_it_says():
    body = forged({"1.png": bytes(64 << 20)}, zipfile.ZIP_DEFLATED, file_size=1000)
    found = archive(body)
    tracemalloc.start()

    unpacked = found.read(0)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert unpacked is None
    assert peak < 4 << 20


@pytest.mark.treats("a picture in a zip that unpacks to a thousand times its size", "refused before it is unpacked")
@pytest.mark.parametrize("ways", [PictureArchive.read, PictureArchive.open])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "BMP", "none"])
def test_a_picture_that_unpacks_to_far_more_than_its_pixels_is_refused_packed(ways, form):
    start = b"" if form == "none" else packed(picture(1), form)
    found = archive(zipped({"1.png": start.ljust(16 << 20, b"\0")}, zipfile.ZIP_DEFLATED))
    tracemalloc.start()

    with pytest.raises(UnreadableVideo, match=r"1.png unpacks from 1\d kB to 16.8 MB"):
        ways(found, 0)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.parametrize(("form", "options"), [("BMP", {}), ("TIFF", {}), ("PNG", {"compress_level": 0})])
def test_a_large_picture_of_one_colour_is_read_however_tightly_it_is_packed(form, options):
    body = packed(Image.new("RGB", (2560, 1440), "navy"), form, **options)
    found = archive(zipped({"1.png": body}, zipfile.ZIP_DEFLATED))

    assert found.read(0) == body


@pytest.mark.parametrize("changes", [{"file_size": 500}, {"CRC": 1}, {"file_size": 50}])
def test_a_member_that_is_not_what_the_list_says_is_damaged(changes):
    found = archive(forged({"1.png": bytes(range(200))}, zipfile.ZIP_DEFLATED, **changes))

    assert found.read(0) is None


def test_any_bytes_in_the_list_of_contents_end_in_a_sequence_or_a_sentence():
    whole = zipped(sequence(range(3)))
    start = struct.unpack("<I", whole[-6:-2])[0]

    for offset in range(start, len(whole)):
        body = bytearray(whole)
        body[offset] ^= 0xFF
        try:
            found = archive(bytes(body))
            assert all(found.read(index) is None or found.open(index) for index in range(len(found)))
        except JobError as refusal:
            assert str(refusal).endswith(".")
