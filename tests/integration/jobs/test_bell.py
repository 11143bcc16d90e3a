"""The bell: one's own lines, titles only of files one may see, read when one says so."""

import pytest
from flask import Flask

from portal.jobs.deliver import deliver_waiting

PAGE = "/notices"


@pytest.fixture
def deliver(app: Flask, promise):
    def now(topic: str, **payload: int) -> None:
        promise(topic, **payload)
        with app.app_context():
            deliver_waiting()

    return now


def unread(superuser, user: int) -> int:
    return superuser.execute(
        "SELECT count(*) FROM notification WHERE user_id = %s AND read_at IS NULL", (user,)
    ).fetchone()[0]


def test_a_line_is_counted_shown_and_marked_as_read(enter, province, task, deliver, superuser):
    for kind in ("sign-appraisal", "appraise", "close"):
        deliver("task-opened", task_id=task(kind=kind))
    head = enter("focal_head")
    page = head.get(PAGE)
    assert 'class="bell-count">3<' in page.text
    assert "Đang chờ bạn: Ký" in page.text or "Đang chờ bạn" in page.text
    assert "Đoàn công tác Lào" in page.text
    newest, middle, _ = superuser.execute("SELECT id FROM notification ORDER BY id DESC").fetchall()
    assert head.submit("/notices/read", {"line": str(newest[0])}, page=PAGE).status_code == 303
    assert unread(superuser, province.users["focal_head"]) == 2
    head.submit("/notices/read", {"up_to": str(middle[0])}, page=PAGE)
    assert unread(superuser, province.users["focal_head"]) == 0
    page = head.get(PAGE)
    assert "bell-count" not in page.text.replace('id="bell-count"', "")
    assert "Đánh dấu" not in page.text


def test_nobody_reads_or_marks_the_lines_of_another(enter, province, task, deliver, superuser):
    deliver("task-opened", task_id=task())
    officer = enter("officer")
    page = officer.get(PAGE)
    assert "Chưa có thông báo nào" in page.text
    token = officer.token("/my/sessions")
    officer.post("/notices/read", data={"csrf_token": token, "up_to": "999999"})
    assert unread(superuser, province.users["focal_head"]) == 1


def test_a_file_out_of_sight_has_no_title_under_the_bell(enter, task, deliver, superuser):
    deliver("task-opened", task_id=task())
    superuser.execute("UPDATE activity SET submitted_on = NULL, state = 'draft'")
    page = enter("focal_head").get(PAGE)
    assert "Hãy chuyển sang làm việc cho cơ quan này" in page.text
    assert "Đoàn công tác Lào" not in page.text


def test_the_lines_come_in_pages(enter, province, task, deliver, superuser, monkeypatch):
    monkeypatch.setattr("portal.desks.notifications.PAGE", 2)
    for number in range(5):
        deliver("task-opened", task_id=task(kind=f"k{number}"))
    head = enter("focal_head")
    seen, url = 0, PAGE
    while url:
        page = head.get(url).text
        seen += page.count("Đoàn công tác Lào")
        _, more, rest = page.partition('rel="next" href="')
        url = rest.partition('"')[0] if more else ""
    assert seen == 5


@pytest.mark.parametrize("query", ["before=-1", "before=99999999999999999999", "before=x"])
def test_nonsense_in_the_address_is_an_honest_answer(enter, query):
    assert enter("officer").get(f"{PAGE}?{query}").status_code in (200, 404)
