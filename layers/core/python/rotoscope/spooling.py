"""Finished frames on the scratch disk, raw, to be shown once more: to other encoders, or backwards."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np

from rotoscope.ports import RGB, Alpha
from rotoscope.presenting import Shown


class Spool(AbstractContextManager["Spool"]):
    """Keeps what frames of one size show; leaving it frees the disk. `flat` lays a picture on the background again."""

    def __init__(self, path: Path, flat: Callable[[RGB, Alpha | None], RGB]) -> None:
        self._path, self._flat = path, flat
        self._file = path.open("w+b")
        self._places = list[int]()
        self._last: Shown | None = None

    def __exit__(self, *_: Any) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def keep(self, shown: Shown) -> None:
        """Adds the next frame. What is shown again at once takes no room: pictures may be held for long."""
        if shown is self._last:
            self._places.append(self._places[-1])
            return
        self._last = shown
        self._places.append(self._file.tell())
        for array in _arrays(shown):
            self._file.write(np.ascontiguousarray(array).data.cast("B"))

    def frames(self, order: Iterable[int]) -> Iterator[Shown]:
        """The frames with these numbers, counted from 0 as they were kept."""
        last, shown = -1, self._last
        for place in map(self._places.__getitem__, order):
            if shown is None or place != last:
                last, shown = place, self._read(place)
            yield shown

    def _read(self, place: int) -> Shown:
        """What lies there, in the sizes of the frame that was kept last."""
        assert self._last is not None
        self._file.seek(place)
        arrays = iter([self._filled(np.empty_like(array, order="C")) for array in _arrays(self._last)])
        picture = next(arrays)
        alpha = None if self._last.alpha is None else next(arrays)
        return Shown(picture, alpha, self._flat(picture, alpha), next(arrays, None))

    def _filled(self, array: RGB) -> RGB:
        self._file.readinto(array.data.cast("B"))
        return array


def _arrays(shown: Shown) -> list[RGB]:
    """What has to be kept: the rest follows from it."""
    return [array for array in (shown.picture, shown.alpha, shown.compared) if array is not None]
