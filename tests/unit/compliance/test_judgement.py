"""The answer to a case as others get it: the JSON document, what is stored, what a block means."""

import dataclasses
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from portal.compliance.engine import judge
from portal.compliance.facts import Case, Member, Opinion, Person
from portal.compliance.findings import Finding, Judgement
from portal.compliance.regulations import Regulations, default_regulations
from tests.unit.compliance.own_cases import OWN

DATES = default_regulations().versions("any.dates")[0]
NO_INVITATION = "at the decision the invitation itself must be there"


def _judged(name: str) -> Judgement:
    return judge(OWN[name].case)


def _finding(**facts: object) -> Finding:
    return Finding("any.dates", "block", DATES, facts)


FRAME = {
    "verdict": "block",
    "authority": "chair",
    "opinions_required": ["focal"],
    "notify": [],
    "deadlines": [
        {"rule": "outbound.trip-report", "due": "2024-12-29"},
        {"rule": "outbound.passport-return", "due": "2024-12-20"},
    ],
}


def test_the_json_document_of_a_case_has_exactly_these_keys() -> None:
    document = _judged(NO_INVITATION).as_dict("a sentence")
    (finding,) = document.pop("findings")
    assert document == {"case": "a sentence", **FRAME}
    assert next(iter(document)) == "case"
    assert list(finding) == [
        *("rule", "severity", "version", "legal_basis", "facts", "message_vi", "message_en")
    ]
    assert finding["facts"] == {"missing": ["document"]}
    assert [list(basis) for basis in finding["legal_basis"]] == [
        ["document", "title_vi", "title_en", "date", "clause", "level", "address"]
    ]
    assert "case" not in _judged(NO_INVITATION).as_dict()


def test_a_stored_answer_holds_neither_sentence_nor_law() -> None:
    found = {
        "rule": "outbound.supplement-invitation",
        "severity": "block",
        "version": "quang-nam/2024-10-15",
        "facts": {"missing": ["document"]},
    }
    assert _judged(NO_INVITATION).stored() == {**FRAME, "findings": [found]}


def test_a_visit_is_told_to_everybody_in_order() -> None:
    case = OWN["without an arrival the notice cannot be judged"].case
    visit = replace(case.proposal, areas=("border", "defence-security"))
    told = judge(replace(case, proposal=visit)).notify
    assert told == ("border-guard", "focal", "military-command", "police")


def test_opinions_on_a_project_are_asked_for_in_order() -> None:
    name = "a grant of an unregistered foreign organisation in a border district calls for the"
    case = next(loaded.case for n, loaded in OWN.items() if n.startswith(name))
    assert judge(case).opinions_required == ("finance", "focal", "military-command", "police")


@pytest.mark.parametrize(
    ("name", "verdict", "standing"),
    [
        ("a trip under an approved plan item passes", "pass", "pass"),
        ("one trip decided and one waiting ask which matters more", "warn", "warn"),
        ("a report is overdue the day after its last day", "warn", "warn"),
        ("a key leader's third trip is stopped", "block", "waiver"),
        ("the standing committee can waive a leader's third trip", "pass", "pass"),
        ("two key leaders of one agency may not go together", "block", "block"),
        ("at the decision the invitation itself must be there", "block", "block"),
    ],
)
def test_a_block_that_can_be_waived_asks_and_does_not_stop(
    name: str, verdict: str, standing: str
) -> None:
    judgement = _judged(name)
    assert (judgement.verdict, judgement.standing) == (verdict, standing)
    asks = {f.rule for f in judgement.asks_for_waivers}
    stops = {f.rule for f in judgement.stops_submission}
    assert not asks & stops
    assert bool(stops) == (standing == "block")
    assert asks | stops == {f.rule for f in judgement.findings if f.stops}


def test_a_finding_is_about_a_person_before_an_agency_before_an_activity() -> None:
    assert _finding(activity="H1", agency="a", person="p").subject == "p"
    assert _finding(activity="H1", agency="a").subject == "a"
    assert _finding(activity="H1").subject == "H1"
    assert _finding(missing=["end"]).subject == ""


def test_only_missing_facts_are_given_missing_opinions_are_waited_for() -> None:
    assert _finding(missing=["start", "end"]).says_missing is True
    assert _finding(missing=[{"body": "police"}]).says_missing is False
    assert _finding(missing=["start", {"body": "police"}]).says_missing is False
    assert _finding(missing=[]).says_missing is False
    assert _finding().says_missing is False


def test_of_the_law_of_all_kinds_a_finding_cites_what_speaks_for_its_own() -> None:
    said = {kind: _finding(kind=kind).legal_basis for kind in ("outbound", "agreement")}
    assert [basis.document for basis in said["outbound"]] == ["Luật 49/2019/QH14"]
    assert [basis.document for basis in said["agreement"]] == ["Luật 70/2020/QH14"]
    assert _finding().legal_basis == DATES.legal_basis
    for_all = dataclasses.replace(
        DATES, legal_basis=(dataclasses.replace(DATES.legal_basis[0], kinds=()),)
    )
    finding = replace(_finding(kind="project"), version=for_all)
    assert finding.legal_basis == for_all.legal_basis


def test_concealing_counts_trips_and_leaves_the_rest_of_the_finding() -> None:
    finding = replace(
        _finding(person="p", people=["p", "q"], decided=[{"id": "H1"}], pending=[], used_by=3),
        severity="warn",
        waived=True,
        waivable=True,
    )
    told = finding.concealed()
    assert told.facts == {
        "person": "p",
        "people": ["p", "q"],
        "decided": 1,
        "pending": 0,
        "used_by": 3,
    }
    assert replace(told, facts=finding.facts) == finding


def test_a_finding_is_neither_waived_nor_waivable_unless_it_says_so() -> None:
    finding = _finding(missing=["end"])
    assert (finding.waived, finding.waivable, finding.stops) == (False, False, True)


def test_what_is_stored_does_not_change_with_the_finding() -> None:
    facts: dict[str, object] = {"missing": ["end"]}
    stored = Finding("any.dates", "block", DATES, facts).stored()
    facts["more"] = date(2024, 1, 1)
    assert stored["facts"] == {"missing": ["end"]}


def _named(rule: str, case: Case) -> list[dict[str, Any]]:
    return [dict(f.facts) for f in judge(case).findings if f.rule == rule]


def test_leaders_of_two_agencies_are_two_findings_in_the_order_of_the_agencies() -> None:
    case = OWN["three key leaders of one agency are one finding"].case
    others = {id_: Person(id_, "so-tu-phap", key_leader=True) for id_ in ("mai", "dung")}
    members = (*map(Member, ("thu", "mai", "lan", "dung")),)
    trip = replace(case.proposal, members=members)
    case = replace(case, people={**case.people, **others}, proposal=trip)
    assert _named("outbound.leaders-together", case) == [
        {"agency": "so-tu-phap", "people": ["dung", "mai"], "limit": 1},
        {"agency": "so-y-te", "people": ["lan", "thu"], "limit": 1},
    ]


def test_what_is_overdue_is_said_by_the_number_of_the_activity() -> None:
    case = OWN["on 8 February the passports are overdue"].case
    (earlier,) = (entry for entry in case.history if entry.id == "H1")
    earlier = replace(earlier, reported=None)
    case = replace(
        case,
        as_of=date(2025, 3, 3),
        history=tuple(replace(earlier, id=id_) for id_ in ("H3", "H1", "H2")),
    )
    for rule in ("outbound.trip-report", "outbound.passport-return"):
        assert [facts["activity"] for facts in _named(rule, case)] == ["H1", "H2", "H3"]


def test_late_bodies_are_said_in_order_each_from_the_first_time_it_was_asked() -> None:
    case = OWN["Party rules do not lift state secrets, late opinions and reports"].case
    asked = [("police", 3), ("focal", 4), ("police", 1), ("focal", 6)]
    opinions = tuple(Opinion(body, asked=date(2024, 11, day)) for body, day in asked)
    case = replace(case, proposal=replace(case.proposal, opinions=opinions))
    assert _named("conference.opinion-overdue", case) == [
        {
            "late": [
                {"body": "focal", "asked": "2024-11-04", "due": "2024-11-19"},
                {"body": "police", "asked": "2024-11-01", "due": "2024-11-16"},
            ]
        }
    ]


def test_trips_are_listed_by_day_then_by_number_and_first_those_without_a_day() -> None:
    case = OWN["an item used by an approved trip cannot be used again"].case
    (used,) = case.history
    days = {"H4": date(2024, 3, 4), "H2": date(2024, 3, 4), "H3": None, "H1": None}
    case = replace(
        case,
        history=tuple(replace(used, id=i, departs=day, returns=None) for i, day in days.items()),
    )
    (facts,) = _named("outbound.plan", case)
    assert [trip["id"] for trip in facts["used_by"]] == ["H1", "H3", "H2", "H4"]


def test_an_item_that_is_used_and_not_approved_is_both() -> None:
    case = OWN["an item used by an approved trip cannot be used again"].case
    (plan,) = case.plans
    case = replace(case, plans=(replace(plan, status="draft"),))
    (facts,) = _named("outbound.plan", case)
    assert facts["faults"] == ["not-approved", "used"]


def test_the_screening_names_what_the_rule_on_opinions_is_not_there_to_name() -> None:
    case = OWN["at the decision the focal point missing is said by the screening"].case
    case = replace(case, proposal=replace(case.proposal, opinions=()))
    law = default_regulations()
    without = Regulations((v for v in law if v.rule != "project.opinions"), law.calendar)
    for regulations, bodies in ((law, ["focal"]), (without, ["focal", "police"])):
        (found,) = (
            f for f in judge(case, regulations).findings if f.rule == "project.screening-opinions"
        )
        missing = [entry["body"] for entry in found.facts["missing"]]
        assert [body for body in missing if body != "military-command"] == bodies
