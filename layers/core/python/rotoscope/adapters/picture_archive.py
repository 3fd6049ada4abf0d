"""A zip of pictures as a sequence: which of its members are pictures, in which order, and their bytes. Both sets.

Nothing is written to disk, so members' names do no harm. What a member claims is checked before it is unpacked, and no
more than it claims is ever unpacked.
"""

import encodings.cp437  # noqa: F401 - how old names are read: a confined process could not look for it later
import zipfile
import zlib
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import IO, BinaryIO

from rotoscope.adapters.picture_names import is_hidden, order, shown, suffix_of
from rotoscope.bounds import STATED_BYTES, is_dense, refuse_stuffed
from rotoscope.errors import NotAVideo, TruncatedVideo, UnreadableVideo, VideoTooLarge
from rotoscope.intake import VIDEO_SUFFIXES
from rotoscope.sizes import LARGEST

PICTURES = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".tif", ".tiff", ".bmp", ".dib")
ARCHIVES = (".zip", ".zipx", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
MOST_PICTURES = 50_000
MOST_MEMBERS = 150_000
"""Some systems pack a hidden companion with every file."""
MOST_DIRECTORY_BYTES = 24 << 20
"""What zipfile reads of the list of contents at once; it keeps about ten times that in memory."""
MOST_PICTURE_BYTES = 8 * LARGEST + (1 << 20)
"""The largest picture with 16 bits in four channels, not compressed."""
MUCH_BYTES, DENSE = 4 << 30, 250
"""So many bytes unpacked are suspicious where they are that many times what is packed. Flat drawings as BMP come to
about a hundred times."""
LOCAL_HEADER_BYTES = 30
ENCRYPTED = 0x1

BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, zlib.error)
CUT_OFF = (
    "The zip file's list of contents cannot be read: the upload was cut off, or the file is damaged. "
    "Please pack the pictures again and upload the new file."
)
NO_PICTURES = "The zip file holds no pictures. It should hold PNG, JPEG, WebP, TIFF or BMP files, one for each frame."
LIKE_A_BOMB = "The zip file is made so that unpacking it would never end. Please pack the pictures again."


class PictureArchive:
    """The pictures by their place in the sequence. Raises a JobError with a sentence for what cannot be one."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._zip = _opened(file)
        self._members = _sequence(self._zip.infolist())
        _require_harmless(self._members, size)

    def __len__(self) -> int:
        return len(self._members)

    def name(self, index: int) -> str:
        """A member's name as it can be said."""
        return shown(self._members[index].filename)

    def open(self, index: int) -> IO[bytes] | None:
        """A member as a file that is unpacked as far as it is read; None where it is damaged.

        Like `read` it raises UnreadableVideo for what is made to be unpacked without end.
        """
        try:
            self._require_pixels(self._members[index])
            return self._zip.open(self._members[index])
        except BROKEN:
            return None

    def read(self, index: int) -> bytes | None:
        """All of a member; None where it is damaged or not as long as the list of contents says."""
        member = self._members[index]
        try:
            self._require_pixels(member)
            with self._zip.open(member) as file:
                body = file.read(member.file_size + 1)
        except BROKEN:
            return None
        return body if len(body) == member.file_size else None

    def _require_pixels(self, member: zipfile.ZipInfo) -> None:
        """Raises UnreadableVideo, having unpacked a few bytes of what is made to unpack to very many."""
        if not is_dense(member.compress_size, member.file_size):
            return
        with self._zip.open(member) as file:
            refuse_stuffed(shown(member.filename), file.read(STATED_BYTES), member.compress_size, member.file_size)


class _Modest:
    """A file that gives only so much at once: the list of contents is read in one piece, however long it says it is."""

    def __init__(self, file: BinaryIO) -> None:
        self.seek, self.tell, self.close, self.seekable = file.seek, file.tell, file.close, file.seekable
        self._file = file

    def read(self, count: int = -1) -> bytes:
        """Raises VideoTooLarge."""
        if count > MOST_DIRECTORY_BYTES:
            raise VideoTooLarge(_too_many(f"more than {MOST_MEMBERS:,} files"))
        return self._file.read(count)


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    file.seek(0)
    try:
        return zipfile.ZipFile(_Modest(file))
    except BROKEN as problem:
        raise TruncatedVideo(CUT_OFF) from problem


def _sequence(found: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The pictures in order. Of two members with the same name the later one counts, as when they are unpacked."""
    if len(found) > MOST_MEMBERS:
        raise VideoTooLarge(_too_many(f"{len(found):,} files"))
    members = {member.filename: member for member in found if not (member.is_dir() or is_hidden(member.filename))}
    _refuse_others(members)
    names = [name for name in members if suffix_of(name) in PICTURES]
    if len(names) > MOST_PICTURES:
        raise VideoTooLarge(_too_many(f"{len(names):,} pictures"))
    return [members[name] for name in sorted(names, key=order)]


def _refuse_others(names: Collection[str]) -> None:
    """Archives in the archive, and those without a picture."""
    for name in names:
        if suffix_of(name) in ARCHIVES:
            raise NotAVideo(f"The zip file holds another archive, {shown(name)}. Please unpack that first.")
    if any(suffix_of(name) in PICTURES for name in names):
        return
    for name in names:
        if suffix_of(name) in VIDEO_SUFFIXES:
            raise NotAVideo(f"The zip file holds a video, {shown(name)}. Please unpack it and upload the video itself.")
    raise NotAVideo(NO_PICTURES)


def _require_harmless(members: Iterable[zipfile.ZipInfo], size: int) -> None:
    placed = sorted(members, key=lambda member: member.header_offset)
    for member in placed:
        _require_usable(member)
    ends = [member.header_offset + LOCAL_HEADER_BYTES + member.compress_size for member in placed]
    if ends[-1] > size:
        raise TruncatedVideo(CUT_OFF)
    if any(end > after.header_offset for end, (_, after) in zip(ends, pairwise(placed), strict=False)):
        raise UnreadableVideo(LIKE_A_BOMB)
    unpacked = sum(member.file_size for member in placed)
    if unpacked > MUCH_BYTES and unpacked > DENSE * size:
        raise UnreadableVideo(LIKE_A_BOMB)


def _require_usable(member: zipfile.ZipInfo) -> None:
    name = shown(member.filename)
    if member.flag_bits & ENCRYPTED:
        raise UnreadableVideo("The zip file is locked with a password. Please pack the pictures without one.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableVideo(
            f"The zip file's picture {name} is packed by a method that cannot be unpacked here. "
            "Please pack the pictures as an ordinary zip file."
        )
    if member.file_size > MOST_PICTURE_BYTES:
        raise VideoTooLarge(
            f"The picture {name} has {member.file_size / 1e6:,.0f} MB; "
            f"at most {MOST_PICTURE_BYTES / 1e6:.0f} MB can be taken. Scale it."
        )


def _too_many(found: str) -> str:
    return (
        f"The zip file holds {found}; at most {MOST_PICTURES:,} pictures can be taken. "
        "Cut the sequence and drop the parts."
    )
