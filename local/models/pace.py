"""The requests-per-minute quota, enforced per model and Region."""

import threading
from collections import defaultdict, deque
from collections.abc import Callable


class Pace:
    """At most `per_minute` calls in any 60 s; AWS does not say how it counts, and this is the strictest reading."""

    def __init__(self, per_minute: float | None, clock: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)

    def admits(self, key: str) -> bool:
        """Take one place of the key's current minute; False, and nothing taken, where there is none."""
        if self._per_minute is None:
            return True
        with self._lock:
            now, times = self._clock(), self._times[key]
            while times and now - times[0] >= 60.0:
                times.popleft()
            if len(times) >= self._per_minute:
                return False
            times.append(now)
            return True
