"""Reads what the finders look at: every submitted trip of the last years, in even portions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import text

from portal.extensions import db
from portal.oversight.finders import Supplement, Traveller, Trip

PORTION: Final = 2000
"""Files read by one statement."""
_COUNTED: Final = (
    "('submitted', 'in-appraisal', 'returned', 'appraised',"
    " 'approved', 'under-way', 'completed', 'reported', 'closed')"
)
"""What never left the agency, was withdrawn, refused or cancelled is no trip."""
_TRIPS: Final = text(f"""
    SELECT a.id, a.tenant_id, coalesce(r.departed_on, a.starts_on) AS departs,
           coalesce(r.returned_on, a.ends_on) AS returns, a.countries, o.host_partner,
           o.invitation_from, concat_ws(' ', o.purpose, o.content) AS content, a.urgent,
           a.plan_item_id IS NULL OR i.origin = 'supplement' AS out_of_plan,
           ARRAY(SELECT jsonb_build_array(m.person_id, p.tenant_id, p.key_leader)
                   FROM delegation_member m JOIN person p ON p.id = m.person_id
                  WHERE m.activity_id = a.id AND m.went IS NOT FALSE ORDER BY m.person_id) AS people
      FROM activity a JOIN outbound o ON o.activity_id = a.id
      LEFT JOIN trip_report r ON r.activity_id = a.id
      LEFT JOIN plan_item i ON i.id = a.plan_item_id
     WHERE a.id > :after AND a.state IN {_COUNTED} AND a.starts_on >= :since
       AND a.ends_on >= a.starts_on AND a.paper_register_no IS NULL
     ORDER BY a.id LIMIT {PORTION}
""")  # noqa: S608 - constants only
_SUPPLEMENTS: Final = text(f"""
    SELECT i.id, i.tenant_id, p.year,
           ARRAY(SELECT a.id FROM activity a
                  WHERE a.plan_item_id = i.id AND a.state IN {_COUNTED} ORDER BY a.id) AS files
      FROM plan_item i JOIN plan p ON p.id = i.plan_id
     WHERE i.origin = 'supplement' AND i.kind = 'outbound' AND p.year >= :year
     ORDER BY i.id
""")  # noqa: S608 - constants only
_SUCCESSIONS: Final = text("""
    SELECT predecessor_id, min(successor_id) FROM tenant_succession GROUP BY 1
""")


def trips_since(day: date) -> Iterator[Trip]:
    """Trips that depart on that day or later; acting as the system, who sees all."""
    heirs, after = heirs_of_agencies(), 0
    while True:
        rows = db.session.execute(_TRIPS, {"after": after, "since": day}).all()
        for row in rows:
            yield _trip(row, heirs)
        if len(rows) < PORTION:
            return
        after = rows[-1].id


def supplements_since(year: int) -> Iterator[Supplement]:
    """Outbound items that were added to the plans of that year and later ones."""
    heirs = heirs_of_agencies()
    for row in db.session.execute(_SUPPLEMENTS, {"year": year}):
        agency = heirs.get(row.tenant_id, row.tenant_id)
        yield Supplement(row.id, agency, row.year, tuple(row.files))


def heirs_of_agencies() -> dict[int, int]:
    """Agency → the one that stands for it today, over any number of mergers."""
    direct = {row[0]: row[1] for row in db.session.execute(_SUCCESSIONS)}
    return {agency: _last_heir(agency, direct) for agency in direct}


def _last_heir(agency: int, direct: Mapping[int, int]) -> int:
    seen = {agency}
    while agency in direct and direct[agency] not in seen:
        agency = direct[agency]
        seen.add(agency)
    return agency


def _trip(row: Any, heirs: Mapping[int, int]) -> Trip:
    return Trip(
        id=row.id,
        agency=heirs.get(row.tenant_id, row.tenant_id),
        departs=row.departs,
        returns=row.returns,
        countries=tuple(row.countries),
        host=row.host_partner,
        inviter=row.invitation_from,
        content=row.content,
        urgent=row.urgent,
        out_of_plan=row.out_of_plan,
        travellers=tuple(
            Traveller(person, heirs.get(agency, agency), leader)
            for person, agency, leader in row.people
        ),
    )
