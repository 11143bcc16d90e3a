"""What was typed is kept: by itself, in two tabs, with papers, when the session ends."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial

import pytest
from psycopg.types.json import Jsonb

from tests.integration.outbound_draft.conftest import (
    COMPLETE,
    PASSWORD,
    Begin,
    Form,
    fields_of,
    leader,
    row,
)
from tests.support.cluster import Cluster
from tests.support.province import Province


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


def test_a_save_by_itself_says_why_a_day_cannot_be(begin: Begin) -> None:
    """The field is not drawn anew while one types in it; the panel is."""
    form = begin()
    answer = form.put(departs="31/02/2026", returns="99/99/9999").autosave()
    assert "Ngày đi: Không có ngày 31/02/2026." in answer.text
    assert "Về nước: Không có ngày 99/99/9999." in answer.text


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
