"""The door: who comes in, who does not, and that neither answer tells more than it must."""

from __future__ import annotations

import datetime as dt
import re

import psycopg
import pytest
from flask import Flask
from redis.exceptions import ConnectionError as RedisLostError

from portal.core import clock
from portal.identity import throttle
from tests.integration.identity.conftest import PASSWORD, Browser, events
from tests.support.province import Province

NOBODY = "khong-co-ai"


def plain(html: str) -> str:
    """The page without what differs from one request to the next."""
    html = re.sub(r'name="csrf_token" value="[^"]*"', "", html)
    return re.sub(r'name="username" value="[^"]*"', "", html)


def cookie_of(browser: Browser) -> str:
    return next(one.value for one in browser._cookies.values() if one.key.startswith("portal_8"))


def test_a_person_signs_in_and_lands_on_the_first_page(
    browser: Browser, superuser: psycopg.Connection, province: Province
) -> None:
    answer = browser.submit("/sign-in", {"username": " Officer ", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/my/sessions").status_code == 200
    assert [user for user, _ in events(superuser, "account.signed_in")] == [
        province.users["officer"]
    ]


def test_only_the_hash_of_the_token_is_stored(
    browser: Browser, superuser: psycopg.Connection
) -> None:
    browser.sign_in("officer")
    with browser.session_transaction() as cookie:
        token = cookie["_user_id"]
    stored = superuser.execute("SELECT token_hash FROM user_session").fetchall()
    assert len(stored) == 1
    assert len(stored[0][0]) == 32
    assert token.encode() not in stored[0][0]


def test_an_unknown_account_a_wrong_password_and_a_disabled_account_get_the_same_answer(
    app: Flask, province: Province, superuser: psycopg.Connection
) -> None:
    superuser.execute("UPDATE user_account SET active = false WHERE username = 'reviewer'")
    answers = []
    for username, password in (
        (NOBODY, PASSWORD),
        ("officer", "not the password"),
        ("reviewer", PASSWORD),
    ):
        answer = Browser(app).submit("/sign-in", {"username": username, "password": password})
        answers.append((answer.status_code, plain(answer.text)))
    assert answers[0][0] == 422
    assert answers[0] == answers[1] == answers[2]
    reasons = [data["reason"] for _, data in events(superuser, "account.sign_in_failed")]
    assert reasons == ["unknown", "password", "disabled"]


def test_an_unknown_account_costs_the_work_of_a_known_one(
    app: Flask, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.identity import passwords

    verified: list[str] = []
    real = passwords._HASHER.verify
    monkeypatch.setattr(
        type(passwords._HASHER),
        "verify",
        lambda _self, stored, password: verified.append(stored) or real(stored, password),
    )
    for username in ("officer", NOBODY):
        Browser(app).submit("/sign-in", {"username": username, "password": "wrong enough"})
    assert [stored.split("$")[1:4] for stored in verified] == [
        ["argon2id", "v=19", "m=19456,t=2,p=1"]
    ] * 2


def test_what_is_typed_never_stands_in_the_audit_log(
    browser: Browser, superuser: psycopg.Connection
) -> None:
    browser.sign_in("ten-rieng-tu", "mật khẩu riêng tư")
    told = str(events(superuser, "account.sign_in_failed"))
    assert "ten-rieng-tu" not in told
    assert "riêng" not in told


def test_signing_in_begins_a_new_session_and_ends_the_planted_one(
    app: Flask, browser: Browser, superuser: psycopg.Connection
) -> None:
    browser.sign_in("outsider")
    planted = cookie_of(browser)
    victim = Browser(app)
    victim.set_cookie(f"portal_{app.extensions['portal_settings'].port}", planted)
    door = {"username": "officer", "password": PASSWORD}
    victim.submit("/sign-in", door, page="/my/sessions")
    with victim.session_transaction() as cookie:
        mine = cookie["_user_id"]
    with browser.session_transaction() as cookie:
        theirs = cookie["_user_id"]
    assert mine != theirs
    assert browser.get("/my/sessions").status_code == 303, "the planted session is over"
    assert victim.get("/my/sessions").status_code == 200


def test_nothing_that_the_cookie_held_before_survives_the_sign_in(browser: Browser) -> None:
    browser.get("/sign-in")
    with browser.session_transaction() as cookie:
        cookie["planted"] = "x"
        before = cookie["csrf_token"]
    browser.sign_in("officer")
    with browser.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != before


def test_the_way_back_never_leaves_the_portal(app: Flask, province: Province) -> None:
    for target in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "/\tevil",
        "http:evil.example",
    ]:
        answer = Browser(app).submit(
            "/sign-in", {"username": "officer", "password": PASSWORD, "next": target}
        )
        assert answer.location == "/", target


def test_the_way_back_leads_to_the_page_that_was_asked_for(browser: Browser) -> None:
    asked = browser.get("/people?q=an")
    assert asked.status_code == 303
    page = browser.get(asked.location)
    assert 'value="/people?q=an"' in page.text
    answer = browser.submit(
        "/sign-in", {"username": "officer", "password": PASSWORD, "next": "/people?q=an"}
    )
    assert answer.location == "/people?q=an"


def test_without_a_form_token_nobody_signs_in(browser: Browser) -> None:
    answer = browser.post("/sign-in", data={"username": "officer", "password": PASSWORD})
    assert answer.status_code == 400
    assert browser.get("/my/sessions").status_code == 303


def test_delays_grow_for_an_account_whether_it_exists_or_not(
    app: Flask, province: Province
) -> None:
    answers = {}
    with clock.frozen_at(clock.now()):  # a slow machine would sit the delay out
        for username in ("officer", NOBODY):
            statuses = [Browser(app).sign_in(username, "wrong enough") for _ in range(7)]
            last = Browser(app).submit("/sign-in", {"username": username, "password": PASSWORD})
            answers[username] = (statuses, last.status_code, plain(last.text))
    assert answers["officer"][0] == [422] * 5 + [429] * 2
    assert answers["officer"][1] == 429, "not even the right password is looked at"
    assert answers["officer"] == answers[NOBODY]


def test_after_the_delay_the_right_password_opens_and_the_count_begins_anew(
    app: Flask, province: Province
) -> None:
    start = clock.now()
    with clock.frozen_at(start):
        for _ in range(5):
            Browser(app).sign_in("officer", "wrong enough")
        assert Browser(app).sign_in("officer") == 429
    with clock.frozen_at(start + dt.timedelta(seconds=3)):
        assert Browser(app).sign_in("officer") == 303
        assert Browser(app).sign_in("officer", "wrong enough") == 422


def test_one_address_that_tries_many_accounts_has_to_wait(
    app: Flask, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "ADDRESS", throttle.Limit(free=3, longest=300))
    statuses = [Browser(app).sign_in(f"ai-do-{n}", "wrong enough") for n in range(4)]
    assert statuses == [422, 422, 422, 429]


def test_without_redis_attempts_are_still_counted(
    app: Flask, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lost:
        def eval(self, *_args: object) -> None:
            raise RedisLostError

    monkeypatch.setattr(throttle, "redis", Lost)
    monkeypatch.setattr(throttle, "_local", throttle.LocalThrottle())
    statuses = [Browser(app).sign_in("officer", "wrong enough") for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert Browser(app).sign_in("head") == 303


def test_nonsense_at_the_door_is_refused_kindly(browser: Browser) -> None:
    for typed in ["", "x" * 5000, "a\0b", "<script>alert(1)</script>", "' OR 1=1 --", "\ud800"]:
        data = {"username": typed.encode("utf-8", "surrogatepass"), "password": "x"}
        answer = browser.submit("/sign-in", data)
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
