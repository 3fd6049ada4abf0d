"""Subtitles and chapters as text and time, converted and cut without any file. Seconds count from the cut."""

import html
import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf

from rotoscope.adapters.opening import legible

UNSAID_S = Fraction(3)
"""How long a subtitle stays whose file does not say it."""
SHORTEST_S = Fraction(1, 1000)
MOST_CHAPTERS = 1_000
LONGEST_TEXT = 4_000
"""Characters shown at once."""

_DRAWING = re.compile(r"\{[^}]*\\p[1-9][^}]*\}.*?(?:\{[^}]*\\p0[^}]*\}|$)", re.DOTALL)
_OVERRIDE = re.compile(r"\{([^}]*)\}")
_SWITCH = re.compile(r"\\([biu])(\d*)(?![a-z\d])|\\r")
_OTHER_STYLE = re.compile(r"\\(?![biu]\d*(?![a-z\d])|r(?:\\|$))[a-z\d]")
_TAG = re.compile(r"(</?[biu]>)")
_HALF_A_TAG = re.compile(r"<[^>]*$")
FACES = {"b": 1, "i": 2, "u": 4}
"""Timed text's bits for bold, italic and underlined."""
BOLD = 500
"""Weights above this are."""
FONT, FONT_SIZE, WHITE = 1, 16, 0xFFFFFFFF
"""Of every text: what its track's sample description says too."""
_VOID_LINES = re.compile(r"\n\s*\n+")


@dataclass(frozen=True)
class Cue:
    """A text that is shown from `start` until `end`."""

    start: Fraction
    end: Fraction
    text: str


@dataclass(frozen=True)
class Chapter:
    """A named stretch."""

    start: Fraction
    end: Fraction
    title: str


def marked(dialogue: str) -> str:
    """The words of an ASS dialogue line as WebVTT cue text: bold, italic and underlined; no places, no drawings."""
    open_tags = list[str]()

    def tags(override: re.Match[str]) -> str:
        return "".join(_turned(tag, weight, open_tags) for tag, weight in _SWITCH.findall(override[1]))

    text = html.escape(_DRAWING.sub("", dialogue), quote=False)
    text = _OVERRIDE.sub(tags, _unescaped(text))
    text = _tidy(text + "".join(f"</{tag}>" for tag in reversed(open_tags)))
    return text if _TAG.sub("", text).strip() else ""


def styled_otherwise(dialogue: str) -> bool:
    """Whether an ASS dialogue line has styling that is not kept: colours, fonts, sizes, places, movements."""
    return any(_OTHER_STYLE.search(override) for override in _OVERRIDE.findall(dialogue))


def _turned(tag: str, weight: str, open_tags: list[str]) -> str:
    """Without a tag, all are closed: FFmpeg reads the end of every style in timed text as that."""
    if not tag:
        return "".join(_switched(each, False, open_tags) for each in reversed(list(open_tags)))
    return _switched(tag, int(weight or 0) == 1 or int(weight or 0) > BOLD, open_tags)


def _switched(tag: str, on: bool, open_tags: list[str]) -> str:
    """Opens or closes a tag; those within are closed with it and opened again, because WebVTT's are nested."""
    if on == (tag in open_tags):
        return ""
    if on:
        open_tags.append(tag)
        return f"<{tag}>"
    inner = open_tags[open_tags.index(tag) + 1 :]
    open_tags.remove(tag)
    closed = "".join(f"</{each}>" for each in [*reversed(inner), tag])
    return closed + "".join(f"<{each}>" for each in inner)


def _unescaped(dialogue: str) -> str:
    return dialogue.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", "\u00a0")


def _tidy(text: str) -> str:
    """Lines without blank ones between them, which end a cue."""
    lines = text.replace("\r", "").replace("\0", "")[:LONGEST_TEXT]
    return _VOID_LINES.sub("\n", lines).strip("\n ")


def timed_text(text: str) -> bytes:
    """Cue text as a sample of 3GPP timed text (TS 26.245, 5.17): its length in bytes, UTF-8, and a box of styles."""
    words, faces = _unmarked(text)
    body = words.encode()[:MOST_BYTES].decode(errors="ignore").encode()
    return struct.pack(">H", len(body)) + body + _style_box(faces[:MOST_STYLES])


def _unmarked(text: str) -> tuple[str, list[tuple[int, int, int]]]:
    """The words, and (first character, the one after the last, face) of the stretches that are not plain."""
    words, open_tags, faces = "", set[str](), list[tuple[int, int, int]]()
    for piece in _TAG.split(text):
        if _TAG.fullmatch(piece):
            open_tags ^= {piece[-2]}
            continue
        begin, words = len(words), words + html.unescape(_HALF_A_TAG.sub("", piece))
        if open_tags and begin < len(words) <= MOST_BYTES:
            faces.append((begin, len(words), sum(FACES[tag] for tag in open_tags)))
    return words, faces


def _style_box(faces: Sequence[tuple[int, int, int]]) -> bytes:
    if not faces:
        return b""
    records = b"".join(struct.pack(">HHHBBI", *span, FONT, face, FONT_SIZE, WHITE) for *span, face in faces)
    return struct.pack(">I4sH", 10 + len(records), b"styl", len(faces)) + records


def clipped(cue: Cue, end_s: float) -> Cue | None:
    """What of a cue lies between 0 and the end; None when nothing does."""
    start, end = max(cue.start, Fraction(0)), cue.end if end_s == inf else min(cue.end, Fraction(end_s))
    return replace(cue, start=start, end=end) if cue.text and end - start >= SHORTEST_S else None


MOST_BYTES = 0xFFFF
"""Of one sample of timed text: its length has two bytes."""

MOST_STYLES = 1_000
"""Stretches of one sample."""

MOST_AT_ONCE = 20
"""Cues that are shown together; nobody reads more, and a file with thousands was made to take time."""


class OneAtATime:
    """Cues that overlap, as a sequence of stretches that show all of their texts: MP4 cannot show two at once."""

    def __init__(self) -> None:
        self._showing: list[Cue] = []
        self._at = Fraction(0)

    def add(self, cue: Cue) -> list[Cue]:
        """What is certain now; cues come in the order of their beginnings, and what is past is not changed."""
        past = self.until(cue.start)
        if len(self._showing) < MOST_AT_ONCE:
            self._showing.append(cue)
        return past

    def until(self, moment: Fraction) -> list[Cue]:
        """What is certain when no cue begins before a moment."""
        return list(self._until(moment))

    def end(self) -> list[Cue]:
        """The rest."""
        return list(self._until(max((cue.end for cue in self._showing), default=self._at)))

    def _until(self, moment: Fraction) -> Iterator[Cue]:
        while self._at < moment:
            self._showing = [cue for cue in self._showing if cue.end > self._at]
            edge = min([moment, *(cue.end for cue in self._showing)]) if self._showing else moment
            if self._showing and edge - self._at >= SHORTEST_S:
                yield Cue(self._at, edge, "\n".join(dict.fromkeys(cue.text for cue in self._showing)))
            self._at = edge


def chapters_within(chapters: Iterable[Chapter], start_s: float, end_s: float) -> list[Chapter]:
    """The chapters of a stretch of the source, counted from its beginning; each begins where the last one ended."""
    start, found = Fraction(start_s), list[Chapter]()
    for each in sorted(chapters, key=lambda each: each.start):
        cue = clipped(Cue(each.start - start, each.end - start, each.title or "-"), end_s - start_s)
        if cue and not (found and cue.start < found[-1].end) and len(found) < MOST_CHAPTERS:
            found.append(Chapter(cue.start, cue.end, each.title))
    return found


def chapter_of(found: Mapping[str, object]) -> Chapter | None:
    """A chapter as PyAV reads it; None for one without a time."""
    base, tags = found.get("time_base"), found.get("metadata")
    start, end = found.get("start"), found.get("end")
    if not (isinstance(base, Fraction) and isinstance(start, int) and isinstance(end, int)):
        return None
    title = tags.get("title", "") if isinstance(tags, Mapping) else ""
    return Chapter(start * base, end * base, legible(str(title))[:200])
