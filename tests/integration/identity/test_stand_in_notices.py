"""Who is entrusted with an office is told so, and told when it is taken back before its time."""

from __future__ import annotations

import datetime as dt

import psycopg
from flask import Flask

from portal.core import clock
from portal.jobs.deliver import deliver_waiting
from tests.integration.identity.conftest import Browser
from tests.integration.identity.test_stand_ins import appointed, day, membership_of, wanted
from tests.support.province import Province


def told(app: Flask, superuser: psycopg.Connection) -> list[tuple[str, str]]:
    """(user name, topic) of all notices, once the worker has been round."""
    with app.app_context():
        deliver_waiting()
    return superuser.execute(
        "SELECT u.username, n.topic FROM notification n JOIN user_account u ON u.id = n.user_id"
        " ORDER BY n.id"
    ).fetchall()


def taken_back(head: Browser, stand_in_id: int) -> int:
    return head.submit(f"/stand-ins/{stand_in_id}/end", {}, "/stand-ins").status_code


def test_the_stand_in_and_nobody_else_is_told_for_whom_until_when_and_by_which_document(
    signed_in, app: Flask, province: Province, superuser: psycopg.Connection
) -> None:
    appointed(signed_in, province)
    assert told(app, superuser) == [("reviewer", "stand-in-appointed")]
    reviewer = signed_in("reviewer")
    page = reviewer.get("/notices").text
    assert "Bạn được ủy quyền: Người đứng đầu cơ quan" in page
    assert "thay mặt Nguyễn Đức Ân" in page
    assert day(30) in page
    assert "12/UQ-UBND" in page
    reviewer.submit("/language", {"language": "en", "next": "/"}, "/notices")
    assert "You are appointed to stand in: Head" in reviewer.get("/notices").text


def test_the_stand_in_is_told_of_an_early_end(
    signed_in, app: Flask, province: Province, superuser: psycopg.Connection
) -> None:
    stand_in_id = appointed(signed_in, province)
    assert taken_back(signed_in("head"), stand_in_id) == 303
    assert told(app, superuser) == [
        ("reviewer", "stand-in-appointed"),
        ("reviewer", "stand-in-ended"),
    ]
    assert "Chấm dứt ủy quyền trước thời hạn" in signed_in("reviewer").get("/notices").text


def test_what_has_run_out_is_not_taken_back_any_more(
    signed_in, app: Flask, province: Province, superuser: psycopg.Connection
) -> None:
    stand_in_id = appointed(signed_in, province, valid_to=day(2))
    with clock.frozen_at(clock.today() + dt.timedelta(days=3)):
        assert taken_back(signed_in("head"), stand_in_id) == 404
    assert ("reviewer", "stand-in-ended") not in told(app, superuser)


def test_nobody_is_told_of_an_appointment_that_was_refused(
    signed_in, app: Flask, province: Province, superuser: psycopg.Connection
) -> None:
    appointed(signed_in, province)
    signed_in("head").submit("/stand-ins/new", wanted(province, valid_from=day(10)))
    assert len(told(app, superuser)) == 1


def test_the_stand_in_is_told_when_the_principal_loses_the_office(
    signed_in, app: Flask, province: Province, superuser: psycopg.Connection
) -> None:
    appointed(signed_in, province)
    head, office = province.users["head"], membership_of(province, "head")
    administrator = signed_in("administrator")
    page = f"/admin/users/{head}"
    answer = administrator.submit(f"{page}/roles/{office}/revoke", {}, page)
    assert answer.status_code == 303
    assert ("reviewer", "stand-in-ended") in told(app, superuser)
