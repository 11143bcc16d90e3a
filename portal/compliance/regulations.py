"""The law as data: dated versions of every rule, read from policies/regulations/.

A version is chosen by the date of the event itself. A day before the first version, or after the
last, is an explicit "not in force": the rule then says nothing.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, get_args

from portal.compliance.facts import Authority, Kind, Province
from portal.compliance.rules import BY_KIND, RULES, RuleSpec
from portal.core.working_days import OFFICIAL, WorkingCalendar

Jurisdiction = Literal["vn", "quang-nam", "da-nang"]
Severity = Literal["block", "warn", "info"]
Level = Literal["law", "decree", "pm-decision", "party", "province", "practice-elsewhere", "design"]
Mark = Literal["V", "V-", "M", "D"]
Grantor = Authority | Literal["deciding-authority"]
Segment = tuple[tuple[RuleSpec, "Version"], ...]

_SEVERITIES: Final[tuple[Severity, ...]] = ("info", "warn", "block")
_WEAK_LEVELS: Final = ("practice-elsewhere", "design")
_WEAK_MARKS: Final = ("M", "D")
DEFAULT_FOLDER: Final = Path(__file__).resolve().parents[2] / "policies" / "regulations"


@dataclass(frozen=True, slots=True)
class Bilingual:
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One provision a rule rests on; `date` is a day, a year, or None where unknown."""

    document: str
    title: Bilingual
    date: str | None
    clause: str
    level: Level
    address: str
    kinds: tuple[Kind, ...] = ()
    """The kinds of activity for which it speaks, where a rule concerns several; empty: all."""
    province: Province | None = None
    """Where alone the document applies; None: everywhere."""

    def applies_in(self, province: Province) -> bool:
        return self.province in (None, province)

    @property
    def link(self) -> str:
        """Its address on the web, empty for what lies in an archive."""
        return self.address if self.address.startswith("https://") else ""

    @property
    def archive(self) -> str:
        """Where it lies that is not on the web; what the system proposes itself lies nowhere."""
        return "" if self.link or self.level == "design" else self.address

    def as_dict(self) -> dict[str, str | None]:
        return {
            "document": self.document,
            "title_vi": self.title.vi,
            "title_en": self.title.en,
            "date": self.date,
            "clause": self.clause,
            "level": self.level,
            "address": self.address,
        }


@dataclass(frozen=True, slots=True)
class Version:
    """One rule as it reads from `valid_from` to `valid_to`, inclusive; None is open.

    `digest` is over what decides an answer: stored verdicts notice a changed number.
    """

    rule: str
    jurisdiction: Jurisdiction
    valid_from: date
    valid_to: date | None
    severity: Severity
    waivable_by: Grantor | None
    params: Mapping[str, int]
    legal_basis: tuple[LegalBasis, ...]
    level: Level
    mark: Mark
    checked_on: date
    checked_by: str
    title: Bilingual
    description: Bilingual
    note: Bilingual | None = None
    id: str = field(init=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", f"{self.jurisdiction}/{self.valid_from.isoformat()}")
        decisive = [self.rule, self.id, self.severity, self.waivable_by, dict(self.params)]
        text = json.dumps(decisive, sort_keys=True)
        object.__setattr__(self, "digest", hashlib.sha256(text.encode()).hexdigest()[:12])

    @property
    def is_default(self) -> bool:
        """Whether it rests on no law read by us: memory, practice elsewhere, our own proposal."""
        return self.level in _WEAK_LEVELS or self.mark in _WEAK_MARKS

    def described(self, tongue: str) -> str:
        """The rule in plain words, with the numbers of this version."""
        text = self.description.en if tongue == "en" else self.description.vi
        return text.format_map(self.params)

    def read_in(self, province: Province) -> Version:
        """This version without the provisions that apply in another province only."""
        here = tuple(b for b in self.legal_basis if b.applies_in(province))
        return self if here == self.legal_basis else replace(self, legal_basis=here)

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def loosens(self, other: Version) -> bool:
        """Whether this version lets something pass that `other` of the same rule stops."""
        if _SEVERITIES.index(self.severity) < _SEVERITIES.index(other.severity):
            return True
        if self.waivable_by != other.waivable_by and self.waivable_by is not None:
            return True
        more_is_stricter = RULES[self.rule].more_is_stricter
        return any(
            self.params[name] < other.params[name]
            if more_is_stricter
            else self.params[name] > other.params[name]
            for name in RULES[self.rule].params
        )


@dataclass(frozen=True, slots=True)
class NotInForce:
    """Said instead of a version: no version of the rule covers that day there."""

    rule: str
    day: date


@dataclass(frozen=True, slots=True)
class _Timeline:
    """What is in force for one kind and province, cut at every day on which something changes."""

    starts: tuple[date, ...]
    segments: tuple[Segment, ...]
    ids: tuple[frozenset[str], ...]


class Regulations:
    """All versions of all rules. Immutable after construction; safe to share between threads."""

    def __init__(self, versions: Iterable[Version], calendar: WorkingCalendar = OFFICIAL) -> None:
        self.calendar = calendar
        self._versions: dict[str, tuple[Version, ...]] = {}
        for version in sorted(versions, key=lambda v: (v.rule, v.jurisdiction, v.valid_from)):
            self._versions[version.rule] = (*self._versions.get(version.rule, ()), version)
        self._by_id = {(v.rule, v.id): v for v in self}
        self._there = {province: self._read_in(province) for province in get_args(Province)}
        self._timelines: dict[tuple[Kind, Province], _Timeline] = {}

    def versions(self, rule: str) -> tuple[Version, ...]:
        """Every version of one rule, by jurisdiction and date."""
        return self._versions.get(rule, ())

    def versions_in(self, rule: str, province: Province) -> tuple[Version, ...]:
        """Those of the whole country and of the province itself, with what they rest on there."""
        return self._there[province].get(rule, ())

    def _read_in(self, province: Province) -> dict[str, tuple[Version, ...]]:
        here = ("vn", province)
        return {
            rule: tuple(v.read_in(province) for v in versions if v.jurisdiction in here)
            for rule, versions in self._versions.items()
        }

    def version(self, rule: str, id_: str) -> Version | None:
        """One version by its id, in force or not."""
        return self._by_id.get((rule, id_))

    def __iter__(self) -> Iterator[Version]:
        return (version for versions in self._versions.values() for version in versions)

    def version_in_force(self, rule: str, province: Province, day: date) -> Version | NotInForce:
        """The province's own version goes before the national one, unless it allows more."""
        there = self.versions_in(rule, province)
        found = {v.jurisdiction: v for v in there if v.is_in_force(day)}
        own, national = found.get(province), found.get("vn")
        if own is not None and (national is None or not own.loosens(national)):
            return own
        return national or NotInForce(rule, day)

    def with_own(self, own: Iterable[Version]) -> Regulations:
        """These regulations and a province's own versions, each of which ends the one before it in
        its jurisdiction."""
        starts: dict[tuple[str, str], list[date]] = {}
        added = list(own)
        for version in added:
            starts.setdefault((version.rule, version.jurisdiction), []).append(version.valid_from)
        ended = (
            _ended(version, starts.get((version.rule, version.jurisdiction), ()))
            for version in (*self, *added)
        )
        return Regulations(ended, self.calendar)

    def in_force(self, kind: Kind, province: Province, day: date) -> tuple[Segment, frozenset[str]]:
        """The rules of a kind in force on `day` in findings order, and their ids."""
        timeline = self._timelines.get((kind, province))
        if timeline is None:
            timeline = self._timelines[kind, province] = self._cut(kind, province)
        position = bisect_right(timeline.starts, day) - 1
        return timeline.segments[position], timeline.ids[position]

    def _cut(self, kind: Kind, province: Province) -> _Timeline:
        changes = {date.min}
        for spec in BY_KIND[kind]:
            for version in self.versions(spec.id):
                changes.add(version.valid_from)
                if version.valid_to is not None:
                    changes.add(version.valid_to + timedelta(days=1))
        starts = tuple(sorted(changes))
        segments = tuple(self._segment(kind, province, start) for start in starts)
        ids = tuple(frozenset(spec.id for spec, _ in segment) for segment in segments)
        return _Timeline(starts, segments, ids)

    def _segment(self, kind: Kind, province: Province, day: date) -> Segment:
        found = ((s, self.version_in_force(s.id, province, day)) for s in BY_KIND[kind])
        return tuple((spec, v) for spec, v in found if isinstance(v, Version))


def _ended(version: Version, starts: Iterable[date]) -> Version:
    """The version up to the day before the next one of the same jurisdiction starts."""
    later = [start - timedelta(days=1) for start in starts if start > version.valid_from]
    ends = [*later, *((version.valid_to,) if version.valid_to else ())]
    return replace(version, valid_to=min(ends)) if ends else version


@lru_cache(maxsize=1)
def default_regulations() -> Regulations:
    """The project's own regulations, read once a process."""
    from portal.compliance.regulation_files import load_regulations

    return load_regulations(DEFAULT_FOLDER)
