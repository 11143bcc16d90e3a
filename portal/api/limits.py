"""How often a program may ask: so many in a fixed window, then it waits for the next one.

Redis counts for all processes; while it is lost each process counts for itself: the limit is a
little wider then, never gone.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from redis.exceptions import RedisError

from portal.api.problems import ApiProblem
from portal.core import clock
from portal.extensions import redis
from portal.web.i18n import lazy

log = logging.getLogger(__name__)

_REMEMBERED: Final = 10_000
"""Windows that one process remembers without Redis."""

# Takes `cost` places of a window unless that would pass its limit. 1 = taken.
_TAKE: Final = """
local used = tonumber(redis.call('GET', KEYS[1]) or '0') + tonumber(ARGV[1])
if used > tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], used, 'EX', ARGV[3])
return 1
"""


@dataclass(frozen=True, slots=True)
class Window:
    """`limit` questions in each window of `seconds`."""

    name: str
    limit: int
    seconds: int


QUESTIONS: Final = Window("questions", 120, 60)
"""Of one token. A long question counts as several: its work grows with its length."""
ONE_QUESTION: Final = 64 * 1024
"""Bytes that count as one question."""
FOREIGN_PEOPLE: Final = Window("foreign-people", 60, 3600)
"""People of other agencies that one agency asks about, with all its tokens together."""
WRONG_TOKENS: Final = Window("wrong-tokens", 30, 60)
"""From one address."""


def take(window: Window, who: object, cost: int = 1) -> int:
    """Count `cost` questions of `who`. 0 = go on; else the seconds to wait, nothing was counted."""
    now = clock.now().timestamp()
    number = int(now // window.seconds)
    key = f"api:{window.name}:{who}:{number}"
    try:
        taken = bool(redis().eval(_TAKE, 1, key, cost, window.limit, window.seconds))
    except RedisError:
        log.warning("Redis does not answer; questions are counted in this process only")
        taken = _local.take(key, cost, window.limit)
    return 0 if taken else max(1, math.ceil((number + 1) * window.seconds - now))


def admit(token_id: int | None, questions: int = 1) -> None:
    """Count questions of a token. Raises ApiProblem when it asks too often."""
    wait = take(QUESTIONS, token_id, questions)
    if wait:
        most = QUESTIONS.limit
        raise ApiProblem(
            "too-many", lazy("At most %(most)s questions a minute.", most=most), wait=wait
        )


class LocalWindows:
    """The same counting in one process, bounded in size; safe between threads."""

    def __init__(self) -> None:
        self._used: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str, cost: int, limit: int) -> bool:
        with self._lock:
            used = self._used.pop(key, 0)
            fits = used + cost <= limit
            self._used[key] = used + cost if fits else used
            if len(self._used) > _REMEMBERED:
                self._used.popitem(last=False)
            return fits


_local: Final = LocalWindows()
