"""Whom and what the numbers in the audit log mean.

The log keeps ids only, so that its chain never hangs on a name; what they are called today is
looked up for the page that is read, with the reader's own rights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from portal.identity.queries import accounts_called, people_by_id
from portal.tenancy.queries import tenant_names

Names = Mapping[tuple[str, int], str]
"""By what it is (`user`, `person`, `tenant`) and its number."""

MEANT: Final[Mapping[str, str]] = {
    "user_id": "user",
    "person_id": "person",
    "person_ids": "person",
    "tenant_id": "tenant",
    # Of somebody who acts for another agency now; states of a file are no numbers.
    "from": "tenant",
    "to": "tenant",
}
"""Facts that are numbers, and of what."""


def numbers_in(data: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """What the facts of an entry name by number."""
    for key, kind in MEANT.items():
        value = data.get(key)
        for number in value if isinstance(value, list) else [value]:
            if type(number) is int:
                yield kind, number


def names_of(numbers: Iterable[tuple[str, int]]) -> Names:
    """Their names, with the agency of people and accounts; what is gone is left out."""
    wanted = set(numbers)
    return {
        (kind, number): name
        for kind, look_up in _LOOKED_UP.items()
        for number, name in look_up({id_ for of, id_ in wanted if of == kind}).items()
    }


def _people_called(ids: set[int]) -> dict[int, str]:
    return {
        id_: f"{person.honorific} {person.full_name} ({person.tenant_name})"
        for id_, person in people_by_id(ids).items()
    }


_LOOKED_UP: Final[Mapping[str, Callable[[set[int]], dict[int, str]]]] = {
    "user": accounts_called,
    "person": _people_called,
    "tenant": tenant_names,
}
