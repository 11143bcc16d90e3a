"""Keeping a verdict so that it can be judged again years later and give the same bytes.

A sealed verdict holds the facts (ids, dates and flags: never a name, a passport number or a text),
the version of every rule that was in force with a digest of what decides in it, and the result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

import msgspec
import orjson
from msgspec.structs import replace

from portal.compliance.deciders import NAMED_TOPICS
from portal.compliance.engine import judge_by
from portal.compliance.facts import (
    Activity,
    Case,
    Inbound,
    Outbound,
    Person,
    Plan,
    Province,
)
from portal.compliance.findings import Judgement
from portal.compliance.regulations import Regulations, Segment, default_regulations
from portal.compliance.rules import RULES
from portal.core.errors import PortalError

FORM: Final = 1


class ReplayError(PortalError):
    """A stored verdict can no longer be judged as it was: its rules or its facts were altered."""


class Told(NamedTuple):
    """What a stored row repeats of the sealed parts, for lists and searches."""

    stage: str
    as_of: date
    verdict: str


class _Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept of the question; `form` tells a later reader how it is written."""

    form: int
    case: Case


class _Result(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept of the answer, each part as the bytes it was written in."""

    judgement: msgspec.Raw
    rules: msgspec.Raw


_WRITER: Final = msgspec.json.Encoder(order="sorted")
_FACTS: Final = msgspec.json.Decoder(_Facts)
_RESULT: Final = msgspec.json.Decoder(_Result)


@dataclass(frozen=True, slots=True)
class SealedVerdict:
    """One verdict as it is stored: canonical JSON, and the SHA-256 of both parts together."""

    facts: bytes
    result: bytes
    digest: bytes

    @classmethod
    def of(cls, facts: str, result: str, digest: bytes) -> SealedVerdict:
        """The columns of a stored row."""
        return cls(facts.encode(), result.encode(), digest)

    @property
    def columns(self) -> dict[str, str | bytes]:
        """As a row stores it."""
        return {
            "facts": self.facts.decode(),
            "result": self.result.decode(),
            "hash": self.digest,
        }

    @property
    def is_intact(self) -> bool:
        return _digest(self.facts, self.result) == self.digest


def seal(case: Case, judgement: Judgement) -> SealedVerdict:
    """The verdict in the form that is stored: canonical facts, rule versions, result, sha256."""
    kept_facts = _WRITER.encode(_Facts(FORM, canonical(case)))
    versions = {version.rule: [version.id, version.digest] for version in judgement.rules}
    result = to_bytes({"judgement": judgement.stored(), "rules": versions})
    return SealedVerdict(kept_facts, result, _digest(kept_facts, result))


def replay(
    stored: SealedVerdict, regulations: Regulations | None = None, told: Told | None = None
) -> Judgement:
    """Judge the stored facts again by the versions they were judged by.

    Raises `ReplayError` when the record was altered, when a version is gone or decides otherwise
    than it did, when the result is no longer the same to the byte, or when `told` differs from it.
    """
    law = regulations if regulations is not None else default_regulations()
    if not stored.is_intact:
        raise ReplayError("the stored verdict does not match its hash")
    case = restore(stored.facts)
    try:  # whoever writes another record can write the hash of it too
        result = _RESULT.decode(stored.result)
        segment, ids = _segment(bytes(result.rules), law, case.province)
        judgement = judge_by(case, segment, ids, law)
    except (msgspec.MsgspecError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise ReplayError("the stored verdict makes no sense: %(why)s", why=repr(error)) from None
    if to_bytes(judgement.stored()) != bytes(result.judgement):
        raise ReplayError("the same facts and rules now give another result")
    if told not in (None, (case.proposal.stage, case.as_of, judgement.verdict)):
        raise ReplayError("the row tells of another verdict than the one that is sealed in it")
    return judgement


def restore(kept_facts: bytes | str) -> Case:
    """The case that was sealed. Raises `ReplayError` for facts that no reader knows any more."""
    try:
        return _FACTS.decode(kept_facts).case
    except msgspec.MsgspecError as error:
        raise ReplayError("the stored facts cannot be read: %(why)s", why=error) from None


def to_bytes(value: Any) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8. Equal values give equal bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _digest(kept_facts: bytes, result: bytes) -> bytes:
    return hashlib.sha256(b"[%b,%b]" % (kept_facts, result)).digest()


@lru_cache(maxsize=256)
def _segment(rules: bytes, law: Regulations, province: Province) -> tuple[Segment, frozenset[str]]:
    """The versions named in a stored result; few different sets occur, each in many verdicts."""
    versions = orjson.loads(rules)
    found = []
    for rule, spec in RULES.items():
        if rule not in versions:
            continue
        wanted, digest = versions[rule]
        version = law.version(rule, wanted)
        if version is None or version.digest != digest:
            raise ReplayError(
                "%(rule)s: version %(version)s is gone or was altered", rule=rule, version=wanted
            )
        found.append((spec, version.read_in(province)))
    if len(found) != len(versions):
        raise ReplayError("a rule of the stored verdict no longer exists")
    return tuple(found), frozenset(versions)


def canonical(case: Case) -> Case:
    """The same question with everything sorted where order says nothing.

    Only that is kept which the answer can depend on: nobody's other trips stand in a verdict.
    """
    # Written and read once: a text equal to a default is then that very default, and left out.
    case = msgspec.json.decode(_WRITER.encode(case), type=Case)
    agencies, people = {id_: case.agencies[id_] for id_ in case.line}, _people_of(case)
    leaders = {id_ for id_, person in people.items() if person.key_leader}
    history = [entry for entry in case.history if _counts(entry, case.proposal, agencies, leaders)]
    return replace(
        case,
        agencies=agencies,
        people=people,
        plans=tuple(sorted(_plans_of(case, history), key=_WRITER.encode)),
        history=tuple([_told(entry) for entry in sorted(history, key=attrgetter("id"))]),
        proposal=_told(case.proposal),
        waivers=tuple(sorted(case.waivers, key=_WRITER.encode)),
    )


def _people_of(case: Case) -> dict[str, Person]:
    """The members of the delegation."""
    proposal = case.proposal
    if not isinstance(proposal, Outbound):
        return {}
    return {member.person: case.people[member.person] for member in proposal.members}


def _counts(
    entry: Activity, proposal: Activity, agencies: Container[str], leaders: Container[str]
) -> bool:
    """Whether a rule can ask for it: of these agencies, on the same item, or of these leaders."""
    if entry.kind != proposal.kind:
        return False
    if entry.agency in agencies:
        return True
    if entry.plan_item is not None and entry.plan_item == proposal.plan_item:
        return True
    return isinstance(entry, Outbound) and any(m.person in leaders for m in entry.members)


def _plans_of(case: Case, history: Iterable[Activity]) -> Iterator[Plan]:
    """Of the plans only the items on which something stands."""
    used = {case.proposal.plan_item, *(entry.plan_item for entry in history)}
    for plan in case.plans:
        items = tuple([item for item in plan.items if item.id in used])
        if items:
            yield replace(plan, items=items)


def _told(activity: Activity) -> Any:
    """The activity with its members sorted, and of its topics only those that a rule names."""
    if isinstance(activity, Outbound):
        return replace(
            activity,
            members=tuple(sorted(activity.members, key=attrgetter("person"))),
            programme=tuple([replace(i, topics=_named(i.topics)) for i in activity.programme]),
        )
    if isinstance(activity, Inbound):
        return activity
    return replace(activity, topics=_named(activity.topics))  # type: ignore[attr-defined]


def _named(topics: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(NAMED_TOPICS.intersection(topics)))
