"""The case file: facts of one question, and what the law is expected to answer (shared contract).

Loading is all or nothing: one malformed document makes the whole file one `CaseFileError`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path as FilePath
from typing import Final, get_args

from portal.compliance import facts
from portal.compliance.case_activities import read_activity
from portal.compliance.facts import Agency, Case, Outbound, Person, Plan, PlanItem, Waiver
from portal.compliance.findings import SEVERITIES, VERDICTS, Verdict
from portal.compliance.names import Names
from portal.compliance.reader import Fields, Path, as_choice, as_country, as_id, as_text, wrong
from portal.compliance.regulations import Severity
from portal.compliance.rules import RULE_IDS
from portal.compliance.strict_yaml import (
    MAX_BYTES,
    ROOT,
    MalformedError,
    dotted,
    line_of,
    one_line,
    read_documents,
)

_CASE_KEYS: Final = (
    *("case", "as_of", "province", "agencies", "people", "plans", "history", "proposal"),
    *("waivers", "expect"),
)


class CaseFileError(Exception):
    """A case file that cannot be read; `str()` is the one line an author needs."""

    def __init__(self, file: str, error: MalformedError) -> None:
        super().__init__(file, error)
        self.file = file
        self.document = error.document
        self.line = error.line or 1
        self.key = error.key
        self.expected = error.expected

    def __str__(self) -> str:
        said = f"{self.file}: document {self.document}: {self.key}: {self.expected}"
        return one_line(said, longest=1000) + f" (line {self.line})"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the author says the answer is; None means: not compared."""

    verdict: Verdict
    findings: Counter[tuple[str, Severity]]
    authority: facts.Authority | None
    opinions_required: list[str] | None
    notify: list[str] | None
    deadlines: frozenset[tuple[str, date]] | None


@dataclass(frozen=True, slots=True)
class LoadedCase:
    """One document of a case file: its sentence, its facts, the names it uses, its expectation."""

    name: str
    case: Case
    names: Names
    expect: Expectation | None


def load_file(file: FilePath | str) -> list[LoadedCase]:
    """Every case of one file in order; raises `CaseFileError` for whatever is wrong with it."""
    path = FilePath(file)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise unreadable(str(file), error) from None
    return load_cases(data, str(file))


def unreadable(file: str, error: Exception) -> CaseFileError:
    """What is said of a file that the system does not open."""
    reason = getattr(error, "strerror", None) or "not a path"
    return CaseFileError(file, MalformedError(ROOT, f"expected a readable file: {reason}"))


def load_cases(data: bytes, file: str = "-") -> list[LoadedCase]:
    """Every case in `data`, the bytes of a case file; `file` is only named in errors."""
    cases: list[LoadedCase] = []
    try:
        for document in read_documents(data):
            cases.append(_numbered(document, len(cases) + 1))
    except MalformedError as error:
        if error.line is None and len(data) <= MAX_BYTES:
            error.line = line_of(data, error.document, error.key)
        raise CaseFileError(file, error) from None
    return cases


def _numbered(document: object, number: int) -> LoadedCase:
    try:
        return read_case(document)
    except MalformedError as error:
        raise MalformedError(error.key, error.expected, number, error.line) from None


def read_case(document: object) -> LoadedCase:
    """One document already parsed to plain values; raises `MalformedError`."""
    fields = Fields(document, (), _CASE_KEYS, "a mapping with case, as_of, province, proposal")
    name = fields.id("case")
    as_of = fields.required_day("as_of")
    province = fields.required_choice("province", get_args(facts.Province))
    agencies = _agencies(fields)
    people = _people(fields, agencies)
    plans = _plans(fields, agencies, people)
    history = fields.each("history", lambda value, path: read_activity(value, path, history=True))
    fields.demand("proposal", "a mapping")
    proposal = read_activity(fields.raw("proposal"), ("proposal",), history=False)
    _unique((entry.id for entry in history), ("history",))
    for number, entry in enumerate(history):
        _declared_in_activity(entry, ("history", number), agencies, people)
    _declared_in_activity(proposal, ("proposal",), agencies, people)
    case = Case(
        as_of=as_of,
        province=province,
        agencies=agencies,
        people=people,
        plans=plans,
        history=history,
        proposal=proposal,
        waivers=fields.each("waivers", _waiver),
    )
    return LoadedCase(name, case, _names(fields), _expectation(fields))


def _unique(ids: Iterable[str], path: Path) -> None:
    seen: set[str] = set()
    for number, id_ in enumerate(ids):
        if id_ in seen:
            key = dotted((*path, number, "id"))
            raise MalformedError(key, f"expected unique ids, {one_line(id_, 60)!r} is repeated")
        seen.add(id_)


def _declared(id_: str, known: Mapping[str, object], path: Path, what: str) -> None:
    if id_ not in known:
        key = dotted(path)
        raise MalformedError(key, f"expected a declared {what}, {one_line(id_, 60)!r} is not one")


def _declared_in_activity(
    activity: facts.Activity,
    path: Path,
    agencies: Mapping[str, Agency],
    people: Mapping[str, Person],
) -> None:
    _declared(activity.agency, agencies, (*path, "agency"), "agency")
    if not isinstance(activity, Outbound):
        return
    for number, member in enumerate(activity.members):
        place = (*path, "members", number)
        _declared(member.person, people, (*place, "person"), "person")
        if member.relative_of is not None:
            _declared(member.relative_of, people, (*place, "relative_of"), "person")


def _agencies(fields: Fields) -> dict[str, Agency]:
    agencies = fields.each("agencies", _agency)
    _unique((agency.id for agency in agencies), ("agencies",))
    known = {agency.id: agency for agency in agencies}
    for number, agency in enumerate(agencies):
        for position, earlier in enumerate(agency.succeeds):
            place = ("agencies", number, "succeeds", position)
            _declared(earlier, known, place, "agency")
    _no_circle(agencies)
    return known


def _agency(value: object, path: Path) -> Agency:
    fields = Fields(value, path, ("id", "kind", "succeeds"), "a mapping with id, kind")
    return Agency(
        id=fields.id("id"),
        kind=fields.required_choice("kind", get_args(facts.AgencyKind)),
        succeeds=fields.each("succeeds", as_id),
    )


def _no_circle(agencies: tuple[Agency, ...]) -> None:
    """Takes away agencies that succeed nobody left; whatever remains succeeds itself."""
    waiting = {agency.id: len(agency.succeeds) for agency in agencies}
    successors: dict[str, list[str]] = {}
    for agency in agencies:
        for earlier in agency.succeeds:
            successors.setdefault(earlier, []).append(agency.id)
    free = [id_ for id_, count in waiting.items() if count == 0]
    while free:
        done = free.pop()
        del waiting[done]
        for id_ in successors.get(done, ()):
            waiting[id_] -= 1
            if waiting[id_] == 0:
                free.append(id_)
    for number, agency in enumerate(agencies):
        if agency.id in waiting:
            key = dotted(("agencies", number, "succeeds"))
            raise MalformedError(key, "expected successions without a circle")


def _people(fields: Fields, agencies: Mapping[str, Agency]) -> dict[str, Person]:
    people = fields.each("people", _person)
    _unique((person.id for person in people), ("people",))
    for number, person in enumerate(people):
        _declared(person.agency, agencies, ("people", number, "agency"), "agency")
    return {person.id: person for person in people}


def _person(value: object, path: Path) -> Person:
    keys = ("id", "agency", "key_leader", "managed_by", "sensitive_post")
    fields = Fields(value, path, keys, "a mapping with id, agency")
    return Person(
        id=fields.id("id"),
        agency=fields.id("agency"),
        key_leader=fields.flag("key_leader"),
        managed_by=fields.choice("managed_by", get_args(facts.ManagedBy)),
        sensitive_post=fields.flag("sensitive_post"),
    )


def _plans(
    fields: Fields, agencies: Mapping[str, Agency], people: Mapping[str, Person]
) -> tuple[Plan, ...]:
    plans = fields.each("plans", _plan)
    seen: set[str] = set()
    for number, plan in enumerate(plans):
        _declared(plan.agency, agencies, ("plans", number, "agency"), "agency")
        for position, item in enumerate(plan.items):
            place: Path = ("plans", number, "items", position)
            if item.id in seen:
                key = dotted((*place, "id"))
                raise MalformedError(key, "expected unique ids of plan items over all plans")
            seen.add(item.id)
            if item.leader is not None:
                _declared(item.leader, people, (*place, "leader"), "person")
    return plans


def _plan(value: object, path: Path) -> Plan:
    keys = ("agency", "year", "status", "items")
    fields = Fields(value, path, keys, "a mapping with " + ", ".join(keys))
    fields.demand("items", "a list")
    return Plan(
        agency=fields.id("agency"),
        year=fields.required_integer("year", 2000, 2099),
        status=fields.required_choice("status", get_args(facts.PlanStatus)),
        items=fields.each("items", _plan_item),
    )


def _plan_item(value: object, path: Path) -> PlanItem:
    keys = ("id", "kind", "origin", "countries", "month", "size", "leader")
    fields = Fields(value, path, keys, "a mapping with id, kind")
    return PlanItem(
        id=fields.id("id"),
        kind=fields.required_choice("kind", facts.KINDS),
        origin=fields.choice("origin", get_args(facts.Origin)) or "original",
        countries=fields.each("countries", as_country),
        month=fields.integer("month", 1, 12),
        size=fields.integer("size", 1, None),
        leader=fields.text("leader"),
    )


def _waiver(value: object, path: Path) -> Waiver:
    fields = Fields(value, path, ("rule", "by", "document", "date", "reason"), "a mapping")
    fields.demand("rule", "the id of a rule")
    return Waiver(
        rule=_as_rule(fields.raw("rule"), fields.at("rule")),
        by=fields.choice("by", get_args(facts.Authority)),
        document=fields.stated("document"),
        dated=fields.day("date"),
        reason=fields.stated("reason"),
    )


def _as_rule(value: object, path: Path) -> str:
    if not isinstance(value, str) or value not in RULE_IDS:
        raise wrong(path, "the id of a rule", value)
    return value


def _names(fields: Fields) -> Names:
    """Guests have no id: a finding knows them by their place in the list, the sentence by name."""
    proposal = fields.raw("proposal")
    guests = proposal.get("guests") if isinstance(proposal, dict) else None
    known = {
        number: guest["name"]
        for number, guest in enumerate(guests or (), start=1)
        if isinstance(guest, dict) and facts.given(guest.get("name"))
    }
    return Names(guests=known)


def _expectation(fields: Fields) -> Expectation | None:
    if not fields.has("expect"):
        return None
    keys = ("verdict", "findings", "authority", "opinions_required", "notify", "deadlines")
    expect = Fields(fields.raw("expect"), ("expect",), keys, "a mapping with verdict, findings")
    deadlines = frozenset(expect.each("deadlines", _deadline))
    return Expectation(
        verdict=expect.required_choice("verdict", VERDICTS),
        findings=_expected_findings(expect),
        authority=expect.choice("authority", get_args(facts.Authority)),
        opinions_required=_sorted_texts(expect, "opinions_required"),
        notify=_sorted_texts(expect, "notify"),
        deadlines=deadlines if expect.has("deadlines") else None,
    )


def _sorted_texts(expect: Fields, key: str) -> list[str] | None:
    return sorted(expect.each(key, as_text)) if expect.has(key) else None


def _deadline(value: object, path: Path) -> tuple[str, date]:
    fields = Fields(value, path, ("rule", "due"), "a mapping with rule, due")
    return fields.id("rule"), fields.required_day("due")


def _expected_findings(expect: Fields) -> Counter[tuple[str, Severity]]:
    value, path = expect.raw("findings"), expect.at("findings")
    if value is None or isinstance(value, dict):
        return Counter(_pairs(value or {}, path))
    if not isinstance(value, list):
        raise wrong(path, "a mapping rule: severity or a list of such pairs", value)
    found: Counter[tuple[str, Severity]] = Counter()
    for number, entry in enumerate(value):
        place = (*path, number)
        if not isinstance(entry, dict) or len(entry) != 1:
            raise wrong(place, "a mapping of one rule to its severity", entry)
        found.update(_pairs(entry, place))
    return found


def _pairs(value: Mapping[str, object], path: Path) -> list[tuple[str, Severity]]:
    return [
        (rule, as_choice(severity, (*path, one_line(rule, 60)), SEVERITIES))
        for rule, severity in value.items()
    ]
