"""Replacing one attribute of somebody else's class or module, for the whole process."""

from typing import Any


def replace(owner: Any, name: str, by: Any) -> None:
    """Put something of ours in the place of `owner.name`, which must exist."""
    getattr(owner, name)
    setattr(owner, name, by)


def original(owner: Any, name: str) -> Any:
    """What stood in the place before anybody replaced it, also when this is not the process's first local cloud."""
    kept = f"_original_{name}"
    if not hasattr(owner, kept):
        setattr(owner, kept, getattr(owner, name))
    return getattr(owner, kept)
