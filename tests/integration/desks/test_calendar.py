"""Who is abroad when, and when an agency has nobody to lead it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from portal.desks.calendar import Month, lines
from portal.desks.types import Trip
from tests.integration.desks.conftest import Files
from tests.support.province import Province
from tests.support.signing_in import Enter

MONTH = Month(2026, 10)


def abroad(files: Files, tenant: str, person_id: int, first: int, last: int, **facts: Any) -> int:
    """A trip of one person in October 2026, approved unless said otherwise."""
    facts.setdefault("state", "approved")
    facts.setdefault("starts_on", date(2026, 10, first))
    facts.setdefault("ends_on", date(2026, 10, last))
    activity_id = files.file(tenant, "Đoàn", **facts)
    files.province.member(activity_id, tenant, person_id, "head")
    return activity_id


def names(page: str) -> list[str]:
    """Who stands in the month's table, in its order."""
    return re.findall(r'<th scope="row" class="month-person">([^<]+?) ?<', page)


def leaders_of(province: Province, tenant: str) -> list[int]:
    """The people behind the head's account and a deputy's, made for this test."""
    head = province["head"].person_id
    deputy = province.person(tenant, "Phạm Văn Phó")
    connection = province.connection
    row = connection.execute(
        "INSERT INTO user_account (username, name, password_hash, person_id, active, locale,"
        " created_at) VALUES ('deputy', 'Phạm Văn Phó', '!', %s, true, 'vi', now()) RETURNING id",
        [deputy],
    ).fetchone()
    assert row
    assert head
    connection.execute(
        "INSERT INTO membership (tenant_id, user_id, role, fields, valid_from, created_at)"
        " VALUES (%s, %s, 'deputy-head', '{}', '2025-01-01', now())",
        [province.tenants[tenant], row[0]],
    )
    return [head, deputy]


def test_the_agency_sees_all_of_its_people_and_nobody_elses(files: Files, enter: Enter) -> None:
    mine = files.province.person("hoi-an", "Trương Thị Lài")
    theirs = files.province.person("nam-giang", "Bríu Thị Nem", key_leader=True)
    abroad(files, "hoi-an", mine, 5, 9)
    abroad(files, "nam-giang", theirs, 6, 8)
    page = enter("officer").get("/calendar?month=2026-10").text
    assert names(page) == ["Trương Thị Lài"]
    assert "Bríu Thị Nem" not in page


def test_overseers_see_key_leaders_and_one_agency_in_full(files: Files, enter: Enter) -> None:
    leader = files.province.person("hoi-an", "Trương Thị Lài", key_leader=True)
    clerk = files.province.person("hoi-an", "Ngô Văn Thư")
    abroad(files, "hoi-an", leader, 5, 9)
    abroad(files, "hoi-an", clerk, 6, 8)
    browser = enter("focal_officer")
    assert names(browser.get("/calendar?month=2026-10").text) == ["Trương Thị Lài"]
    page = browser.get("/calendar?month=2026-10&agency=hoi-an").text
    assert names(page) == ["Ngô Văn Thư", "Trương Thị Lài"]
    assert names(browser.get("/calendar?month=2026-10&agency=nam-giang").text) == []


def test_only_trips_that_touch_the_month_and_may_happen_are_shown(
    files: Files, enter: Enter
) -> None:
    person = {
        name: files.province.person("hoi-an", name)
        for name in ("Từ Tháng Chín", "Đến Tháng Mười Một", "Đã Hủy", "Còn Nháp", "Tháng Tám")
    }
    abroad(files, "hoi-an", person["Từ Tháng Chín"], 1, 2, starts_on=date(2026, 9, 28))
    abroad(files, "hoi-an", person["Đến Tháng Mười Một"], 30, 31, ends_on=date(2026, 11, 3))
    abroad(files, "hoi-an", person["Đã Hủy"], 5, 6, state="cancelled")
    abroad(files, "hoi-an", person["Còn Nháp"], 5, 6, state="draft")
    abroad(
        files, "hoi-an", person["Tháng Tám"], 1, 1,
        starts_on=date(2026, 8, 5), ends_on=date(2026, 8, 9),
    )  # fmt: skip
    page = enter("officer").get("/calendar?month=2026-10").text
    assert sorted(names(page)) == ["Từ Tháng Chín", "Đến Tháng Mười Một"]
    assert "trip-before" in page
    assert "trip-after" in page


def test_who_stayed_at_home_is_not_abroad(files: Files, enter: Enter) -> None:
    person = files.province.person("hoi-an", "Trương Thị Lài")
    abroad(files, "hoi-an", person, 5, 9, state="reported")
    files.province.connection.execute("UPDATE delegation_member SET went = false")
    assert names(enter("officer").get("/calendar?month=2026-10").text) == []


def test_a_month_without_head_and_deputies_is_marked_for_decided_trips_only(
    files: Files, enter: Enter
) -> None:
    head, deputy = leaders_of(files.province, "hoi-an")
    abroad(files, "hoi-an", head, 5, 9)
    second = abroad(files, "hoi-an", deputy, 8, 12, state="submitted")
    browser = enter("officer")
    warning = "Người đứng đầu và toàn bộ cấp phó cùng ở nước ngoài"
    assert warning not in browser.get("/calendar?month=2026-10").text
    files.province.connection.execute(
        "UPDATE activity SET state = 'approved' WHERE id = %s", [second]
    )
    page = browser.get("/calendar?month=2026-10").text
    assert warning in page
    part = page[page.index("bare-days") : page.index("</ul>", page.index("bare-days"))]
    assert re.findall(r"\d\d/\d\d/\d{4}", part) == ["08/10/2026", "09/10/2026"]


def test_nonsense_months_mean_this_one_and_nonsense_agencies_are_said(enter: Enter) -> None:
    browser = enter("focal_officer")
    for month in ("2026-13", "abc", "99999-01", "1900-01", "2026-1", "<b>"):
        answer = browser.get("/calendar", query_string={"month": month})
        assert answer.status_code == 200, month
    answer = browser.get("/calendar?agency=Atlantis")
    assert answer.status_code == 422
    assert "Không có cơ quan nào" in answer.text


def trip(first: date, last: date, activity_id: int = 1) -> Trip:
    return Trip(
        activity_id, 1, "Hội An", 7, "Trương Thị Lài", "bà", "", True, ["LA"], first, last,
        "approved", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    "trips",
    [
        [trip(date(2026, 9, 20), date(2026, 11, 5))],
        [trip(date(2026, 10, 1), date(2026, 10, 1)), trip(date(2026, 10, 31), date(2026, 10, 31))],
        [trip(date(2026, 10, 3), date(2026, 10, 9)), trip(date(2026, 10, 9), date(2026, 10, 12))],
        [trip(date(2026, 10, 3), date(2026, 10, 9)), trip(date(2026, 10, 10), date(2026, 10, 12))],
    ],
)
def test_the_bars_of_every_line_fill_the_month(trips: list[Trip]) -> None:
    found = lines(trips, MONTH)
    assert all(sum(bar.span for bar in line.bars) == 31 for line in found)
    assert sum(1 for line in found for bar in line.bars if bar.trip) == len(trips)


def test_months_follow_each_other_over_the_new_year() -> None:
    assert str(Month(2026, 12).next) == "2027-01"
    assert str(Month(2026, 1).previous) == "2025-12"
    assert len(Month(2028, 2).days) == 29
