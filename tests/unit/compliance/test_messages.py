"""What an official reads: both languages, names put in late, a way out, no word of the machine."""

import json
import re

import pytest
from msgspec.structs import replace

from portal.compliance.cases import LoadedCase, load_cases
from portal.compliance.engine import judge
from portal.compliance.findings import Finding
from portal.compliance.names import Names
from portal.compliance.rules import RULES
from tests.unit.compliance.own_cases import OWN

ALL = list(OWN.values())
FINDINGS = [(loaded, f) for loaded in ALL for f in judge(loaded.case).findings]
VIETNAMESE = re.compile(
    r"[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệóòỏõọốồổỗộớờởỡợúùủũụứừửữựíìỉĩịýỳỷỹỵ]", re.I
)


def test_every_rule_has_been_put_into_words() -> None:
    assert {finding.rule for _, finding in FINDINGS} == set(RULES)


@pytest.mark.parametrize(
    ("loaded", "finding"), FINDINGS, ids=[f"{f.rule} {i}" for i, (_, f) in enumerate(FINDINGS)]
)
def test_a_finding_is_two_readable_sentences(loaded: LoadedCase, finding: Finding) -> None:
    vi, en = finding.message_vi(loaded.names), finding.message_en(loaded.names)
    for text in (vi, en):
        assert text[0] == text[0].upper() or not text[0].isalpha() or text.startswith(_ids(finding))
        assert text.endswith(".")
        assert "  " not in text
        assert "!" not in text
        assert "{" not in text
        assert "None" not in text
        assert not re.search(r"\d{4}-\d{2}-\d{2}", text), "dates are dd/mm/yyyy"
        assert not re.search(r"\b(invalid|error|lỗi|permission denied)\b", text, re.I)
    assert VIETNAMESE.search(vi)
    assert vi != en
    json.dumps(finding.as_dict(loaded.names))


def _ids(finding: Finding) -> tuple[str, ...]:
    people = [str(finding.facts.get(key, "\n")) for key in ("person", "agency")]
    people += [str(person) for person in finding.facts.get("people", ())]
    people += [str(pair["person"]) for pair in finding.facts.get("pairs", ())]
    return tuple(people)


def _finding(rule: str, severity: str = "block") -> Finding:
    return next(f for _, f in FINDINGS if f.rule == rule and f.severity == severity)


def test_what_is_above_the_limit_is_not_said_to_reach_it() -> None:
    """A third one by a waiver: the fourth finds three where two are allowed."""
    finding = _finding("outbound.supplement-quota")
    assert "đủ mức 2 lần một năm" in finding.message_vi(Names())
    third = replace(finding, facts={**finding.facts, "limit": 1})
    assert "vượt mức 1 lần một năm" in third.message_vi(Names())
    assert ", above the limit of 1 a year" in third.message_en(Names())


def test_one_is_said_as_one_where_a_directive_made_it_the_limit() -> None:
    finding = _finding("outbound.leader-trips")
    strict = replace(finding, facts={**finding.facts, "limit": 1})
    assert "at most 2 times a year" in finding.message_en(Names())
    assert "at most 1 time a year" in strict.message_en(Names())


def test_names_are_put_in_only_when_a_sentence_is_made() -> None:
    finding = _finding("outbound.leader-trips")
    names = Names(people={finding.subject: "bà Trần Thị Bình"}, activities={"H1": "đoàn Sê Kông"})
    text = finding.message_vi(names)
    assert "bà Trần Thị Bình đã có 2 chuyến" in text
    assert "đoàn Sê Kông" in text
    assert "Bình" not in json.dumps(finding.stored(), ensure_ascii=False)


def test_whose_trips_may_not_be_seen_shows_only_their_number() -> None:
    finding = _finding("outbound.leader-trips").concealed()
    text = finding.message_en()
    assert "already has 2 trips abroad" in text
    assert "H1" not in text
    assert "H1" not in json.dumps(finding.stored())


def test_a_guest_without_an_id_is_called_by_name_and_stored_by_number() -> None:
    loaded = next(x for x in ALL if x.name.startswith("guests received by a province leader"))
    finding = next(f for f in judge(loaded.case).findings if f.rule == "inbound.guest-details")
    assert "Khamla Sor" in finding.message_vi(loaded.names)
    assert finding.facts["guests"] == [{"guest": 2, "missing": ["passport_no"]}]


def test_a_waivable_block_says_who_may_be_asked_and_a_waived_one_that_it_is() -> None:
    assert "standing committee for a waiver" in _finding("outbound.leader-trips").message_en()
    waived = next(f for _, f in FINDINGS if f.waived)
    assert "A waiver has been granted." in waived.message_en()
    assert waived.as_dict()["waived"] is True
    assert "waived" not in _finding("outbound.project-note").as_dict()
    assert "waiver" not in _finding("outbound.project-note").message_en()


def test_a_number_that_no_law_read_by_us_gives_is_called_a_default() -> None:
    default = "This limit is a default, which the province may change."
    late = next(f for _, f in FINDINGS if f.rule == "outbound.lead-time" and not f.says_missing)
    assert default in late.message_en()
    assert "giá trị mặc định" in late.message_vi()
    for _, finding in FINDINGS:
        numbers = any(name in finding.facts for name in finding.version.params)
        weak = finding.version.mark in ("M", "D") or "elsewhere" in finding.version.level
        assert (default in finding.message_en()) == (numbers and weak), finding


def test_a_finding_in_json_carries_its_law() -> None:
    shown = _finding("outbound.leader-trips").as_dict()
    assert set(shown) >= {
        *("rule", "severity", "version", "legal_basis", "facts", "message_vi", "message_en")
    }
    assert shown["version"] == "vn/2014-01-01"
    assert shown["legal_basis"][0]["document"] == "Chỉ thị 38-CT/TW"
    assert all(basis["clause"] and basis["address"] for basis in shown["legal_basis"])


def test_curly_brackets_in_a_name_do_no_harm() -> None:
    text = (
        "case: x\nas_of: 2024-11-20\nprovince: quang-nam\nagencies: [{id: '{0}', kind: focal}]\n"
        "people: [{id: '{}', agency: '{0}', key_leader: true}, {id: '%s', agency: '{0}',"
        " key_leader: true}]\nproposal: {id: N, kind: outbound, agency: '{0}', departs: 2024-12-01,"
        " members: [{person: '{}'}, {person: '%s'}]}\n"
    )
    (loaded,) = load_cases(text.encode())
    messages = [f.message_vi() for f in judge(loaded.case).findings]
    assert any("{}" in message for message in messages)


def _judged(case: str) -> list[Finding]:
    return list(judge(next(iter(load_cases(case.encode(), "case.yaml"))).case).findings)


_FRAME = """
case: x
as_of: 2026-11-23
province: {province}
agencies: [{{id: a, kind: department}}]
people: [{{id: an, agency: a}}]
plans:
  - agency: a
    year: 2027
    status: approved
    items: [{{id: P, kind: outbound, countries: [LA]}}]
proposal: {{id: N, agency: a, {facts}}}
"""


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("outbound", "Luật 49/2019/QH14"),
        ("inbound", "Đề xuất thiết kế của hệ thống"),
        ("conference", "Quyết định 06/2020/QĐ-TTg"),
        ("project", "Nghị định 80/2020/NĐ-CP"),
        ("agreement", "Luật 70/2020/QH14"),
    ],
)
def test_missing_dates_cite_the_law_of_the_kind_that_is_judged_only(
    kind: str, document: str
) -> None:
    found = _judged(_FRAME.format(province="quang-nam", facts=f"kind: {kind}"))
    finding = next(f for f in found if f.rule == "any.dates")
    assert [basis["document"] for basis in finding.as_dict()["legal_basis"]] == [document]


def test_countries_are_called_by_their_names() -> None:
    facts = (
        "kind: outbound, plan_item: P, submitted: 2026-11-20, departs: 2027-02-01,"
        ' returns: 2027-02-05, countries: [LA, TH, "NO", XX], members: [{person: an}]'
    )
    found = _judged(_FRAME.format(province="quang-nam", facts=facts))
    finding = next(f for f in found if f.rule == "outbound.plan-deviation")
    assert "nước đến Na Uy, Thái Lan, XX (kế hoạch: Lào)" in finding.message_vi()
    assert "it visits Norway, Thailand, XX (planned: Laos)" in finding.message_en()
    found = _judged(_FRAME.format(province="da-nang", facts=facts))
    finding = next(f for f in found if f.rule == "outbound.countries")
    assert "(Lào, Na Uy, Thái Lan, XX)" in finding.message_vi()


def test_a_block_that_may_be_waived_says_that_the_file_may_be_submitted() -> None:
    finding = _finding("outbound.leader-trips")
    assert finding.message_vi().endswith(
        "Hoặc cứ trình và đề nghị Ban Thường vụ chấp thuận ngoại lệ; chưa có chấp thuận thì hồ sơ"
        " chưa được phê duyệt."
    )
    assert "submit it all the same" in finding.message_en()
