"""The exceptions' pages: waivers with counts and rates, late trips, loosened rules."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from re import findall
from typing import Any

import pytest
from flask import Flask
from psycopg.types.json import Jsonb

from portal.core.context import Actor
from portal.oversight.exceptions import (
    counts,
    decided_by_month,
    late_page,
    waived_by_month,
    waiver_page,
)
from portal.oversight.types import TripFilter, WaiverFilter
from tests.support.province import Province, insert
from tests.support.signing_in import Enter
from tests.unit.compliance.test_own_versions import DOCUMENT, definition

Acting = Callable[[Actor | None], AbstractContextManager[None]]
TRIPS, SUPPLEMENTS = "outbound.leader-trips", "outbound.supplement-quota"
READERS = ["focal_officer", "focal_head", "inspector"]
OTHERS = ["officer", "head", "police", "chair", "chair_officer", "committee", "administrator"]


def decided(province: Province, tenant: str, day: date, **facts: Any) -> int:
    columns = {"state": "closed", "submitted_on": day, "decided_on": day, "starts_on": day} | facts
    return province.activity(tenant, **columns)


def waived(province: Province, tenant: str, file: int, rule: str, by: str, **facts: Any) -> int:
    columns = {
        "document_no": "9-TB/TU",
        "document_date": date(2026, 3, 10),
        "reason": "việc của tỉnh",
        "created_at": "now",
    } | facts
    return insert(
        province.connection, "waiver", tenant_id=province.tenants[tenant], activity_id=file,
        rule=rule, by=by, **columns,
    )  # fmt: skip


@pytest.fixture
def waivers(province: Province) -> list[int]:
    """Three waivers of two agencies in two years, and files decided without."""
    first = decided(province, "hoi-an", date(2026, 3, 12), title="Đoàn đi Sê Kông")
    second = decided(province, "nam-giang", date(2026, 3, 20))
    third = decided(province, "hoi-an", date(2025, 7, 1))
    for day in (date(2026, 3, 1), date(2026, 4, 1), date(2025, 7, 2)):
        decided(province, "hoi-an", day)
    return [
        waived(province, "hoi-an", first, TRIPS, "standing-committee",
               expires_on=date(2026, 3, 31)),
        waived(province, "nam-giang", second, SUPPLEMENTS, "chair", expires_on=date(2099, 1, 1)),
        waived(province, "hoi-an", third, TRIPS, "standing-committee",
               document_date=date(2025, 6, 30)),
    ]  # fmt: skip


@pytest.mark.parametrize("who", READERS)
def test_waivers_are_counted_by_grantor_agency_rule_and_year(
    app: Flask, province: Province, acting: Acting, waivers: list[int], who: str
) -> None:
    hoi_an, nam_giang = province.tenants["hoi-an"], province.tenants["nam-giang"]
    with app.app_context(), acting(province[who]):
        found, ours = counts(WaiverFilter()), counts(WaiverFilter(tenant_id=nam_giang))
        assert [row.id for row in waiver_page(WaiverFilter()).rows] == waivers[::-1]
    assert found.by == {"standing-committee": 2, "chair": 1}
    assert found.tenants == {hoi_an: 2, nam_giang: 1}
    assert found.rules == {TRIPS: 2, SUPPLEMENTS: 1}
    assert found.years == {2026: 2, 2025: 1}
    assert (ours.by, ours.years) == ({"chair": 1}, {2026: 1})


def test_rates_set_waivers_beside_the_files_decided_in_the_same_month(
    app: Flask, province: Province, acting: Acting, waivers: list[int]
) -> None:
    march, april, june, july = (
        date(y, m, 1) for y, m in ((2026, 3), (2026, 4), (2025, 6), (2025, 7))
    )
    hoi_an = province.tenants["hoi-an"]
    with app.app_context(), acting(province["inspector"]):
        assert waived_by_month(WaiverFilter(year=2026), 2026) == {march: 2, june: 1}
        assert waived_by_month(WaiverFilter(by="chair"), 2026) == {march: 1}
        assert decided_by_month(None, 2026) == {march: 3, april: 1, july: 2}
        assert decided_by_month(hoi_an, 2026) == {march: 2, april: 1, july: 2}
        assert decided_by_month(None, 2024) == {}


def test_the_page_names_file_rule_grantor_document_reason_and_what_has_expired(
    enter: Enter, province: Province, waivers: list[int]
) -> None:
    browser = enter("inspector")
    text = browser.get("/oversight/exceptions?agency=hoi-an&year=2026").text
    for said in ("Đoàn đi Sê Kông", "Ban Thường vụ Tỉnh ủy", "9-TB/TU, 10/03/2026",
                 "việc của tỉnh", "31/03/2026", "Đã hết hạn", "50,0"):  # fmt: skip
        assert said in text
    assert "01/01/2099" not in text
    assert "Đã hết hạn" not in browser.get("/oversight/exceptions?by=chair").text
    link = "/oversight/exceptions?agency=hoi-an&amp;year=2026&amp;by=standing-committee"
    assert link in text, "a count leads to the list narrowed to it"
    part = browser.htmx("/oversight/exceptions?rule=outbound.supplement-quota").text
    assert "648" not in part
    assert "<html" not in part
    for query in ("by=me", "rule=none", "agency=xyz", "year=1"):
        assert browser.get(f"/oversight/exceptions?{query}").status_code == 422, query


def test_the_agency_with_the_most_waivers_is_counted_first(
    enter: Enter, province: Province, waivers: list[int]
) -> None:
    """Whatever their numbers: one more for either agency, and it leads."""
    browser = enter("inspector")
    for tenant in ("hoi-an", "nam-giang", "nam-giang", "nam-giang"):
        waived(province, tenant, decided(province, tenant, date(2026, 5, 4)), TRIPS, "chair")
        text = browser.get("/oversight/exceptions").text
        told = text[text.index("Theo cơ quan") : text.index("Theo quy định")]
        numbers = [int(n) for n in findall(r"<strong>(\d+)</strong>", told)]
        assert numbers == sorted(numbers, reverse=True)


def test_a_place_where_nothing_stands_is_the_first_page_and_no_claim_that_there_is_nothing(
    enter: Enter, province: Province, waivers: list[int]
) -> None:
    browser = enter("inspector")
    decided(province, "hoi-an", date(2026, 5, 4), title="Lập sau", after_the_fact=True)
    for query in (f"after={waivers[0]}", f"before={waivers[-1]}", "after=0", "before=999999999"):
        assert "Đoàn đi Sê Kông" in browser.get(f"/oversight/exceptions?{query}").text, query
    for query in ("after=0", "before=999999999"):
        assert "Lập sau" in browser.get(f"/oversight/exceptions/trips?{query}").text, query


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_has_the_exceptions(enter: Enter, province: Province, who: str) -> None:
    browser = enter(who)
    for path in ("/oversight/exceptions", "/oversight/exceptions/trips"):
        assert browser.get(path).status_code == 403


def test_trips_recorded_late_or_above_a_limit_stand_on_the_list_with_what_they_exceed(
    enter: Enter, app: Flask, province: Province, acting: Acting
) -> None:
    late = decided(province, "hoi-an", date(2026, 5, 4), title="Ghi sau", after_the_fact=True,
                   after_the_fact_reason="đi gấp")  # fmt: skip
    over = decided(province, "nam-giang", date(2025, 5, 4), title="Vượt mức")
    fair = decided(province, "hoi-an", date(2026, 6, 1), title="Đúng mức")
    quota = {
        "rule": TRIPS,
        "subject_id": province.people["Bríu Văn Lơ"],
        "period": 2025,
        "limit": 2,
    }
    insert(
        province.connection, "quota_use", activity_id=over, slot=3, over_reason="sự đã rồi", **quota
    )
    insert(province.connection, "quota_use", activity_id=fair, slot=2, **quota)
    with app.app_context(), acting(province["inspector"]):
        assert [row.id for row in late_page(TripFilter()).rows] == [over, late]
        assert [row.id for row in late_page(TripFilter(year=2026)).rows] == [late]
        assert [row.id for row in late_page(TripFilter(province.tenants["nam-giang"])).rows] == [
            over
        ]
    text = enter("focal_officer").get("/oversight/exceptions/trips").text
    for said in ("đi gấp", "sự đã rồi", "Chuyến thứ 3 của ông Bríu Văn Lơ trong năm 2025"):
        assert said in text


def test_a_trip_cancelled_after_it_was_to_begin_stands_there_with_its_reason(
    enter: Enter, province: Province
) -> None:
    for title, state in (("Hủy đúng lúc", "approved"), ("Hủy muộn", "completed")):
        file = decided(province, "hoi-an", date(2026, 5, 4), title=title, state="cancelled")
        insert(
            province.connection, "step", tenant_id=province.tenants["hoi-an"], activity_id=file,
            at="now", action="cancel", from_state=state, to_state="cancelled", data="{}",
            actor_name="Nguyễn Đức Ân", note="đối tác hoãn phút chót",
        )  # fmt: skip
    text = enter("inspector").get("/oversight/exceptions/trips").text
    assert "Hủy muộn" in text
    assert "Hủy sau ngày dự kiến đi" in text
    assert "đối tác hoãn phút chót" in text
    assert "Hủy đúng lúc" not in text
    assert "Đúng mức" not in text


def test_only_published_versions_that_loosen_are_listed(enter: Enter, province: Province) -> None:
    for number, (state, loosens) in enumerate(
        [("published", True), ("published", False), ("draft", True)]
    ):
        insert(
            province.connection, "rule_version", rule=TRIPS, jurisdiction="quang-nam",
            valid_from=date(2098, 1, number + 1), loosens=loosens, state=state, revision=1,
            definition=Jsonb(definition(valid_from=f"2098-01-0{number + 1}")), created_at="now",
            document=Jsonb(DOCUMENT | {"number": f"{number}-CT/TU"}), settled_at="now",
            drafted_by=province.users["focal_officer"], settled_by=province.users["chair"],
        )  # fmt: skip
    text = enter("inspector").get("/oversight/exceptions").text
    assert "0-CT/TU, 20/11/2026" in text
    assert "Số tối đa: <strong>1</strong>" in text, "a number says what of"
    assert "Hồ Quang Vinh" in text
    assert "1-CT/TU" not in text
    assert "2-CT/TU" not in text
