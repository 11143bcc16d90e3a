"""A number of a rule tried for a year: the law as if it had been enacted for all of that year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from portal.compliance.facts import Province
from portal.compliance.regulations import NotInForce, Regulations, Version
from portal.compliance.rules import RULES
from portal.plans.cases import TOLD


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a rule that lines can be judged by, and its version at the year's beginning."""

    version: Version
    name: str

    @property
    def key(self) -> str:
        """Names it in a form."""
        return f"{self.version.rule}:{self.name}"

    @property
    def value(self) -> int:
        return self.version.params[self.name]


def numbers(law: Regulations, province: Province, year: int) -> list[Number]:
    """Every number that can be tried for the year."""
    asked = {rule for rules in TOLD.values() for rule in rules}
    found: list[Number] = []
    for rule, spec in RULES.items():
        if rule in asked:
            version = _first_of(law, rule, province, year)
            if isinstance(version, Version):
                found += [Number(version, name) for name in spec.params]
    return found


def as_if(law: Regulations, number: Number, value: int, year: int) -> Regulations:
    """The law in which the rule has this number from New Year to the year's end and after."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rule = number.version.rule
    return law.with_own(
        replace(
            version,
            valid_from=max(version.valid_from, first),
            params={**version.params, number.name: value},
        )
        for version in _of_year(law.versions(rule), first, last)
    )


def is_looser(number: Number, value: int) -> bool:
    """Whether the number would let something pass that the law stops."""
    tried = replace(number.version, params={**number.version.params, number.name: value})
    return tried.loosens(number.version)


def is_beyond_the_province(law: Regulations, number: Number, value: int, year: int) -> bool:
    """Whether a rule of the whole country stops what the number would let pass, so that no
    province can enact it, whichever version holds there.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = _of_year(law.versions(number.version.rule), first, last)
    national = [Number(version, number.name) for version in found if version.jurisdiction == "vn"]
    return any(is_looser(one, value) for one in national)


def _of_year(versions: Iterable[Version], first: date, last: date) -> list[Version]:
    return [
        version
        for version in versions
        if version.valid_from <= last and (version.valid_to is None or version.valid_to >= first)
    ]


def _first_of(law: Regulations, rule: str, province: Province, year: int) -> Version | NotInForce:
    """The version of New Year, else the first one of the year."""
    days = sorted(
        max(version.valid_from, date(year, 1, 1))
        for version in _of_year(law.versions(rule), date(year, 1, 1), date(year, 12, 31))
    )
    found = (law.version_in_force(rule, province, day) for day in days)
    nothing = NotInForce(rule, date(year, 1, 1))
    return next((version for version in found if isinstance(version, Version)), nothing)
