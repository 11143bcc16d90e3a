"""Cures are proven by the engine, complete between equals, and never choose between people."""

import pytest

from portal.compliance.cases import load_file
from portal.compliance.cures import cures
from portal.compliance.engine import judge
from portal.compliance.names import Names
from portal.compliance.regulations import DEFAULT_FOLDER

CASES = {
    loaded.name: loaded.case
    for file in sorted((DEFAULT_FOLDER / "cases").glob("*.yaml"))
    for loaded in load_file(file)
}


def _found(name: str) -> set[tuple[str, str, tuple[str, ...]]]:
    case = CASES[name]
    return {(c.finding.rule, c.action, c.target) for c in cures(case, judge(case))}


@pytest.mark.parametrize(
    ("name", "rule", "expected"),
    [
        (
            "two key leaders of one agency may not go together",
            "outbound.leaders-together",
            {("remove-member", ("lan",)), ("remove-member", ("khoa",))},
        ),
        (
            "a relative of another member is stopped",
            "outbound.relatives",
            {
                ("remove-member", ("lan",)),
                ("remove-member", ("an",)),
                ("ask-waiver", ("standing-committee",)),
            },
        ),
        (
            "the third out-of-plan delegation of the year is stopped",
            "outbound.supplement-quota",
            {
                ("link-plan-item", ("P1",)),
                ("leave-on-or-after", ("2025-01-01",)),
                ("ask-waiver", ("chair",)),
            },
        ),
        (
            "an invitation without its date is incomplete",
            "outbound.supplement-invitation",
            {("fill-in", ("dated",)), ("link-plan-item", ("P1",))},
        ),
        (
            "everything a project note needs is asked for in one finding",
            "outbound.project-note",
            {("fill-in", ("purpose", "host_partner", "content", "programme"))},
        ),
        (
            "secret documents without permission are stopped",
            "outbound.secret-documents",
            {("leave-secrets-at-home", ())},
        ),
        (
            "four days in one country are one too many",
            "outbound.days-per-country",
            {("return-on-or-before", ("2025-09-17",)), ("ask-waiver", ("chair",))},
        ),
        (
            "four countries are one too many",
            "outbound.countries",
            {("drop-country", (c,)) for c in ("JP", "KR", "TH", "LA")}
            | {("ask-waiver", ("chair",))},
        ),
        (
            "an enterprise pays: stopped",
            "outbound.enterprise-funded",
            {("no-enterprise", ("funding",))},
        ),
        (
            "returning the day before leaving is refused",
            "any.dates",
            {("end-on-or-after", ("2024-12-10",))},
        ),
        (
            "twenty-nine days before is too late",
            "conference.lead-time",
            {("start-on-or-after", ("2024-12-20",)), ("ask-waiver", ("chair",))},
        ),
    ],
)
def test_a_block_is_cured_by_exactly_these_single_changes(
    name: str, rule: str, expected: set[tuple[str, tuple[str, ...]]]
) -> None:
    assert {(action, target) for of, action, target in _found(name) if of == rule} == expected


def test_three_leaders_of_one_agency_have_no_single_cure() -> None:
    assert _found("three key leaders of one agency are one finding") == set()


def test_nothing_cures_a_classified_file() -> None:
    assert _found("a file classified mật is never handled here") == set()


def test_a_change_that_brings_a_new_block_is_no_cure() -> None:
    found = _found("a key leader's third trip is stopped")
    assert ("outbound.leader-trips", "remove-member", ("lan",)) not in found, "nobody would be left"
    assert not any(action == "leave-on-or-after" for _, action, _ in found), "P1 is of 2024"


def test_a_case_that_passes_needs_no_cure() -> None:
    assert _found("a trip under an approved plan item passes") == set()


def test_cures_are_said_with_names_in_both_languages() -> None:
    case = CASES["a relative of another member is stopped"]
    names = Names(people={"lan": "bà Trần Thị Lan", "an": "ông Lê An"})
    said = {(c.text_vi(names), c.text_en(names)) for c in cures(case, judge(case))}
    assert ("Bỏ bà Trần Thị Lan khỏi đoàn", "Remove bà Trần Thị Lan from the delegation") in said
    assert any("ngoại lệ" in vi and "waiver" in en for vi, en in said)


def test_a_cure_has_a_form_for_a_button() -> None:
    case = CASES["a relative of another member is stopped"]
    first = cures(case, judge(case))[0].as_dict()
    assert first["rule"] == "outbound.relatives"
    assert first["action"] == "remove-member"
    assert first["target"] == ["lan"]
