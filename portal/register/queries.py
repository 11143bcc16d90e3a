"""What the register asks: the law of a day, who checked it, how often it fired."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DataError

from portal.compliance.enacted import law_in_force
from portal.compliance.facts import Province
from portal.compliance.regulations import Version
from portal.compliance.rules import RULES
from portal.core import clock
from portal.extensions import db, settings
from portal.register.types import Change, Checked, RuleLine
from portal.web.text import fold

log = logging.getLogger(__name__)

_LAST_CHECKS: Final = text("""
    SELECT DISTINCT ON (c.rule) c.rule, c.created_at, u.name, c.remark
      FROM rule_check c JOIN user_account u ON u.id = c.user_id
     ORDER BY c.rule, c.id DESC
""")
_FIRED: Final = text("""
    SELECT f ->> 'rule', count(DISTINCT v.activity_id)
      FROM verdict v
      CROSS JOIN LATERAL json_array_elements(v.result::json #> '{judgement,findings}') f
     WHERE v.created_at >= :since
     GROUP BY 1
""")


def lines(asked: str = "", family: str = "") -> list[RuleLine]:
    """Every rule of this province in the order of an answer; words are sought without accents."""
    today, checks = clock.today(), last_checks()
    found = (_line(rule, today, checks) for rule in RULES)
    words = fold(asked).split()
    return [
        line
        for line in found
        if line is not None
        and (not family or RULES[line.rule].family == family)
        and all(word in _words_of(line) for word in words)
    ]


def _line(rule: str, today: date, checks: dict[str, Checked]) -> RuleLine | None:
    applicable = versions(rule)
    if not applicable:
        return None
    now = law_in_force().version_in_force(rule, province(), today)
    in_force = isinstance(now, Version)
    version = now if isinstance(now, Version) else applicable[-1]
    checked = checked_by(version, checks)
    return RuleLine(rule, version, in_force, checked, checked.is_due(today))


def _words_of(line: RuleLine) -> str:
    version = line.version
    documents = " ".join(basis.document for basis in version.legal_basis)
    return fold(f"{line.rule} {version.title.vi} {version.title.en} {documents}")


def province() -> Province:
    return settings().province


def versions(rule: str) -> list[Version]:
    """Every version that can hold here, latest first."""
    found = law_in_force().versions_in(rule, province())
    return sorted(found, key=lambda v: (v.valid_from, v.jurisdiction), reverse=True)


def last_checks() -> dict[str, Checked]:
    """The last comparison of each rule that somebody recorded in the portal."""
    return {
        rule: Checked(clock.local(at).date(), name, remark)
        for rule, at, name, remark in db.session.execute(_LAST_CHECKS)
    }


def checked_by(version: Version, checks: dict[str, Checked]) -> Checked:
    """The later of the comparison that came with the version and the one recorded since."""
    shipped = Checked(version.checked_on, version.checked_by)
    recorded = checks.get(version.rule)
    return recorded if recorded and recorded.on >= shipped.on else shipped


def fired_this_year() -> dict[str, int] | None:
    """By rule: the files in whose verdicts of this year it has a finding.

    None when one of them was altered until it is no JSON: replay names it, the register opens.
    """
    today = clock.today()
    since = datetime(today.year, 1, 1, tzinfo=clock.LOCAL)
    try:
        with db.session.begin_nested():
            rows = db.session.execute(_FIRED, {"since": since}).all()
    except DataError as error:
        log.error("how often the rules fired cannot be counted: %s", error.orig)
        return None
    return {row[0]: row[1] for row in rows}


def change_days() -> list[date]:
    """Every day on which some rule here begins, changes or ends."""
    days: set[date] = set()
    for rule in RULES:
        for version in versions(rule):
            days.add(version.valid_from)
            if version.valid_to is not None:
                days.add(version.valid_to + timedelta(days=1))
    return sorted(days)


def changes_on(day: date) -> list[Change]:
    """What holds from `day` on and did not hold the day before."""
    eve, law = day - timedelta(days=1), law_in_force()
    found = []
    for rule in RULES:
        old, new = (law.version_in_force(rule, province(), when) for when in (eve, day))
        before = old if isinstance(old, Version) else None
        after = new if isinstance(new, Version) else None
        if before is not after:
            found.append(Change(rule, day, before, after))
    return found
