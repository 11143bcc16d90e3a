"""Who works in the demo province: invented people, their posts and their accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from portal.demo import data
from portal.demo.data import Post, Unit

PASSWORD: Final = "quang-nam-2024"  # noqa: S105 - public on purpose: nothing but sample data
"""The one password of every demo account."""

_LEADERS_WHO_ARE_WOMEN: Final = 0.28
_OTHERS_WHO_ARE_WOMEN: Final = 0.45


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody invented. `number` is the place in the list of all, from 0."""

    number: int
    unit: str
    full_name: str
    honorific: str
    post: Post


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account: who signs in, and as what in which unit."""

    username: str
    person: DemoPerson
    unit: str
    roles: tuple[str, ...]
    fields: tuple[str, ...] = ()


TOUR: Final = ("hoian.cb", "hoian.ld", "sngv.cb", "sngv.ld", "ca.cb", "ubnd.ct")
"""The accounts of the README's tour, in its order."""

SECOND_UNIT: Final = {"sngv.nv": ("huunghi", ("officer",))}
"""Accounts with an office in a second unit."""

STAND_IN: Final = ("skhdt.ld", "skhdt.uq")
"""Whose office the second account acts in for a while."""


@cache
def people() -> tuple[DemoPerson, ...]:
    """Everybody, by unit and post; no two have the same name."""
    random = Random("the people of the demo province")
    taken: set[str] = set()
    found: list[DemoPerson] = []
    for unit in data.units():
        for post in data.posts_of(unit):
            woman = random.random() < (
                _LEADERS_WHO_ARE_WOMEN if post.key else _OTHERS_WHO_ARE_WOMEN
            )
            name = next(n for n in _invented(random, unit, woman=woman) if n not in taken)
            taken.add(name)
            found.append(DemoPerson(len(found), unit.slug, name, "bà" if woman else "ông", post))
    return tuple(found)


@cache
def people_of(slug: str) -> tuple[DemoPerson, ...]:
    """Who works in this unit, leaders first."""
    return tuple(person for person in people() if person.unit == slug)


@cache
def accounts() -> tuple[DemoAccount, ...]:
    """Every account; those of the tour first, in its order."""
    all_units = {unit.slug: unit for unit in data.units()}
    found = [
        DemoAccount(
            _username(person),
            person,
            person.unit,
            _roles(all_units[person.unit], person.post),
            _fields(all_units[person.unit], person.post),
        )
        for person in people()
        if person.post.account and _roles(all_units[person.unit], person.post)
    ]
    place = {name: number for number, name in enumerate(TOUR)}
    return tuple(sorted(found, key=lambda account: place.get(account.username, len(place))))


@cache
def account(username: str) -> DemoAccount:
    """The account with this user name."""
    return next(one for one in accounts() if one.username == username)


def _username(person: DemoPerson) -> str:
    own = person.post.account
    return own[1:] if own.startswith("=") else f"{person.unit}.{own}"


def _roles(unit: Unit, post: Post) -> tuple[str, ...]:
    # A unit without internal review needs nobody who reviews.
    return tuple(role for role in post.roles if unit.review or role != "reviewer")


def _fields(unit: Unit, post: Post) -> tuple[str, ...]:
    return data.fields_of(unit) if post.fields == "own" else tuple(post.fields)


def _invented(random: Random, unit: Unit, *, woman: bool) -> Iterator[str]:
    parts = data.names()
    own = parts.women if woman else parts.men
    while True:
        highland = unit.highland and random.random() < 0.75
        family = random.choice(parts.highland_family if highland else parts.family)
        middle, given = random.choice(own["middle"]), random.choice(own["given"])
        if highland and not woman and random.random() < 0.6:
            yield f"{family} {given}"
        else:
            yield f"{family} {middle} {given}"
