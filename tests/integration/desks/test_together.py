"""The chair approves several files that pass without a finding: all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.integration.desks.conftest import Files
from tests.support.pages import PageClient
from tests.support.province import insert
from tests.support.signing_in import Enter

PAGE = "/desks/decisions/together"

Waiting = Callable[..., int]


@pytest.fixture
def waiting(files: Files) -> Waiting:
    """Puts a complete, planned and appraised file on the chair's desk."""

    def put(title: str, *, recommendation: str = "approve", **facts: Any) -> int:
        province, departs = files.province, files.today + timedelta(days=60)
        item = facts.pop("plan_item_id", None) or province.plan_item(
            "hoi-an", departs.year, f"P-{title}"
        )
        activity_id = files.file(
            "hoi-an", title, plan_item_id=item, starts_on=departs, ends_on=departs,
            **{"state": "appraised", "authority": "chair", **facts},
        )  # fmt: skip
        leader = province.person("hoi-an", f"Trưởng đoàn {title}", managed_by="chair")
        province.member(activity_id, "hoi-an", leader, "head")
        province.programme(activity_id, "hoi-an")
        insert(
            province.connection, "step", tenant_id=province.tenants["hoi-an"],
            activity_id=activity_id, at="now", action="appraise", from_state="in-appraisal",
            to_state="in-appraisal", actor_name="Trần Minh Quang",
            data=f'{{"recommendation": "{recommendation}"}}',
        )  # fmt: skip
        files.task(activity_id, "decide", "decision:decide", "van-phong-ubnd", 2)
        return activity_id

    return put


def approve(
    browser: PageClient, chosen: dict[int, str], *, version: int = 1, **more: str
) -> TestResponse:
    data = {"document_date": "", **more}
    for id_, number in chosen.items():
        data |= {f"file{id_}-chosen": "y", f"file{id_}-version": str(version)}
        data[f"file{id_}-document_no"] = number
    return browser.submit(PAGE, data)


def states(files: Files) -> dict[str, str]:
    rows = files.province.connection.execute("SELECT title, state FROM activity").fetchall()
    return dict(rows)


def test_each_file_gets_a_decision_of_its_own_number(
    files: Files, waiting: Waiting, enter: Enter
) -> None:
    first, second, third = (waiting(title) for title in ("Một", "Hai", "Ba"))
    day = f"{files.today:%d/%m/%Y}"
    browser = enter("chair")
    answer = approve(browser, {first: "7/QĐ-UBND", second: "8/QĐ-UBND"}, document_date=day)
    assert answer.status_code == 303
    assert states(files) == {"Một": "approved", "Hai": "approved", "Ba": "appraised"}
    numbers = files.province.connection.execute(
        "SELECT activity_id, document_no, signer FROM decision ORDER BY id"
    ).fetchall()
    assert numbers == [
        (first, "7/QĐ-UBND", "Hồ Quang Vinh"),
        (second, "8/QĐ-UBND", "Hồ Quang Vinh"),
    ]
    page = browser.get(PAGE).text
    assert f'name="file{third}-chosen"' in page
    assert f'name="file{first}-chosen"' not in page


def test_when_one_cannot_be_approved_none_is(files: Files, waiting: Waiting, enter: Enter) -> None:
    item = files.province.plan_item("hoi-an", (files.today + timedelta(days=60)).year, "P9")
    first = waiting("Một", plan_item_id=item)
    second = waiting("Hai", plan_item_id=item)
    day = f"{files.today:%d/%m/%Y}"
    answer = approve(enter("chair"), {first: "7/QĐ", second: "8/QĐ"}, document_date=day)
    assert answer.status_code == 422
    assert "Không hồ sơ nào được phê duyệt." in answer.text
    assert "7/QĐ" in answer.text
    assert states(files) == {"Một": "appraised", "Hai": "appraised"}


def test_what_is_missing_is_said_at_its_field(files: Files, waiting: Waiting, enter: Enter) -> None:
    first, second = waiting("Một"), waiting("Hai")
    browser = enter("chair")
    nothing = approve(browser, {})
    assert nothing.status_code == 422
    assert "Hãy chọn các hồ sơ" in nothing.text
    answer = approve(browser, {first: "", second: "8/QĐ"}, document_date="31/02/2026")
    assert answer.status_code == 422
    assert f'id="file{first}-document_no-error"' in answer.text
    assert 'id="document_date-error"' in answer.text
    again = f"{files.today:%d/%m/%Y}"
    answer = approve(browser, {first: "8/qđ", second: "8/QĐ"}, document_date=again)
    assert answer.status_code == 422
    assert f'id="file{second}-document_no-error"' in answer.text
    tomorrow = f"{files.today + timedelta(days=1):%d/%m/%Y}"
    answer = approve(browser, {first: "8/QĐ"}, document_date=tomorrow)
    assert answer.status_code == 422
    assert 'id="document_date-error"' in answer.text
    assert set(states(files).values()) == {"appraised"}


def test_two_tabs_approve_once(files: Files, waiting: Waiting, enter: Enter) -> None:
    first = waiting("Một")
    browser, day = enter("chair"), f"{files.today:%d/%m/%Y}"
    waiting("Hai")
    assert approve(browser, {first: "7/QĐ"}, document_date=day).status_code == 303
    assert approve(browser, {first: "7/QĐ"}, document_date=day).status_code == 422
    row = files.province.connection.execute("SELECT count(*) FROM decision").fetchone()
    assert row == (1,)


def test_a_file_that_changed_since_is_not_approved(
    files: Files, waiting: Waiting, enter: Enter
) -> None:
    first, day = waiting("Một", version=3), f"{files.today:%d/%m/%Y}"
    answer = approve(enter("chair"), {first: "7/QĐ"}, version=2, document_date=day)
    assert answer.status_code == 422
    assert states(files) == {"Một": "appraised"}


def test_only_files_without_any_finding_stand_there(
    files: Files, waiting: Waiting, enter: Enter
) -> None:
    clean = waiting("Sạch")
    others = [
        waiting("Cảnh báo", warnings=1),
        waiting("Chặn", blocks=1),
        waiting("Không đề nghị duyệt", recommendation="reject"),
        waiting("Ghi sau", after_the_fact=True),
        waiting("Báo cáo để xử lý", referred=True),
    ]
    for title, answer in (("Công an phản đối", "object"), ("Chưa trả lời", None)):
        others.append(waiting(title, police_involved=True))
        insert(
            files.province.connection, "opinion", tenant_id=files.province.tenants["hoi-an"],
            activity_id=others[-1], body="police", question="", asked_on=files.today,
            answer=answer,
        )  # fmt: skip
    page = enter("chair").get(PAGE).text
    assert f'name="file{clean}-chosen"' in page
    assert not [id_ for id_ in others if f'name="file{id_}-chosen"' in page]


@pytest.mark.parametrize("who", ["head", "focal_head", "chair_officer", "committee", "inspector"])
def test_nobody_else_decides_together(
    files: Files, waiting: Waiting, enter: Enter, who: str
) -> None:
    waiting("Một")
    assert enter(who).get(PAGE).status_code == 403
