"""Feeds FFmpeg no faster than it encodes. Vision set."""

import io
import os
import select
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rotoscope.adapters.ffmpeg import Tool
from rotoscope.adapters.part_graphs import with_tally

AHEAD = 2
"""Pictures on their way to the encoder. FFmpeg itself would let eight wait before it, and as many before each filter:
0.4 GB of 8K, and as much of 4K in RGB."""


PATIENCE_S = 5.0
"""After so long without a word one more picture is fed: the slowest encoder takes two seconds for one."""


class PacedTool(Tool):
    """A fed FFmpeg that says through a named pipe which pictures have come as far as its encoder."""

    def __init__(self, arguments: Sequence[str], *, timeout_s: float) -> None:
        self._folder = tempfile.TemporaryDirectory()
        tally = Path(self._folder.name) / "tally"
        os.mkfifo(tally)
        self._tally = io.FileIO(os.open(tally, os.O_RDONLY | os.O_NONBLOCK))
        self._on_the_way = 0
        self._tells = True
        super().__init__(with_tally(list(arguments), str(tally)), timeout_s=timeout_s, fed=True)

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._tally.close()
        self._folder.cleanup()

    def feed(self, block: memoryview) -> None:
        """Writes one whole picture to FFmpeg's input, once there is room for it."""
        while self._tells and self._on_the_way >= AHEAD:
            self._hear()
        super().feed(block)
        self._on_the_way += 1

    def _hear(self) -> None:
        """Waits for the encoder. An FFmpeg that has ended tells no more: feeding it will say why.

        Nor does one whose encoder would not open: it waits for its input's end, and sees it at the next picture.
        """
        began = time.monotonic()
        poll = select.poll()
        poll.register(self._tally, select.POLLIN)
        poll.register(self._pipe, 0)  # only whether its other end is gone
        ready = poll.poll(min(max(self._left_s, 0.0), PATIENCE_S) * 1000)
        self._left_s -= time.monotonic() - began
        if not ready:
            self._on_the_way -= 1
            return
        taken = self._tally.read(1 << 12)
        self._on_the_way -= taken.count(b"\n") if taken else 0
        self._tells = bool(taken)
