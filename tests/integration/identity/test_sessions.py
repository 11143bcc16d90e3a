"""Sessions end when they must: by time, by hand, by revocation; and say so."""

from __future__ import annotations

import datetime as dt
import re

import psycopg
from flask import Flask

from portal.core import clock
from portal.core.context import acting_as, system_actor
from portal.identity import accounts
from portal.identity.sessions import forget_ended_sessions
from tests.integration.identity.conftest import PASSWORD, Browser, events
from tests.support.province import Province, insert

MINUTE = dt.timedelta(minutes=1)


def later(minutes: float) -> dt.datetime:
    return clock.now() + minutes * MINUTE


def test_half_an_hour_without_a_page_signs_out(signed_in, app: Flask) -> None:
    browser = signed_in("officer")
    with clock.frozen_at(later(29)):
        assert browser.get("/my/sessions").status_code == 200
    with clock.frozen_at(later(29 + 31)):
        assert browser.get("/my/sessions").status_code == 303


def test_whoever_works_on_is_signed_out_after_the_longest_time(signed_in) -> None:
    browser = signed_in("officer")
    for minutes in range(20, 12 * 60, 20):
        with clock.frozen_at(later(minutes)):
            assert browser.get("/my/sessions").status_code == 200
    with clock.frozen_at(later(12 * 60 + 1)):
        assert browser.get("/my/sessions").status_code == 303


def test_last_use_is_written_at_most_once_a_minute(
    signed_in, superuser: psycopg.Connection
) -> None:
    def seen() -> dt.datetime:
        return superuser.execute("SELECT last_seen_at FROM user_session").fetchone()[0]

    start = clock.now()
    with clock.frozen_at(start):
        browser = signed_in("officer")
    with clock.frozen_at(start + dt.timedelta(seconds=40)):
        browser.get("/my/sessions")
        assert seen() == start
    with clock.frozen_at(start + dt.timedelta(seconds=70)):
        browser.get("/my/sessions")
        assert seen() == start + dt.timedelta(seconds=70)


def test_signing_out_ends_the_session_on_the_server_too(
    signed_in, superuser: psycopg.Connection, app: Flask
) -> None:
    browser = signed_in("officer")
    with browser.session_transaction() as cookie:
        token = cookie["_user_id"]
    answer = browser.submit("/sign-out", {}, page="/my/sessions")
    assert answer.status_code == 303
    assert '"cache"' in answer.headers["Clear-Site-Data"]
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert browser.get("/my/sessions").status_code == 303, "the old token is of no use"
    assert len(events(superuser, "account.signed_out")) == 1


def test_a_link_cannot_sign_anybody_out(signed_in) -> None:
    browser = signed_in("officer")
    assert browser.get("/sign-out").status_code == 405
    assert browser.post("/sign-out").status_code == 400
    assert browser.get("/my/sessions").status_code == 200


def test_everywhere_means_every_browser_of_this_person_and_of_nobody_else(signed_in) -> None:
    here, there, other = signed_in("officer"), signed_in("officer"), signed_in("head")
    assert here.get("/my/sessions").text.count("127.0.0.1") == 2
    here.submit("/sign-out", {"everywhere": "yes"}, page="/my/sessions")
    assert there.get("/my/sessions").status_code == 303
    assert other.get("/my/sessions").status_code == 200


def test_one_browser_is_signed_out_from_another(signed_in, superuser: psycopg.Connection) -> None:
    here, there = signed_in("officer"), signed_in("officer")
    newest = superuser.execute("SELECT max(id) FROM user_session").fetchone()[0]
    here.submit(f"/my/sessions/{newest}/end", {}, page="/my/sessions")
    assert there.get("/my/sessions").status_code == 303
    assert here.get("/my/sessions").status_code == 200


def test_another_persons_session_is_not_there(signed_in, superuser: psycopg.Connection) -> None:
    officer, head = signed_in("officer"), signed_in("head")
    theirs = superuser.execute("SELECT max(id) FROM user_session").fetchone()[0]
    assert officer.submit(f"/my/sessions/{theirs}/end", {}, "/my/sessions").status_code == 404
    assert head.get("/my/sessions").status_code == 200


def test_a_disabled_account_is_out_at_the_next_request(signed_in, province: Province, app) -> None:
    browser = signed_in("officer")
    with app.app_context(), acting_as(system_actor()):
        accounts.disable(province.users["officer"])
    assert browser.get("/my/sessions").status_code == 303
    assert browser.sign_in("officer") == 422


def test_a_revoked_membership_is_out_at_the_next_request(
    signed_in, superuser: psycopg.Connection, province: Province
) -> None:
    browser = signed_in("officer")
    assert browser.get("/people").status_code == 200
    superuser.execute(
        "UPDATE membership SET revoked_at = now() WHERE user_id = %s", (province.users["officer"],)
    )
    page = browser.get("/people")
    assert page.status_code == 403
    assert "Tạ Văn Dương" in page.text, "the administrator who can help is named"
    assert browser.get("/my/sessions").status_code == 200
    assert browser.submit("/sign-out", {}, page="/my/sessions").status_code == 303


def test_a_membership_ends_with_its_last_day(
    signed_in, superuser: psycopg.Connection, province: Province
) -> None:
    browser = signed_in("officer")
    superuser.execute(
        "UPDATE membership SET valid_to = %s WHERE user_id = %s",
        (clock.today() - dt.timedelta(days=1), province.users["officer"]),
    )
    assert browser.get("/people").status_code == 403


def test_a_focal_role_counts_only_while_its_tenant_is_the_focal_point(
    signed_in, superuser: psycopg.Connection
) -> None:
    browser = signed_in("focal_officer")
    assert browser.get("/people").status_code == 200
    superuser.execute("DELETE FROM tenant_capacity WHERE capacity = 'focal'")
    assert browser.get("/people").status_code == 403


def test_who_loses_one_of_two_offices_is_told_and_their_old_form_does_nothing(
    signed_in, superuser: psycopg.Connection, province: Province
) -> None:
    extra = insert(
        superuser,
        "membership",
        user_id=province.users["officer"],
        tenant_id=province.tenants["nam-giang"],
        role="clerk",
        fields=[],
        valid_from=clock.today(),
        created_at="now",
    )
    browser = signed_in("officer")
    key = f"{province.tenants['nam-giang']}-own-0"
    browser.submit("/acting-as", {"membership": key}, page="/my/sessions")
    assert "Nam Giang" in browser.get("/people/new").text
    token = browser.token("/people/new")
    superuser.execute("UPDATE membership SET revoked_at = now() WHERE id = %s", (extra,))
    refused = browser.post("/people/new", data={"csrf_token": token, "full_name": "Ai Đó"})
    assert refused.status_code == 409
    assert "Hội An" in refused.text
    assert browser.get("/people").status_code == 200


def test_what_was_typed_in_a_form_that_outlived_its_session_comes_back_to_its_author(
    signed_in, superuser: psycopg.Connection, province: Province
) -> None:
    superuser.execute(
        "UPDATE membership SET role = 'clerk' WHERE user_id = %s", (province.users["officer"],)
    )
    browser = signed_in("officer")
    token = browser.token("/people/new")
    typed = {
        "csrf_token": token,
        "honorific": "bà",
        "full_name": "Lê <b>Thị</b> Sương",
        "position": "phó phòng",
        "managed_by": "agency",
        "active": "y",
    }
    superuser.execute("UPDATE user_session SET expires_at = now() - interval '1 minute'")
    ours = {"Sec-Fetch-Site": "same-origin"}
    door = browser.post("/people/new", data=typed, headers=ours)
    assert door.status_code == 401
    kept = door.text.split('name="kept" value="')[1].split('"')[0]
    token = door.text.split('name="csrf_token" value="')[1].split('"')[0]
    page = browser.post(
        "/sign-in",
        data={"username": "officer", "password": PASSWORD, "kept": kept, "csrf_token": token},
    )
    assert page.status_code == 200
    assert "Lê &lt;b&gt;Thị&lt;/b&gt; Sương" in page.text
    said = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page.text)
    assert said == [
        ("Xưng hô", "bà"),
        ("Họ và tên", "Lê &lt;b&gt;Thị&lt;/b&gt; Sương"),
        ("Chức vụ", "phó phòng"),
        ("Cấp quản lý", "cơ quan"),
        ("Đang công tác tại đây", "Có"),
    ], "the labels of the form, not the names of its fields"
    again = page.text.split('action="/people/new"')[1].split('name="csrf_token" value="')[1]
    saved = browser.post("/people/new", data={**typed, "csrf_token": again.split('"')[0]})
    assert saved.status_code == 303
    assert "phó phòng" in browser.get(saved.location).text


def test_what_somebody_typed_is_never_shown_to_the_next_person(
    signed_in, superuser: psycopg.Connection
) -> None:
    browser = signed_in("officer")
    token = browser.token("/my/password")
    superuser.execute("UPDATE user_session SET revoked_at = now()")
    door = browser.post(
        "/sign-out",
        data={"csrf_token": token, "note": "chuyện riêng"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    kept = door.text.split('name="kept" value="')[1].split('"')[0]
    assert "chuyện riêng" not in door.text
    token = door.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = browser.post(
        "/sign-in",
        data={"username": "head", "password": PASSWORD, "kept": kept, "csrf_token": token},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert "chuyện riêng" not in answer.text
    assert "chuyện riêng" not in browser.get("/my/sessions").text


def test_no_other_site_puts_words_into_a_form(signed_in, superuser: psycopg.Connection) -> None:
    browser = signed_in("officer")
    superuser.execute("UPDATE user_session SET revoked_at = now()")
    answer = browser.post(
        "/people/new",
        data={"full_name": "kẻ lạ"},
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    )
    assert "kẻ lạ" not in answer.text
    assert 'name="kept"' not in answer.text


def test_a_forged_token_is_nobody(browser: Browser) -> None:
    for token in ("x" * 5000, "a\0b", "", "43" * 22, 7):
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
        assert browser.get("/my/sessions").status_code == 303


def test_ended_sessions_are_forgotten_after_a_month(
    signed_in, app: Flask, superuser: psycopg.Connection
) -> None:
    signed_in("officer")
    signed_in("head")
    superuser.execute(
        "UPDATE user_session SET expires_at = now() - interval '40 days'"
        " WHERE id = (SELECT min(id) FROM user_session)"
    )
    with app.app_context(), acting_as(system_actor()):
        assert forget_ended_sessions() == 1
    assert superuser.execute("SELECT count(*) FROM user_session").fetchone() == (1,)


def test_changing_the_password_signs_out_the_other_browsers(signed_in, app: Flask) -> None:
    here, there = signed_in("officer"), signed_in("officer")
    wrong = here.submit(
        "/my/password", {"current": "nope", "wanted": "một câu dài", "repeated": "một câu dài"}
    )
    assert wrong.status_code == 422
    short = here.submit("/my/password", {"current": PASSWORD, "wanted": "ngắn", "repeated": "ngắn"})
    assert short.status_code == 422
    done = here.submit(
        "/my/password",
        {"current": PASSWORD, "wanted": "một câu dài hơn", "repeated": "một câu dài hơn"},
    )
    assert done.status_code == 303
    assert there.get("/my/sessions").status_code == 303
    assert Browser(app).sign_in("officer") == 422
    assert Browser(app).sign_in("officer", "một câu dài hơn") == 303


def test_a_one_time_password_opens_nothing_but_the_choice_of_another(
    app: Flask, province: Province
) -> None:
    with app.app_context(), acting_as(system_actor()):
        given = accounts.reset_password(province.users["officer"])
    browser = Browser(app)
    assert browser.sign_in("officer", given) == 303
    sent = browser.get("/people")
    assert (sent.status_code, sent.location) == (303, "/my/password")
    browser.submit(
        "/my/password",
        {"current": given, "wanted": "một câu dài hơn", "repeated": "một câu dài hơn"},
    )
    assert browser.get("/people").status_code == 200
