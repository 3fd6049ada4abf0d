"""IAM's wildcards: * for any characters, ? for one."""

import re
from functools import lru_cache


def matches(pattern: str, text: str) -> bool:
    """Compares the whole text, upper and lower case apart."""
    return _compiled(pattern).fullmatch(text) is not None


def arn_matches(pattern: str, arn: str) -> bool:
    """Compares field by field: a wildcard never reaches over one of an ARN's first five colons."""
    if pattern == "*":
        return True
    patterns, fields = pattern.split(":", 5), arn.split(":", 5)
    return len(patterns) == len(fields) and all(map(matches, patterns, fields))


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    pieces = (".*" if mark == "*" else "." if mark == "?" else re.escape(mark) for mark in re.split(r"([*?])", pattern))
    return re.compile("".join(pieces), re.DOTALL)
