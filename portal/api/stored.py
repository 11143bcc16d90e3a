"""What the portal itself knows beside a case: the agency's plans and files, its people's trips.

Of people of other agencies only the number of their trips enters: each trip stands there once for
each of them, with nothing but its year, of no agency and under an id that no question can hold.
So no rule, whatever the case says, can tell one of these trips from another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from msgspec.structs import replace

from portal.activities.kinds.outbound.facts import counted, leaders_in, planned
from portal.activities.kinds.outbound.lookups import Row, surroundings
from portal.api.named import Named
from portal.compliance.facts import (
    DECIDED,
    PENDING,
    Case,
    Member,
    Outbound,
    Plan,
    PlanItem,
    Status,
)
from portal.compliance.keys import item_key, person_key

HIDDEN: Final = "\0"
"""The id of what may not be told. A question with NUL in it is never read."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Plans and files of the portal, by what the case calls agencies and people."""

    plans: tuple[Plan, ...]
    history: tuple[Outbound, ...]
    leaders: Mapping[str, str]
    """What those are called who are to head a planned delegation and are not in the case."""

    def beside(self, case: Case) -> Case:
        """The case with them. A file that the case itself describes counts as it says, once."""
        said = {entry.id for entry in case.history}
        more = (entry for entry in self.history if entry.id not in said)
        return replace(case, plans=(*case.plans, *self.plans), history=(*case.history, *more))

    def trips(self, person: str, case: Case) -> tuple[int, int]:
        """Somebody's decided and pending trips in the year of the event, the proposal apart."""
        found = [
            entry.status
            for entry in self.history
            if entry.departs is not None
            and entry.departs.year == case.event_date.year
            and entry.id != case.proposal.id
            and any(member.person == person for member in entry.members)
        ]
        return sum(s in DECIDED for s in found), sum(s in PENDING for s in found)


def stored_beside(case: Case, named: Named) -> Stored:
    """What counts in the year of the event; one statement."""
    year = case.event_date.year
    ids = {row.id: id_ for id_, row in named.people.items()}
    around = surroundings(
        tuple(named.line), {year, case.as_of.year}, year, case.as_of, people=tuple(ids)
    )
    items = _items(around.plans, named)
    entries = [entry for row in around.history for entry in _entries(row, named, ids, items)]
    plans = [*_plans(around.plans, named, ids, items), *_elsewhere(around.history, named, items)]
    return Stored(tuple(plans), tuple(entries), leaders_in(around.plans))


def _items(rows: Sequence[Row], named: Named) -> dict[int, str]:
    """Items by year and code, as people call them; an earlier agency's namesake by its number."""
    own = next(iter(named.line))
    codes: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: bool(row["tenant_id"] != own)):
        codes.setdefault(f"{row['year']}/{row['code']}", row["id"])
    return {row["id"]: item_key(row["id"]) for row in rows} | {
        id_: code for code, id_ in codes.items()
    }


def _plans(
    rows: Sequence[Row], named: Named, ids: Mapping[int, str], items: Mapping[int, str]
) -> Iterator[Plan]:
    plans: dict[int, list[Row]] = {}
    for row in rows:
        plans.setdefault(row["plan_id"], []).append(row)
    for lines in plans.values():
        stated = [
            replace(planned(row), id=items[row["id"]], leader=_leader(row, ids)) for row in lines
        ]
        first = lines[0]
        yield Plan(named.line[first["tenant_id"]], first["year"], first["status"], tuple(stated))


def _leader(row: Row, ids: Mapping[int, str]) -> str | None:
    leader = row["leader_id"]
    return None if leader is None else ids.get(leader, person_key(leader))


def _elsewhere(history: Sequence[Row], named: Named, items: Mapping[int, str]) -> Iterator[Plan]:
    """Whether a file was out of plan lies in the origin of its item, in whatever plan it is."""
    for row in history:
        item, day = row["plan_item_id"], row["starts_on"] or row["submitted_on"]
        if row["tenant_id"] in named.line and item is not None and item not in items and day:
            stated = PlanItem(item_key(item), "outbound", row["origin"])
            yield Plan(named.line[row["tenant_id"]], day.year, "approved", (stated,))


def _entries(
    row: Row, named: Named, ids: Mapping[int, str], items: Mapping[int, str]
) -> Iterator[Outbound]:
    """The files of the agency itself in full; another's as far as its people are concerned."""
    entry, item = counted(row), row["plan_item_id"]
    planned_as = None if item is None else items.get(item, item_key(item))
    going = tuple(Member(ids[one]) for one in row["members"])
    if row["tenant_id"] in named.line:
        home = named.line[row["tenant_id"]]
        yield replace(entry, agency=home, plan_item=planned_as, members=going)
        return
    own = tuple(member for member in going if member.person not in named.foreign)
    if own:
        yield Outbound(
            id=entry.id,
            agency=HIDDEN,
            status=entry.status,
            departs=entry.departs,
            returns=entry.returns,
            members=own,
        )
    yield from (_hidden(entry, (one,)) for one in going if one.person in named.foreign)
    if item in items:
        yield replace(_hidden(entry, ()), plan_item=planned_as)


def _hidden(entry: Outbound, members: tuple[Member, ...]) -> Outbound:
    """That something counts in its year, and nothing else of it."""
    status: Status = "approved" if entry.status in DECIDED else "submitted"
    year = entry.departs and date(entry.departs.year, 1, 1)
    return Outbound(id=HIDDEN, agency=HIDDEN, status=status, departs=year, members=members)
