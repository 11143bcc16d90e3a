"""A version of the province's own: from its date on, and never looser than national law."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.compliance.regulation_files import OWN_DOCUMENT, own_version
from portal.compliance.regulations import (
    NotInForce,
    Regulations,
    Version,
    default_regulations,
)
from portal.compliance.rules import RULES
from portal.compliance.strict_yaml import MalformedError
from portal.core.working_days import WorkingCalendar

LAW = default_regulations()
DOCUMENT = {
    "number": "12-CT/TU",
    "title": {"vi": "Chỉ thị về đoàn ra", "en": "Directive on delegations"},
    "date": "2026-11-20",
    "level": "party",
    "address": "https://quangnam.gov.vn/12-ct-tu",
}
NEW_YEAR = date(2027, 1, 1)
EVE = NEW_YEAR - timedelta(days=1)


def definition(**changes: object) -> dict[str, object]:
    return {
        "valid_from": "2027-01-01",
        "severity": "block",
        "waivable_by": "standing-committee",
        "params": {"limit": 1},
        "legal_basis": [{"document": OWN_DOCUMENT, "clause": "điểm 2"}],
        "level": "party",
        "mark": "V",
        "checked_on": "2026-11-21",
        "checked_by": "Sở Ngoại vụ",
        **changes,
    }


def directive(rule: str = "outbound.leader-trips", **changes: object) -> Version:
    return own_version(rule, "quang-nam", definition(**changes), DOCUMENT)


def limit_on(day: date, *own: Version) -> int:
    version = LAW.with_own(own).version_in_force("outbound.leader-trips", "quang-nam", day)
    assert isinstance(version, Version)
    return version.params["limit"]


def test_a_directive_tightens_the_national_limit_from_its_date_on() -> None:
    assert (limit_on(EVE, directive()), limit_on(NEW_YEAR, directive())) == (2, 1)


def test_the_other_province_keeps_the_national_limit() -> None:
    law = LAW.with_own([directive()])
    there = law.version_in_force("outbound.leader-trips", "da-nang", NEW_YEAR)
    assert isinstance(there, Version)
    assert there.jurisdiction == "vn"


def test_a_looser_version_of_a_national_rule_is_never_in_force() -> None:
    assert limit_on(NEW_YEAR, directive(params={"limit": 3})) == 2


def test_a_later_version_ends_the_earlier_one() -> None:
    third = directive(valid_from="2028-01-01", params={"limit": 2})
    law = [directive(), third]
    assert [limit_on(day, *law) for day in (EVE, date(2027, 12, 31), date(2028, 1, 1))] == [2, 1, 2]


def test_an_own_version_of_the_provinces_own_rule_follows_the_shipped_one() -> None:
    quota = directive("outbound.supplement-quota", waivable_by=None, level="province")
    law = LAW.with_own([quota])
    versions = [
        law.version_in_force("outbound.supplement-quota", "quang-nam", day)
        for day in (EVE, NEW_YEAR)
    ]
    assert [v.params["limit"] for v in versions if isinstance(v, Version)] == [2, 1]


def test_what_was_judged_by_the_shipped_version_is_found_again_unchanged() -> None:
    law = LAW.with_own([directive("outbound.supplement-quota", waivable_by=None)])
    for version in LAW:
        kept = law.version(version.rule, version.id)
        assert kept is not None
        assert kept.digest == version.digest


@pytest.mark.parametrize("rule", sorted(RULES))
def test_no_version_loosens_itself(rule: str) -> None:
    assert not any(version.loosens(version) for version in LAW.versions(rule))


def test_a_smaller_limit_is_stricter_and_fewer_days_of_notice_are_looser() -> None:
    trips = LAW.versions("outbound.leader-trips")[-1]
    notice = LAW.versions("outbound.lead-time")[-1]
    assert replace(trips, params={"limit": 3}).loosens(trips)
    assert not replace(trips, params={"limit": 1}).loosens(trips)
    assert replace(notice, params={"working_days": 19}).loosens(notice)
    assert not replace(notice, params={"working_days": 21}).loosens(notice)


def test_a_milder_severity_and_a_new_waiver_are_looser() -> None:
    plan = LAW.versions("outbound.plan")[-1]
    assert plan.waivable_by is None
    assert replace(plan, severity="warn").loosens(plan)
    assert replace(plan, waivable_by="chair").loosens(plan)
    assert not plan.loosens(replace(plan, waivable_by="chair"))


def test_an_own_version_is_read_as_strictly_as_a_file() -> None:
    for wrong in ({"params": {}}, {"params": {"limit": 0}}, {"severity": "stop"}, {"x": 1}):
        with pytest.raises(MalformedError):
            directive(**wrong)
    with pytest.raises(MalformedError):
        directive("outbound.no-such-rule")
    with pytest.raises(MalformedError, match="what is not read in law never blocks"):
        directive(mark="M")


def versions_of(rule: str, *own: Version) -> list[tuple[str, date, date | None]]:
    law = LAW.with_own(own)
    return [(v.jurisdiction, v.valid_from, v.valid_to) for v in law.versions(rule)]


def test_each_own_version_ends_the_one_before_it_in_its_province_and_no_other() -> None:
    rule = "outbound.supplement-quota"
    first = directive(rule, waivable_by=None, level="province")
    second = directive(rule, waivable_by=None, level="province", valid_from="2028-01-01")
    elsewhere = replace(second, jurisdiction="da-nang", valid_to=date(2028, 6, 30))
    trips = directive(valid_from="2026-01-01")
    assert versions_of(rule, second, elsewhere, trips, first) == [
        ("da-nang", date(2028, 1, 1), date(2028, 6, 30)),
        ("quang-nam", date(2024, 10, 15), EVE),
        ("quang-nam", NEW_YEAR, date(2027, 12, 31)),
        ("quang-nam", date(2028, 1, 1), None),
    ]
    national = [v for v in versions_of("outbound.leader-trips", first, trips) if v[0] == "vn"]
    assert national == [("vn", date(2014, 1, 1), None)]


def test_a_version_that_ends_sooner_by_itself_still_does() -> None:
    rule = "outbound.supplement-quota"
    short = directive(rule, waivable_by=None, level="province", valid_to="2027-03-31")
    later = directive(rule, waivable_by=None, level="province", valid_from="2028-01-01")
    ends = {start: end for _, start, end in versions_of(rule, short, later)}
    assert ends[NEW_YEAR] == date(2027, 3, 31)
    between = LAW.with_own([short, later]).version_in_force(rule, "quang-nam", date(2027, 4, 1))
    assert between == NotInForce(rule, date(2027, 4, 1))


def test_what_is_in_force_changes_on_the_day_after_the_last_day_of_a_version() -> None:
    one = replace(LAW.versions("outbound.plan")[0], valid_to=EVE)
    law = Regulations([one])

    def ids(day: date) -> frozenset[str]:
        return law.in_force("outbound", "quang-nam", day)[1]

    before = one.valid_from - timedelta(days=1)
    assert (ids(before), ids(one.valid_from)) == (frozenset(), {"outbound.plan"})
    assert (ids(EVE), ids(NEW_YEAR)) == ({"outbound.plan"}, frozenset())


def test_a_version_may_hold_for_one_day() -> None:
    day = directive(valid_to="2027-01-01")
    assert [limit_on(d, day) for d in (EVE, NEW_YEAR, date(2027, 1, 2))] == [2, 1, 2]


def test_drafts_that_are_kept_cite_their_document_by_this_word() -> None:
    assert OWN_DOCUMENT == "own"


def test_the_province_keeps_its_own_working_days() -> None:
    calendar = WorkingCalendar(closed=[date(2027, 1, 4)])
    assert Regulations(LAW, calendar).with_own([directive()]).calendar is calendar


def test_versions_stand_by_rule_by_jurisdiction_and_by_date_however_they_come() -> None:
    mixed = sorted(LAW, key=lambda version: version.digest)
    assert list(Regulations(mixed)) == list(LAW)
    keys = [(v.rule, v.jurisdiction, v.valid_from) for v in LAW]
    assert keys == sorted(keys)


def test_the_digest_is_over_the_numbers_not_their_order() -> None:
    size = LAW.versions("outbound.size")[0]
    turned = replace(size, params=dict(reversed(size.params.items())))
    assert list(turned.params) != list(size.params)
    assert turned.digest == size.digest


def test_only_an_address_of_the_web_is_a_link() -> None:
    basis = directive().legal_basis[0]
    assert basis.link == "https://quangnam.gov.vn/12-ct-tu"
    assert replace(basis, address="kho lưu trữ, hồ sơ 12").link == ""
    assert replace(basis, address="http://quangnam.gov.vn").link == ""


def test_an_own_version_is_called_as_the_rule_is_called_now() -> None:
    for rule in ("outbound.leader-trips", "project.dossier"):
        latest = LAW.versions(rule)[-1]
        params = {"limit": 1} if latest.params else {}
        changes = {"waivable_by": None, "params": params, "severity": latest.severity}
        version = directive(rule, **changes)
        assert (version.title, version.description) == (latest.title, latest.description)
        assert version.legal_basis[0].document == "12-CT/TU"


def test_what_is_wrong_with_an_own_version_is_said_by_its_place() -> None:
    with pytest.raises(MalformedError) as unknown:
        directive("outbound.no-such-rule")
    assert (unknown.value.key, unknown.value.expected) == (
        "rule",
        "expected the id of a known rule",
    )
    with pytest.raises(MalformedError) as undated:
        own_version(
            "outbound.leader-trips", "quang-nam", definition(), {**DOCUMENT, "date": "soon"}
        )
    assert undated.value.key == "document.date"
    with pytest.raises(MalformedError) as low:
        directive(params={"limit": 0})
    assert low.value.key == "definition.params.limit"
