"""Accounts and roles: only by administrators and the server's command line, never a way to more."""

from __future__ import annotations

import datetime as dt
import re

import psycopg
import pytest
from click.testing import CliRunner
from flask import Flask

from portal import cli_user
from portal.core import clock
from tests.integration.identity.conftest import Browser, events
from tests.support.province import Province

PASSWORD = re.compile(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b")


def grant(province: Province, tenant: str, role: str, **more: str) -> dict[str, str]:
    return {"tenant_id": str(province.tenants[tenant]), "role": role} | more


def roles_url(province: Province, username: str) -> str:
    return f"/admin/users/{province.users[username]}/roles"


def test_only_the_administrator_sees_accounts(signed_in, province: Province) -> None:
    for who in ["officer", "head", "focal_head", "chair", "inspector", "police"]:
        browser = signed_in(who)
        assert browser.get("/admin/users").status_code == 403
        token = browser.token("/my/sessions")
        for url in (
            roles_url(province, who),
            f"/admin/users/{province.users['officer']}/disable",
            f"/admin/users/{province.users['officer']}/reset-password",
            "/admin/users/new",
        ):
            answer = browser.post(
                url, data={"csrf_token": token, **grant(province, "hoi-an", "head")}
            )
            assert answer.status_code == 403, url


def test_the_list_says_where_everybody_works_and_can_be_narrowed_to_an_agency(
    signed_in, province: Province
) -> None:
    admin = signed_in("administrator")
    admin.submit(
        roles_url(province, "outsider"),
        grant(province, "hoi-an", "officer"),
        f"/admin/users/{province.users['outsider']}",
    )
    everybody = admin.get("/admin/users").text
    assert "UBND huyện Nam Giang" in everybody
    assert "UBND thành phố Hội An, UBND huyện Nam Giang" in everybody
    at_hoi_an = admin.get(f"/admin/users?agency={province.tenants['hoi-an']}").text
    assert re.findall(r'/admin/users/\d+">([a-z_]+)<', at_hoi_an) == [
        "head", "officer", "outsider", "reviewer",
    ]  # fmt: skip
    assert admin.get("/admin/users?agency=99999").status_code == 422


def test_a_new_account_gets_a_one_time_password_shown_once(
    signed_in, app: Flask, province: Province, superuser: psycopg.Connection
) -> None:
    admin = signed_in("administrator")
    page = admin.submit("/admin/users/new", {"username": "Moi.Vao", "name": "Mới Vào"})
    given = PASSWORD.search(page.text)
    assert given
    assert page.headers["Cache-Control"] == "no-store"
    user_id = superuser.execute(
        "SELECT id FROM user_account WHERE username = 'moi.vao'"
    ).fetchone()[0]
    assert given.group() not in admin.get(f"/admin/users/{user_id}").text
    assert given.group() not in str(events(superuser, "account.created"))
    browser = Browser(app)
    assert browser.sign_in("moi.vao", given.group()) == 303
    assert browser.get("/my/sessions").location == "/my/password"


def test_a_user_name_that_cannot_be_is_refused_at_its_field(signed_in) -> None:
    admin = signed_in("administrator")
    for username in ["", "ab", "Có Dấu", "a b", "1abc", "x" * 80, "officer", "a\0b"]:
        page = admin.submit("/admin/users/new", {"username": username, "name": "Ai Đó"})
        assert page.status_code == 422, username
        assert 'href="#username"' in page.text


def test_a_person_has_at_most_one_account(signed_in, province: Province) -> None:
    person = province.people["Nguyễn Đức Ân"]
    page = signed_in("administrator").submit(
        f"/admin/users/new?person={person}",
        {"username": "thu.hai", "name": "Thứ Hai", "person": str(person)},
    )
    assert page.status_code == 422


def test_a_role_is_given_at_once_and_audited_in_the_agencys_chain(
    signed_in, province: Province, superuser: psycopg.Connection
) -> None:
    officer = signed_in("officer")
    only_the_clerk = f"/people/{province.people['Lê Thị Hạnh']}/edit"
    assert officer.get(only_the_clerk).status_code == 403
    admin = signed_in("administrator")
    page = f"/admin/users/{province.users['officer']}"
    done = admin.submit(roles_url(province, "officer"), grant(province, "hoi-an", "clerk"), page)
    assert done.status_code == 303
    assert officer.get(only_the_clerk).status_code == 200
    row = superuser.execute(
        "SELECT chain_id FROM audit_event WHERE action = 'membership.granted'"
    ).fetchone()
    assert row == (province.tenants["hoi-an"],)
    again = admin.submit(roles_url(province, "officer"), grant(province, "hoi-an", "clerk"), page)
    assert again.status_code == 422


def test_a_role_for_the_province_needs_the_agency_that_has_this_part(
    signed_in, province: Province
) -> None:
    admin = signed_in("administrator")
    for tenant, role in [
        ("hoi-an", "focal-officer"),
        ("so-ngoai-vu", "police-head"),
        ("cong-an-tinh", "chair"),
        ("hoi-an", "administrator"),
        ("hoi-an", "inspector"),
        ("van-phong-ubnd", "standing-committee"),
        ("hoi-an", "emperor"),
        ("hoi-an", "deputy-head"),
    ]:
        page = admin.submit(
            roles_url(province, "officer"),
            grant(province, tenant, role),
            f"/admin/users/{province.users['officer']}",
        )
        assert page.status_code == 422, (tenant, role)
        count = province.connection.execute(
            "SELECT count(*) FROM membership WHERE user_id = %s", (province.users["officer"],)
        ).fetchone()
        assert count == (1,)


def test_a_deputy_needs_fields_and_a_role_its_days_in_order(signed_in, province: Province) -> None:
    admin = signed_in("administrator")
    page = f"/admin/users/{province.users['officer']}"
    url = roles_url(province, "officer")
    deputy = grant(province, "hoi-an", "deputy-head", fields_of_work="economy")
    assert admin.submit(url, deputy | {"fields_of_work": "magic"}, page).status_code == 422
    backwards = deputy | {"valid_from": "02/12/2026", "valid_to": "01/12/2026"}
    assert admin.submit(url, backwards, page).status_code == 422
    assert admin.submit(url, deputy, page).status_code == 303


def test_a_revoked_role_is_gone_at_the_next_request(
    signed_in, province: Province, superuser: psycopg.Connection
) -> None:
    officer = signed_in("officer")
    membership = superuser.execute(
        "SELECT id FROM membership WHERE user_id = %s", (province.users["officer"],)
    ).fetchone()[0]
    page = f"/admin/users/{province.users['officer']}"
    admin = signed_in("administrator")
    done = admin.submit(f"{roles_url(province, 'officer')}/{membership}/revoke", {}, page)
    assert done.status_code == 303
    assert officer.get("/people").status_code == 403
    gone = admin.submit(f"{roles_url(province, 'officer')}/{membership}/revoke", {}, page)
    assert gone.status_code == 404


def test_an_administrator_locks_out_neither_themselves_nor_their_own_role(
    signed_in, province: Province, superuser: psycopg.Connection
) -> None:
    admin = signed_in("administrator")
    me = province.users["administrator"]
    membership = superuser.execute(
        "SELECT id FROM membership WHERE user_id = %s", (me,)
    ).fetchone()[0]
    page = f"/admin/users/{me}"
    assert admin.submit(f"/admin/users/{me}/disable", {}, page).status_code == 409
    url = f"/admin/users/{me}/roles/{membership}/revoke"
    assert admin.submit(url, {}, page).status_code == 409
    assert admin.get("/admin/users").status_code == 200


def test_a_disabled_account_is_out_and_in_again_when_enabled(
    signed_in, app: Flask, province: Province
) -> None:
    officer, admin = signed_in("officer"), signed_in("administrator")
    page = f"/admin/users/{province.users['officer']}"
    assert admin.submit(f"{page}/disable", {}, page).status_code == 303
    assert officer.get("/people").status_code == 303
    assert Browser(app).sign_in("officer") == 422
    assert admin.submit(f"{page}/enable", {}, page).status_code == 303
    assert Browser(app).sign_in("officer") == 303


def test_the_administrator_sees_no_file_and_no_trip(signed_in, province: Province) -> None:
    province.activity("hoi-an", state="approved", submitted_on=clock.today())
    page = signed_in("administrator").get("/people").text
    assert "Đoàn công tác" not in page
    assert "Số chuyến" not in page


def test_a_list_of_accounts_is_found_by_user_name_or_name_and_paged(
    signed_in, province: Province
) -> None:
    admin = signed_in("administrator")
    assert "Zơrâm Thị Mai" in admin.get("/admin/users?q=outside").text
    assert "Zơrâm Thị Mai" in admin.get("/admin/users?q=Thị+Mai").text
    assert "Không tìm thấy tài khoản nào" in admin.get("/admin/users?q=%25%25").text
    assert admin.get("/admin/users/999999").status_code == 404


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """`run("disable", "officer")`: the output of `portal user disable officer`."""
    from contextlib import contextmanager

    from portal.core.context import acting_as, system_actor

    @contextmanager
    def application():
        with app.app_context(), acting_as(system_actor()):
            yield app

    monkeypatch.setattr(cli_user, "application", application)

    def call(*argv: str, status: int = 0) -> str:
        result = CliRunner().invoke(cli_user.user, argv)
        assert result.exit_code == status, (result.output, result.exception)
        return result.output

    return call


def test_the_command_line_makes_an_account_gives_it_a_role_and_takes_it_away(
    run, app: Flask, province: Province
) -> None:
    given = PASSWORD.search(run("create", "moi.vao", "--name", "Mới Vào"))
    assert given
    assert "moi.vao\tMới Vào\tactive" in run("list")
    run("grant", "moi.vao", "focal-officer", "--tenant", "SO-NGOAI-VU", status=1)
    run("grant", "moi.vao", "focal-officer", "--tenant", "so-ngoai-vu")
    assert Browser(app).sign_in("moi.vao", given.group()) == 303
    second = PASSWORD.search(run("reset-password", "moi.vao"))
    assert second
    assert Browser(app).sign_in("moi.vao", given.group()) == 422
    assert Browser(app).sign_in("moi.vao", second.group()) == 303
    run("disable", "moi.vao")
    assert "moi.vao" not in run("list")
    assert "disabled" in run("list", "--all")


def test_the_command_line_refuses_in_one_sentence(run, province: Province) -> None:
    assert "There is no account" in run("disable", "khong-co", status=1)
    assert "taken" in run("create", "officer", "--name", "X", status=1)
    said = run("grant", "officer", "chair", "--tenant", "hoi-an", status=1)
    assert "part for the province" in said
    assert "Traceback" not in said


def test_a_role_that_ends_is_over_the_day_after(signed_in, province: Province, run) -> None:
    run("grant", "outsider", "head", "--tenant", "hoi-an", "--to", f"{clock.today():%d/%m/%Y}")
    assert "Hội An" in signed_in("outsider").get("/my/sessions").text
    with clock.frozen_at(clock.today() + dt.timedelta(days=1)):
        assert "UBND thành phố Hội An" not in signed_in("outsider").get("/my/sessions").text
