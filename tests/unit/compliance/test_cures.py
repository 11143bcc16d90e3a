"""Cures are proven by the engine, complete between equals, and never choose between people."""

from itertools import combinations

import pytest
from msgspec.structs import replace

from portal.compliance.cures import cures
from portal.compliance.engine import judge
from portal.compliance.facts import Case, Member, Person
from portal.compliance.names import Names
from tests.unit.compliance.own_cases import CASES


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
        (
            "without a start the lead time is not known",
            "conference.lead-time",
            {("fill-in", ("starts",))},
        ),
        (
            "it is not known whether foreigners come: the rank is asked for",
            "conference.dossier",
            {("fill-in", ("highest_foreign_rank",))},
        ),
        (
            "one missing opinion was never asked: no waiver",
            "conference.opinions",
            {("obtain-opinion", ("focal", "police"))},
        ),
        (
            "a reporter without the foreign ministry's permit",
            "inbound.foreign-press",
            {("fill-in", ("press_permit",))},
        ),
        ("an item of the year before does not count", "inbound.plan", {("unlink-plan-item", ())}),
        (
            "a missing paper stops grant aid",
            "project.dossier",
            {("fill-in", ("donor-status",))},
        ),
        (
            "at the decision both opinions are needed",
            "project.opinions",
            {("obtain-opinion", ("police",))},
        ),
        (
            "an unregistered organisation may not give",
            "project.donor-registration",
            {("ask-waiver", ("chair",))},
        ),
        (
            "an unknown donor is asked about",
            "project.donor-registration",
            {("fill-in", ("donor",))},
        ),
        ("a missing draft stops it", "agreement.dossier", {("fill-in", ("draft-foreign",))}),
        (
            "a department's text must say that it does not bind",
            "agreement.non-binding-clause",
            {("fill-in", ("non_binding_clause",))},
        ),
        (
            "at the decision the foreign ministry's opinion is needed",
            "agreement.opinions",
            {("obtain-opinion", ("mofa",))},
        ),
    ],
)
def test_a_block_is_cured_by_exactly_these_single_changes(
    name: str, rule: str, expected: set[tuple[str, tuple[str, ...]]]
) -> None:
    assert {(action, target) for of, action, target in _found(name) if of == rule} == expected


def test_without_the_rank_nobody_is_left_out_the_rank_is_asked_for() -> None:
    found = _found("without the rank the size cannot be judged")
    assert found == {("outbound.size", "fill-in", ("leader_rank",))}


def _stopped_in(case: Case) -> set[tuple[str, str]]:
    return {(f.rule, f.subject) for f in judge(case).findings if f.stops}


@pytest.mark.parametrize("name", CASES)
def test_only_a_block_is_cured_and_each_of_its_cures_is_said(name: str) -> None:
    case = CASES[name]
    for cure in cures(case, judge(case)):
        assert (cure.finding.rule, cure.finding.subject) in _stopped_in(case)
        for text in (cure.text_vi(), cure.text_en()):
            assert text
            assert "{" not in text


def test_of_three_leaders_of_one_agency_any_two_may_stay_at_home() -> None:
    found = _found("three key leaders of one agency are one finding")
    rule = "outbound.leaders-together"
    leaders = CASES["three key leaders of one agency are one finding"].proposal.members
    assert found == {(rule, "remove-member", pair) for pair in combinations(_ids(leaders), 2)}


def _ids(members: tuple[Member, ...]) -> list[str]:
    return [member.person for member in members]


def test_two_pairs_of_relatives_are_parted_by_leaving_out_one_of_each() -> None:
    case = CASES["a relative of another member is stopped"]
    people = {id_: Person(id_, case.proposal.agency) for id_ in ("a", "b", "c", "d", "e")}
    members = (
        Member("e", "head"),
        Member("a", relative_of="b"),
        Member("b"),
        Member("c", relative_of="d"),
        Member("d"),
    )
    case = replace(case, people=people, proposal=replace(case.proposal, members=members))
    out = {c.target for c in cures(case, judge(case)) if c.action == "remove-member"}
    assert out == {("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")}


def test_where_many_could_stay_at_home_only_their_number_is_said() -> None:
    case = CASES["four countries are one too many"]
    people = {f"p{n}": Person(f"p{n}", case.proposal.agency) for n in range(9)}
    members = tuple(Member(id_, "head" if id_ == "p0" else "member") for id_ in people)
    proposal = replace(case.proposal, members=members, countries=("LA",), leader_rank="department")
    case = replace(case, people=people, proposal=proposal)
    found = [c for c in cures(case, judge(case)) if c.finding.rule == "outbound.size"]
    assert [(c.action, c.target) for c in found] == [
        ("remove-members", ("4",)),
        ("ask-waiver", ("chair",)),
    ]
    assert found[0].text_vi() == "Bỏ bớt 4 người khỏi đoàn"


def test_two_countries_too_many_are_any_two() -> None:
    case = CASES["four countries are one too many"]
    countries = (*case.proposal.countries, "SG")
    case = replace(case, proposal=replace(case.proposal, countries=countries))
    out = [c for c in cures(case, judge(case)) if c.action == "drop-country"]
    assert {c.target for c in out} == set(combinations(sorted(countries), 2))


def test_an_item_of_the_old_year_is_kept_by_leaving_in_that_year() -> None:
    name = "leaving on 1 January the old year's item no longer counts"
    assert ("outbound.plan", "leave-on-or-before", ("2024-12-31",)) in _found(name)


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
