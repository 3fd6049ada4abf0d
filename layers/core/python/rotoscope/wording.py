"""Numbers as people say them, in mails and in reports."""

from collections.abc import Sequence


def counted(number: int, thing: str) -> str:
    """1 frame, 2 frames."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def listed(names: Sequence[str]) -> str:
    """a, b and c; nothing for nothing."""
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), *names[-1:]])


def file_size(count: int) -> str:
    """1.2 MB, 34 kB."""
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.0f} kB"


def duration(seconds: float) -> str:
    """In the unit that keeps the number small."""
    whole = round(seconds)
    if whole < 120:
        return f"{whole} seconds"
    return f"{whole // 60} minutes" if whole < 7200 else f"{whole / 3600:.1f} hours"


def clock(seconds: float) -> str:
    """1:02.48, or 1:00:02.48."""
    hundredths = round(seconds * 100)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 100:02}.{rest % 100:02}"
    return f"{hours}:{minutes:02}:{tail}" if hours else f"{minutes}:{tail}"


def share(part: float, whole: float) -> str:
    """In percent; under one it is not rounded to nothing."""
    percent = 100 * part / whole if whole else 0.0
    return f"{percent:.0f} %" if percent >= 1 or percent == 0 else f"{percent:.1f} %"


def numbers(ascending: list[int]) -> str:
    """0, 8-11, 20: neighbours drawn together, so that a thousand numbers stay readable."""
    said: list[str] = []
    start = last = None
    for number in [*ascending, None]:
        if last is not None and number == last + 1:
            last = number
            continue
        if start is not None and last is not None:
            said.append(str(start) if start == last else f"{start}-{last}")
        start = last = number
    return ", ".join(said)
