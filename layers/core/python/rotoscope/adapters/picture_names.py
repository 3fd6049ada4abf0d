"""Names inside a zip of pictures: their order as people count, which of them are left out, and how they are said."""

import re

FOLDER_OF_RESOURCES = "__MACOSX"
LEFT_BY_SYSTEMS = ("thumbs.db", "desktop.ini")
SAID = 80
"""Characters of a name in a sentence."""

Key = tuple[tuple[int, tuple[tuple[int, str], ...], str], ...]


def order(name: str) -> Key:
    """Sorts names folder by folder, numbers as numbers: frame2 before frame10, a folder's files before its folders.

    >>> sorted(["b/1.png", "10.png", "b/a/0.png", "2.png", "02.png"], key=order)
    ['02.png', '2.png', '10.png', 'b/1.png', 'b/a/0.png']
    """
    *folders, file = _parts(name)
    stem = file.rpartition(".")[0] or file
    return (*((1, _natural(folder), folder) for folder in folders), (0, _natural(stem), file))


def is_hidden(name: str) -> bool:
    """Whether a system left this behind, or hides it."""
    parts = [part for part in _parts(name) if part not in (".", "..")]
    dotted = any(part.startswith(".") for part in parts)
    return not parts or dotted or FOLDER_OF_RESOURCES in parts or parts[-1].lower() in LEFT_BY_SYSTEMS


def suffix_of(name: str) -> str:
    """Lower case, with its dot; empty for a folder."""
    stem, dot, suffix = _parts(name)[-1].rpartition(".")
    return dot + suffix.lower() if stem else ""


def shown(name: str) -> str:
    """The name for a sentence: its end, on one line, nothing that a mail or a terminal would obey."""
    clean = "".join(letter if letter.isprintable() else "?" for letter in name)
    return clean if len(clean) <= SAID else "..." + clean[-SAID:]


def _parts(name: str) -> list[str]:
    """Some Windows programs write backslashes."""
    return name.replace("\\", "/").split("/")


def _natural(part: str) -> tuple[tuple[int, str], ...]:
    """Numbers by length and digits, without zeros in front: they may be longer than any integer should be."""
    words = re.split(r"([0-9]+)", part.casefold())
    return tuple((len(bare := word.lstrip("0")), bare) if n % 2 else (0, word) for n, word in enumerate(words))
