"""What there is to say of finished files, in as few sentences as it takes to know which file each is about."""

from collections.abc import Sequence
from typing import NamedTuple

from rotoscope.wording import listed


class Said(NamedTuple):
    """Sentences about one file. `beside` tells whether it can hold anything beside pictures."""

    name: str
    notes: Sequence[str]
    beside: bool = True


def remarks(files: Sequence[Said]) -> list[str]:
    """Each sentence once, after the names of its files where it is not about all of them.

    Only pictures is no loss to a GIF: a sentence about all files that can hold more is about all.
    """
    about = dict[str, list[str]]()
    for each in files:
        for note in dict.fromkeys(each.notes):
            about.setdefault(note, []).append(each.name)
    names = [each.name for each in files]
    able = {each.name for each in files if each.beside} or set(names)
    return [
        note if able.issubset(found) or any(name in note for name in names) else f"In {listed(found)}: {note}"
        for note, found in about.items()
    ]
