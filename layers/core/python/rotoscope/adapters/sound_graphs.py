"""FFmpeg's filters for sound: one rate and arrangement for all frames, cut to the sample, no gaps. Film set."""

from collections.abc import Iterator
from fractions import Fraction
from math import isfinite

import av
from av.audio.frame import AudioFrame
from av.filter import Graph

from rotoscope.adapters import channels

ORDERLY = "async=1000:min_comp=0.005:first_pts=0"
"""Sound that runs slower or faster than its time stamps say is stretched, unheard, by at most 2 %: else it would drift
from the picture by up to a tenth of a second, where FFmpeg begins to cut."""

HOLE_S, SILENCE_S = Fraction(1, 50), Fraction(1)
"""FFmpeg fills long gaps at once, in memory, and stretches what is before short ones. So any longer than the first is
filled before, in pieces no longer than the second."""

Steps = list[tuple[str, str]]
"""Filters and their options."""


class Alike:
    """Gives all frames one rate, arrangement and format, also where the source changes in the middle.

    The format is to be a packed one: PyAV reads past the planes of eight channels.
    """

    def __init__(self, rate: int, layout: str, samples: str) -> None:
        self._layout = layout
        self._steps = [
            ("aresample", str(rate)),
            ("aformat", f"sample_fmts={samples}:sample_rates={rate}:channel_layouts={layout}"),
        ]
        self._kind: object = None
        self._graph: Graph | None = None

    def graph_for(self, frame: AudioFrame) -> Graph:
        """Raises FFmpegError where there is no way from the frame's arrangement."""
        return graph_of(frame, [*_named(frame, self._layout), *self._steps])

    def take(self, frame: AudioFrame) -> Iterator[AudioFrame]:
        """What is ready after one more frame."""
        kind = frame.format.name, frame.layout.name, frame.sample_rate, frame.time_base
        if self._graph is None or kind != self._kind:
            yield from self.end()
            self._graph, self._kind = self.graph_for(frame), kind
        self._graph.push(frame)
        yield from pulled(self._graph)

    def end(self) -> Iterator[AudioFrame]:
        """What the filters still hold."""
        graph, self._graph = self._graph, None
        if graph:
            graph.push(None)
            yield from pulled(graph)


def _named(frame: AudioFrame, layout: str) -> Steps:
    """Channels without a name get that of the usual arrangement; of very many the first two are taken."""
    if not unnamed(frame) or layout == frame.layout.name:
        return []
    if usual := channels.UNNAMED.get(frame.layout.nb_channels):
        return [("channelmap", f"channel_layout={usual}")]
    return [("pan", "stereo|c0=c0|c1=c1")]


def timing_steps(frame: AudioFrame, samples: str, start_s: float, end_s: float) -> Steps:
    """Cuts a stretch out of sound like the frame, and lets its samples follow their time stamps; in another format."""
    end = f":end={end_s:.6f}" if isfinite(end_s) else ""
    return [
        ("atrim", f"start={start_s:.6f}{end}"),
        ("asetpts", f"PTS-{start_s:.6f}/TB"),
        ("aresample", f"{frame.sample_rate}:{ORDERLY}"),
        ("aformat", f"sample_fmts={samples}:channel_layouts={frame.layout.name}"),
    ]


def graph_of(frame: AudioFrame, steps: Steps) -> Graph:
    """The filters for frames like this one. Raises FFmpegError where they do not fit it."""
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=frame.sample_rate, format=frame.format.name, layout=frame.layout.name, time_base=frame.time_base
    )
    graph.link_nodes(source, *(graph.add(name, options) for name, options in steps), graph.add("abuffersink"))
    graph.configure()
    return graph


def pulled(graph: Graph) -> Iterator[AudioFrame]:
    """What is ready."""
    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        if isinstance(frame, AudioFrame):
            yield frame


def silence(like: AudioFrame, begin: Fraction, seconds: Fraction) -> AudioFrame:
    """So much of it, in the form of a packed frame."""
    frame = AudioFrame(like.format.name, like.layout.name, max(1, round(seconds * like.sample_rate)))
    plane = frame.planes[0]
    plane.update(bytes([0x80 if like.format.name == "u8" else 0]) * plane.buffer_size)
    frame.sample_rate, frame.time_base = like.sample_rate, like.time_base
    frame.pts = round(begin / like.time_base) if like.time_base else None
    return frame


def unnamed(frame: AudioFrame) -> bool:
    """Whether nobody says which loudspeakers its channels are for."""
    return frame.layout.name.endswith(" channels")
