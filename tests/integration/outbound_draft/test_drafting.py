"""An officer writes a proposal without JavaScript: nothing lost, and the law beside it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.integration.outbound_draft.conftest import DAY, PASSWORD, Form, fields_of
from tests.support.cluster import Cluster
from tests.support.province import Province

Begin = Callable[..., Form]
COMPLETE = {
    "departs": "14/12/2026",
    "returns": "18/12/2026",
    "countries": ["LA"],
    "leader_rank": "department",
    "purpose": "giao lưu biên giới",
    "host_partner": "huyện Đắc Chưng",
    "content": "hội đàm thường niên",
    "funding": "state",
    "organiser": "agency",
}


def row(province: Province, query: str, *params: Any) -> Any:
    return province.connection.execute(query, params).fetchone()


def leader(province: Province, name: str = "Trần Thị Bình", tenant: str = "hoi-an") -> int:
    return province.person(
        tenant, name, honorific="bà", key_leader=True, managed_by="standing-committee"
    )


def trip(province: Province, person: int, start: str, end: str, tenant: str = "hoi-an") -> int:
    made = province.activity(
        tenant,
        state="reported",
        submitted_on=DAY,
        starts_on=start,
        ends_on=end,
        reported_on=end,
        passports_returned_on=end,
    )
    province.member(made, tenant, person, "head")
    return made


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


def test_two_tabs_meet_without_loss(begin: Begin, province: Province) -> None:
    first = begin()
    second = Form(first.browser, first.id).open()
    first.put(purpose="mục đích của tab một", host_partner="đối tác một").press("save")
    refused = second.put(purpose="mục đích của tab hai").autosave()
    assert refused.status_code == 409
    assert refused.headers["HX-Retarget"] == "#clash"
    page = second.press("save", follow=False)
    assert page.status_code == 409
    assert "mục đích của tab một" in page.text
    assert "mục đích của tab hai" in page.text
    from tests.integration.outbound_draft.conftest import fields_of

    choice = fields_of(page.text, "clash-form")
    assert choice["pick-purpose"] == "mine"
    choice["pick-host_partner"] = "saved"
    choice["do"] = "resolve"
    assert second.browser.post(second.url, data=choice).status_code == 303
    stored = row(
        province,
        "SELECT purpose, host_partner FROM outbound WHERE activity_id = %s",
        first.id,
    )
    assert stored == ("mục đích của tab hai", "đối tác một")


def test_a_save_that_waited_for_another_of_its_page_sees_what_that_one_stored(
    begin: Begin, province: Province, database: Cluster
) -> None:
    form = begin()
    form.put(purpose="giao lưu biên giới")
    mine = Jsonb({"tab": form.values["tab"], "seq": 0, "by": "", "raw": {}})
    with database.superuser() as other, ThreadPoolExecutor(1) as pool:
        with other.transaction():
            # The page's last save is still on its way when the next one comes.
            other.execute("UPDATE activity SET version = version + 1 WHERE id = %s", [form.id])
            other.execute(
                "UPDATE outbound SET unsaved = %s, content = 'hội' WHERE activity_id = %s",
                [mine, form.id],
            )
            waits = pool.submit(copy_context().run, partial(form.press, "save", follow=False))
            while not waiting_for_a_lock(province):
                assert not waits.done()
        assert waits.result().status_code == 303
    stored = "SELECT purpose, content FROM outbound WHERE activity_id = %s"
    assert row(province, stored, form.id) == ("giao lưu biên giới", "")


def waiting_for_a_lock(province: Province) -> bool:
    found = province.connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    ).fetchone()
    return bool(found and found[0])


def test_one_page_never_clashes_with_its_own_saves(begin: Begin, province: Province) -> None:
    form = begin()
    form.put(seq="1", purpose="một")
    assert form.autosave().status_code == 200
    form.put(seq="2", purpose="một hai")
    assert form.autosave().status_code == 200
    late = form.put(seq="1", purpose="một").autosave()
    assert late.status_code == 200
    assert row(province, "SELECT purpose FROM outbound WHERE activity_id = %s", form.id)[0] == (
        "một hai"
    )


def test_autosave_answers_with_the_mark_and_the_findings(begin: Begin, province: Province) -> None:
    form = begin()
    answer = form.put(**COMPLETE).autosave()
    assert "Đã lưu 12:00" in answer.text
    assert 'id="check-body"' in answer.text
    assert "thuyết minh sự cần thiết" in answer.text


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


def test_a_paper_is_added_with_everything_typed_and_a_wrong_one_loses_nothing(
    begin: Begin, province: Province
) -> None:
    form = begin()
    form.put(purpose="giao lưu", upload_kind="invitation", not_secret="y")
    pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    form.press("attach", upload=(io.BytesIO(pdf), "thu-moi.pdf"))
    assert "thu-moi.pdf" in form.text
    form.put(purpose="giao lưu biên giới", not_secret="y")
    wrong = form.press("attach", upload=(io.BytesIO(b"MZ\x90"), "thu-moi.pdf"), follow=False)
    assert wrong.status_code == 422
    assert "upload-error" in wrong.text
    assert row(province, "SELECT purpose FROM outbound WHERE activity_id = %s", form.id)[0] == (
        "giao lưu biên giới"
    )
    stored = row(province, "SELECT id FROM attachment WHERE activity_id = %s", form.id)[0]
    form.open().press(f"remove-file:{stored}")
    assert "thu-moi.pdf" not in form.text


@pytest.mark.parametrize("button", ["save", "finish"])
def test_a_chosen_file_is_not_lost_when_another_button_is_pressed(
    begin: Begin, province: Province, button: str
) -> None:
    form = begin()
    form.put(upload_kind="invitation")
    pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    kept_back = form.press(button, upload=(io.BytesIO(pdf), "thu-moi.pdf"), follow=False)
    assert kept_back.status_code == 422, "whether it holds secrets is not said"
    assert "upload-error" in kept_back.text
    form.put(not_secret="y")
    taken = form.press(button, upload=(io.BytesIO(pdf), "thu-moi.pdf"), follow=False)
    assert taken.status_code == 303
    assert row(province, "SELECT count(*) FROM attachment WHERE activity_id = %s", form.id)[0] == 1


def test_a_session_that_ends_while_one_writes_loses_nothing_and_says_it_in_the_forms_words(
    begin: Begin, province: Province
) -> None:
    binh = leader(province)
    form = begin()
    form.put(
        **COMPLETE,
        cost_vnd="nhiều",
        member=[str(binh)],
        programme=["0"],
        **{f"member-{binh}-role": "head", "programme-0-day": "15/12/2026"},
        **{"programme-0-item": "hội đàm", "answer-outbound.lead-time": "Thư mời đến muộn."},
    )
    province.connection.execute("UPDATE user_session SET revoked_at = now()")
    ours = {"Sec-Fetch-Site": "same-origin"}
    door = form.browser.post(form.url, data=form.values, headers=ours)
    assert door.status_code == 401
    kept = fields_of(door.text, "sign-in")
    kept["username"], kept["password"] = "officer", PASSWORD
    page = form.browser.post("/sign-in", data=kept)
    said = dict(re.findall(r"(?s)<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page.text))
    assert said["Thành viên đoàn"] == "bà Trần Thị Bình (Trưởng đoàn)"
    assert said["Ngày đi"] == "14/12/2026"
    assert said["Nước đến"] == "Lào"
    assert said["Chương trình"] == "15/12/2026 hội đàm"
    assert said["Nội dung giải trình"] == "Thư mời đến muộn."
    assert "nhiều" in said.values()
    assert not any(re.search("[a-z]_[a-z]|^member|^programme|^tab$|^seq$", key) for key in said)
    again = fields_of(page.text, "kept")
    form.browser.post(form.url, data=again)
    assert form.open().values["member"] == str(binh)
    assert form.values["purpose"] == "giao lưu biên giới"
    assert form.values["cost_vnd"] == "nhiều"


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
