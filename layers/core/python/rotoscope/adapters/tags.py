"""Which of a file's tags a result keeps: an allow-list, so that no place, device or program is handed on."""

from collections.abc import Mapping

from rotoscope.adapters.opening import legible

KEPT = ("title", "artist", "album", "date", "creation_time", "copyright", "comment", "description")
APPLE = "com.apple.quicktime."
"""QuickTime's own names of some of them. Its creationdate is not taken: it tells the time zone too."""
TIMES = ("date", "creation_time")
"""Tags of which one value is enough."""
LONGEST = 4_000
"""Characters of one tag."""

MACINTOSH = {"deu": "ger", "nld": "dut", "ell": "gre", "isl": "ice", "zho": "chi", "sqi": "alb"}
"""QuickTime knows these languages by their bibliographic code (ISO 639-2/B) alone."""


def kept(tags: Mapping[str, str]) -> dict[str, str]:
    """What of a whole file's tags stays, by FFmpeg's names."""
    found = {name.lower(): value for name, value in tags.items()}
    chosen = {name: found.get(name) or found.get(APPLE + name) for name in KEPT}
    chosen.update({name: (chosen[name] or "").partition(";")[0] for name in TIMES})
    return {name: _plain(value) for name, value in chosen.items() if value and _plain(value)}


def described(tags: Mapping[str, str], provenance: str) -> dict[str, str]:
    """The kept tags, and how the result was made as a comment, below the one that is there; never twice."""
    chosen = kept(tags)
    there = chosen.get("comment", "")
    comment = there if provenance in there else "\n".join(text for text in (there, provenance) if text)
    return {**chosen, "comment": comment} if comment else chosen


def of_track(tags: Mapping[str, str], *, quicktime: bool = False) -> dict[str, str]:
    """What of a track's tags stays: players choose by its language and title."""
    found = {name.lower(): value for name, value in tags.items()}
    title, language = found.get("title") or found.get("name"), found.get("language")
    language = None if language in (None, "und") else language
    named = {"title": title, "language": MACINTOSH.get(language, language) if quicktime and language else language}
    return {name: _plain(value) for name, value in named.items() if value and _plain(value)}


def _plain(value: str) -> str:
    """Without what no container can hold or show; once what a MOV says in two places, which PyAV 19 reads as "A;A"."""
    half = value[: len(value) // 2]
    said = half if value == f"{half};{half}" else value
    shown = (letter for letter in legible(said)[:LONGEST] if letter.isprintable() or letter in "\n\t")
    return "".join(shown).strip()
