"""What the services say when a version of the province's own is drafted, proposed or settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import psycopg
import pytest
from flask import Flask

from portal.compliance import enacted, own_versions, rule_checks, version_files
from portal.compliance.enacted import known_version, law_in_force, law_shown, published
from portal.compliance.models import RuleCheck, RuleVersion
from portal.compliance.own_versions import Given
from portal.core import clock
from portal.core.context import acting_as, current_actor
from portal.core.errors import Conflict, FieldErrors, NotFound
from portal.extensions import db
from tests.support.province import Province, arrange

TODAY = date(2026, 11, 23)
NEW_YEAR = date(2027, 1, 1)
TRIPS, SUPPLEMENTS = "outbound.leader-trips", "outbound.supplement-quota"
GIVEN = Given(
    valid_from=NEW_YEAR,
    params={"limit": 1},
    number="12-CT/TU",
    title_vi="Chỉ thị về đoàn ra",
    title_en="Directive on delegations",
    dated=TODAY,
    level="party",
    address="https://quangnam.gov.vn/12-ct-tu",
    clause="điểm 2",
)
FORGED = {
    # It would end, and with it the limit of the province that it ended.
    b"  severity:": b"  valid_to: '2027-01-31'\n  severity:",
    # It would claim a higher rank than its document has.
    b"  level: party\n  params": b"  level: law\n  params",
}
"""A line of an exported file and what somebody could write instead."""
As = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def as_(app_context: object, superuser: psycopg.Connection) -> Iterator[As]:
    """`with as_("focal_officer"):` - everything inside is done by that person."""
    province: Province = arrange(superuser, today=TODAY)
    with clock.frozen_at(TODAY):
        yield lambda who: acting_as(province[who])


def wrong(rule: str, **changes: object) -> dict[str, str]:
    with pytest.raises(FieldErrors) as caught:
        own_versions.draft(rule, replace(GIVEN, **changes))
    return caught.value.errors


def row(version_id: int) -> RuleVersion:
    found = db.session.get(RuleVersion, version_id)
    assert found is not None
    db.session.refresh(found)
    return found


def enact(as_: As, rule: str, given: Given) -> int:
    with as_("focal_officer"):
        id_ = own_versions.draft(rule, given)
        own_versions.propose(id_, 1)
    with as_("chair_officer"):
        own_versions.publish(id_, 1)
    return id_


def limit_on(day: date) -> int:
    version = law_in_force().version_in_force(TRIPS, "quang-nam", day)
    return version.params["limit"]  # type: ignore[union-attr]


def test_what_is_drafted_is_kept_with_its_document_and_who_drafted_it(as_: As) -> None:
    with as_("focal_officer"):
        id_ = own_versions.draft(TRIPS, GIVEN)
        kept = row(id_)
        assert (kept.rule, kept.jurisdiction, kept.valid_from) == (TRIPS, "quang-nam", NEW_YEAR)
        assert (kept.state, kept.revision, kept.loosens) == ("draft", 1, False)
        assert kept.definition == {
            "valid_from": "2027-01-01",
            "severity": "block",
            "waivable_by": "standing-committee",
            "params": {"limit": 1},
            "legal_basis": [{"document": "own", "clause": "điểm 2"}],
            "level": "party",
            "mark": "V",
            "checked_on": "2026-11-23",
            "checked_by": "Sở Ngoại vụ",
        }
        assert kept.document == {
            "number": "12-CT/TU",
            "title": {"vi": "Chỉ thị về đoàn ra", "en": "Directive on delegations"},
            "date": "2026-11-23",
            "level": "party",
            "address": "https://quangnam.gov.vn/12-ct-tu",
        }


def test_what_may_not_be_a_version_is_said_at_its_field(as_: As) -> None:
    with as_("focal_officer"):
        assert wrong(TRIPS, valid_from=TODAY - timedelta(days=1)) == {
            "valid_from": "A version holds from today or a later day, never before."
        }
        assert wrong(TRIPS, params={"limit": 3}) == {
            "params": "A province may tighten a rule of the State, not loosen it."
        }
        assert wrong(TRIPS, params={"limit": 2}) == {
            "params": "Nothing would change: these are the numbers in force."
        }
        assert wrong(TRIPS, dated=TODAY + timedelta(days=1)) == {
            "dated": "The document cannot be dated after today."
        }
        assert wrong(TRIPS, number="").keys() == {"number"}
        assert wrong(TRIPS, valid_from=date(2013, 12, 31)) == {
            "valid_from": "The rule is not in force on that day."
        }
        assert wrong("outbound.plan", params={}) == {
            "": "This rule has no number that a version could change."
        }
        with pytest.raises(NotFound):
            own_versions.draft("outbound.no-such-rule", GIVEN)
        assert own_versions.draft(TRIPS, replace(GIVEN, valid_from=TODAY))


def test_only_the_rank_that_set_a_limit_or_a_higher_one_loosens_it(as_: As) -> None:
    enact(as_, SUPPLEMENTS, GIVEN)
    later = date(2028, 1, 1)
    with as_("focal_officer"):
        assert wrong(SUPPLEMENTS, valid_from=later, params={"limit": 2}, level="province") == {
            "level": "Only a document of the authority that set a limit, or a higher, "
            "may loosen it."
        }
        looser = replace(GIVEN, valid_from=later, params={"limit": 2})
        assert row(own_versions.draft(SUPPLEMENTS, looser)).loosens


def test_a_lower_text_that_tightened_a_limit_opens_no_way_past_the_higher_one(as_: As) -> None:
    first, second, third = (date(2027, month, 1) for month in (1, 2, 3))
    by_party = replace(GIVEN, valid_from=first, params={"limit": 3})
    enact(as_, SUPPLEMENTS, by_party)
    by_province = replace(GIVEN, valid_from=second, params={"limit": 1}, level="province")
    enact(as_, SUPPLEMENTS, by_province)
    with as_("focal_officer"):
        again = {"valid_from": third, "level": "province"}
        assert wrong(SUPPLEMENTS, **again, params={"limit": 4}).keys() == {"level"}
        up_to_the_higher_one = replace(by_province, valid_from=third, params={"limit": 3})
        assert row(own_versions.draft(SUPPLEMENTS, up_to_the_higher_one)).loosens


def test_a_draft_is_written_anew_by_who_saw_it_last(as_: As) -> None:
    with as_("focal_officer"):
        id_ = own_versions.draft(SUPPLEMENTS, GIVEN)
        anew = replace(GIVEN, valid_from=date(2027, 2, 1), params={"limit": 3}, clause="điểm 3")
        own_versions.change(id_, 1, anew)
        kept = row(id_)
        assert (kept.revision, kept.valid_from, kept.loosens) == (2, date(2027, 2, 1), True)
        assert kept.definition["params"] == {"limit": 3}
        assert kept.definition["legal_basis"][0]["clause"] == "điểm 3"
        for late in (own_versions.change, own_versions.propose):
            with pytest.raises(Conflict, match="Somebody else changed this version meanwhile"):
                late(id_, 1, *([GIVEN] if late is own_versions.change else []))
        with pytest.raises(NotFound):
            own_versions.change(id_ + 1, 1, GIVEN)
        own_versions.propose(id_, 2)
        with pytest.raises(Conflict):
            own_versions.change(id_, 2, anew)


def test_what_is_refused_keeps_the_reason_and_is_settled(as_: As) -> None:
    with as_("focal_officer"):
        id_ = own_versions.draft(TRIPS, GIVEN)
        own_versions.propose(id_, 1)
    with as_("chair_officer"):
        with pytest.raises(FieldErrors) as caught:
            own_versions.refuse(id_, 1, " ")
        assert caught.value.errors == {"reason": "Please give the reason."}
        own_versions.refuse(id_, 1, " chưa có căn cứ ")
        kept = row(id_)
        assert (kept.state, kept.remark) == ("refused", "chưa có căn cứ")
        assert kept.settled_by == current_actor().user_id
        assert kept.settled_at == clock.now()
        with pytest.raises(Conflict):
            own_versions.refuse(id_, 1, "lần nữa")
        assert published() == []


def test_of_two_that_begin_on_one_day_only_the_first_is_published(as_: As) -> None:
    with as_("focal_officer"):
        first, second = (own_versions.draft(TRIPS, GIVEN) for _ in range(2))
        own_versions.propose(first, 1)
        own_versions.propose(second, 1)
    taken = {"valid_from": "Another version of this rule begins on that day. Choose another day."}
    with as_("chair_officer"):
        own_versions.publish(first, 1)
        with pytest.raises(FieldErrors) as caught:
            own_versions.publish(second, 1)
        assert caught.value.errors == taken
        kept = row(first)
        assert (kept.state, kept.settled_by) == ("published", current_actor().user_id)
        assert kept.settled_at == clock.now()
    with as_("focal_officer"):
        assert wrong(TRIPS) == taken


def test_what_lay_too_long_is_not_published_for_a_day_that_is_past(as_: As) -> None:
    with as_("focal_officer"):
        id_ = own_versions.draft(TRIPS, GIVEN)
        own_versions.propose(id_, 1)
    day_after = NEW_YEAR + timedelta(days=1)
    with clock.frozen_at(day_after), as_("chair_officer"), pytest.raises(FieldErrors) as caught:
        own_versions.publish(id_, 1)
    assert caught.value.errors.keys() == {"valid_from"}


def test_a_file_of_another_province_or_with_a_fault_brings_nothing_in(as_: As) -> None:
    with as_("focal_officer"):
        good = version_files.write([row(own_versions.draft(TRIPS, GIVEN))])
        second = good.replace(b"quang-nam", b"da-nang")
        with pytest.raises(FieldErrors) as caught:
            own_versions.bring_in(good + second)
        assert caught.value.errors.keys() == {"file"}
        said = caught.value.errors["file"]
        assert "phiên bản thứ 2, dòng 27, mục jurisdiction." in said
        with pytest.raises(FieldErrors) as caught:
            own_versions.bring_in(good + good.replace(b"limit: 1", b"limit: 0"))
        assert "dòng 32, mục definition.params.limit." in caught.value.errors["file"]
        assert db.session.query(RuleVersion).count() == 1
        for line, forged in FORGED.items():
            with pytest.raises(FieldErrors):
                own_versions.bring_in(good.replace(line, forged))
        (id_,) = own_versions.bring_in(good)
        assert version_files.write([row(id_)]) == good
        assert (row(id_).state, row(id_).valid_from, row(id_).loosens) == ("draft", NEW_YEAR, False)


def test_the_law_of_a_request_is_the_one_published_before_it_asked(as_: As) -> None:
    with as_("focal_officer"):
        before = law_in_force()
        assert law_in_force() is law_shown() is before
    enact(as_, TRIPS, GIVEN)
    assert [limit_on(day) for day in (TODAY, NEW_YEAR)] == [2, 1]
    assert law_shown() is law_in_force() is not before
    version = known_version(TRIPS, f"quang-nam/{NEW_YEAR}")
    assert version is not None
    assert version.params == {"limit": 1}
    assert known_version(TRIPS, "quang-nam/2030-01-01") is None


def test_who_compared_a_rule_with_its_sources_is_written_down(as_: As) -> None:
    with as_("focal_officer"):
        rule_checks.record_check(TRIPS, "đã đọc lại")
        (check,) = db.session.query(RuleCheck).all()
        assert (check.rule, check.remark) == (TRIPS, "đã đọc lại")
        assert check.user_id == current_actor().user_id
        with pytest.raises(NotFound):
            rule_checks.record_check("outbound.no-such-rule", "x")


def test_every_step_towards_a_law_stands_in_the_audit_log(
    as_: As, superuser: psycopg.Connection
) -> None:
    with as_("focal_officer"):
        first, second = (own_versions.draft(TRIPS, GIVEN) for _ in range(2))
        own_versions.change(first, 1, GIVEN)
        own_versions.propose(first, 2)
        own_versions.propose(second, 1)
        (brought,) = own_versions.bring_in(version_files.write([row(first)]))
        rule_checks.record_check(TRIPS, "x")
    with as_("chair_officer"):
        own_versions.publish(first, 2)
        own_versions.refuse(second, 1, "x")
    query = "SELECT action, data FROM audit_event WHERE action LIKE %s ORDER BY at, seq"
    kept = superuser.execute(query, ["regulation.%"]).fetchall()
    of = [{"rule": TRIPS, "version_id": id_} for id_ in (first, second, brought)]
    in_force = {"valid_from": "2027-01-01", "params": {"limit": 1}, "loosens": False}
    assert sorted(kept, key=str) == sorted(
        [
            ("regulation.drafted", of[0]),
            ("regulation.drafted", of[1]),
            ("regulation.drafted", of[2]),
            ("regulation.changed", {**of[0], "revision": 2}),
            ("regulation.proposed", of[0]),
            ("regulation.proposed", of[1]),
            ("regulation.published", {**of[0], **in_force, "document_no": "12-CT/TU"}),
            ("regulation.refused", of[1]),
            ("regulation.checked", {"rule": TRIPS}),
        ],
        key=str,
    )


def test_the_database_is_asked_only_for_a_version_that_this_process_never_saw(
    as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    enact(as_, TRIPS, GIVEN)
    own, shipped = f"quang-nam/{NEW_YEAR}", "vn/2014-01-01"
    enacted._editions.clear()
    enacted.forget_law()
    with as_("officer"):
        assert known_version(TRIPS, own)
    monkeypatch.setattr(enacted, "law_in_force", None)
    assert known_version(TRIPS, own)
    enacted._editions.clear()
    assert known_version(TRIPS, shipped)


def test_a_version_is_known_with_what_it_rests_on_in_this_province(as_: As) -> None:
    with as_("officer"):
        plan = known_version("inbound.plan", "quang-nam/2024-10-15")
    assert plan is not None
    assert "Chủ tịch UBND tỉnh Quảng Nam" in plan.legal_basis[0].document


def test_a_page_tells_a_limit_as_it_was_five_seconds_ago_and_no_longer(
    as_: As, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = SimpleNamespace(monotonic=lambda: 1000.0)
    monkeypatch.setattr(enacted, "time", now)

    def shown() -> int:
        with app.app_context(), as_("officer"):
            version = law_shown().version_in_force(TRIPS, "quang-nam", NEW_YEAR)
            return version.params["limit"]  # type: ignore[union-attr]

    assert shown() == 2
    told = dict(enacted._editions)
    enact(as_, TRIPS, GIVEN)
    assert shown() == 1, "who publishes sees it at once"
    enacted._editions.clear()
    enacted._editions.update(told)
    enacted._seen["at"] = 1000.0
    now.monotonic = lambda: 1005.0
    assert shown() == 2, "another process published meanwhile"
    now.monotonic = lambda: 1005.5
    assert shown() == 1
