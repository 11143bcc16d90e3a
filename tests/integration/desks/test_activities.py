"""The list of activities: every filter, keyset pages, and counts that respect who is asking."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from portal.desks import listing
from portal.desks.types import Cursor, Filters
from tests.integration.desks.conftest import Files
from tests.support.pages import PageClient
from tests.support.province import Province
from tests.support.signing_in import Enter
from tests.support.statements import counted

OVERSEERS = ("focal_officer", "chair", "committee", "inspector")


def titles(browser: PageClient, **filters: Any) -> list[str]:
    """The titles that the list shows, in its order."""
    answer = browser.get("/activities", query_string=filters)
    assert answer.status_code == 200, answer.text
    rows = re.findall(r'class="row-cell-main" href="/activities/\d+">([^<]+)</a>', answer.text)
    count = re.search(r'role="status">(?:Hơn )?([\d.]+) hồ sơ', answer.text)
    assert int(count[1]) == len(rows) if count else not rows
    return rows


@pytest.fixture
def cast(files: Files) -> Files:
    """Files of two agencies that differ in everything a filter can ask for."""
    today, province = files.today, files.province
    leader = province.person("hoi-an", "Trương Thị Lài", search_key="truong thi lai")
    item = province.plan_item("hoi-an", today.year)
    supplement = province.plan_item("hoi-an", today.year + 1, code="P9", origin="supplement")
    files.file(
        "hoi-an", "Xúc tiến đầu tư tại Nhật Bản", state="approved", countries=["JP"],
        starts_on=today + timedelta(days=30), ends_on=today + timedelta(days=34),
        lead_person_id=leader, plan_item_id=item,
    )  # fmt: skip
    files.file(
        "hoi-an", "Bổ sung: hội chợ Sê-kông", state="in-appraisal", countries=["LA", "TH"],
        starts_on=today + timedelta(days=60), ends_on=today + timedelta(days=61),
        plan_item_id=supplement, due_on=today - timedelta(days=1), police_involved=True,
    )  # fmt: skip
    files.file("hoi-an", "Bản nháp Hàn Quốc", state="draft", countries=["KR"], plan_item_id=item)
    files.file(
        "nam-giang", "Giao lưu biên giới", state="submitted", countries=["LA"],
        starts_on=today + timedelta(days=20), ends_on=today + timedelta(days=22),
        due_on=today + timedelta(days=2),
    )  # fmt: skip
    files.file("nam-giang", "Nháp của Nam Giang", state="draft", countries=["JP"])
    return files


HOI_AN = ["Bản nháp Hàn Quốc", "Bổ sung: hội chợ Sê-kông", "Xúc tiến đầu tư tại Nhật Bản"]


def test_an_agency_sees_its_own_files_newest_first(cast: Files, enter: Enter) -> None:
    assert titles(enter("officer")) == HOI_AN
    assert titles(enter("outsider")) == ["Nháp của Nam Giang", "Giao lưu biên giới"]


def test_overseers_see_what_was_submitted_and_only_the_inspector_sees_drafts(
    cast: Files, enter: Enter
) -> None:
    submitted = ["Giao lưu biên giới", *HOI_AN[1:]]
    for who in ("focal_officer", "chair", "committee"):
        assert titles(enter(who)) == submitted, who
    assert len(titles(enter("inspector"))) == 5
    assert titles(enter("police")) == ["Bổ sung: hội chợ Sê-kông"]


def test_the_police_know_a_supplement_as_out_of_plan(cast: Files, enter: Enter) -> None:
    police = enter("police")
    for filters in ({"out_of_plan": "y"}, {"out_of_plan": "y", "q": "hội chợ"}):
        assert titles(police, **filters) == ["Bổ sung: hội chợ Sê-kông"], filters
    assert "Ngoài kế hoạch" in police.get("/activities").text.split("</thead>")[1]


def test_the_administrator_reads_no_files(cast: Files, enter: Enter) -> None:
    assert enter("administrator").get("/activities").status_code == 403


FITTING: list[tuple[dict[str, str], list[str]]] = [
    ({"state": "approved"}, HOI_AN[2:]),
    ({"state": "draft"}, HOI_AN[:1]),
    ({"country": "Nhật Bản"}, HOI_AN[2:]),
    ({"country": "nhat ban"}, HOI_AN[2:]),
    ({"country": "TH"}, HOI_AN[1:2]),
    ({"leader": "lai"}, HOI_AN[2:]),
    ({"leader": "khong co ai"}, []),
    ({"q": "xuc tien"}, HOI_AN[2:]),
    ({"q": "XÚC TIẾN"}, HOI_AN[2:]),
    ({"q": "kong"}, HOI_AN[1:2]),
    ({"q": "nhật tiến"}, HOI_AN[2:]),
    ({"q": "nhật hàn"}, []),
    ({"out_of_plan": "y"}, HOI_AN[1:2]),
    ({"overdue": "y"}, HOI_AN[1:2]),
    ({"order": "day"}, HOI_AN[1:]),
    ({"q": "đầu tư", "country": "JP", "state": "approved", "leader": "lài"}, HOI_AN[2:]),
    ({"q": "hội chợ", "out_of_plan": "y", "overdue": "y", "order": "day"}, HOI_AN[1:2]),
    ({"q": "...", "country": "JP"}, HOI_AN[2:]),
]


def test_each_filter_shows_exactly_what_fits(cast: Files, enter: Enter) -> None:
    officer = enter("officer")
    for filters, expected in FITTING:
        assert titles(officer, **filters) == expected, filters


def test_days_are_inclusive(cast: Files, enter: Enter) -> None:
    day = cast.today + timedelta(days=30)
    officer = enter("officer")
    assert titles(officer, since=f"{day:%d/%m/%Y}", until=f"{day:%d/%m/%Y}") == HOI_AN[2:]
    later = day + timedelta(days=1)
    assert titles(officer, since=f"{later:%d/%m/%Y}") == HOI_AN[1:2]


FITTING_ACROSS: list[tuple[dict[str, str], list[str]]] = [
    ({"agency": "Nam Giang", "state": "submitted"}, ["Giao lưu biên giới"]),
    ({"country": "Lào"}, ["Giao lưu biên giới", HOI_AN[1]]),
    ({"country": "Lào", "agency": "hoi-an"}, HOI_AN[1:2]),
    ({"q": "giao luu"}, ["Giao lưu biên giới"]),
    ({"q": "dau tu", "agency": "hoi-an"}, HOI_AN[2:]),
    ({"out_of_plan": "y", "state": "submitted"}, ["Giao lưu biên giới"]),
    ({"overdue": "y"}, HOI_AN[1:2]),
    ({"leader": "truong lai"}, HOI_AN[2:]),
    ({"order": "day"}, [HOI_AN[1], HOI_AN[2], "Giao lưu biên giới"]),
]


@pytest.mark.parametrize("who", OVERSEERS)
def test_overseers_filter_across_agencies(cast: Files, enter: Enter, who: str) -> None:
    browser = enter(who)
    for filters, expected in FITTING_ACROSS:
        assert titles(browser, **filters) == expected, filters


def test_no_filter_shows_or_counts_another_agencys_draft(cast: Files, enter: Enter) -> None:
    wanted = ({"q": "nhap"}, {"country": "JP"}, {"state": "draft"}, {"agency": "nam-giang"})
    for who in ("officer", "focal_officer", "chair", "police"):
        browser = enter(who)
        for filters in wanted:
            assert "Nháp của Nam Giang" not in titles(browser, **filters), (who, filters)


def test_an_agency_cannot_look_into_another_through_the_agency_filter(
    cast: Files, enter: Enter
) -> None:
    assert titles(enter("officer"), agency="nam-giang") == HOI_AN


MEANINGLESS: list[tuple[dict[str, str], str]] = [
    ({"since": "32/13/2026"}, "32/13/2026"),
    ({"since": "hôm qua"}, "ngày/tháng/năm"),
    ({"since": "05/09/2026", "until": "04/09/2026"}, "trước ngày bắt đầu"),
    ({"since": "01/01/9999"}, "2000"),
    ({"state": "flying"}, "Chọn"),
    ({"country": "Atlantis"}, "Không có nước nào"),
    ({"agency": "Sở Phép thuật"}, "Không có cơ quan nào"),
    ({"agency": "UBND"}, "Có nhiều cơ quan phù hợp"),
    ({"q": "a" * 300}, "200"),
    ({"order": "sideways"}, "Chọn"),
]


def test_a_filter_that_means_nothing_is_said_at_the_field(cast: Files, enter: Enter) -> None:
    browser = enter("focal_officer")
    for filters, message in MEANINGLESS:
        answer = browser.get("/activities", query_string=filters)
        assert answer.status_code == 422, filters
        assert message in answer.text, filters
        assert "row-cell-main" not in answer.text


def test_malicious_words_are_only_words(cast: Files, enter: Enter) -> None:
    officer = enter("officer")
    for text in ("' | '", "a' & !b:*", "%", "_", "\\", "<script>", "x:*", "(((", "=1+1"):
        answer = officer.get("/activities", query_string={"q": text, "country": "JP"})
        assert answer.status_code == 200, text
        assert "<script>" not in answer.text


def every_page(province: Province, who: str, filters: Filters, size: int) -> list[list[int]]:
    """The ids of all pages, forwards."""
    pages, cursor = [], None
    while True:
        page = listing.activities(province[who], filters, cursor, size=size)
        pages.append([row.id for row in page.rows])
        cursor = page.next
        if cursor is None:
            return pages


@pytest.mark.parametrize("who", ["officer", "focal_officer", "police", "inspector"])
@pytest.mark.parametrize(
    "filters", [Filters(), Filters(by_day=True), Filters(words="doan"), Filters(state="submitted")]
)
def test_pages_hold_every_file_once_forwards_and_backwards(
    files: Files, app_context: Any, acting: Any, who: str, filters: Filters
) -> None:
    for number in range(23):
        files.file(
            ("hoi-an", "nam-giang")[number % 2], f"Đoàn {number}", police_involved=True,
            starts_on=files.today + timedelta(days=number // 4),
            ends_on=files.today + timedelta(days=9),
        )  # fmt: skip
    province = files.province
    with acting(province[who]):
        pages = every_page(province, who, filters, 5)
        shown = [id_ for page in pages for id_ in page]
        assert len(shown) == len(set(shown)) == (12 if who == "officer" else 23)
        counted = listing.activities(province[who], filters, size=5, counted=True)
        assert counted.count == len(shown)
        backwards, page = [], listing.activities(province[who], filters, None, size=5)
        last = Cursor(pages[-1][-1], page.rows[0].starts_on and files.today, forwards=False)
        if not filters.by_day:
            while last is not None:
                page = listing.activities(province[who], filters, last, size=5)
                backwards[:0] = [row.id for row in page.rows]
                last = page.previous
            assert backwards == shown[:-1]


def test_a_page_does_not_move_when_files_are_added(
    files: Files, app_context: Any, acting: Any
) -> None:
    for number in range(12):
        files.file("hoi-an", f"Đoàn {number}")
    officer = files.province["officer"]
    with acting(officer):
        first = listing.activities(officer, Filters(), size=5)
        before = [row.id for row in listing.activities(officer, Filters(), first.next, size=5).rows]
    files.file("hoi-an", "Đoàn mới")
    with acting(officer):
        after = [row.id for row in listing.activities(officer, Filters(), first.next, size=5).rows]
    assert after == before


def test_the_pages_of_the_browser_keep_the_filters(files: Files, enter: Enter) -> None:
    for number in range(30):
        files.file("hoi-an", f"Đoàn {number:02}", state="approved" if number % 15 else "closed")
    browser = enter("officer")
    first = browser.get("/activities?state=approved&order=newest").text
    further = re.search(r'rel="next" href="([^"]+)"', first)
    assert further
    second = browser.get(further[1].replace("&amp;", "&")).text
    shown = re.findall(r">(Đoàn \d\d)</a>", first + second)
    assert len(shown) == len(set(shown)) == 28
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


def test_a_count_stops_where_it_says_more_than(
    files: Files, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED", 3)
    for number in range(5):
        files.file("hoi-an", f"Đoàn {number}")
    assert "Hơn 3 hồ sơ" in enter("officer").get("/activities").text


@pytest.mark.parametrize("asked", ["q=doan", "out_of_plan=y"])
def test_what_is_looked_for_file_by_file_is_counted_less_far(
    files: Files, enter: Enter, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    monkeypatch.setattr(listing, "COUNTED_ONE_BY_ONE", 3)
    for number in range(5):
        files.file("hoi-an", f"Đoàn {number}")
    browser = enter("officer")
    assert "Hơn 3 hồ sơ" in browser.get(f"/activities?{asked}").text
    assert "5 hồ sơ" in browser.get("/activities").text


def test_a_span_of_days_is_listed_by_the_day_of_departure(cast: Files, enter: Enter) -> None:
    browser = enter("focal_officer")
    expected = ["Bổ sung: hội chợ Sê-kông", "Xúc tiến đầu tư tại Nhật Bản", "Giao lưu biên giới"]
    for order in ("newest", "day"):
        since = f"{cast.today:%d/%m/%Y}"
        assert titles(browser, since=since, order=order) == expected
        page = browser.get("/activities", query_string={"since": since, "order": order}).text
        assert '<option value="day" selected>' in page


def test_the_list_is_one_statement_beside_the_session_and_the_bell(
    cast: Files, enter: Enter
) -> None:
    for who in ("officer", "focal_officer"):
        browser = enter(who)
        with counted() as statements:
            browser.get("/activities?state=approved&q=xuc")
        assert len(statements) <= 3, statements


def test_htmx_gets_the_results_alone(cast: Files, enter: Enter) -> None:
    answer = enter("officer").htmx("/activities?state=approved")
    assert answer.text.lstrip().startswith('<section id="results"')
    assert "HX-Request" in answer.headers["Vary"]


def test_an_empty_list_says_what_to_do(enter: Enter) -> None:
    officer = enter("officer")
    assert "Chưa có hồ sơ nào" in officer.get("/activities").text
    assert "Không có hồ sơ nào khớp" in officer.get("/activities?state=closed").text


def test_search_by_words_and_row_level_security_agree(
    files: Files, app_context: Any, acting: Any
) -> None:
    """`find_activities` decides visibility itself; it must decide as the policies do."""
    states = ("draft", "in-review", "submitted", "returned", "approved", "closed")
    for number in range(24):
        files.file(
            ("hoi-an", "nam-giang", "so-ngoai-vu")[number % 3], "Đoàn công tác",
            state=states[number % 6], police_involved=number % 4 == 0,
        )  # fmt: skip
    for who, actor in files.province.actors.items():
        with acting(actor):
            ids = every_page(files.province, who, Filters(words="cong tac"), 100)[0]
            from portal.activities.models import Activity
            from portal.extensions import db

            visible = set(db.session.execute(db.select(Activity.id)).scalars())
        assert set(ids) == (visible if who != "administrator" else set()), who
