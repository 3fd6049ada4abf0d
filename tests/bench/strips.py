"""Draws videos below one another, some frames of each side by side: what figures do not show."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np

from rotoscope import pictures
from rotoscope.ports import RGB

FRAMES = 6
STEP = 2
"""From one frame of the strip to the next: flicker shows between neighbours."""
WIDTH = 320
MOST_BYTES = 250_000
LETTERS = 22


def save(path: Path, rows: Mapping[str, Sequence[RGB]]) -> None:
    """Writes a JPEG of at most MOST_BYTES with frames from the middle of the videos, and what each row is."""
    first = (len(next(iter(rows.values()))) - FRAMES * STEP) // 2
    strip = np.vstack([_row(name, video[first : first + FRAMES * STEP : STEP]) for name, video in rows.items()])
    for quality in range(92, 20, -4):
        body = pictures.to_jpeg(strip, quality)
        if len(body) <= MOST_BYTES:
            break
    path.write_bytes(body)


def _row(name: str, frames: Sequence[RGB]) -> RGB:
    height, width = frames[0].shape[:2]
    size = WIDTH, round(height * WIDTH / width)
    row = np.hstack([cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in frames])
    label = np.full((LETTERS, row.shape[1], 3), 255, np.uint8)
    cv2.putText(label, name, (4, LETTERS - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    return np.vstack([label, row])
