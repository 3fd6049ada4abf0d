"""How far damage spreads: what builds on a broken picture is smeared, up to the next key frame.

Measured against the intact files' pictures with FFmpeg 7.0.2. What is lost of a key frame stays lost in all that build
on it. What is lost of another picture is guessed from those before: from a tenth to seven tenths of it looks wrong.
A picture that is predicted both ways is rarely built on.
"""

from collections import deque
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

BOTH_WAYS = 3
KINDS: Mapping[str, int] = {"I": 1, "P": 2, "B": BOTH_WAYS}
"""FFmpeg's letters and numbers: of pictures by themselves, predicted, and predicted from both sides."""
FLAGGED, UNMEASURED, UNREFERENCED = "flagged", "unmeasured", "unreferenced"
"""What a decoder says: this very picture is broken; something is, and it does not say how much; what it refers to is
missing."""
GUESSED = 0.5
"""Of what was concealed in a picture that is predicted, how much is taken to look wrong."""
ASSUMED = 0.2
"""Share of the picture that is taken to look wrong where a decoder complains and does not say how much it lost."""
SPOILT = 0.5
"""Share from which on, not including it, the picture is spoilt: one break alone never comes to that but of a key."""
MOST_AHEAD = 8
"""Pictures that a decoder has concealed and not yet given; two fields may be one picture."""


@dataclass
class Smearing:
    """Fed with the pictures in the order they come out. `size` is their width and height, if that is known.

    `smeared` are time stamps of whole pictures that build on a broken one, `spoilt` those of pictures of which more
    than half is taken to look wrong.
    """

    size: tuple[int, int] | None = None
    smeared: list[int] = field(default_factory=list)
    spoilt: list[int] = field(default_factory=list)
    _wrong: float = 0.0
    _missed: bool = False
    _concealed: deque[tuple[int, float]] = field(default_factory=lambda: deque(maxlen=MOST_AHEAD))

    def conceal(self, blocks: int, kind: int) -> None:
        """So many blocks of 16x16 pixels of a picture that is to come out were lost."""
        if self.size:
            width, height = self.size
            self._concealed.append((kind, min(1.0, blocks / (-(-width // 16) * -(-height // 16)))))

    def show(self, pts: int, kind: int, said: Set[str], *, key: bool) -> None:
        """One picture comes out; the decoder `said` some of FLAGGED, UNMEASURED and UNREFERENCED since the one before.

        A missing reference is complained of again and again, and counts once up to the next key frame.
        """
        if key:
            self._wrong, self._missed = 0.0, False
        if UNREFERENCED in said and not self._missed:
            self._wrong, self._missed = _more(self._wrong, ASSUMED), True
        concealed = self._share(kind) if FLAGGED in said else None
        broken = FLAGGED in said or UNMEASURED in said
        wrong = _more(self._wrong, _lost(concealed, kind) if broken else 0.0)
        if self._wrong and not broken:
            self.smeared.append(pts)
        if wrong > SPOILT or (broken and concealed is None):
            self.spoilt.append(pts)
        if key or kind != BOTH_WAYS:
            self._wrong = wrong

    def _share(self, kind: int) -> float | None:
        """How much of the next such picture was concealed."""
        found = next((each for each in self._concealed if each[0] == kind), None)
        if found is None:
            return None
        self._concealed.remove(found)
        return found[1]


def _lost(concealed: float | None, kind: int) -> float:
    """Share of a broken picture that is taken to look wrong of itself."""
    if concealed is None:
        return ASSUMED
    return concealed if kind == KINDS["I"] else GUESSED * concealed


def _more(before: float, lost: float) -> float:
    """Breaks lie anywhere: each is taken to hit what others have left as much as what they have not."""
    return 1 - (1 - before) * (1 - lost)
