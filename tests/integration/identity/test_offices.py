"""Whom somebody acts as: one office at a time, chosen visibly, with its rights only."""

from __future__ import annotations

import datetime as dt

import psycopg
from flask import Flask

from portal.access.permissions import Permission
from portal.core import clock
from portal.core.context import Actor, Scope
from portal.extensions import db
from portal.identity import sessions
from portal.identity.offices import signs_for
from tests.integration.identity.conftest import Browser, events
from tests.support.province import Province, insert


def employ(province: Province, username: str, tenant: str, role: str, **columns: object) -> int:
    return insert(
        province.connection,
        "membership",
        user_id=province.users[username],
        tenant_id=province.tenants[tenant],
        role=role,
        **{"fields": [], "valid_from": clock.today(), "created_at": "now"} | columns,
    )


def opened(app: Flask, browser: Browser) -> sessions.OpenSession:
    with browser.session_transaction() as cookie:
        token = cookie["_user_id"]
    with app.app_context():
        found = sessions.open_session(token)
        db.session.rollback()
    assert found is not None
    return found


def choose(browser: Browser, province: Province, tenant: str, scope: str, stand_in: int = 0) -> int:
    key = f"{province.tenants[tenant]}-{scope}-{stand_in}"
    return browser.submit("/acting-as", {"membership": key}, page="/my/sessions").status_code


def test_a_signed_in_request_asks_the_database_once_before_its_own_questions(
    signed_in, app: Flask
) -> None:
    from sqlalchemy import event

    browser = signed_in("officer")
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_conn, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(engine, "after_cursor_execute", note)
    try:
        browser.get("/my/password")
    finally:
        event.remove(engine, "after_cursor_execute", note)
    assert statements[0].startswith("SELECT open_session(")
    assert not any("set_config" in one for one in statements), "and it bound the transaction"
    assert len(statements) <= 2, "the bell in the head of the page is the other one"


def test_the_actor_is_who_the_database_says(signed_in, app: Flask, province: Province) -> None:
    actor = opened(app, signed_in("officer")).actor
    assert actor.user_id == province.users["officer"]
    assert actor.tenant_id == province.tenants["hoi-an"]
    assert actor.tenant_name == "UBND thành phố Hội An"
    assert (actor.scope, actor.roles) == (Scope.OWN, frozenset({"officer"}))
    assert actor.may(Permission.ACTIVITY_PROPOSE)
    assert not actor.may(Permission.ACTIVITY_SUBMIT)
    assert actor.acting_for is None


def test_roles_of_one_tenant_and_scope_are_united(
    signed_in, app: Flask, province: Province
) -> None:
    employ(province, "officer", "hoi-an", "clerk")
    found = opened(app, signed_in("officer"))
    assert found.actor.roles == {"officer", "clerk"}
    assert len(found.offices) == 1


def test_who_drafts_and_appraises_in_one_tenant_chooses_between_them(
    signed_in, app: Flask, province: Province
) -> None:
    employ(province, "focal_officer", "so-ngoai-vu", "officer")
    browser = signed_in("focal_officer")
    found = opened(app, browser)
    assert (found.actor.scope, found.actor.roles) == (Scope.FOCAL, frozenset({"focal-officer"}))
    assert not found.actor.may(Permission.ACTIVITY_PROPOSE)
    assert choose(browser, province, "so-ngoai-vu", "own") == 303
    actor = opened(app, browser).actor
    assert (actor.scope, actor.roles) == (Scope.OWN, frozenset({"officer"}))
    assert not actor.may(Permission.APPRAISAL_WRITE)


def test_the_choice_is_seen_on_every_page_audited_and_kept_for_the_next_sign_in(
    signed_in, app: Flask, province: Province, superuser: psycopg.Connection
) -> None:
    employ(province, "officer", "nam-giang", "viewer")
    browser = signed_in("officer")
    page = browser.get("/my/sessions").text
    assert "UBND huyện Nam Giang · Người xem" in page
    assert choose(browser, province, "nam-giang", "own") == 303
    assert 'class="tenant-name">UBND huyện Nam Giang' in browser.get("/my/sessions").text
    assert [data["to"] for _, data in events(superuser, "tenant.switched")] == [
        province.tenants["nam-giang"]
    ]
    assert opened(app, signed_in("officer")).actor.tenant_id == province.tenants["nam-giang"]


def test_a_form_of_the_last_office_does_nothing_in_the_next_without_a_second_look(
    signed_in, province: Province
) -> None:
    employ(province, "outsider", "nam-giang", "clerk")
    employ(province, "outsider", "hoi-an", "clerk")
    browser = signed_in("outsider")
    token = browser.token("/people/new")
    choose(browser, province, "hoi-an", "own")
    answer = browser.post(
        "/people/new",
        data={"csrf_token": token, "full_name": "Ai Đó", "managed_by": "agency"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 400
    assert "Ai Đó" in answer.text, "what was typed is still there"
    assert 'class="tenant-name">UBND thành phố Hội An' in answer.text
    count = province.connection.execute("SELECT count(*) FROM person WHERE full_name = 'Ai Đó'")
    assert count.fetchone() == (0,)


def test_a_refusal_names_the_colleague_who_may(signed_in) -> None:
    page = signed_in("officer").get("/stand-ins/new")
    assert page.status_code == 403
    assert "Nguyễn Đức Ân" in page.text


def test_an_unknown_page_keeps_the_persons_frame(signed_in, browser: Browser) -> None:
    page = signed_in("officer").get("/no-such-page")
    assert page.status_code == 404
    assert "Lê Thị Hạnh" in page.text
    assert browser.get("/no-such-page").status_code == 404


def test_nobody_takes_an_office_that_is_not_theirs(
    signed_in, app: Flask, province: Province
) -> None:
    browser = signed_in("officer")
    for key in ["", "1", "x-y-z", "99999999-own-0", "1-system-0", "a\0b"]:
        answer = browser.submit("/acting-as", {"membership": key}, page="/my/sessions")
        assert answer.status_code == 404, key
    for tenant in province.tenants:
        for scope in Scope:
            if (tenant, scope) != ("hoi-an", Scope.OWN):
                assert choose(browser, province, tenant, scope.value) == 404
    assert opened(app, browser).actor.tenant_id == province.tenants["hoi-an"]


def test_the_language_is_the_persons_own_and_outlives_the_browser(
    signed_in, app: Flask, province: Province
) -> None:
    browser = signed_in("officer")
    assert "Phiên đăng nhập của tôi" in browser.get("/my/sessions").text
    browser.submit("/language", {"language": "en", "next": "/my/sessions"}, "/my/sessions")
    assert "My sessions" in browser.get("/my/sessions").text
    assert "My sessions" in signed_in("officer").get("/my/sessions").text
    assert "Phiên đăng nhập" in signed_in("head").get("/my/sessions").text


def test_before_sign_in_the_language_is_the_browsers(browser: Browser) -> None:
    browser.submit("/language", {"language": "en", "next": "/sign-in"}, "/sign-in")
    assert "<h1>Sign in</h1>" in browser.get("/sign-in").text


def actor_with(*roles: str, fields: tuple[str, ...] = ()) -> Actor:
    return Actor(
        user_id=1,
        username="x",
        name="X",
        tenant_id=1,
        tenant_name="T",
        scope=Scope.OWN,
        roles=frozenset(roles),
        fields=frozenset(fields),
    )


def test_a_head_signs_in_every_field_a_deputy_in_theirs_an_officer_in_none() -> None:
    assert signs_for(actor_with("head"), "economy")
    assert signs_for(actor_with("deputy-head", fields=("economy",)), "economy")
    assert not signs_for(actor_with("deputy-head", fields=("economy",)), "culture")
    assert not signs_for(actor_with("deputy-chair"), "economy")
    assert signs_for(actor_with("chair"), "economy")
    assert not signs_for(actor_with("officer", fields=("economy",)), "economy")


def test_a_deputys_fields_come_with_the_office(signed_in, app: Flask, province: Province) -> None:
    province.connection.execute(
        "UPDATE membership SET role = 'deputy-head', fields = '{economy,culture}'"
        " WHERE user_id = %s",
        (province.users["head"],),
    )
    actor = opened(app, signed_in("head")).actor
    assert actor.fields == {"economy", "culture"}
    assert signs_for(actor, "culture")
    assert not signs_for(actor, "health")


def test_an_office_that_begins_tomorrow_is_no_office_today(
    signed_in, app: Flask, province: Province
) -> None:
    tomorrow = clock.today() + dt.timedelta(days=1)
    employ(province, "officer", "nam-giang", "head", valid_from=tomorrow)
    browser = signed_in("officer")
    assert len(opened(app, browser).offices) == 1
    with clock.frozen_at(tomorrow):
        assert len(opened(app, signed_in("officer")).offices) == 2
