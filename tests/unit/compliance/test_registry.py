"""The rule set itself: which rules there are, and what their data must carry."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.compliance.facts import Province
from portal.compliance.regulation_files import RegulationError, load_regulations
from portal.compliance.regulations import (
    DEFAULT_FOLDER,
    NotInForce,
    Regulations,
    Version,
    default_regulations,
)
from portal.compliance.rules import BY_KIND, RULES
from tests.unit.compliance.faulty_rules import CALENDAR, EVERYTHING, FAULTY

LAW = default_regulations()

# Copied from the contract by hand: a rule that vanishes or is renamed must be noticed here.
IDS = [
    "any.after-the-fact",
    "any.classified",
    "any.dates",
    "agreement.dossier",
    "agreement.non-binding-clause",
    "agreement.opinion-overdue",
    "agreement.opinions",
    "agreement.signing-report",
    "conference.authority-check",
    "conference.dossier",
    "conference.lead-time",
    "conference.opinion-overdue",
    "conference.opinions",
    "conference.party-rules",
    "conference.result-report",
    "conference.scope",
    "conference.state-secret",
    "inbound.foreign-press",
    "inbound.guest-details",
    "inbound.lead-time",
    "inbound.plan",
    "inbound.police-notice",
    "inbound.result-report",
    "outbound.countries",
    "outbound.days-per-country",
    "outbound.enterprise-funded",
    "outbound.lead-time",
    "outbound.leader-trips",
    "outbound.leaders-together",
    "outbound.passport-return",
    "outbound.plan",
    "outbound.plan-deviation",
    "outbound.project-note",
    "outbound.relatives",
    "outbound.secret-documents",
    "outbound.size",
    "outbound.supplement-invitation",
    "outbound.supplement-necessity",
    "outbound.supplement-quota",
    "outbound.trip-report",
    "project.appraisal-overdue",
    "project.donor-registration",
    "project.dossier",
    "project.opinions",
    "project.screening",
    "project.screening-opinions",
]

# rule: (jurisdiction, first day, last severity, waivable by), as the contract's tables say.
CONTRACT = {
    "outbound.plan": ("vn", "2014-01-01", "block", None),
    "outbound.plan-deviation": ("quang-nam", "2024-10-15", "warn", None),
    "outbound.supplement-quota": ("quang-nam", "2024-10-15", "block", "deciding-authority"),
    "outbound.supplement-invitation": ("quang-nam", "2024-10-15", "block", None),
    "outbound.supplement-necessity": ("quang-nam", "2024-10-15", "block", None),
    "outbound.leader-trips": ("vn", "2014-01-01", "block", "standing-committee"),
    "outbound.leaders-together": ("vn", "2014-01-01", "block", None),
    "outbound.relatives": ("vn", "2014-01-01", "block", "deciding-authority"),
    "outbound.secret-documents": ("vn", "2014-01-01", "block", None),
    "outbound.project-note": ("vn", "2014-01-01", "block", None),
    "outbound.enterprise-funded": ("da-nang", "2025-07-09", "block", None),
    "outbound.size": ("da-nang", "2025-07-09", "block", "chair"),
    "outbound.days-per-country": ("da-nang", "2025-07-09", "block", "chair"),
    "outbound.countries": ("da-nang", "2025-07-09", "block", "chair"),
    "outbound.lead-time": ("quang-nam", "2024-10-15", "warn", None),
    "outbound.trip-report": ("vn", "2014-01-01", "warn", None),
    "outbound.passport-return": ("vn", "2020-07-01", "warn", None),
    "inbound.plan": ("quang-nam", "2024-10-15", "block", None),
    "inbound.lead-time": ("quang-nam", "2024-10-15", "warn", None),
    "inbound.guest-details": ("quang-nam", "2024-10-15", "warn", None),
    "inbound.police-notice": ("quang-nam", "2024-10-15", "warn", None),
    "inbound.foreign-press": ("vn", "2012-12-20", "block", None),
    "inbound.result-report": ("quang-nam", "2024-10-15", "warn", None),
    "conference.scope": ("vn", "2020-04-15", "info", None),
    "conference.party-rules": ("vn", "2020-04-15", "info", None),
    "conference.lead-time": ("vn", "2020-04-15", "block", "deciding-authority"),
    "conference.dossier": ("vn", "2020-04-15", "block", None),
    "conference.opinions": ("vn", "2020-04-15", "block", "deciding-authority"),
    "conference.authority-check": ("vn", "2025-07-01", "info", None),
    "conference.opinion-overdue": ("vn", "2020-04-15", "warn", None),
    "conference.result-report": ("vn", "2020-04-15", "warn", None),
    "conference.state-secret": ("vn", "2020-04-15", "block", None),
    "project.dossier": ("vn", "2020-09-17", "warn", None),
    "project.opinions": ("vn", "2020-09-17", "warn", None),
    "project.appraisal-overdue": ("vn", "2020-09-17", "warn", None),
    "project.donor-registration": ("vn", "2022-11-01", "block", "deciding-authority"),
    "project.screening": ("quang-nam", "2024-10-15", "warn", None),
    "project.screening-opinions": ("quang-nam", "2024-10-15", "warn", None),
    "agreement.dossier": ("vn", "2021-07-01", "block", None),
    "agreement.opinions": ("vn", "2021-07-01", "block", "deciding-authority"),
    "agreement.opinion-overdue": ("vn", "2021-07-01", "warn", None),
    "agreement.non-binding-clause": ("vn", "2021-07-01", "block", None),
    "agreement.signing-report": ("vn", "2021-07-01", "warn", None),
    "any.classified": ("vn", "2000-01-01", "block", None),
    "any.dates": ("vn", "2000-01-01", "block", None),
    "any.after-the-fact": ("vn", "2000-01-01", "warn", None),
}


def test_the_rules_are_exactly_these() -> None:
    assert sorted(RULES) == sorted(IDS)
    assert len(RULES) == 46


@pytest.mark.parametrize("rule", IDS)
def test_a_rule_stands_in_the_law_as_the_contract_has_it(rule: str) -> None:
    versions = LAW.versions(rule)
    where, first, severity, waivable_by = CONTRACT[rule]
    assert {version.jurisdiction for version in versions} == {where}
    assert versions[0].valid_from == date.fromisoformat(first)
    assert (versions[-1].severity, versions[-1].waivable_by) == (severity, waivable_by)


@pytest.mark.parametrize("version", list(LAW), ids=lambda v: f"{v.rule} {v.id}")
def test_a_version_says_what_it_rests_on_in_both_languages(version: Version) -> None:
    for said in (version.title, version.description):
        assert said.vi
        assert said.en
        assert said.vi != said.en
    assert version.note is None or (version.note.vi and version.note.en)
    assert version.legal_basis
    for basis in version.legal_basis:
        assert basis.document
        assert basis.clause
        assert basis.address
    if version.mark in ("M", "D") or version.level in ("design", "practice-elsewhere"):
        assert version.severity != "block"


@pytest.mark.parametrize("version", [v for v in LAW if v.params], ids=lambda v: f"{v.rule} {v.id}")
def test_a_description_takes_its_numbers_from_the_version(version: Version) -> None:
    for text in (version.description.vi, version.description.en):
        assert not any(letter.isdigit() for letter in text)


def test_a_larger_number_is_stricter_where_it_is_notice_or_time_to_answer() -> None:
    assert {id_ for id_, spec in RULES.items() if spec.more_is_stricter} == {
        *("outbound.lead-time", "inbound.lead-time", "inbound.police-notice"),
        *("conference.lead-time", "conference.opinions", "project.opinions"),
        "agreement.opinions",
    }


def test_these_rules_give_the_proposal_a_duty_with_a_last_day() -> None:
    assert {id_ for id_, spec in RULES.items() if spec.is_deadline} == {
        *("outbound.trip-report", "outbound.passport-return", "inbound.result-report"),
        *("conference.result-report", "agreement.signing-report"),
    }


@pytest.mark.parametrize("rule", IDS)
def test_a_rule_belongs_to_the_kind_it_is_named_after(rule: str) -> None:
    kinds = ("outbound", "inbound", "conference", "project", "agreement")
    family = RULES[rule].family
    assert rule.startswith(f"{family}.")
    judged = {kind for kind in kinds if RULES[rule] in BY_KIND[kind]}
    assert judged == (set(kinds) if family == "any" else {family})


def test_nothing_rests_on_the_two_regulations_nobody_here_has_read() -> None:
    for version in LAW:
        for basis in version.legal_basis:
            assert "1643" not in basis.document
            assert "Quy chế 27" not in basis.document


@pytest.mark.parametrize("rule", ["project.dossier", "project.opinions"])
def test_a_version_ends_on_its_last_day_and_the_next_begins_the_day_after(rule: str) -> None:
    old, new = LAW.versions(rule)
    assert old.valid_to == date(2025, 12, 7)
    assert new.valid_from == old.valid_to + timedelta(days=1)
    assert LAW.version_in_force(rule, "quang-nam", date(2025, 12, 7)) is old
    assert LAW.version_in_force(rule, "quang-nam", date(2025, 12, 8)) is new


def test_a_day_without_a_version_is_said_to_be_not_in_force() -> None:
    rule, day = "outbound.plan", date(2013, 12, 31)
    assert LAW.version_in_force(rule, "quang-nam", day) == NotInForce(rule, day)
    assert isinstance(
        LAW.version_in_force("outbound.size", "quang-nam", date(2026, 1, 1)), NotInForce
    )


def test_the_cut_timeline_agrees_with_looking_version_by_version() -> None:
    day = date(2012, 1, 1)
    while day < date(2026, 6, 1):
        for kind in ("outbound", "inbound", "conference", "project", "agreement"):
            for province in ("quang-nam", "da-nang"):
                segment, ids = LAW.in_force(kind, province, day)
                slow = [
                    v.rule
                    for rule in RULES
                    if rule.startswith((kind, "any."))
                    and isinstance(v := LAW.version_in_force(rule, province, day), Version)
                ]
                assert [spec.id for spec, _ in segment] == slow
                assert ids == frozenset(slow)
        day += timedelta(days=13)


GOOD = (DEFAULT_FOLDER / "quang-nam" / "outbound.supplement-quota.yaml").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in DEFAULT_FOLDER.rglob("*.yaml"):
        if "cases" not in file.parts:
            copy = tmp_path / file.relative_to(DEFAULT_FOLDER)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(file.read_bytes())
    return tmp_path


def test_the_copied_rule_set_loads(folder: Path) -> None:
    assert isinstance(load_regulations(folder), Regulations)


def test_a_faulty_file_is_refused_by_place_and_in_one_line(folder: Path) -> None:
    said = []
    for name, old, new in FAULTY:
        file = folder / name
        good = file.read_text("utf-8")
        assert old in good, (name, old)
        file.write_text(new if old == EVERYTHING else good.replace(old, new, 1), "utf-8")
        with pytest.raises(RegulationError) as caught:
            load_regulations(folder)
        said.append(str(caught.value).removeprefix(f"{folder}/"))
        assert caught.value.file == file
        file.write_text(good, "utf-8")
    refusals = Path(__file__).with_name("refused_rules.txt").read_text("utf-8")
    assert said == refusals.splitlines()


@pytest.mark.parametrize("name", ["documents.yaml", CALENDAR])
def test_a_file_that_is_not_there_is_said_to_be_unreadable(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(RegulationError) as caught:
        load_regulations(folder)
    reason = "expected a readable file: No such file or directory"
    assert str(caught.value) == f"{folder / name}: (file): {reason} (line 1)"


def test_a_rule_without_a_citation_is_refused(folder: Path) -> None:
    file = folder / "quang-nam" / "outbound.supplement-quota.yaml"
    start = GOOD.index("    legal_basis:")
    end = GOOD.index("    level:")
    file.write_text(GOOD[:start] + "    legal_basis: []\n" + GOOD[end:], "utf-8")
    asked = "expected at least one provision that applies in quang-nam, with document and clause"
    said = f"versions.0.legal_basis: {asked}"
    with pytest.raises(RegulationError, match=said):
        load_regulations(folder)


def test_a_rule_of_the_country_that_rests_on_one_province_alone_is_refused(folder: Path) -> None:
    file = folder / "vn" / "outbound.relatives.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("chi-thi-38", "bao-quang-nam-3143501"), "utf-8")
    with pytest.raises(RegulationError, match="applies in da-nang"):
        load_regulations(folder)


@pytest.mark.parametrize(
    ("province", "other"), [("quang-nam", "da-nang"), ("da-nang", "quang-nam")]
)
def test_nowhere_is_a_text_of_the_other_province_cited(province: Province, other: str) -> None:
    for rule in RULES:
        for version in LAW.versions_in(rule, province):
            assert version.legal_basis
            assert all(basis.province != other for basis in version.legal_basis), rule


def test_leaving_out_a_text_changes_neither_the_version_nor_its_digest() -> None:
    [whole] = LAW.versions("outbound.plan")
    [there] = LAW.versions_in("outbound.plan", "da-nang")
    assert (there.id, there.digest) == (whole.id, whole.digest)
    assert [basis.document for basis in there.legal_basis] == ["Chỉ thị 38-CT/TW"]
    assert LAW.versions_in("outbound.plan", "quang-nam") == (whole,)


OVERLAP = "versions.1.valid_from: expected a day after the version before it ends"


def test_overlapping_versions_of_one_rule_are_refused(folder: Path) -> None:
    file = folder / "vn" / "project.dossier.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("valid_to: 2025-12-07", "valid_to: 2025-12-08"), "utf-8")
    with pytest.raises(RegulationError, match=OVERLAP):
        load_regulations(folder)


def test_an_open_version_followed_by_another_is_refused(folder: Path) -> None:
    file = folder / "vn" / "project.dossier.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("valid_to: 2025-12-07", "valid_to: null"), "utf-8")
    with pytest.raises(RegulationError, match=OVERLAP):
        load_regulations(folder)


def test_a_rule_nobody_wrote_data_for_is_refused(folder: Path) -> None:
    (folder / "vn" / "any.dates.yaml").unlink()
    said = "any.dates: expected a file with at least one version of this rule"
    with pytest.raises(RegulationError, match=said):
        load_regulations(folder)


def test_a_file_of_a_rule_that_nobody_wrote_is_refused(folder: Path) -> None:
    file = folder / "vn" / "any.weather.yaml"
    text = (folder / "vn" / "any.dates.yaml").read_text("utf-8")
    file.write_text(text.replace("rule: any.dates", "rule: any.weather"), "utf-8")
    with pytest.raises(RegulationError, match="rule: expected the known rule the file is named"):
        load_regulations(folder)


def test_a_file_named_after_another_rule_is_refused(folder: Path) -> None:
    (folder / "vn" / "any.dates.yaml").rename(folder / "vn" / "any.days.yaml")
    with pytest.raises(RegulationError, match="named after"):
        load_regulations(folder)


def test_a_province_can_close_and_open_days_of_its_own(folder: Path) -> None:
    (folder / "working-days.yaml").write_text("closed: [2024-11-20]\nworked: [2024-11-23]\n")
    calendar = load_regulations(folder).calendar
    assert calendar.add(date(2024, 11, 19), 1) == date(2024, 11, 21)
    assert calendar.is_working_day(date(2024, 11, 23))


def test_changing_a_number_changes_the_digest_of_the_version(folder: Path) -> None:
    file = folder / "quang-nam" / "outbound.supplement-quota.yaml"
    file.write_text(GOOD.replace("limit: 2", "limit: 3"), "utf-8")
    changed = load_regulations(folder).versions("outbound.supplement-quota")[0]
    unchanged = LAW.versions("outbound.supplement-quota")[0]
    assert changed.id == unchanged.id
    assert changed.digest != unchanged.digest
