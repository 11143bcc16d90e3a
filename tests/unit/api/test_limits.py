"""How often a program may ask, while Redis counts and while it is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.exceptions import ConnectionError as Lost

from portal.api import limits
from portal.api.limits import LocalWindows, Window, take
from portal.core.clock import frozen_at

NOON = datetime(2026, 9, 7, 12, 0, 10, tzinfo=UTC)
THREE_A_MINUTE = Window("test", 3, 60)


class NoRedis:
    def eval(self, *_anything: Any) -> int:
        raise Lost("gone")


@pytest.fixture(autouse=True)
def _redis_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "redis", NoRedis)
    monkeypatch.setattr(limits, "_local", LocalWindows())


def test_without_redis_the_limit_still_holds_and_tells_how_long_to_wait() -> None:
    with frozen_at(NOON):
        assert [take(THREE_A_MINUTE, 1) for _ in range(3)] == [0, 0, 0]
        assert take(THREE_A_MINUTE, 1) == 50
        assert take(THREE_A_MINUTE, 2) == 0, "somebody else's questions are not counted"
    with frozen_at(NOON + timedelta(seconds=50)):
        assert take(THREE_A_MINUTE, 1) == 0, "the next minute begins anew"


def test_what_does_not_fit_takes_no_place() -> None:
    with frozen_at(NOON):
        assert take(THREE_A_MINUTE, 1, cost=4) > 0
        assert take(THREE_A_MINUTE, 1, cost=2) == 0
        assert take(THREE_A_MINUTE, 1, cost=2) > 0
        assert take(THREE_A_MINUTE, 1, cost=1) == 0


def test_a_process_remembers_a_bounded_number_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_REMEMBERED", 2)
    windows = LocalWindows()
    assert windows.take("a", 1, 1)
    assert windows.take("b", 1, 1)
    assert not windows.take("b", 1, 1)
    assert windows.take("c", 1, 1)
    assert windows.take("a", 1, 1), "the oldest is forgotten"
