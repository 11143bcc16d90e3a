"""What cannot be in a draft stays on the page and is said at its field; nothing fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.outbound_draft.conftest import (
    COMPLETE,
    Begin,
    row,
)
from tests.support.province import Province


def test_what_is_not_valid_stays_on_the_page_and_the_rest_is_saved(
    begin: Begin, province: Province
) -> None:
    form = begin()
    form.put(departs="31/02/2026", purpose="giao lưu", cost_vnd="nhiều").press("save")
    again = form.open()
    assert again.values["departs"] == "31/02/2026"
    assert again.values["cost_vnd"] == "nhiều"
    assert 'href="#departs"' in again.text
    assert row(province, "SELECT purpose FROM outbound WHERE activity_id = %s", form.id)[0] == (
        "giao lưu"
    )


@pytest.mark.parametrize(
    "values",
    [
        {"departs": "01/01/1900"},
        {"returns": "31/12/9999"},
        {"departs": "20/12/2026", "returns": "10/12/2026"},
        {"countries": ["XX"]},
        {"countries": ["VN"]},
        {"member": [str(n) for n in range(1, 501)]},
        {"member": ["999999999999999999"]},
        {"purpose": "x" * 50_000},
        {"title": "<script>alert('x')</script>"},
        {"host_partner": "=cmd|' /C calc'!A0"},
        {"content": "a\0b\x07"},
        {"plan_item": "999999999999"},
        {"version": "nonsense"},
        {"answer-outbound.lead-time": "x" * 9999},
        {"programme": ["0", "1", "x", "99999"], "programme-0-day": "99/99/9999"},
        {"do": "remove-file:1"},
        {"seq": "99999999999999999999999", "tab": "../../etc"},
    ],
)
def test_nonsense_gets_a_page_and_never_a_failure(
    begin: Begin, province: Province, values: dict[str, Any]
) -> None:
    form = begin()
    for name, value in values.items():
        form.values.setlist(name, value if isinstance(value, list) else [value])
    answer = form.press(form.values.get("do", "save"))
    assert answer.status_code in (200, 303, 409, 422)
    assert form.autosave().status_code in (200, 409, 422)
    assert "<script>alert" not in form.browser.get(form.url).text


def test_a_day_of_the_programme_outside_the_trip_is_kept_and_remarked(begin: Begin) -> None:
    form = begin()
    form.put(**COMPLETE).press("add-day")
    form.put(**{"programme-0-day": "20/12/2027"}).press("save")
    assert "Ngoài thời gian chuyến đi" in form.text
    assert form.values["programme-0-day"] == "20/12/2027"
    form.put(**{"programme-0-day": "15/12/2026"}).press("save")
    assert "Ngoài thời gian chuyến đi" not in form.text


def test_who_goes_on_to_submit_is_told_first_what_is_not_valid_yet(begin: Begin) -> None:
    form = begin()
    answer = form.put(**COMPLETE | {"departs": "31/02/2026"}).press("finish", follow=False)
    assert answer.status_code == 422
    assert "Không có ngày 31/02/2026" in answer.text.partition("error-summary")[2]
    on = form.browser.submit(
        f"/activities/{form.id}/steps/send-for-review",
        {"version": form.values["version"]},
        page=form.url,
    )
    assert on.status_code == 422
    assert "Ngày đi: nội dung ghi tại trang soạn chưa hợp lệ" in on.text
    answer = form.put(departs="14/12/2026").press("finish", follow=False)
    assert answer.headers["Location"] == f"/activities/{form.id}"


@pytest.mark.parametrize("member", ["²", "١", "-1", "9" * 30, "x"])
def test_a_search_beside_members_that_are_none_is_no_mistake_of_ours(
    begin: Begin, member: str
) -> None:
    form = begin()
    query = {"people_query": "hanh", "member": member}
    assert form.browser.get(f"/outbound/{form.id}/people", query_string=query).status_code == 200


def test_five_hundred_members_are_refused_at_the_list(begin: Begin, province: Province) -> None:
    people = [province.person("hoi-an", f"Người {n}") for n in range(120)]
    form = begin()
    form.values.setlist("member", [str(id_) for id_ in people])
    answer = form.press("save", follow=False)
    assert answer.status_code == 422
    assert "tối đa 100 thành viên; danh sách này có 120 người" in answer.text
    count = row(province, "SELECT count(*) FROM delegation_member WHERE activity_id = %s", form.id)
    assert count[0] == 100


def test_a_classified_file_is_refused_and_keeps_only_its_register_number(
    begin: Begin, province: Province
) -> None:
    form = begin()
    form.put(purpose="nội dung tối mật", classified="toi-mat")
    answer = form.press("save", follow=False)
    assert answer.status_code == 422
    assert "bí mật nhà nước" in answer.text
    assert form.autosave().status_code == 422
    stored = "SELECT purpose FROM outbound WHERE activity_id = %s"
    assert row(province, stored, form.id)[0] == ""
    form.put(paper_register_no="12/TM-UBND").press("keep-on-paper", follow=False)
    kept = row(province, "SELECT paper_register_no, title FROM activity WHERE id = %s", form.id)
    assert kept == ("12/TM-UBND", "Hồ sơ giấy, số đăng ký 12/TM-UBND")


def test_a_classified_file_begins_with_nothing_but_its_number(
    signed_in: Callable[[str], Any], province: Province
) -> None:
    browser = signed_in("officer")
    data = {"classified": "mat", "paper_register_no": "", "plan_item": ""}
    assert browser.submit("/outbound/new", data).status_code == 422
    assert row(province, "SELECT count(*) FROM activity")[0] == 0
    answer = browser.submit("/outbound/new", {**data, "paper_register_no": "07/M-2026"})
    assert answer.status_code == 303
    assert row(province, "SELECT paper_register_no FROM activity")[0] == "07/M-2026"
