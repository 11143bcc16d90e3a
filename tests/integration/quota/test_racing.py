"""Sixteen threads, two thousand approvals, few leaders: no overrun, no place twice, no deadlock."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from portal.compliance import quota
from portal.compliance.quota import QuotaFull
from portal.config import Settings
from portal.core.context import Actor, acting_as
from portal.core.errors import Conflict
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.factory import create_app
from tests.support.province import arrange

RULE = "outbound.leader-trips"
THREADS, APPROVALS = 16, 2_000
LEADERS, YEARS, LIMIT = range(1, 13), range(2024, 2034), 2


@pytest.fixture
def busy_app(settings: Settings, database) -> Flask:
    """The portal with as many threads as the race has."""
    app = create_app(replace(settings, web_threads=THREADS))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def race(busy_app: Flask, superuser):
    """`race(work)`: work(activity id, dice) for every file, in all threads at once."""
    province = arrange(superuser, today=date(2026, 1, 1))
    day = date(2026, 1, 1)
    with superuser.transaction():
        ids = [province.activity("hoi-an", submitted_on=day) for _ in range(APPROVALS)]
    actor = province["chair"]
    start = threading.Barrier(THREADS)

    def part(number: int, work) -> list[str]:
        dice = random.Random(number)
        start.wait(30)
        return [attempt(busy_app, actor, work, file, dice) for file in ids[number::THREADS]]

    def run(work) -> Counter[str]:
        with ThreadPoolExecutor(THREADS) as pool:
            parts = pool.map(lambda number: part(number, work), range(THREADS))
            return Counter(outcome for outcomes in parts for outcome in outcomes)

    return run


def attempt(app: Flask, actor: Actor, work, file: int, dice: random.Random) -> str:
    with app.app_context(), acting_as(actor):
        try:
            with unit_of_work():
                work(file, dice)
        except QuotaFull:
            return "full"
        except Conflict:
            return "somebody was faster"
        return "approved"


def approve(file: int, dice: random.Random) -> None:
    leaders = dice.sample(LEADERS, dice.randint(1, 4))
    quota.take(RULE, leaders, dice.choice(YEARS), LIMIT, file)


def overruns(superuser) -> list[tuple[object, ...]]:
    return superuser.execute(
        "SELECT subject_id, period, count(*) FROM quota_use GROUP BY 1, 2"
        " HAVING count(*) > %s OR max(slot) > %s OR count(DISTINCT slot) <> count(*)",
        (LIMIT, LIMIT),
    ).fetchall()


@pytest.mark.slow
def test_racing_approvals_never_overrun_and_use_every_place(race, superuser):
    wanted: dict[int, tuple[list[int], int]] = {}

    def work(file: int, dice: random.Random) -> None:
        leaders, year = dice.sample(LEADERS, dice.randint(1, 4)), dice.choice(YEARS)
        wanted[file] = (leaders, year)
        quota.take(RULE, leaders, year, LIMIT, file)

    outcomes = race(work)
    assert overruns(superuser) == []
    assert outcomes["somebody was faster"] == 0, "no deadlock, no time-out"
    assert outcomes["approved"] + outcomes["full"] == APPROVALS
    rows = superuser.execute("SELECT activity_id, subject_id, period FROM quota_use").fetchall()
    held: dict[int, set[int]] = {}
    for file, leader, _ in rows:
        held.setdefault(file, set()).add(leader)
    assert len(held) == outcomes["approved"]
    assert all(set(wanted[file][0]) == leaders for file, leaders in held.items())
    used = Counter((leader, year) for _, leader, year in rows)
    for file, (leaders, year) in wanted.items():
        if file not in held:
            assert any(used[leader, year] == LIMIT for leader in leaders), "refused with room left"


@pytest.mark.slow
def test_approvals_race_cancellations_and_amendments_without_an_overrun(race, superuser):
    def work(file: int, dice: random.Random) -> None:
        approve(file, dice)
        fate = dice.random()
        if fate < 0.3:
            quota.release(file)
        elif fate < 0.5:
            quota.release(file)
            approve(file, dice)

    outcomes = race(work)
    assert overruns(superuser) == []
    assert outcomes["approved"] > 0
    assert outcomes.total() == APPROVALS
