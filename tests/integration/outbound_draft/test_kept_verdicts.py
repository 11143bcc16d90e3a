"""A verdict opens years later exactly as it was, beside what today's rules would say."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from psycopg.types.json import Jsonb

from portal.activities import assessment
from portal.core.clock import frozen_at
from portal.core.unit_of_work import unit_of_work
from tests.integration.outbound_draft.conftest import DAY, Browser
from tests.support.province import Province, insert
from tests.unit.compliance.test_own_versions import DOCUMENT, definition

A_YEAR_LATER = DAY + timedelta(days=365)
Enter = Callable[[str], Browser]


@pytest.fixture
def second_trip(province: Province, app: Flask, acting: Any) -> int:
    """A submitted, judged file whose leader travelled once before in the year."""
    file = _file(province, earlier_trips=1)
    with app.app_context(), acting(province["officer"]), unit_of_work():
        assessment.assess(file, stage="submission")
    return file


def _file(province: Province, *, earlier_trips: int) -> int:
    leader = province.person("hoi-an", "Lương Thị Sương", honorific="bà", key_leader=True)
    for month in range(2, 2 + earlier_trips):
        earlier = province.activity(
            "hoi-an", state="closed", submitted_on=DAY, passports_returned_on=date(2026, month, 24),
            starts_on=date(2026, month, 20), ends_on=date(2026, month, 24),
        )  # fmt: skip
        province.member(earlier, "hoi-an", leader, "head")
    file = province.activity(
        "hoi-an", state="submitted", submitted_on=DAY, starts_on=date(2026, 11, 16),
        ends_on=date(2026, 11, 20), plan_item_id=province.plan_item("hoi-an", 2026),
    )  # fmt: skip
    province.member(file, "hoi-an", leader, "head")
    province.programme(file, "hoi-an", topics=("economy",))
    return file


def enact_limit_one(province: Province, valid_from: str) -> None:
    insert(
        province.connection, "rule_version", rule="outbound.leader-trips",
        jurisdiction="quang-nam", valid_from=valid_from, document=Jsonb(DOCUMENT),
        definition=Jsonb(definition(valid_from=valid_from)), loosens=False, state="published",
        revision=1, drafted_by=province.users["focal_officer"], settled_at="now",
        created_at="now",
    )  # fmt: skip


def opened(browser: Browser, file: int) -> tuple[str, str, str]:
    """What the file's only verdict says: then, now, and what changed."""
    listed = browser.get(f"/activities/{file}/verdicts").text
    [address] = re.findall(rf'href="(/activities/{file}/verdicts/\d+)"', listed)
    page = browser.get(address).text
    then, now = page.split("Theo quy định hôm nay")
    now, _, changed = now.partition("<caption>Quy định nay đã khác")
    return then, now, changed


def test_a_year_later_it_stands_as_given_and_today_shows_the_new_limit(
    province: Province, second_trip: int, signed_in: Enter
) -> None:
    enact_limit_one(province, "2027-01-01")
    with frozen_at(A_YEAR_LATER):
        then, now, changed = opened(signed_in("officer"), second_trip)
    assert "giống hệt" in then
    assert then.count("Đoàn công tác Lào") == 2, "on paper too, where the path above is left out"
    assert "outbound.leader-trips" not in then + now  # findings speak in words
    assert "đã có 1 chuyến" not in then
    assert "đã có 1 chuyến" in now
    assert "12-CT/TU" in now
    assert "outbound.leader-trips" in changed
    assert changed.count("12-CT/TU") == 1


def test_without_a_new_version_nothing_differs(second_trip: int, signed_in: Enter) -> None:
    _then, now, changed = opened(signed_in("officer"), second_trip)
    assert not changed
    assert "đến nay không đổi" in now


def test_the_list_names_a_verdict_as_its_page_does(
    province: Province, app: Flask, acting: Any, signed_in: Enter
) -> None:
    """A block that can be waived asks for a waiver; it does not stop the file."""
    file = _file(province, earlier_trips=2)
    with app.app_context(), acting(province["officer"]), unit_of_work():
        assert assessment.assess(file, stage="submission").judgement.verdict == "block"
    officer = signed_in("officer")
    then, _now, _changed = opened(officer, file)
    listed = officer.get(f"/activities/{file}/verdicts").text
    for page in (then, listed):
        assert "Xin chấp thuận ngoại lệ" in page
        assert "Vướng quy định" not in page


@pytest.mark.parametrize(
    ("alteration", "said"),
    [
        ("result = replace(result, 'chair', 'committee')", "không khớp với mã kiểm tra"),
        ("verdict = 'block'", "khác với kết quả đã niêm phong"),
    ],
)
def test_an_altered_verdict_is_said_to_be_altered(
    province: Province, second_trip: int, signed_in: Enter, alteration: str, said: str
) -> None:
    province.connection.execute("ALTER TABLE verdict DISABLE TRIGGER USER")
    province.connection.execute(f"UPDATE verdict SET {alteration}")
    then, _now, _changed = opened(signed_in("officer"), second_trip)
    assert "Không thể lập lại đúng kết quả này" in then
    assert said in then
    assert "giống hệt" not in then


@pytest.mark.parametrize(
    ("column", "left"), [("facts", "{}"), ("result", "[]"), ("result", "{"), ("facts", "")]
)
def test_what_was_altered_until_nobody_can_read_it_is_said_to_be_so(
    province: Province, second_trip: int, signed_in: Enter, column: str, left: str
) -> None:
    [kept] = province.connection.execute("SELECT id FROM verdict").fetchone() or [0]
    province.connection.execute("ALTER TABLE verdict DISABLE TRIGGER USER")
    province.connection.execute(f"UPDATE verdict SET {column} = %s", [left])
    officer = signed_in("officer")
    for path in ("", f"/verdicts/{kept}"):
        page = officer.get(f"/activities/{second_trip}{path}")
        assert page.status_code == 410, path
        assert f"Kết quả đánh giá số {kept} đã bị sửa" in page.text


def test_other_agencies_and_other_files_have_no_such_page(
    province: Province, second_trip: int, signed_in: Enter
) -> None:
    [kept] = province.connection.execute("SELECT id FROM verdict").fetchone() or [0]
    other = province.activity("hoi-an", state="draft")
    officer = signed_in("officer")
    assert officer.get(f"/activities/{other}/verdicts/{kept}").status_code == 404
    assert "Chưa lưu lần đánh giá nào" in officer.get(f"/activities/{other}/verdicts").text
    outsider = signed_in("outsider")
    for path in (
        f"/activities/{second_trip}/verdicts",
        f"/activities/{second_trip}/verdicts/{kept}",
    ):
        assert outsider.get(path).status_code == 404
