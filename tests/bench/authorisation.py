"""An authorisation decision in a request, against `x in frozenset`, with 10,000 users."""

from __future__ import annotations

import random
import threading
import time
from statistics import median
from typing import Any

from portal.access.enforcer import build_table, permissions_of, rights_table
from portal.access.permissions import Permission
from portal.access.policy import read_policy
from portal.access.roles import Role
from portal.core.context import Actor, Scope

USERS = 10_000
TENANTS = 1_000
DECISIONS = 1_000_000
THREADED_DECISIONS = 10_000_000
THREADS = 8
RUNS = 5


def rows() -> list[dict[str, Any]]:
    """The rows of the benchmark: name, value, unit, floor, ratio, target, and whether it is met."""
    actors = _actors()
    questions = _questions()
    floor = median(_floor(actors, questions) for _ in range(RUNS))
    decision = median(_decisions(actors, questions) for _ in range(RUNS))
    build = median(_build() for _ in range(RUNS))
    decided, wrong, seconds = _threaded()
    return [
        {
            "name": f"authorisation decision, {USERS:,} users, {TENANTS:,} tenants",
            "value": round(decision, 1),
            "unit": "ns",
            "floor": round(floor, 1),
            "ratio": round(decision / floor, 2),
            "target": "<= 100 ns",
            "met": decision <= 100,
        },
        {
            "name": f"wrong decisions of {decided:,} under {THREADS} threads ({seconds:.0f} s)",
            "value": wrong,
            "unit": "wrong",
            "floor": 0,
            "ratio": None,
            "target": "0",
            "met": wrong == 0,
        },
        {
            "name": f"rights table from Casbin, {len(Role)} roles x {len(Permission)} permissions",
            "value": round(build * 1000),
            "unit": "ms",
            "floor": None,
            "ratio": None,
            "target": "<= 200 ms, once a process",
            "met": build <= 0.2,
        },
    ]


def _actors() -> list[Actor]:
    """One actor a user, with the permissions that a request would give them."""
    chance = random.Random(1)
    roles = list(Role)
    actors = []
    for user in range(USERS):
        held = frozenset(chance.sample(roles, chance.choice((1, 1, 1, 2))))
        actors.append(
            Actor(
                user_id=user,
                username=f"user-{user}",
                name="",
                tenant_id=user % TENANTS,
                tenant_name="",
                scope=Scope.OWN,
                roles=held,
                permissions=permissions_of(held),
            )
        )
    return actors


def _questions() -> list[Permission]:
    return random.Random(2).choices(list(Permission), k=DECISIONS // USERS)


def _decisions(actors: list[Actor], questions: list[Permission]) -> float:
    """Nanoseconds for one decision as the guard makes it."""
    allowed = 0
    start = time.perf_counter_ns()
    for actor in actors:
        for permission in questions:
            if permission in actor.permissions:
                allowed += 1
    spent = time.perf_counter_ns() - start
    return spent / (len(actors) * len(questions))


def _floor(actors: list[Actor], questions: list[Permission]) -> float:
    """Nanoseconds for the same loop with a bare frozenset of texts."""
    sets = [frozenset(str(one.value) for one in actor.permissions) for actor in actors]
    names = [str(one.value) for one in questions]
    allowed = 0
    start = time.perf_counter_ns()
    for held in sets:
        for name in names:
            if name in held:
                allowed += 1
    spent = time.perf_counter_ns() - start
    return spent / (len(sets) * len(names))


def _build() -> float:
    policy = read_policy()
    start = time.perf_counter()
    build_table(policy)
    return time.perf_counter() - start


def _threaded() -> tuple[int, int, float]:
    """Ten million decisions from eight threads, each compared with the table."""
    table = rights_table()
    truth = [(role, one, one in table.allowed[role]) for role in Role for one in Permission]
    rounds = -(-THREADED_DECISIONS // (THREADS * len(truth)))
    wrong = [0] * THREADS

    def decide(thread: int) -> None:
        questions = random.Random(thread).sample(truth, len(truth))
        for _ in range(rounds):
            for role, permission, expected in questions:
                if (permission in permissions_of((role,))) is not expected:
                    wrong[thread] += 1

    start = time.perf_counter()
    threads = [threading.Thread(target=decide, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return rounds * len(truth) * THREADS, sum(wrong), time.perf_counter() - start
