"""Topic by topic and detail by detail: who decides, who is asked, and where a rule does not run."""

from datetime import date

import pytest
from msgspec.structs import replace

from portal.compliance.engine import judge
from portal.compliance.facts import Agency, Case, Guest, Opinion, ProgrammeItem
from tests.unit.compliance.own_cases import CASES

CONFERENCE = CASES["without a start the lead time is not known"]
TRIP = CASES["a trip under an approved plan item passes"]
VISIT = CASES["two guests with gaps are one finding"]
GRANT = CASES["twenty-one days after the complete dossier the appraisal is overdue"]


def _with(case: Case, **changes: object) -> Case:
    return replace(case, proposal=replace(case.proposal, **changes))


def _rules(case: Case) -> set[str]:
    return {finding.rule for finding in judge(case).findings}


@pytest.mark.parametrize(
    ("topic", "decides"),
    [
        *(("sovereignty", "prime-minister"), ("security", "prime-minister")),
        *(("defence", "prime-minister"), ("ethnic", "prime-minister")),
        *(("religion", "prime-minister"), ("human-rights", "prime-minister")),
        *(("state-secret", "prime-minister"), ("trade", "chair")),
    ],
)
def test_a_topic_takes_a_conference_to_the_prime_minister(topic: str, decides: str) -> None:
    assert judge(_with(CONFERENCE, topics=(topic,))).authority == decides


@pytest.mark.parametrize(
    ("topic", "decides"),
    [
        *(("security", "prime-minister"), ("defence", "prime-minister")),
        *(("religion", "prime-minister"), ("ethnic", "chair"), ("trade", "chair")),
    ],
)
def test_a_topic_takes_grant_aid_to_the_prime_minister(topic: str, decides: str) -> None:
    assert judge(_with(GRANT, topics=("trade", topic))).authority == decides
    assert judge(_with(GRANT, topics=(topic,), type="oda")).authority == "chair"


@pytest.mark.parametrize(
    ("topic", "asked"),
    [
        *(("defence", ("focal", "police")), ("security", ("focal", "police"))),
        *(("religion", ("focal",)), ("trade", ("focal",))),
    ],
)
def test_a_topic_of_a_trip_calls_for_the_police(topic: str, asked: tuple[str, ...]) -> None:
    programme = (ProgrammeItem(topics=("trade",)), ProgrammeItem(topics=(topic,)))
    assert judge(_with(TRIP, programme=programme)).opinions_required == asked


@pytest.mark.parametrize("detail", ["name", "title", "nationality", "passport_no"])
def test_each_detail_of_a_guest_is_asked_for(detail: str) -> None:
    known = dict.fromkeys(("name", "title", "nationality", "passport_no"), True)
    case = _with(VISIT, guests=(Guest(**known), Guest(**{**known, detail: False})))
    (found,) = (f for f in judge(case).findings if f.rule == "inbound.guest-details")
    assert found.facts["guests"] == [{"guest": 2, "missing": [detail]}]


def test_under_party_rules_nobody_checks_the_authority_nor_asks_for_opinions() -> None:
    case = _with(CONFERENCE, stage="decision", topics=("sovereignty",), starts=date(2025, 12, 1))
    case = replace(case, as_of=date(2025, 9, 1))
    own = {"conference.authority-check", "conference.opinions"}
    assert own <= _rules(case)
    front = Agency(case.proposal.agency, "socio-political")
    party = replace(case, agencies={front.id: front})
    assert not own & _rules(party)
    assert judge(party).opinions_required == ()


def test_out_of_scope_nothing_is_overdue_and_nothing_else_is_asked() -> None:
    late = (Opinion("mofa", asked=date(2024, 11, 1)),)
    case = _with(CONFERENCE, opinions=late, starts=date(2024, 12, 20), documents=())
    assert {"conference.opinion-overdue", "conference.dossier"} <= _rules(case)
    assert _rules(_with(case, press_conference=True)) == {"conference.scope"}
