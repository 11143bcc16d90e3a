"""Attempts at the door are counted by one process too, the same as by Redis."""

import threading

import pytest

from portal.identity import throttle
from portal.identity.throttle import ACCOUNT, ADDRESS, LocalThrottle

KEYS = ("account", "address")


def test_the_first_attempts_are_free_then_the_delay_doubles_up_to_five_minutes() -> None:
    delays = [ACCOUNT.delay(n) for n in range(1, 20)]
    assert delays[:4] == [0] * 4
    assert delays[4:12] == [1, 2, 4, 8, 16, 32, 64, 128]
    assert max(delays) == 300
    assert ACCOUNT.delay(10**6) == 300


def test_while_the_delay_lasts_nothing_is_admitted_or_counted() -> None:
    counts = LocalThrottle()
    for _ in range(ACCOUNT.free):
        assert counts.admit(KEYS, 100.0) == 0
    assert [counts.admit(KEYS, 100.0) for _ in range(50)] == [1] * 50
    assert counts.admit(KEYS, 101.0) == 0
    assert counts.admit(KEYS, 101.0) == 2


def test_a_success_forgets_the_account_and_takes_its_own_attempt_from_the_address() -> None:
    counts = LocalThrottle()
    for _ in range(ACCOUNT.free):
        counts.admit(KEYS, 100.0)
    counts.forget(KEYS)
    assert counts.admit(KEYS, 100.0) == 0
    assert counts._counts["address"].attempts == ACCOUNT.free


def test_an_hour_of_rest_forgets_the_attempts() -> None:
    counts = LocalThrottle()
    for _ in range(ACCOUNT.free):
        counts.admit(KEYS, 100.0)
    assert counts.admit(KEYS, 100.5) == 1
    later = 100.0 + ACCOUNT.memory + 1
    assert [counts.admit(KEYS, later) for _ in range(ACCOUNT.free)] == [0] * ACCOUNT.free


def test_a_hundred_attempts_at_the_same_moment_are_a_hundred() -> None:
    counts = LocalThrottle()
    admitted: list[int] = []
    threads = [
        threading.Thread(target=lambda: admitted.append(counts.admit(KEYS, 100.0)))
        for _ in range(100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert admitted.count(0) == ACCOUNT.free


def test_what_one_process_remembers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_REMEMBERED", 10)
    counts = LocalThrottle()
    for n in range(100):
        counts.admit((f"account {n}", "address"), 100.0)
    assert len(counts._counts) <= 10


def test_one_subscriber_of_ipv6_is_one_address() -> None:
    same = [throttle._network(one) for one in ("2001:db8::1", "2001:db8::ffff:2")]
    assert same[0] == same[1]
    assert throttle._network("2001:db8:0:1::1") != same[0]
    assert throttle._network("::ffff:10.0.0.1") != throttle._network("::ffff:10.0.0.2")
    assert throttle._network("nonsense") == "unknown"


def test_an_office_of_sixty_behind_one_address_is_not_kept_waiting() -> None:
    counts = LocalThrottle()
    assert all(counts.admit((f"account {n}", "address"), 100.0) == 0 for n in range(ADDRESS.free))
