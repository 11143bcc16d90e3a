"""So many in a minute for each person; what comes on top is counted, not forgotten."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from portal.core import clock

_REMEMBERED: Final = 4096
"""People remembered at once; whoever was idle longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`last`: the limit is reached with this one; `skipped`: so many went uncounted for before."""

    admitted: bool
    last: bool = False
    skipped: int = 0


@dataclass(slots=True)
class _Count:
    minute: int
    admitted: int = 0
    skipped: int = 0


class Throttle:
    """Safe between threads; each process counts for itself."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counts: OrderedDict[object, _Count] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, who: object) -> Verdict:
        """Count one more for `who`."""
        minute = int(clock.now().timestamp()) // 60
        with self._lock:
            count = self._counts.setdefault(who, _Count(minute))
            self._counts.move_to_end(who)
            if len(self._counts) > _REMEMBERED:
                self._counts.popitem(last=False)
            if count.minute != minute:
                count.minute, count.admitted = minute, 0
            if count.admitted >= self._limit:
                count.skipped += 1
                return Verdict(admitted=False)
            count.admitted += 1
            skipped, count.skipped = count.skipped, 0
            return Verdict(True, last=count.admitted == self._limit, skipped=skipped)
