"""The first page: what waits for whom, and the figures above it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from portal.core import clock
from portal.desks.tasks import days_left
from tests.integration.desks.conftest import Files
from tests.support.province import Province, insert
from tests.support.signing_in import Enter
from tests.support.statements import counted


def groups(page: str) -> list[str]:
    """The words of the groups, in the page's order."""
    found = re.findall(r'<tr class="group"><th[^>]*>([^<]+)<', page)
    return [text.strip() for text in found]


def test_tasks_stand_in_groups_with_the_oldest_deadline_first(files: Files, enter: Enter) -> None:
    for title, days in (("Đoàn mai kia", 40), ("Đoàn quá hạn", -3), ("Đoàn hôm nay", 0)):
        activity_id = files.file("hoi-an", title)
        files.task(activity_id, "receive", "appraisal:receive", "so-ngoai-vu", days)
    page = enter("focal_officer").get("/").text
    assert groups(page) == ["Quá hạn", "Hôm nay", "Sau đó"]
    places = [page.index(title) for title in ("Đoàn quá hạn", "Đoàn hôm nay", "Đoàn mai kia")]
    assert places == sorted(places)


def test_a_task_without_deadline_comes_last(files: Files, enter: Enter) -> None:
    for title, days in (("Không hạn", None), ("Có hạn", 30)):
        activity_id = files.file("hoi-an", title)
        files.task(activity_id, "receive", "appraisal:receive", "so-ngoai-vu", days)
    page = enter("focal_officer").get("/").text
    assert page.index("Có hạn") < page.index("Không hạn")


def test_nobody_sees_a_task_of_another_desk_or_of_another_role(files: Files, enter: Enter) -> None:
    activity_id = files.file("hoi-an", "Đoàn chờ ký")
    files.task(activity_id, "sign-appraisal", "appraisal:sign", "so-ngoai-vu", 1)
    assert "Đoàn chờ ký" in enter("focal_head").get("/").text
    for who in ("focal_officer", "officer", "outsider", "police", "chair", "administrator"):
        assert "Đoàn chờ ký" not in enter(who).get("/").text, who


def test_a_closed_task_is_gone(files: Files, enter: Enter) -> None:
    activity_id = files.file("hoi-an", "Đoàn đã xong")
    task = files.task(activity_id, "receive", "appraisal:receive", "so-ngoai-vu", 1)
    files.province.connection.execute(
        "UPDATE task SET closed_at = now(), outcome = 'receive' WHERE id = %s", [task]
    )
    assert "Đoàn đã xong" not in enter("focal_officer").get("/").text


def test_a_person_who_had_a_part_in_the_file_reads_why_another_must_take_the_step(
    files: Files, enter: Enter
) -> None:
    activity_id = files.file("hoi-an", "Đoàn tự soạn", state="in-review")
    files.task(activity_id, "review", "activity:review", "hoi-an", 1)
    files.step(activity_id, "reviewer", "propose")
    page = enter("reviewer").get("/").text
    assert "barred-why" in page
    assert "Bước này cần một người khác" in page


def test_a_member_of_the_delegation_reads_why_they_cannot_decide(
    files: Files, enter: Enter
) -> None:
    activity_id = files.file("hoi-an", "Đoàn có Chủ tịch", state="appraised")
    files.task(activity_id, "decide", "decision:decide", "van-phong-ubnd", 1)
    chair = files.province["chair"].person_id
    assert chair is not None
    files.province.member(activity_id, "hoi-an", chair)
    assert "là thành viên của đoàn" in enter("chair").get("/").text


@pytest.mark.parametrize(
    "who",
    ["officer", "reviewer", "head", "focal_officer", "focal_head", "police", "chair",
     "committee", "inspector", "administrator"],
)  # fmt: skip
def test_everybody_has_a_first_page_that_says_what_comes_next(enter: Enter, who: str) -> None:
    answer = enter(who).get("/")
    assert answer.status_code == 200
    assert "Không có việc nào chờ bạn" in answer.text


def test_only_who_may_propose_is_offered_to(enter: Enter) -> None:
    assert "Đề xuất mới" in enter("officer").get("/").text
    for who in ("head", "focal_officer", "chair", "inspector"):
        assert "Đề xuất mới" not in enter(who).get("/").text, who


def test_the_officer_sees_the_drafts_they_began_and_nobody_elses(
    files: Files, enter: Enter
) -> None:
    mine, others = files.province.users["officer"], files.province.users["head"]
    files.file("hoi-an", "Bản nháp của tôi", state="draft", created_by=mine)
    files.file("hoi-an", "Bản nháp của người khác", state="draft", created_by=others)
    page = enter("officer").get("/").text
    assert "Bản nháp của tôi" in page
    assert "Bản nháp của người khác" not in page


def test_an_amendment_that_was_begun_is_in_sight_until_the_head_sends_it_on(
    files: Files, province: Province, enter: Enter
) -> None:
    for tenant, title, state in (
        ("hoi-an", "Đổi ngày đi", "draft"),
        ("hoi-an", "Đã trình điều chỉnh", "submitted"),
        ("nam-giang", "Của nơi khác", "draft"),
    ):
        file = files.file(tenant, title, state="approved", starts_on=files.today,
                          ends_on=files.today)  # fmt: skip
        insert(
            province.connection, "amendment", tenant_id=province.tenants[tenant], activity_id=file,
            number=1, state=state, size="large", reason="", before="{}", after="{}",
            created_at="now",
        )  # fmt: skip
    for who, titles in (("officer", {"Đổi ngày đi"}), ("head", {"Đổi ngày đi"}), ("chair", set())):
        page = enter(who).get("/").text
        assert set(re.findall(r'#amendment-1">([^<]+)<', page)) == titles, who


def test_the_agencys_figures_count_its_own_year(
    files: Files, province: Province, enter: Enter
) -> None:
    year = clock.today().year
    leader = province.person("hoi-an", "Trương Thị Lài", key_leader=True)
    for number in (1, 2):
        trip = files.file(
            "hoi-an", f"Chuyến {number}", state="closed",
            starts_on=date(year, number, 5), ends_on=date(year, number, 9),
        )  # fmt: skip
        province.member(trip, "hoi-an", leader, "head")
    files.task(
        files.file("hoi-an", "Chưa báo cáo", state="completed"),
        "report", "activity:report", "hoi-an", -4,
    )  # fmt: skip
    insert(
        province.connection, "quota_use", rule="outbound.supplement-quota",
        subject_id=province.tenants["hoi-an"], period=year, slot=1, limit=2, activity_id=trip,
    )  # fmt: skip
    page = enter("officer").get("/").text
    figures = re.findall(r'kpi-label">([^<]+)</span> <span class="kpi-value">([^<]+)<', page)
    assert dict(figures) == {
        "Đoàn ngoài kế hoạch năm nay": "1/2",
        "Lãnh đạo đã hết lượt đi": "1",
        "Báo cáo quá hạn": "1",
    }
    theirs = re.findall(r'kpi-value">([^<]+)<', enter("outsider").get("/").text)
    assert theirs == ["0/2", "0", "0"]


def test_the_chairs_figure_counts_what_the_chair_may_decide(files: Files, enter: Enter) -> None:
    decided = files.file("hoi-an", "Đoàn do Chủ tịch quyết định", state="appraised")
    central = files.file("hoi-an", "Đoàn do Trung ương quyết định", state="appraised")
    files.task(decided, "decide", "decision:decide", "van-phong-ubnd", 2)
    for file in (decided, central):
        files.task(file, "record-decision", "decision:record", "van-phong-ubnd", 2)
    for who, waiting in (("chair", "1"), ("chair_officer", "2")):
        page = enter(who).get("/").text
        figures = re.findall(r'kpi-label">([^<]+)</span> <span class="kpi-value">([^<]+)<', page)
        assert dict(figures)["Hồ sơ chờ quyết định"] == waiting, who


def test_more_tasks_than_fit_are_on_the_next_page_once_each(files: Files, enter: Enter) -> None:
    for number in range(53):
        activity_id = files.file("hoi-an", f"Đoàn số {number:03}")
        due = None if number > 50 else number // 10
        files.task(activity_id, "receive", "appraisal:receive", "so-ngoai-vu", due)
    browser = enter("focal_officer")
    first = browser.get("/").text
    further = re.search(r'rel="next" href="([^"]+)"', first)
    assert further
    second = browser.get(further[1].replace("&amp;", "&")).text
    shown = re.findall(r">(Đoàn số \d{3})<", first + second)
    assert len(shown) == len(set(shown)) == 53


def test_the_first_page_needs_few_statements_however_much_waits(files: Files, enter: Enter) -> None:
    browser = enter("focal_officer")
    for number in range(30):
        activity_id = files.file("hoi-an", f"Đoàn {number}")
        files.task(activity_id, "receive", "appraisal:receive", "so-ngoai-vu", number)
    with counted() as statements:
        browser.get("/")
    assert len(statements) <= 7, statements


def test_a_nonsense_place_in_the_list_means_its_beginning(files: Files, enter: Enter) -> None:
    files.task(files.file("hoi-an", "Đoàn"), "receive", "appraisal:receive", "so-ngoai-vu", 1)
    for place in ("abc", "99999999999999999999", "2026-99-99.1", "-1", "1;DROP TABLE task"):
        answer = enter("focal_officer").get("/", query_string={"after": place})
        assert answer.status_code == 200, place


@pytest.mark.parametrize(("due", "left"), [(0, 0), (-1, -1), (None, None)])
def test_a_deadline_is_today_only_on_its_day(due: int | None, left: int | None) -> None:
    today = date(2026, 11, 23)
    assert days_left(None if due is None else today + timedelta(days=due), today) == left


def test_a_deadline_on_the_weekend_is_not_today() -> None:
    assert days_left(date(2026, 11, 28), date(2026, 11, 27)) == 1
    assert days_left(date(2026, 11, 22), date(2026, 11, 23)) == -1
