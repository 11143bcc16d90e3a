"""A case that names agencies and people by their numbers in the portal instead of describing them.

`{"id": "hoi-an", "tenant_id": 4}` and `{"id": "bà Bình", "person_id": 77}` become the plain entries
that every case file has, with what the portal knows; everything else of the case stays as it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from portal.api import limits
from portal.api.problems import ApiProblem
from portal.compliance.keys import agency_key
from portal.compliance.reader import Fields, Path
from portal.compliance.strict_yaml import MalformedError, dotted
from portal.identity.queries import people_by_id
from portal.identity.types import PersonRow
from portal.tenancy.queries import lineage, predecessors, tenant_kinds
from portal.web.i18n import lazy

HIGHEST: Final = 2**53 - 1
"""The largest number that every program reads from JSON as it was written."""
MOST: Final = 200
"""Agencies and people that one question may name."""

Numbers = dict[int, tuple[str, int]]
"""By their place in a list: the id in the case and the number in the portal."""


@dataclass(frozen=True, slots=True)
class Named:
    """The portal's agencies and people in a case, by what the case calls them."""

    line: Mapping[int, str]
    """The asking agency first, then those it succeeds; empty when nobody is named."""
    people: Mapping[str, PersonRow]
    foreign: frozenset[str]
    """The named people of other agencies: of them only the number of trips is told."""


def named_agency(value: object, path: Path) -> tuple[str, int]:
    """An entry of `agencies` that names one of the portal's."""
    fields = Fields(value, path, ("id", "tenant_id"), "a mapping with id, tenant_id")
    return fields.id("id"), fields.required_integer("tenant_id", 1, HIGHEST)


def named_person(value: object, path: Path) -> tuple[str, int]:
    """An entry of `people` that names one of the portal's."""
    fields = Fields(value, path, ("id", "person_id"), "a mapping with id, person_id")
    return fields.id("id"), fields.required_integer("person_id", 1, HIGHEST)


def filled_in(document: object, tenant_id: int) -> tuple[object, Named]:
    """The document as a plain case, and who was named in it.

    Raises MalformedError, and ApiProblem for another agency (403) or an unknown person (404).
    """
    agencies = _numbers(document, "agencies", "tenant_id", named_agency)
    persons = _numbers(document, "people", "person_id", named_person)
    if not isinstance(document, dict) or not (agencies or persons):
        return document, Named({}, {}, frozenset())
    line = sorted(lineage(tenant_id), key=lambda one: one != tenant_id)
    _only_own(agencies, line)
    rows = _known(persons)
    called = {number: id_ for id_, number in agencies.values()}
    for one in (*line, *(row.tenant_id for row in rows.values())):
        called.setdefault(one, agency_key(one))
    described = _described(called, line)
    named = {place: described.pop(number) for place, (_id, number) in agencies.items()}
    people = {place: _person(id_, rows[number], called) for place, (id_, number) in persons.items()}
    filled = {
        **document,
        "agencies": _replaced(document.get("agencies"), named, described.values()),
        "people": _replaced(document.get("people"), people),
    }
    by_id = {id_: rows[number] for id_, number in persons.values()}
    foreign = frozenset(id_ for id_, row in by_id.items() if row.tenant_id != tenant_id)
    if len(foreign) > limits.FOREIGN_PEOPLE.limit:  # to wait for the next hour would not help
        most = limits.FOREIGN_PEOPLE.limit
        raise MalformedError("people", f"expected at most {most} of other agencies")
    return filled, Named({one: called[one] for one in line}, by_id, foreign)


def _numbers(
    document: object, key: str, number: str, read: Callable[[object, Path], tuple[str, int]]
) -> Numbers:
    """The entries of a list that name somebody; what is no list the reader of the case refuses."""
    entries = document.get(key) if isinstance(document, dict) else None
    found: Numbers = {}
    asked: set[int] = set()
    for place, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and entry.get(number) is not None:
            found[place] = read(entry, (key, place))
            if found[place][1] in asked:
                raise MalformedError(dotted((key, place, number)), "expected each number once")
            if len(found) > MOST:
                raise MalformedError(key, f"expected at most {MOST} of the portal")
            asked.add(found[place][1])
    return found


def _only_own(agencies: Numbers, line: Iterable[int]) -> None:
    for place, (_id, asked) in agencies.items():
        if asked not in line:
            raise ApiProblem(
                "not-yours",
                lazy("A token asks about the history of its own agency only."),
                key=dotted(("agencies", place, "tenant_id")),
            )


def _known(persons: Numbers) -> Mapping[int, PersonRow]:
    known = people_by_id(asked for _id, asked in persons.values())
    for place, (_id, asked) in persons.items():
        if asked not in known:
            raise ApiProblem(
                "unknown-person",
                lazy("The portal knows no person with the number %(number)s.", number=asked),
                key=dotted(("people", place, "person_id")),
            )
    return known


def _described(called: Mapping[int, str], line: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The plain entry of every agency; of the own line it says whom each one succeeds."""
    kinds = tenant_kinds(called)
    earlier = predecessors(line)
    return {
        one: {
            "id": id_,
            "kind": kinds[one],
            "succeeds": [called[before.tenant_id] for before in earlier.get(one, ())],
        }
        for one, id_ in called.items()
    }


def _person(id_: str, row: PersonRow, called: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": id_,
        "agency": called[row.tenant_id],
        "key_leader": row.key_leader,
        "managed_by": row.managed_by,
        "sensitive_post": row.sensitive_post,
    }


def _replaced(
    entries: Any, described: Mapping[int, dict[str, Any]], more: Iterable[dict[str, Any]] = ()
) -> Any:
    """The list with the entries that only named somebody described, and `more` after them."""
    if not isinstance(entries, list | None):
        return entries  # which the reader of the case refuses in its own words
    plain = [described.get(place, entry) for place, entry in enumerate(entries or ())]
    return [*plain, *more]
