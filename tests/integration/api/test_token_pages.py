"""A head gives other systems of the agency their tokens, and takes them away."""

from __future__ import annotations

import re
from datetime import timedelta

import psycopg
import pytest

from portal.api import tokens
from portal.core import clock
from tests.integration.api.conftest import Issue, System
from tests.support.province import Province
from tests.support.signing_in import Enter

PAGE = "/api-tokens"


def on(days: int) -> str:
    return (clock.today() + timedelta(days=days)).strftime("%d/%m/%Y")


def test_a_token_is_issued_shown_once_listed_and_revoked(
    enter: Enter, province: Province, superuser: psycopg.Connection
) -> None:
    head = enter("head")
    given = head.submit(f"{PAGE}/new", {"name": "eOffice", "expires_on": on(365)})
    assert given.status_code == 200
    assert given.headers["Cache-Control"] == "no-store"
    found = re.search(r"portal_[\w-]{43}", given.text)
    assert found
    program = System(enter("officer"), found[0])  # whoever else sits at this browser
    assert program.post({}).status_code == 422
    listed = head.get(PAGE)
    assert "eOffice" in listed.text
    assert found[0] not in listed.text
    revoke = re.search(rf'action="({PAGE}/\d+/revoke)"', listed.text)
    assert revoke
    assert head.submit(revoke[1], {}, page=PAGE).status_code == 303
    assert program.post({}).status_code == 401
    assert head.submit(revoke[1], {}, page=f"{PAGE}/new").status_code == 404
    told = superuser.execute(
        "SELECT chain_id, action, data FROM audit_event WHERE action LIKE 'api_token.%' ORDER BY at"
    ).fetchall()
    until = (clock.today() + timedelta(days=365)).isoformat()
    assert told == [
        (province.tenants["hoi-an"], "api_token.issued", {"name": "eOffice", "expires_on": until}),
        (province.tenants["hoi-an"], "api_token.revoked", {"name": "eOffice"}),
    ]


def test_what_cannot_be_issued_is_told_at_its_field(
    enter: Enter, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = enter("head")
    for name, day in (("", on(30)), ("eOffice", on(0)), ("eOffice", on(366)), ("eOffice", "mai")):
        refused = head.submit(f"{PAGE}/new", {"name": name, "expires_on": day})
        assert refused.status_code == 422
        assert "aria-invalid" in refused.text
        assert "portal_" not in refused.text
    monkeypatch.setattr(tokens, "MOST", 1)
    issue()
    refused = head.submit(f"{PAGE}/new", {"name": "eOffice", "expires_on": on(30)})
    assert refused.status_code == 422
    assert "mười khóa" in refused.text


def test_only_the_heads_of_the_agency_see_and_end_its_tokens(
    enter: Enter, issue: Issue, superuser: psycopg.Connection
) -> None:
    issue(name="kho dữ liệu")
    row = superuser.execute("SELECT id FROM api_token").fetchone()
    assert row
    outside = enter("outside_head")
    assert "kho dữ liệu" not in outside.get(PAGE).text
    assert outside.submit(f"{PAGE}/{row[0]}/revoke", {}, page=f"{PAGE}/new").status_code == 404
    for who in ("officer", "inspector", "administrator"):
        assert enter(who).get(PAGE).status_code in {403, 404}
    assert "/api-tokens" in outside.get("/").text
    assert "/api-tokens" not in enter("officer").get("/").text


def test_the_guide_names_the_agencys_number_and_a_question_that_works(
    enter: Enter, province: Province
) -> None:
    text = enter("head").get(f"{PAGE}/guide").text
    assert f"&#34;tenant_id&#34;: {province.tenants['hoi-an']}" in text
    assert "/api/v1/openapi.json" in text
