"""A version of the province's own: from its date on, and never looser than national law."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.compliance.regulation_files import OWN_DOCUMENT, own_version
from portal.compliance.regulations import Version, default_regulations
from portal.compliance.rules import RULES
from portal.compliance.strict_yaml import MalformedError

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
