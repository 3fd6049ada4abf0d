"""Reads in FFmpeg's own log which pictures its decoder found damaged, and where the container lost some.

Measured with FFmpeg 7.0.2 on damaged files of 25 kinds. Decoders of H.264, MPEG-1, -2 and -4, Sorenson's and ProRes
flag a damaged picture; the others complain about when they decode it, which is a few pictures before it comes out. The
decoders of VP8 and VP9 notice nothing, HEVC's little. The log costs less than a hundredth of the decoding.
"""

import itertools
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rotoscope.adapters.smearing import FLAGGED, KINDS, UNMEASURED, UNREFERENCED, Smearing
from rotoscope.contracts import Segment
from rotoscope.ports import Damage

TRACING = ("-v", "repeat+level+info", "-hide_banner", "-nostats", "-debug_ts")
"""Has FFmpeg say what it reads and decodes, in order, and fold no lines."""

BEGINNING = "[info] Stream mapping:"
"""The line after which FFmpeg begins to read."""
UNTIMED = "NOPTS"

_PACKET = re.compile(r"\[vist#\S+ @ \w+\] \[info\] demuxer -> .*? pkt_pts:(-?\d+|NOPTS) ")
_FRAME = re.compile(
    r"\[vist#\S+ @ \w+\] \[dec:(\S+) @ \w+\] \[info\] decoder -> pts:(-?\d+|NOPTS) .* keyframe:(\d) frame_type:(\d)"
)
_REFUSED = re.compile(r"\[vist#\S+ @ \w+\] \[dec:\S+ @ \w+\] \[error\] Error submitting packet")
_FLAGGED = re.compile(r"\[vist#\S+ @ \w+\] \[dec:\S+ @ \w+\] \[warning\] corrupt decoded frame")
_TORN = re.compile(r"\[in#\S+ @ \w+\] \[warning\] corrupt input packet")
_COMPLAINT = re.compile(r"\[([^ #]+) @ \w+\] \[(?:error|fatal|panic)\] ")
_UNREFERENCED = re.compile("Could not find ref|Missing reference picture|reference picture missing")
_LEVEL, _MERE = re.compile(r"\[(?:error|fatal|panic)\] "), re.compile(r"\[(?:info|warning)\]")
_INPUT = re.compile(r"\[info\] Input #0, (\S+), from ")
_STREAM = re.compile(r"\[info\] +Stream #\S+: Video: .*?, (\d+)x(\d+)[, ]")
_CONCEALED = re.compile(r"\[([^ #]+) @ \w+\] \[info\] concealing (\d+) DC, .* errors in (\w) frame")


def told(complaint: str) -> str:
    """What a failure may quote of such a log: errors, as FFmpeg says them when it is not traced."""
    lines = (line for line in complaint.splitlines() if line and not _MERE.search(line))
    return "\n".join(_LEVEL.sub("", line, count=1) for line in lines)


def read(log: Iterable[str], segment: Segment, damage: Damage) -> None:
    """Fills in what is known of the segment, as far as the log goes.

    What comes before the first key frame cannot be decoded and is no damage: recordings begin in the middle of
    something, and so does decoding after a seek.
    """
    found = _Reading()
    for line in log:
        if line.startswith(BEGINNING):  # what came before was told of the file, and may be forged by its metadata
            found = found.anew()
        found.take(line)
    found.end(segment)
    told_of = [_inside(segment, each) for each in (found.flagged, found.complained, found.torn_apart())]
    damage.pictures = max(told_of, key=len)
    damage.places = sorted({*itertools.chain(*told_of, _inside(segment, found.broken))})
    broken = set(damage.pictures)
    damage.smeared = [pts for pts in _inside(segment, found.smearing.smeared) if pts not in broken]
    damage.spoilt = sorted(broken.union(damage.smeared).intersection(found.smearing.spoilt))


def _inside(segment: Segment, stamps: Iterable[int]) -> list[int]:
    return sorted({pts for pts in stamps if segment.start_pts <= pts < segment.end_pts})


@dataclass
class _Reading:
    """Time stamps of frames that are flagged as damaged, and of those before which the decoder complained.

    And of packets: the two that follow one which the container calls torn, those that follow where it lost some.
    """

    flagged: list[int] = field(default_factory=list)
    complained: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    torn: list[tuple[int, int]] = field(default_factory=list)
    keys: set[int] = field(default_factory=set)
    smearing: Smearing = field(default_factory=Smearing)
    last: int | None = None
    _demuxer: str = ""
    _decoder: str = ""
    _packet: int | None = None
    _since_torn: int = 2
    _now: set[str] = field(default_factory=set)
    _ahead: set[str] = field(default_factory=set)

    def anew(self) -> "_Reading":
        """A reading to which only the container's name and the pictures' size are known."""
        return _Reading(smearing=Smearing(size=self.smearing.size), _demuxer=self._demuxer)

    def take(self, line: str) -> None:
        """One line of the log."""
        if match := _PACKET.match(line):
            self._take_packet(match[1])
        elif match := _FRAME.match(line):
            self._decoder = match[1]
            self._take_frame(match[2], int(match[4]), key=match[3] == "1")
        elif match := _INPUT.match(line):
            self._demuxer = match[1].rstrip(",")
        elif match := _CONCEALED.match(line):
            self._take_concealed(int(match[2]), match[3])
        elif self.smearing.size is None and (match := _STREAM.match(line)):
            self.smearing.size = (int(match[1]), int(match[2]))
        elif "[info]" not in line:
            self._take_complaint(line)

    def end(self, segment: Segment) -> None:
        """The log is over: what was complained of last belongs to the last frame, or to none."""
        last = segment.start_pts if self.last is None else max(self.last, segment.start_pts)
        if "refused" in self._now and (self.keys or self.last is None):
            self.broken.append(last)
        elif self.keys and self._now:
            self.complained.append(last)

    def torn_apart(self) -> list[int]:
        """What follows, if that is no key frame: else two recordings were put behind one another there.

        FFmpeg's parsers may pass the mark on to the packet before the one that is torn.
        """
        last = -math.inf if self.last is None else self.last
        return [pair[0] for pair in self.torn if self.keys.isdisjoint(pair) and max(pair) <= last]

    def _take_packet(self, stamp: str) -> None:
        pts = self._packet if stamp == UNTIMED else int(stamp)
        if pts is None:
            return
        if self._since_torn == 1 and self._packet is not None:
            self.torn.append((self._packet, pts))
        if "broken" in self._ahead:
            self.broken.append(pts)
        self._since_torn = 0 if "torn" in self._ahead else self._since_torn + 1
        self._ahead, self._packet = set(), pts

    def _take_concealed(self, blocks: int, kind: str) -> None:
        """What was complained of before is of the picture that is concealed. Probing decodes the first one, too."""
        if self._demuxer:
            self._now.discard(UNMEASURED)
            self.smearing.conceal(blocks, KINDS.get(kind, 0))

    def _take_frame(self, stamp: str, kind: int, *, key: bool) -> None:
        pts = self.last if stamp == UNTIMED else int(stamp)
        if pts is None:
            return
        if FLAGGED in self._now and (self.keys or key):
            self.flagged.append(pts)
        if "refused" in self._now and self.keys:
            self.broken += [pts] if self.last is None else [self.last, pts]
        elif "complained" in self._now and self.keys:
            self.complained.append(pts)
        if key:
            self.keys.add(pts)
        if self.keys:
            self._smear(pts, kind, key=key)
        self._now, self.last = set(), pts

    def _smear(self, pts: int, kind: int, *, key: bool) -> None:
        """What is complained of about a packet that is refused is of no picture that comes out."""
        self.smearing.show(pts, kind, self._now - {UNMEASURED} if "refused" in self._now else self._now, key=key)

    def _take_complaint(self, line: str) -> None:
        if _FLAGGED.match(line):
            self._now.add(FLAGGED)
        elif _REFUSED.match(line):
            self._now.add("refused")
        elif _TORN.match(line):
            self._ahead.add("torn")
        elif match := _COMPLAINT.match(line):
            if match[1] == self._decoder:
                self._now |= {"complained", UNREFERENCED if _UNREFERENCED.search(line) else UNMEASURED}
            elif match[1] == self._demuxer:
                self._ahead.add("broken")
