"""The signals' pages: who sees them, what narrows them, how one is settled once and for all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask

from portal.core import clock
from portal.core.context import Actor
from portal.core.errors import Conflict, NotFound
from portal.oversight.queries import signal_page
from portal.oversight.settling import settle
from portal.oversight.types import Place, SignalFilter
from tests.support.province import Province, insert
from tests.support.signing_in import Enter

Acting = Callable[[Actor | None], AbstractContextManager[None]]
REASON = "Hai đoàn có hai nhiệm vụ khác nhau."
OTHERS = ["officer", "head", "police", "chair", "chair_officer", "committee", "administrator"]


@pytest.fixture
def trip(province: Province) -> int:
    """A submitted trip of Hội An with one official of its own."""
    day = date(2026, 5, 4)
    file = province.activity(
        "hoi-an", title="Đoàn thăm Sê Kông", state="closed", submitted_on=date(2026, 4, 1),
        starts_on=day, ends_on=day + timedelta(days=3),
    )  # fmt: skip
    province.member(file, "hoi-an", province.people["Lê Thị Hạnh"])
    return file


def a_signal(province: Province, kind: str = "split-trip", **facts: Any) -> int:
    said = {
        "files": [],
        "items": [],
        "years": [2026],
        "first": "2026-05-04",
        "last": "2026-05-07",
        "host": "Chính quyền huyện Kà Lừm",
        "people": [],
        "countries": ["LA"],
        "inviter": "Hội hữu nghị",
        "days": 7,
        "year": 2026,
    } | facts
    return insert(
        province.connection, "signal", kind=kind, key=f"{kind}{facts}", created_at="now",
        tenant_ids=json.dumps([province.tenants["hoi-an"]]), facts=json.dumps(said),
    )  # fmt: skip


@pytest.mark.parametrize(
    "kind",
    ["split-trip", "same-content", "urgent-chain", "leaders-one-host", "one-inviter",
     "late-plan-items"],
)  # fmt: skip
def test_each_kind_of_signal_says_its_facts_its_threshold_and_the_source(
    enter: Enter, province: Province, trip: int, kind: str
) -> None:
    item = province.plan_item("hoi-an", 2026, "ĐR-07", origin="supplement")
    person = province.people["Lê Thị Hạnh"]
    found = a_signal(province, kind, files=[trip, trip + 900], people=[person], items=[item])
    browser = enter("inspector")
    assert f"/oversight/signals/{found}" in browser.get("/oversight/signals").text
    text = browser.get(f"/oversight/signals/{found}").text
    for said in ("UBND thành phố Hội An", "Lê Thị Hạnh", "ĐR-07", "Ngưỡng", "Đoàn thăm Sê Kông"):
        assert said in text
    assert f'href="/activities/{trip}"' in text
    assert f"Hồ sơ {trip + 900}" in text, "a file that is not shared is named by its number"
    assert "%(" not in text
    assert "settle-form" not in text


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_has_the_pages_or_hears_of_them(
    enter: Enter, province: Province, trip: int, who: str
) -> None:
    found = a_signal(province, files=[trip])
    browser = enter(who)
    for path in ("/oversight/signals", f"/oversight/signals/{found}"):
        assert browser.get(path).status_code == 403
    answer = browser.submit(f"/oversight/signals/{found}/settle", {"reason": REASON}, "/notices")
    assert answer.status_code == 403
    for path in ("/", "/notices", "/search?q=se+kong"):
        text = browser.get(path).text
        assert "/oversight" not in text
        assert "né tránh" not in text


def test_the_list_is_narrowed_by_kind_agency_year_and_conclusion(
    enter: Enter, province: Province
) -> None:
    found = a_signal(province)
    browser = enter("focal_officer")
    link = f"/oversight/signals/{found}"
    for query in ("settled=no", "kind=split-trip", "agency=hoi-an", "year=2026", "after=999",
                  f"after={found}s", "after=0s", "before=999"):  # fmt: skip
        assert link in browser.get(f"/oversight/signals?{query}").text, query
    for query in ("settled=yes", "kind=one-inviter", "agency=nam-giang", "year=2025"):
        assert link not in browser.get(f"/oversight/signals?{query}").text, query
    for query in ("kind=none", "agency=xyz", "year=abc", "year=99999999999999999999", "settled=x"):
        assert browser.get(f"/oversight/signals?{query}").status_code == 422, query
    assert browser.get("/oversight/signals/999999").status_code == 404


def test_open_signals_come_first_and_pages_lead_there_and_back(
    app: Flask, province: Province, acting: Acting
) -> None:
    ids = [a_signal(province, year=2000 + n) for n in range(7)]
    province.connection.execute(
        "UPDATE signal SET settled_at = now(), reason = 'rõ' WHERE id = ANY(%s)", ([*ids[::2]],)
    )
    order = [ids[5], ids[3], ids[1], ids[6], ids[4], ids[2], ids[0]]
    with app.app_context(), acting(province["focal_head"]):
        place: Place | None = None
        pages = []
        for _ in range(4):
            page = signal_page(SignalFilter(), place, size=2)
            pages.append([row.id for row in page.rows])
            place = page.next
        assert pages == [order[0:2], order[2:4], order[4:6], order[6:]]
        assert place is None
        for expected in reversed(pages[:-1]):
            assert page.previous is not None
            page = signal_page(SignalFilter(), page.previous, size=2)
            assert [row.id for row in page.rows] == expected
        assert page.previous is None


def test_a_signal_is_settled_once_with_a_reason_and_the_log_says_so(
    enter: Enter, province: Province, trip: int, superuser: psycopg.Connection
) -> None:
    found = a_signal(province, files=[trip])
    path = f"/oversight/signals/{found}"
    first, second = enter("focal_officer"), enter("focal_head")
    assert first.submit(f"{path}/settle", {"reason": "  "}, path).status_code == 422
    stale = second.token(path)
    for _double_click in range(2):
        assert (
            first.submit(f"{path}/settle", {"reason": REASON}, page="/notices").status_code == 303
        )
    other = {"csrf_token": stale, "reason": "Lý do khác"}
    assert second.post(f"{path}/settle", data=other).status_code == 409
    text = second.get(path).text
    assert REASON in text
    assert "settle-form" not in text
    rows = superuser.execute(
        "SELECT user_id, subject_id, data FROM audit_event WHERE action = 'signal.settled'"
    ).fetchall()
    assert rows == [(province["focal_officer"].user_id, found, {})]


def test_whoever_travelled_settles_no_signal_about_it(
    enter: Enter, province: Province, trip: int
) -> None:
    province.member(trip, "hoi-an", province["focal_officer"].person_id or 0)
    found = a_signal(province, files=[trip])
    path = f"/oversight/signals/{found}"
    browser = enter("focal_officer")
    assert "settle-form" not in browser.get(path).text
    answer = browser.submit(f"{path}/settle", {"reason": REASON}, "/notices")
    assert answer.status_code == 403
    assert re.search("đã được kết luận|người khác của cơ quan đầu mối", answer.text)
    assert "settle-form" in enter("focal_head").get(path).text


def test_the_service_refuses_a_second_conclusion_and_an_unknown_signal(
    app: Flask, province: Province, acting: Acting
) -> None:
    found = a_signal(province)
    with app.app_context(), acting(province["focal_head"]), clock.frozen_at(clock.now()):
        settle(found, REASON)
        settle(found, REASON)
        with pytest.raises(Conflict):
            settle(found, "Lý do khác")
        with pytest.raises(NotFound):
            settle(found + 1, REASON)
