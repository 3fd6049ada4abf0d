"""What a result takes over from its source: tags, chapters, sound, subtitles. Trouble with any of it becomes a note and
leaves it out: the pictures, which were paid for, are never held up. Film set.
"""

from collections import Counter
from collections.abc import Iterator
from enum import IntEnum
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, Any, Self

from av.container import InputContainer, OutputContainer

from rotoscope.adapters import texts
from rotoscope.adapters.jumps import Jumps
from rotoscope.adapters.opening import exact
from rotoscope.adapters.source_tracks import (
    SEEK_SLACK_S,
    TROUBLE,
    Chosen,
    chosen,
    demuxed,
    moment_of,
    opened,
    reason,
    tried,
)
from rotoscope.ports import Original
from rotoscope.wording import counted

if TYPE_CHECKING:
    from av.packet import Packet

LONGEST_TEXT_S = 10.0
"""A subtitle may have been shown for so long when the cut comes."""
UNHEARD_S = 0.1
"""Less than this is no loss. Up to half of it is what encoders put before the sound that they were given: few files
tell how much, which is why tenths of a second are said."""
MILLISECOND = Fraction(1, 1000)


class Effort(IntEnum):
    """How much is taken over: less is tried where a container refuses more."""

    NOTHING = 0
    TAGS = 1
    CONVERTED = 2
    ALL = 3


class TakenOver:
    """The source beside the pictures: iterating gives packets for the target, about in the order of their times.

    A context manager. `picture_s` is how long the pictures last; `tags` are all of the source's.
    """

    def __init__(self, original: Original, target: OutputContainer, picture_s: float, effort: Effort) -> None:
        self.tags: dict[str, str] = {}
        self._original = original
        self._picture_s, self._stop = picture_s, Fraction(original.start_s + picture_s)
        self._tracks = Chosen()
        self._unreadable: list[str] = []
        self._lead_s = Fraction(0)
        self._damaged: Counter[str] = Counter()
        self._container: InputContainer | None = None
        if effort is not Effort.NOTHING:
            self._open(target, effort)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._container:
            self._container.close()

    @property
    def notes(self) -> list[str]:
        """Sentences about what was converted or left out; complete when all packets have been taken."""
        counts = [(name, counted(count, "damaged piece"), count) for name, count in self._damaged.items() if count]
        left_out = [f"{name}: {pieces} {'was' if count == 1 else 'were'} left out." for name, pieces, count in counts]
        return [*self._tracks.notes, *self._unreadable, *self._early, *left_out]

    @property
    def _early(self) -> list[str]:
        if self._lead_s < UNHEARD_S:
            return []
        return [f"The first {float(self._lead_s):.1f} s of sound, which came before the first picture, were left out."]

    def __iter__(self) -> "Iterator[Packet[Any]]":
        if self._container is None or not (self._tracks.sounds or self._tracks.texts):
            return
        playing = set(self._tracks.sounds or self._tracks.texts)
        jumps = {index: Jumps["Packet[Any]"](self._start, self._stop) for index in self._tracks.sounds}
        for packet in self._demuxed(self._container):
            moment, index = moment_of(packet), packet.stream_index
            if moment is None:
                continue
            certain = jumps[index].take(moment, packet) if index in jumps else iter([(moment, packet)])
            for when, piece in certain:
                if when < self._original.end_s:
                    yield from self._given(when, piece)
                else:
                    playing.discard(index)
            if not playing:
                break
        yield from self._ended(jumps)

    @property
    def _start(self) -> Fraction:
        return Fraction(self._original.start_s)

    def _open(self, target: OutputContainer, effort: Effort) -> None:
        original = self._original
        timed = original.timed and effort > Effort.TAGS
        try:
            trials = tried(original) if timed and original.sound else {}  # before: both read from one file
            self._container = opened(original)
            self.tags = self._container.metadata
            if timed:
                self._tracks = chosen(
                    self._container, trials, target, original, self._picture_s, copied=effort is Effort.ALL
                )
                self._keep_chapters(self._container, target)
        except TROUBLE as problem:
            self._unreadable = [f"Of the video nothing but its pictures could be used again: {reason(problem)}."]

    def _keep_chapters(self, source: InputContainer, target: OutputContainer) -> None:
        end_s = min(self._original.end_s, float(self._stop))
        read = [{**each, "time_base": exact(each["time_base"])} for each in source.chapters()]
        found = filter(None, map(texts.chapter_of, read))
        kept = texts.chapters_within(found, self._original.start_s, end_s)
        ours: Any = [  # PyAV's versions declare other kinds of ratios, and take any
            {
                "id": number,
                "start": round(each.start / MILLISECOND),
                "end": round(each.end / MILLISECOND),
                "time_base": MILLISECOND,
                "metadata": {"title": each.title} if each.title else {},
            }
            for number, each in enumerate(kept, 1)
        ]
        target.set_chapters(ours)

    def _demuxed(self, container: InputContainer) -> "Iterator[Packet[Any]]":
        slack_s = LONGEST_TEXT_S if self._tracks.texts else SEEK_SLACK_S
        wanted = [*self._tracks.sounds, *self._tracks.texts]
        from_s = -inf if self._original.opening else self._original.start_s - slack_s
        return demuxed(container, wanted, from_s)

    def _given(self, moment: Fraction, packet: "Packet[Any]") -> "Iterator[Packet[Any]]":
        index = packet.stream_index
        if self._original.opening and index in self._tracks.sounds and not packet.is_discard:
            self._lead_s = max(self._lead_s, self._start - moment)
        for number, text in self._tracks.texts.items():
            if number != index:
                yield from text.passed(moment)
        track = self._tracks.sounds.get(index) or self._tracks.texts[index]
        yield from self._guarded(index, iter(()) if packet.is_corrupt else track.take(packet), packet.is_corrupt)

    def _ended(self, jumps: dict[int, Jumps["Packet[Any]"]]) -> "Iterator[Packet[Any]]":
        for index, jump in jumps.items():
            self._damaged[self._name(index)] += jump.strays
            for when, certain in jump.end():
                if when < self._original.end_s:
                    yield from self._given(when, certain)
        for index, track in [*self._tracks.sounds.items(), *self._tracks.texts.items()]:
            yield from self._guarded(index, track.end())

    def _guarded(self, index: int, packets: "Iterator[Packet[Any]]", damaged: bool = False) -> "Iterator[Packet[Any]]":
        try:
            yield from packets
        except TROUBLE:
            damaged = True
        self._damaged[self._name(index)] += damaged

    def _name(self, index: int) -> str:
        return self._tracks.names[index]
