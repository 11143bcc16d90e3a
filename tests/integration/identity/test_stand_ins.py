"""Stand-ins: in writing, for a time, in one's own agency, never passed on, resting while abroad."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest
from flask import Flask

from portal.access.permissions import Permission
from portal.core import clock
from tests.integration.identity.conftest import Browser, events
from tests.integration.identity.test_offices import choose, employ, opened
from tests.support.province import Province

ONE_DAY = dt.timedelta(days=1)


def day(offset: int) -> str:
    return f"{clock.today() + offset * ONE_DAY:%d/%m/%Y}"


def wanted(
    province: Province, who: str = "reviewer", **changes: str | list[str]
) -> dict[str, str | list[str]]:
    return {
        "user_id": str(province.users[who]),
        "membership_ids": membership_of(province, "head"),
        "document_no": "12/UQ-UBND",
        "document_date": day(0),
        "valid_from": day(0),
        "valid_to": day(30),
    } | changes


def membership_of(province: Province, username: str) -> str:
    row = province.connection.execute(
        "SELECT id FROM membership WHERE user_id = %s ORDER BY id", (province.users[username],)
    ).fetchone()
    assert row
    return str(row[0])


def appointed(signed_in, province: Province, **changes: str) -> int:
    """The head of Hội An appoints the reviewer; returns the id."""
    head = signed_in("head")
    assert head.submit("/stand-ins/new", wanted(province, **changes)).status_code == 303
    row = province.connection.execute("SELECT max(id) FROM stand_in").fetchone()
    assert row
    return int(row[0])


def test_a_stand_in_acts_with_the_rights_of_the_principal_and_every_page_says_for_whom(
    signed_in, app: Flask, province: Province, superuser: psycopg.Connection
) -> None:
    stand_in_id = appointed(signed_in, province)
    reviewer = signed_in("reviewer")
    assert opened(app, reviewer).actor.acting_for is None, "one's own office comes first"
    assert choose(reviewer, province, "hoi-an", "own", stand_in_id) == 303
    actor = opened(app, reviewer).actor
    assert actor.acting_for == "Nguyễn Đức Ân"
    assert actor.acting_for_user_id == province.users["head"]
    assert actor.roles == {"head"}, "nothing of the stand-in's own office comes with it"
    assert actor.may(Permission.ACTIVITY_SUBMIT)
    assert "thay mặt Nguyễn Đức Ân" in reviewer.get("/my/sessions").text
    (_, data) = events(superuser, "stand_in.appointed")[0]
    assert data["document_no"] == "12/UQ-UBND"


def test_a_stand_in_appoints_nobody(signed_in, province: Province) -> None:
    stand_in_id = appointed(signed_in, province)
    reviewer = signed_in("reviewer")
    choose(reviewer, province, "hoi-an", "own", stand_in_id)
    assert reviewer.get("/stand-ins/new").status_code == 403
    token = reviewer.token("/my/sessions")
    data = {"csrf_token": token, **wanted(province, "officer")}
    assert reviewer.post("/stand-ins/new", data=data).status_code == 403
    count = province.connection.execute("SELECT count(*) FROM stand_in").fetchone()
    assert count == (1,)


def test_a_stand_in_who_is_a_head_too_appoints_only_in_their_own_name(
    signed_in, province: Province
) -> None:
    employ(province, "outside_head", "hoi-an", "reviewer")
    stand_in_id = appointed(signed_in, province, user_id=str(province.users["outside_head"]))
    browser = signed_in("outside_head")
    assert browser.get("/stand-ins/new").status_code == 200
    choose(browser, province, "hoi-an", "own", stand_in_id)
    assert browser.get("/stand-ins/new").status_code == 403


def test_what_is_missing_or_wrong_is_said_at_the_field(signed_in, province: Province) -> None:
    head = signed_in("head")
    for changes, field in [
        ({"document_no": "  "}, "document_no"),
        ({"document_date": day(1)}, "document_date"),
        ({"valid_from": day(-1), "document_date": day(-2)}, "valid_from"),
        ({"valid_to": day(-1)}, "valid_to"),
        ({"valid_to": day(370)}, "valid_to"),
        ({"valid_to": ""}, "valid_to"),
        ({"valid_to": "31/02/2027"}, "valid_to"),
        ({"valid_to": "01/01/9999"}, "valid_to"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": "x"}, "user_id"),
        ({"document_no": "a\0b"}, "document_no"),
        ({"document_no": "x" * 500}, "document_no"),
    ]:
        page = head.submit("/stand-ins/new", wanted(province, **changes))
        assert page.status_code == 422, changes
        assert f'href="#{field}"' in page.text
        assert province.connection.execute("SELECT count(*) FROM stand_in").fetchone() == (0,)


def test_neither_oneself_nor_anybody_of_another_agency_stands_in(
    signed_in, province: Province
) -> None:
    for who in ["head", "outsider"]:
        page = signed_in("head").submit("/stand-ins/new", wanted(province, who))
        assert page.status_code == 422, who
        assert 'href="#user_id"' in page.text


def test_nobody_entrusts_the_office_of_another(signed_in, province: Province) -> None:
    foreign = membership_of(province, "outside_head")
    page = signed_in("head").submit("/stand-ins/new", wanted(province, membership_ids=foreign))
    assert page.status_code == 422
    assert province.connection.execute("SELECT count(*) FROM stand_in").fetchone() == (0,)


def test_an_officer_has_nothing_to_entrust(signed_in) -> None:
    browser = signed_in("officer")
    assert browser.get("/stand-ins").status_code == 200
    assert browser.get("/stand-ins/new").status_code == 403


def test_the_same_person_is_not_appointed_twice_for_the_same_days(
    signed_in, province: Province
) -> None:
    appointed(signed_in, province)
    page = signed_in("head").submit("/stand-ins/new", wanted(province, valid_from=day(10)))
    assert page.status_code == 422


def test_a_stand_in_rests_before_the_first_and_after_the_last_day(
    signed_in, app: Flask, province: Province
) -> None:
    appointed(signed_in, province, valid_from=day(2), valid_to=day(4))
    for offset, offices in ((0, 1), (2, 2), (4, 2), (5, 1)):
        with clock.frozen_at(clock.today() + offset * ONE_DAY):
            assert len(opened(app, signed_in("reviewer")).offices) == offices, offset


def test_a_stand_in_rests_while_abroad(signed_in, app: Flask, province: Province) -> None:
    stand_in_id = appointed(signed_in, province)
    reviewer = signed_in("reviewer")
    choose(reviewer, province, "hoi-an", "own", stand_in_id)
    trip = province.activity(
        "hoi-an",
        state="approved",
        submitted_on=clock.today(),
        starts_on=clock.today(),
        ends_on=clock.today() + ONE_DAY,
    )
    province.member(trip, "hoi-an", province.people["Phan Văn Khôi"])
    found = opened(app, reviewer)
    assert found.actor.acting_for is None
    assert found.moved
    assert "tạm ngưng khi ở nước ngoài" in signed_in("head").get("/stand-ins").text


def test_a_head_who_appoints_somebody_with_an_approved_trip_is_told_from_when_they_rest(
    signed_in, province: Province
) -> None:
    leaves, back = clock.today() + 5 * ONE_DAY, clock.today() + 9 * ONE_DAY
    for state, starts in (("approved", leaves), ("submitted", leaves - ONE_DAY)):
        trip = province.activity(
            "hoi-an", state=state, submitted_on=clock.today(), starts_on=starts, ends_on=back
        )
        province.member(trip, "hoi-an", province.people["Phan Văn Khôi"])
    appointed(signed_in, province, valid_to=day(4))
    assert "tạm ngưng đến khi" not in signed_in("head").get("/stand-ins").text
    head = signed_in("head")
    later = wanted(province, valid_from=day(5))
    assert head.submit("/stand-ins/new", later).status_code == 303
    assert f"Từ ngày {day(5)}, người được ủy quyền" in head.get("/stand-ins").text


def test_a_stand_in_ends_when_taken_back_and_only_the_principal_takes_it_back(
    signed_in, app: Flask, province: Province, superuser: psycopg.Connection
) -> None:
    stand_in_id = appointed(signed_in, province)
    reviewer = signed_in("reviewer")
    choose(reviewer, province, "hoi-an", "own", stand_in_id)
    outside = signed_in("outside_head")
    assert outside.submit(f"/stand-ins/{stand_in_id}/end", {}, "/stand-ins").status_code == 404
    head = signed_in("head")
    assert head.submit(f"/stand-ins/{stand_in_id}/end", {}, "/stand-ins").status_code == 303
    assert opened(app, reviewer).actor.acting_for is None
    assert head.submit(f"/stand-ins/{stand_in_id}/end", {}, "/stand-ins").status_code == 404
    assert len(events(superuser, "stand_in.ended")) == 1


def test_a_stand_in_ends_with_the_principals_office_and_with_ones_own(
    signed_in, app: Flask, province: Province
) -> None:
    appointed(signed_in, province)
    browser = signed_in("reviewer")
    for who in ("head", "reviewer"):
        province.connection.execute(
            "UPDATE membership SET revoked_at = now() WHERE user_id = %s", (province.users[who],)
        )
        offices = opened(app, browser).offices
        assert not any(office.stand_in_id for office in offices), who
        province.connection.execute("UPDATE membership SET revoked_at = NULL")


def test_another_agencys_stand_ins_are_not_listed(signed_in, province: Province) -> None:
    appointed(signed_in, province)
    assert "Phan Văn Khôi" in signed_in("officer").get("/stand-ins").text
    assert "Phan Văn Khôi" not in signed_in("outsider").get("/stand-ins").text


def test_a_row_of_another_tenant_cannot_be_forged_past_the_database(
    app: Flask, province: Province, acting
) -> None:
    import sqlalchemy as sa
    from sqlalchemy.exc import DBAPIError

    from portal.extensions import db

    with app.app_context(), acting(province["head"]), pytest.raises(DBAPIError):
        db.session.execute(
            sa.text(
                "INSERT INTO stand_in (tenant_id, membership_id, user_id, document_no,"
                " document_date, valid_from, valid_to, appointed_by, created_at) VALUES"
                " (:t, :m, :u, '1', now(), now(), now(), :u, now())"
            ),
            {
                "t": province.tenants["nam-giang"],
                "m": int(membership_of(province, "outside_head")),
                "u": province.users["head"],
            },
        )


def test_the_list_is_empty_with_a_word_of_what_to_do(browser: Browser, signed_in) -> None:
    assert "Cơ quan chưa có ủy quyền nào" in signed_in("head").get("/stand-ins").text
