"""How often somebody may try a password: growing delays for each account and each address.

An attempt is counted before the password is looked at, in one step, so that a hundred attempts at
the same moment are a hundred. Redis counts for all processes; while it is lost each process counts
for itself: the door is a little wider then, never open.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from redis.exceptions import RedisError

from portal.core import clock
from portal.extensions import redis

log = logging.getLogger(__name__)

_REMEMBERED: Final = 20_000
"""Accounts and addresses that one process remembers without Redis."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` attempts without delay, then 1, 2, 4 … seconds up to `longest`; memory in seconds."""

    free: int
    longest: int
    memory: int = 3600

    def delay(self, attempts: int) -> int:
        """Seconds to wait after so many attempts."""
        over = attempts - self.free
        return 0 if over < 0 else min(2 ** min(over, 20), self.longest)


ACCOUNT: Final = Limit(free=5, longest=300)
ADDRESS: Final = Limit(free=60, longest=300)
"""A whole district office may stand behind one address."""

# Refuses while one of the keys is closed, else counts the attempt on all of them. 'open' is when
# the next attempt may be made.
_ADMIT: Final = """
local now, wait = tonumber(ARGV[1]), 0
for _, key in ipairs(KEYS) do
  wait = math.max(wait, tonumber(redis.call('HGET', key, 'open') or '0') - now)
end
if wait > 0 then return tostring(wait) end
for i, key in ipairs(KEYS) do
  local free, longest, memory = tonumber(ARGV[3*i-1]), tonumber(ARGV[3*i]), tonumber(ARGV[3*i+1])
  local over = redis.call('HINCRBY', key, 'n', 1) - free
  if over >= 0 then
    redis.call('HSET', key, 'open', tostring(now + math.min(2 ^ math.min(over, 20), longest)))
  end
  redis.call('EXPIRE', key, memory)
end
return '0'
"""
# A success forgets the account's attempts and takes its own from the address.
_FORGET: Final = """
redis.call('DEL', KEYS[1])
if tonumber(redis.call('HGET', KEYS[2], 'n') or '0') > 0 then
  redis.call('HINCRBY', KEYS[2], 'n', -1)
  redis.call('HDEL', KEYS[2], 'open')
end
return 1
"""


def admit(account: str, address: str) -> int:
    """Count an attempt. 0 = go on; else the seconds to wait, and nothing was counted."""
    keys, now = _keys(account, address), clock.now().timestamp()
    limits = [part for one in (ACCOUNT, ADDRESS) for part in (one.free, one.longest, one.memory)]
    try:
        answer = redis().eval(_ADMIT, 2, *keys, repr(now), *map(str, limits))
        return math.ceil(float(answer))
    except RedisError:
        log.warning("Redis does not answer; sign-in attempts are counted in this process only")
        return _local.admit(keys, now)


def succeeded(account: str, address: str) -> None:
    """The password was right: the account's delays are forgotten."""
    keys = _keys(account, address)
    _local.forget(keys)
    try:
        redis().eval(_FORGET, 2, *keys)
    except RedisError:
        log.warning("Redis does not answer; a sign-in's attempts stay counted there")


def _keys(account: str, address: str) -> tuple[str, str]:
    return f"sign-in:account:{_digest(account)}", f"sign-in:address:{_digest(_network(address))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]


def _network(address: str) -> str:
    """One subscriber of IPv6 has a whole /64 of addresses."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


@dataclass(slots=True)
class _Count:
    attempts: int = 0
    opens_at: float = 0.0
    seen_at: float = 0.0


class LocalThrottle:
    """The same counting in one process, bounded in size; safe between threads."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, _Count] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, keys: tuple[str, str], now: float) -> int:
        with self._lock:
            counts = [self._count(*pair, now) for pair in zip(keys, _LIMITS, strict=True)]
            wait = max(count.opens_at for count in counts) - now
            if wait > 0:
                return math.ceil(wait)
            for count, limit in zip(counts, _LIMITS, strict=True):
                count.attempts += 1
                count.seen_at = now
                count.opens_at = now + limit.delay(count.attempts)
            return 0

    def forget(self, keys: tuple[str, str]) -> None:
        with self._lock:
            self._counts.pop(keys[0], None)
            address = self._counts.get(keys[1])
            if address is not None and address.attempts:
                address.attempts -= 1
                address.opens_at = 0.0

    def _count(self, key: str, limit: Limit, now: float) -> _Count:
        count = self._counts.setdefault(key, _Count(seen_at=now))
        self._counts.move_to_end(key)
        if now - count.seen_at > limit.memory:
            count.attempts, count.opens_at = 0, 0.0
        if len(self._counts) > _REMEMBERED:
            self._counts.popitem(last=False)
        return count


_LIMITS: Final = (ACCOUNT, ADDRESS)
_local: Final = LocalThrottle()
