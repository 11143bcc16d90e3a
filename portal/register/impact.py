"""What a version that is not published yet would change, counted by a worker.

Only the rule that changes is judged twice; a file whose findings of that rule differ is then
judged whole by both laws. Lines of plans on which no file stands yet are judged by what they say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, text

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.compliance.enacted import law_in_force, read_own
from portal.compliance.engine import findings_by, judge
from portal.compliance.facts import Case
from portal.compliance.models import ImpactRun, RuleVersion
from portal.compliance.regulations import Regulations, Version
from portal.compliance.rules import RULES
from portal.compliance.verdicts import restore
from portal.core.context import current_actor
from portal.core.errors import Denied
from portal.core.runs import Runs
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.plans.types import PlannedYear
from portal.register import impact_lines

RUNS: Final = Runs(
    ImpactRun,
    "portal.register.impact.run_waiting",
    longest=900,
    silent=timedelta(minutes=2),
)
BATCH: Final = 5_000
AT_ONCE: Final = 100
"""Rows that the server sends together."""
EXAMPLES: Final = 100
"""Files and lines that are named; the counts tell of the rest."""

_ROWS: Final = """
    SELECT v.activity_id, v.tenant_id, v.facts FROM verdict v
     WHERE v.id > %(after)s AND v.id <= %(until)s
       AND NOT EXISTS (SELECT 1 FROM verdict w WHERE w.activity_id = v.activity_id AND w.id > v.id)
     ORDER BY v.id
"""


@dataclass(slots=True)
class Tally:
    """What would change so far."""

    considered: int = 0
    by_tenant: Counter[int] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)

    def take(self, tenant_id: int, example: dict[str, Any]) -> None:
        self.by_tenant[tenant_id] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append({"tenant_id": tenant_id, **example})

    def as_dict(self) -> dict[str, Any]:
        return {
            "considered": self.considered,
            "changed": self.by_tenant.total(),
            "by_tenant": {str(id_): count for id_, count in self.by_tenant.most_common()},
            "examples": self.examples,
        }


class Comparison:
    """The law of today beside the law with one more version."""

    def __init__(self, version: Version, law: Regulations) -> None:
        self.rule, self.since = version.rule, version.valid_from
        self.old, self.new = law, law.with_own([version])

    def concerns(self, case: Case) -> bool:
        """Whether the new version would be asked at all: of this kind, from its first day on."""
        return case.event_date >= self.since and RULES[self.rule].concerns(case.proposal.kind)

    def of(self, case: Case) -> tuple[str, str] | None:
        """Verdict before and after, where the findings of the rule differ; else None."""
        if self._findings(case, self.old) == self._findings(case, self.new):
            return None
        return judge(case, self.old).verdict, judge(case, self.new).verdict

    def _findings(self, case: Case, law: Regulations) -> list[tuple[str, str, bool]]:
        segment, ids = law.in_force(case.proposal.kind, case.province, case.event_date)
        only = tuple([pair for pair in segment if pair[0].id == self.rule])
        found = findings_by(case, only, ids, law)
        return sorted([(f.subject, f.severity, f.waived) for f in found])


def ask(row: RuleVersion) -> None:
    """Promise to count what the version would change."""
    actor = current_actor()
    if actor is None:
        raise Denied
    wanted = Permission.REGULATION_DRAFT
    require(wanted if actor.may(wanted) else Permission.REGULATION_PUBLISH)
    with unit_of_work():
        db.session.add(
            ImpactRun(rule_version_id=row.id, revision=row.revision, requested_by=actor.user_id)
        )
        RUNS.ring()


def latest(row: RuleVersion) -> ImpactRun | None:
    """The last count of this draft as it stands; None when it was changed since."""
    return db.session.scalars(
        select(ImpactRun)
        .where(ImpactRun.rule_version_id == row.id, ImpactRun.revision == row.revision)
        .order_by(ImpactRun.id.desc())
        .limit(1)
    ).one_or_none()


def is_counted(row: RuleVersion) -> bool:
    """Whether it has been counted what this draft, as it stands, would change."""
    run = latest(row)
    return run is not None and run.state == "done"


def take_up_again() -> int:
    """Ring for every count whose bell or worker was lost; returns how many there were."""
    return RUNS.take_up_again()


def run_waiting() -> int:
    """Count for every run that waits; returns how many."""
    return RUNS.carry_out(lambda run_id: {"result": _counted(run_id)})


def _counted(run_id: int) -> dict[str, Any]:
    run = db.session.get_one(ImpactRun, run_id)
    row = db.session.get_one(RuleVersion, run.rule_version_id)
    version = read_own(row)
    comparison = Comparison(version, law_in_force())
    last = db.session.execute(text("SELECT coalesce(max(id), 0) FROM verdict")).scalar_one()
    years = impact_lines.years_of(version)
    total = last + sum(len(year.items) for year in years)
    _note(run_id, total=total)
    files = _files_changed(run_id, comparison, last)
    lines = _lines_changed(run_id, version, comparison, years, last)
    _note(run_id, done=total)
    return {"files": files.as_dict(), "plan_items": lines.as_dict()}


def _files_changed(run_id: int, comparison: Comparison, last: int) -> Tally:
    tally = Tally()
    for done, rows in _batches(last):
        for activity_id, tenant_id, kept in rows:
            case = restore(kept)
            if not comparison.concerns(case):
                continue
            tally.considered += 1
            verdicts = comparison.of(case)
            if verdicts is not None:
                before, after = verdicts
                told = {"activity_id": activity_id, "before": before, "after": after}
                tally.take(tenant_id, told)
        _note(run_id, done=done)
    return tally


def _lines_changed(
    run_id: int, version: Version, comparison: Comparison, years: list[PlannedYear], done: int
) -> Tally:
    tally = Tally()
    for year in years:
        compared = impact_lines.compared(year, version, comparison.old, comparison.new)
        for line, verdicts in compared:
            tally.considered += 1
            if verdicts is not None:
                before, after = verdicts
                told = {"plan_id": line.plan, "code": line.code, "before": before, "after": after}
                tally.take(line.agency, told)
            if tally.considered % BATCH == 0:
                _note(run_id, done=done + tally.considered)
    return tally


def _batches(last: int) -> Iterator[tuple[int, Iterable[Any]]]:
    """Ranges of ids, each read in a transaction of its own, so that progress can be told.

    The rows come while they are judged: the server goes on reading meanwhile.
    """
    for after in range(0, last, BATCH):
        until = min(after + BATCH, last)
        driver: Any = db.session.connection().connection.driver_connection
        with driver.cursor() as cursor:
            yield until, cursor.stream(_ROWS, {"after": after, "until": until}, size=AT_ONCE)


def _note(run_id: int, **columns: Any) -> None:
    db.session.rollback()  # what was read so far was read in a transaction of its own
    RUNS.note(run_id, **columns)
