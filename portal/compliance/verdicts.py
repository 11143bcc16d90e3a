"""Keeping a verdict so that it can be judged again years later and give the same bytes.

A sealed verdict holds the facts (ids, dates and flags: never a name, a passport number or a text),
the version of every rule that was in force with a digest of what decides in it, and the result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import Any, Final

import orjson

from portal.compliance import facts
from portal.compliance.deciders import NAMED_TOPICS
from portal.compliance.engine import judge_by
from portal.compliance.facts import Activity, Case
from portal.compliance.findings import Judgement
from portal.compliance.regulations import Regulations, Segment, default_regulations
from portal.compliance.rules import RULES

FORM: Final = 1
_KINDS: Final[dict[str, type[Activity]]] = {
    "outbound": facts.Outbound,
    "inbound": facts.Inbound,
    "conference": facts.Conference,
    "project": facts.Project,
    "agreement": facts.Agreement,
}
_PARTS: Final[dict[str, type[Any]]] = {
    "members": facts.Member,
    "programme": facts.ProgrammeItem,
    "invitation": facts.Invitation,
    "guests": facts.Guest,
    "donor": facts.Donor,
    "opinions": facts.Opinion,
}
_DATES: Final = frozenset(
    {
        *("submitted", "reported", "departs", "returns", "passports_returned", "arrives"),
        *("leaves", "police_notified", "starts", "ends", "dossier_complete", "appraised"),
        *("signing", "on", "dated", "asked", "received", "as_of"),
    }
)


class ReplayError(Exception):
    """A stored verdict can no longer be judged as it was: its rules or its facts were altered."""


@dataclass(frozen=True, slots=True)
class SealedVerdict:
    """One verdict as it is stored. `facts` and `result` are plain JSON; `digest` is over both."""

    facts: Mapping[str, Any]
    result: Mapping[str, Any]
    digest: bytes

    @property
    def is_intact(self) -> bool:
        return _digest(self.facts, self.result) == self.digest


def seal(case: Case, judgement: Judgement) -> SealedVerdict:
    """The verdict in the form that is stored: canonical facts, rule versions, result, sha256."""
    kept_facts = {"form": FORM, "case": canonical(case)}
    versions = {version.rule: [version.id, version.digest] for version in judgement.rules}
    result = {"rules": versions, "judgement": judgement.stored()}
    return SealedVerdict(kept_facts, result, _digest(kept_facts, result))


def replay(stored: SealedVerdict, regulations: Regulations | None = None) -> Judgement:
    """Judge the stored facts again by the versions they were judged by.

    Raises `ReplayError` when the record was altered, when a version is gone or decides otherwise
    than it did, or when the result is no longer the same to the byte.
    """
    law = regulations if regulations is not None else default_regulations()
    if not stored.is_intact:
        raise ReplayError("the stored verdict does not match its hash")
    case = restore(stored.facts["case"])
    segment, ids = _segment(to_bytes(stored.result["rules"]), law)
    judgement = judge_by(case, segment, ids, law)
    if judgement.stored() != stored.result["judgement"]:
        raise ReplayError("the same facts and rules now give another result")
    return judgement


def to_bytes(value: Any) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8. Equal values give equal bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _digest(kept_facts: Mapping[str, Any], result: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(to_bytes([kept_facts, result])).digest()


@lru_cache(maxsize=256)
def _segment(rules: bytes, law: Regulations) -> tuple[Segment, frozenset[str]]:
    """The versions named in a stored result; few different sets occur, each in many verdicts."""
    versions = orjson.loads(rules)
    found = []
    for rule, spec in RULES.items():
        if rule not in versions:
            continue
        wanted, digest = versions[rule]
        version = law.version(rule, wanted)
        if version is None or version.digest != digest:
            raise ReplayError(f"{rule}: version {wanted} is gone or was altered")
        found.append((spec, version))
    if len(found) != len(versions):
        raise ReplayError("a rule of the stored verdict no longer exists")
    return tuple(found), frozenset(versions)


def canonical(case: Case) -> dict[str, Any]:
    """The facts as plain JSON, sorted wherever order says nothing.

    Of people and agencies only those are kept that the answer can depend on.
    """
    return {
        "as_of": case.as_of.isoformat(),
        "province": case.province,
        "agencies": {id_: _plain(case.agencies[id_]) for id_ in sorted(_agencies_of(case))},
        "people": {id_: _plain(case.people[id_]) for id_ in sorted(_people_of(case))},
        "plans": sorted((_plain(plan) for plan in case.plans), key=to_bytes),
        "history": [_activity(entry) for entry in sorted(case.history, key=attrgetter("id"))],
        "proposal": _activity(case.proposal),
        "waivers": sorted((_plain(waiver) for waiver in case.waivers), key=to_bytes),
    }


def _agencies_of(case: Case) -> set[str]:
    """The proposing agency and whatever it succeeds."""
    found: set[str] = set()
    waiting = [case.proposal.agency]
    while waiting:
        id_ = waiting.pop()
        if id_ not in found:
            found.add(id_)
            waiting.extend(case.agencies[id_].succeeds)
    return found


def _people_of(case: Case) -> set[str]:
    proposal = case.proposal
    if not isinstance(proposal, facts.Outbound):
        return set()
    return {member.person for member in proposal.members if member.person in case.people}


def _activity(activity: Activity) -> dict[str, Any]:
    plain: dict[str, Any] = {"kind": activity.kind, **_plain(activity)}
    if "members" in plain:
        plain["members"] = sorted(plain["members"], key=lambda m: str(m["person"]))
    return plain


def _plain(thing: Any) -> dict[str, Any]:
    """A fact class as a mapping without what equals its default, so that forms can grow."""
    values_of, form = _form(thing.__class__)
    plain = {
        name: value if write is None else write(value)
        for (name, default, write), value in zip(form, values_of(thing), strict=True)
        if value is not default and value != default
    }
    if plain.get("topics") == []:
        del plain["topics"]
    return plain


@cache
def _form(what: type[Any]) -> tuple[Callable[[Any], Any], tuple[tuple[str, Any, Any], ...]]:
    """What takes all values of a fact at once, and their names, defaults and writers in order."""
    form = tuple(
        (
            field_.name,
            field_.default if field_.default_factory is MISSING else field_.default_factory(),
            _writer(what, field_),
        )
        for field_ in fields(what)
    )
    return attrgetter(*(name for name, _, _ in form)), form


def _writer(what: type[Any], field_: Field[Any]) -> Callable[[Any], Any] | None:
    """How the value of one field is written; None where JSON holds it as it is."""
    if field_.name in _DATES:
        return date.isoformat
    if field_.name == "topics":
        return _named
    if _part_in(what, field_) is not None:
        return _write_part
    if field_.default == ():
        return list
    return None if field_.default_factory is MISSING else dict


def _named(topics: Iterable[str]) -> list[str]:
    return sorted(NAMED_TOPICS.intersection(topics))


def _write_part(value: Any) -> Any:
    return [_plain(entry) for entry in value] if isinstance(value, tuple) else _plain(value)


def _part_in(what: type[Any], field_: Field[Any]) -> type[Any] | None:
    """The fact class that stands in this field, one or several of it; None for plain values."""
    if (what, field_.name) == (facts.Plan, "items"):
        return facts.PlanItem
    return _PARTS.get(field_.name)


def restore(plain: Mapping[str, Any]) -> Case:
    """The case that `canonical` wrote down."""
    return Case(
        as_of=date.fromisoformat(plain["as_of"]),
        province=plain["province"],
        agencies={id_: _part(facts.Agency, a) for id_, a in plain["agencies"].items()},
        people={id_: _part(facts.Person, person) for id_, person in plain["people"].items()},
        plans=tuple([_part(facts.Plan, plan) for plan in plain["plans"]]),
        history=tuple([_part(_KINDS[entry["kind"]], entry) for entry in plain["history"]]),
        proposal=_build(_KINDS[plain["proposal"]["kind"]], plain["proposal"]),
        waivers=tuple([_part(facts.Waiver, waiver) for waiver in plain["waivers"]]),
    )


def _part(what: Any, plain: Mapping[str, Any]) -> Any:
    return _remembered(what, orjson.dumps(plain))


@lru_cache(maxsize=2048)
def _remembered(what: type[Any], plain: bytes) -> Any:
    """A fact, built once: the same people, plans and trips stand in verdict after verdict."""
    return _build(what, orjson.loads(plain))


def _build(what: type[Any], plain: Mapping[str, Any]) -> Any:
    values = dict(plain)
    if issubclass(what, Activity):
        del values["kind"]
    for name, read in _READERS[what]:
        if name in values:
            values[name] = read(values[name])
    return what(**values)


def _reader(what: type[Any], field_: Field[Any]) -> Callable[[Any], Any] | None:
    """How the value of one field is read back; None where JSON holds it as it is."""
    if field_.name in _DATES:
        return date.fromisoformat
    part = _part_in(what, field_)
    if part is not None:
        return partial(_read_part, part)
    return tuple if field_.default == () else None


def _read_part(part: type[Any], value: Any) -> Any:
    if isinstance(value, list):
        return tuple([_part(part, entry) for entry in value])
    return _part(part, value)


_READERS: Final[dict[type[Any], tuple[tuple[str, Callable[[Any], Any]], ...]]] = {
    what: tuple(
        (field_.name, reader)
        for field_ in fields(what)
        if (reader := _reader(what, field_)) is not None
    )
    for what in (
        *(facts.Agency, facts.Person, facts.Plan, facts.PlanItem, facts.Waiver),
        *_KINDS.values(),
        *_PARTS.values(),
    )
}
