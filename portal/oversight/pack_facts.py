"""What an inspector's pack tells: plain facts in a fixed order, under row-level security.

Of a file that is kept on paper only its register number, state and days are told. Codes stay codes
here and in the JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import TextClause, text

from portal.activities.kept_verdicts import sentences
from portal.compliance.enacted import known_version
from portal.core.clock import LOCAL
from portal.extensions import db
from portal.oversight import words
from portal.oversight.pack_tables import TABLES
from portal.tenancy.queries import tenant_names
from portal.web.i18n import LazyText, locale

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose files a pack holds; what is None does not narrow it. `year` is that of departure."""

    tenant_id: int | None = None
    person_id: int | None = None
    year: int | None = None

    def __post_init__(self) -> None:
        if self.tenant_id is None and self.person_id is None and self.year is None:
            raise ValueError("a pack is of an agency, a person or a year")

    def as_dict(self) -> dict[str, int]:
        given = {"tenant_id": self.tenant_id, "person_id": self.person_id, "year": self.year}
        return {key: value for key, value in given.items() if value is not None}

    @property
    def parameters(self) -> dict[str, Any]:
        """What the statements of a pack ask for; the year is that of Việt Nam's clocks."""
        since = until = None
        if self.year is not None:
            since = datetime(self.year, 1, 1, tzinfo=LOCAL)
            until = datetime(self.year + 1, 1, 1, tzinfo=LOCAL)
        return {
            "tenant": self.tenant_id,
            "person": self.person_id,
            "year": self.year,
            "since": since,
            "until": until,
        }


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of facts: machine name, its title and those of its columns, the rows."""

    name: str
    title: LazyText
    columns: Sequence[tuple[str, LazyText]]
    rows: Rows


# Of a verdict that somebody altered nothing is read: it may be no JSON any more.
# A file belongs to the year in which it was to begin or really began; without days, of its draft.
_WANTED: Final = """
WITH wanted AS MATERIALIZED (
    SELECT a.*, a.paper_register_no IS NULL AS told FROM activity a
     WHERE (CAST(:tenant AS bigint) IS NULL OR a.tenant_id = :tenant)
       AND (CAST(:person AS bigint) IS NULL OR a.lead_person_id = :person
            OR EXISTS (SELECT 1 FROM delegation_member m
                        WHERE m.activity_id = a.id AND m.person_id = :person))
       AND (CAST(:year AS int) IS NULL OR extract(year FROM a.starts_on) = :year
            OR EXISTS (SELECT 1 FROM trip_report r WHERE r.activity_id = a.id
                          AND extract(year FROM r.departed_on) = :year)
            OR (a.starts_on IS NULL AND a.created_at >= :since AND a.created_at < :until))
), kept AS (
    SELECT v.*, sha256(convert_to('[' || v.facts || ',' || v.result || ']', 'UTF8')) = v.hash
               AS intact
      FROM wanted w JOIN verdict v ON v.activity_id = w.id
)
"""


def over_wanted(statement: str) -> TextClause:
    """A statement that may read from `wanted` and `kept`: files of the scope, their verdicts."""
    return text(f"{_WANTED} {statement}")


def count_files(scope: Scope) -> int:
    """How many files the pack would tell of."""
    counted = db.session.execute(over_wanted("SELECT count(*) FROM wanted"), scope.parameters)
    return int(counted.scalar_one())


def tables(scope: Scope) -> list[Table]:
    """Every table of the pack, as the acting person may read it."""
    found = []
    for name, title, columns, statement in TABLES:
        asked = db.session.execute(over_wanted(statement), scope.parameters)
        rows = [tuple(map(plain, row)) for row in asked]
        found.append(Table(name, title, columns, _IN_WORDS.get(name, list)(rows)))
    return found


def _rules(rows: Rows) -> Rows:
    return [(*row, *_law(row[0], row[1])) for row in rows]


def _law(rule: str, id_: str) -> tuple[str | None, ...]:
    """Title, effect, numbers, grantor and legal basis of a version; nothing when it is gone."""
    version = known_version(rule, id_)
    if version is None:
        return (None,) * 5
    title = version.title.en if locale() == "en" else version.title.vi
    basis = (f"{basis.document}, {basis.clause}" for basis in version.legal_basis)
    numbers = json.dumps(dict(version.params))
    return title, version.severity, numbers, version.waivable_by, "; ".join(basis)


def _findings(rows: Rows) -> Rows:
    """With the sentence that an official reads, files called by their numbers."""
    keys = ("rule", "version", "severity", "waived")
    kept = [dict(zip(keys, row[2:6], strict=True)) | {"facts": json.loads(row[6])} for row in rows]
    return [(*row, said) for row, said in zip(rows, sentences(kept), strict=True)]


def _signals(rows: Rows) -> Rows:
    """With what was seen in one sentence, in place of the agencies' numbers."""
    names = tenant_names({id_ for row in rows for id_ in row[-1]})
    return [
        (*row[:-1], words.sentence(row[1], words.seen(json.loads(row[2]), row[-1], names)))
        for row in rows
    ]


_IN_WORDS: Final[Mapping[str, Callable[[Rows], Rows]]] = {
    "rules": _rules,
    "findings": _findings,
    "signals": _signals,
}
"""What is added to the rows of a table that SQL cannot say."""


def plain(value: Any) -> Any:
    """The value as JSON has it: days and moments in ISO, the latter in Việt Nam's time."""
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
