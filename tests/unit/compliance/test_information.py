"""Information is not compared by case files, so what informs is pinned here."""

import pytest

from portal.compliance.cases import LoadedCase
from portal.compliance.engine import judge
from tests.unit.compliance.own_cases import OWN


def _information(loaded: LoadedCase) -> list[tuple[str, object]]:
    return [
        (f.rule, f.facts.get("reason")) for f in judge(loaded.case).findings if f.severity == "info"
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "a press conference is out of scope, whatever else is missing",
            [("conference.scope", "press-conference")],
        ),
        ("nothing foreign is out of scope", [("conference.scope", "nothing-foreign")]),
        (
            "for a socio-political organisation Party rules decide, whatever the topic",
            [("conference.party-rules", None)],
        ),
        ("scope comes before Party rules", [("conference.scope", "press-conference")]),
        (
            "where the Prime Minister decides the note on Decree 134/2025 is only information",
            [("conference.authority-check", None)],
        ),
        ("where the chair decides nobody looks at Decree 134/2025", []),
        ("forty days before is in time for the Prime Minister", []),
        ("thirty days before is in time for the chair", []),
    ],
)
def test_what_informs(name: str, expected: list[tuple[str, object]]) -> None:
    assert _information(OWN[name]) == expected


def test_information_is_about_conferences_only() -> None:
    for loaded in OWN.values():
        if loaded.case.proposal.kind != "conference":
            assert _information(loaded) == []


def test_no_authority_is_known_out_of_scope_and_while_the_rank_is_unknown() -> None:
    for name in (
        "nothing foreign is out of scope",
        "an unknown rank leaves the authority open, the lead time at thirty days",
        "scope comes before Party rules",
    ):
        assert judge(OWN[name].case).authority is None


@pytest.mark.parametrize(
    ("name", "rule", "facts"),
    [
        (
            "four days in one country are one too many",
            "outbound.days-per-country",
            {"days": 4, "countries": ["JP"], "limit": 3, "last_day": "2025-09-17"},
        ),
        (
            "an item used by an approved trip cannot be used again",
            "outbound.plan",
            {
                "plan_item": "P1",
                "year": 2024,
                "faults": ["used"],
                "used_by": [{"id": "H1", "start": "2024-03-04", "end": "2024-03-07"}],
            },
        ),
        (
            "an item of a plan still in draft does not count",
            "outbound.plan",
            {"plan_item": "P1", "year": 2024, "faults": ["not-approved"]},
        ),
        (
            "returning the day before leaving is refused",
            "any.dates",
            {"kind": "outbound", "missing": [], "start": "2024-12-10", "end": "2024-12-09"},
        ),
        (
            "two guests with gaps are one finding",
            "inbound.guest-details",
            {
                "guests": [
                    {"guest": 1, "missing": ["title"]},
                    {"guest": 2, "missing": ["nationality"]},
                ]
            },
        ),
        (
            "a reporter without the foreign ministry's permit",
            "inbound.foreign-press",
            {"guests": [1]},
        ),
    ],
)
def test_a_finding_carries_the_facts_it_used(
    name: str, rule: str, facts: dict[str, object]
) -> None:
    (finding,) = [f for f in judge(OWN[name].case).findings if f.rule == rule]
    assert finding.facts == facts
