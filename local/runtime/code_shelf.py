"""Code and layer archives, unpacked once per content."""

import hashlib
import shutil
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path


class CodeShelf:
    """A directory of unpacked archives, each under its SHA-256."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(parents=True, exist_ok=True)

    def unpacked(self, archive: bytes) -> Path:
        """Where this archive's files lie; zipfile.BadZipFile when it is none."""
        place = self._root / hashlib.sha256(archive).hexdigest()
        if not place.is_dir():
            self._unpack(archive, place)
        return place

    def _unpack(self, archive: bytes, place: Path) -> None:
        # Renamed into place when complete: an interrupted or simultaneous unpacking leaves nothing half done behind.
        with tempfile.TemporaryDirectory(dir=self._root, prefix="unpacking-") as scratch:
            files = Path(scratch) / "files"
            files.mkdir()
            with zipfile.ZipFile(BytesIO(archive)) as bundle:
                for entry in bundle.infolist():
                    extracted = Path(bundle.extract(entry, files))
                    _restore_permissions(entry, extracted)
            if not place.is_dir():
                shutil.move(files, place)


def _restore_permissions(entry: zipfile.ZipInfo, extracted: Path) -> None:
    """zipfile forgets the execute bits that a layer's binaries need."""
    mode = entry.external_attr >> 16 & 0o777
    if mode and not entry.is_dir():
        extracted.chmod(mode | 0o400)
