"""An officer writes a proposal without JavaScript: nothing lost, and the law beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.integration.outbound_draft.conftest import (
    COMPLETE,
    DAY,
    Begin,
    leader,
    row,
    trip,
)
from tests.support.province import Province


def test_a_plan_item_fills_the_draft_and_is_offered_once(begin: Begin, province: Province) -> None:
    binh = leader(province)
    item = province.plan_item(
        "hoi-an", 2026, "P12", title="Thăm Sê Kông", countries=["LA"], leader_id=binh
    )
    form = begin(plan_item=item)
    offered = form.browser.get("/outbound/new").text
    assert f"Hồ sơ số {form.id} đang soạn từ mục này" in offered, "a second draft is not by mistake"
    assert form.values["plan_item"] == str(item)
    assert form.values.getlist("countries") == ["LA"]
    assert form.values.getlist("member") == [str(binh)]
    assert form.values[f"member-{binh}-role"] == "head"
    used = province.activity("hoi-an", state="approved", plan_item_id=item, submitted_on=DAY)
    assert used
    assert "P12" not in form.browser.get("/outbound/new").text
    refused = form.browser.submit("/outbound/new", {"classified": "none", "plan_item": item})
    assert refused.status_code == 422


def test_another_agencys_plan_item_is_never_offered_nor_taken(
    begin: Begin, province: Province
) -> None:
    theirs = province.plan_item("nam-giang", 2026, "P77", title="Đoàn của Nam Giang")
    form = begin()
    assert "P77" not in form.text
    form.put(plan_item=str(theirs)).press("save")
    assert "P77" not in form.text
    assert "Đoàn của Nam Giang" not in form.text
    stored = row(province, "SELECT plan_item_id FROM activity WHERE id = %s", form.id)
    assert stored[0] is None


def test_everything_typed_is_stored_and_found(begin: Begin, province: Province) -> None:
    form = begin()
    member = leader(province)
    form.put(**COMPLETE, cost_vnd="120.000.000").press(f"add-member:{member}")
    form.press("fill-days")
    form.put(programme__0__item="hội đàm", programme__0__topics=["security"])
    form.press("save")
    stored = row(
        province,
        "SELECT title, search_key, starts_on::text, ends_on::text, countries, lead_person_id,"
        " blocks, warnings, authority, version FROM activity WHERE id = %s",
        form.id,
    )
    assert stored[:6] == (
        "Đoàn công tác Lào, 14–18/12/2026",
        "doan cong tac lao, 14–18/12/2026 tran thi binh huyen dac chung lao laos",
        "2026-12-14",
        "2026-12-18",
        ["LA"],
        member,
    )
    assert stored[8] == "standing-committee"
    assert row(province, "SELECT cost_vnd FROM outbound WHERE activity_id = %s", form.id)[0] == (
        120_000_000
    )
    days = province.connection.execute(
        "SELECT day::text, item, topics FROM programme_item WHERE activity_id = %s ORDER BY day",
        [form.id],
    ).fetchall()
    assert len(days) == 5
    assert days[0] == ("2026-12-14", "hội đàm", ["security"])
    assert "Công an tỉnh" in form.text


def test_a_leaders_third_trip_is_stopped_named_and_cured_by_one_button(
    begin: Begin, province: Province
) -> None:
    binh = leader(province)
    trip(province, binh, "2026-02-20", "2026-02-24")
    trip(province, binh, "2026-05-04", "2026-05-08")
    form = begin()
    form.put(**COMPLETE).press(f"add-member:{binh}")
    assert "đã đi 2/2 chuyến năm 2026" in form.text
    assert "Bà Trần Thị Bình đã có 2 chuyến công tác nước ngoài trong năm 2026" in form.text
    assert "20/02/2026" in form.text
    assert "Bỏ bà Trần Thị Bình khỏi đoàn" in form.text
    form.press(f"remove-member:{binh}")
    assert "đã có 2 chuyến" not in form.text
    assert form.values.getlist("member") == []


def test_of_three_leaders_together_one_button_leaves_two_at_home(
    begin: Begin, province: Province
) -> None:
    ids = [leader(province, name) for name in ("Trần Thị Bình", "Trần Thị Chi", "Trần Thị Dung")]
    form = begin()
    form.put(**COMPLETE)
    for id_ in ids:
        form.press(f"add-member:{id_}")
    assert "Bỏ bà Trần Thị Bình và bà Trần Thị Chi khỏi đoàn" in form.text
    form.press(f"remove-member:{ids[0]},{ids[1]}")
    assert form.values.getlist("member") == [str(ids[2])]
    assert "cùng một đoàn" not in form.text


def test_of_another_agencys_leader_only_the_number_is_shown_and_the_question_is_logged(
    begin: Begin, province: Province
) -> None:
    mai = leader(province, "Zơrâm Thị Mơ", "nam-giang")
    trip(province, mai, "2026-02-20", "2026-02-24", "nam-giang")
    trip(province, mai, "2026-05-04", "2026-05-08", "nam-giang")
    form = begin()
    form.put(**COMPLETE).press(f"add-member:{mai}")
    assert "đã đi 2/2 chuyến năm 2026" in form.text
    assert "Bà Zơrâm Thị Mơ đã có 2 chuyến" in form.text
    assert "20/02/2026" not in form.text
    logged = row(
        province,
        "SELECT user_id, subject_id, data FROM audit_event WHERE action = 'travel.looked_up'",
    )
    assert logged == (
        province.users["officer"],
        mai,
        {"person_id": mai, "year": 2026, "full": False},
    )


def test_people_are_found_without_accents_the_own_agency_first(
    begin: Begin, province: Province
) -> None:
    own = leader(province, "Trần Thị Bình")
    theirs = leader(province, "Hôih Văn Bình", "nam-giang")
    for person, key in ((own, "tran thi binh"), (theirs, "hoih van binh")):
        province.connection.execute(
            "UPDATE person SET search_key = %s WHERE id = %s", [key, person]
        )
    form = begin()
    form.put(purpose="chưa lưu").put(people_query="binh").press("find-people")
    assert form.text.index(f"add-member:{own}") < form.text.index(f"add-member:{theirs}")
    assert form.values["purpose"] == "chưa lưu"


def test_nobody_else_writes_the_draft(
    begin: Begin, signed_in: Callable[[str], Any], province: Province
) -> None:
    form = begin()
    for username, status in (("outsider", 404), ("focal_officer", 403), ("inspector", 403)):
        other = signed_in(username)
        assert other.get(form.url).status_code == status, username
    province.connection.execute(
        "UPDATE activity SET state = 'submitted', submitted_on = '2026-09-07' WHERE id = %s",
        [form.id],
    )
    assert form.browser.get(form.url).status_code == 409
    assert form.press("save", follow=False).status_code == 409


def test_a_copy_takes_the_content_and_leaves_the_dates(begin: Begin, province: Province) -> None:
    form = begin()
    form.put(**COMPLETE).press("save")
    answer = form.browser.submit(f"/outbound/{form.id}/copy", {}, page=form.url)
    assert answer.status_code == 303
    stored = row(
        province,
        "SELECT o.purpose, a.starts_on, a.state FROM activity a"
        " JOIN outbound o ON o.activity_id = a.id ORDER BY a.id DESC LIMIT 1",
    )
    assert stored == ("giao lưu biên giới", None, "draft")


def test_the_plan_and_the_trips_of_a_merged_agency_count_for_its_successor(
    begin: Begin, province: Province
) -> None:
    item = province.plan_item("nam-giang", 2026, "N4", title="Thăm huyện Đắc Chưng")
    for _ in range(2):
        province.activity(
            "nam-giang", state="approved", submitted_on=DAY, starts_on="2026-05-04", ends_on=DAY
        )
    form = begin()
    assert "N4" not in form.text
    assert "đã dùng 0/2 trong năm 2026" in form.text
    province.connection.execute(
        "INSERT INTO tenant_succession (predecessor_id, successor_id, on_date, basis)"
        " VALUES (%s, %s, '2026-07-01', 'Nghị quyết sáp nhập')",
        [province.tenants["nam-giang"], province.tenants["hoi-an"]],
    )
    form.open()
    assert "N4" in form.text
    assert "đã dùng 2/2 trong năm 2026" in form.text
    form.put(**COMPLETE, plan_item=str(item)).press("save")
    assert form.values["plan_item"] == str(item)
    assert "thuộc kế hoạch của cơ quan khác" not in form.text
