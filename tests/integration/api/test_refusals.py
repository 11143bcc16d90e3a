"""Who gets no answer is told why, in problem+json of the published form, whatever went wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any, Final

import psycopg
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.api import limits, routes, tokens
from portal.api.openapi import CHECK, document
from portal.compliance.strict_yaml import MAX_BYTES
from portal.core import clock
from portal.core.errors import NotFound
from tests.integration.api.conftest import Acting, Issue, System, conforming
from tests.support.province import Province
from tests.support.signing_in import Enter


def refused(answer: TestResponse, status: int) -> dict[str, Any]:
    """What it says, after a look at its form."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert "Set-Cookie" not in answer.headers
    told: dict[str, Any] = answer.get_json()
    conforming("Problem").validate(told)
    assert told["status"] == status
    return told


def kind(answer: TestResponse, status: int) -> str:
    return str(refused(answer, status)["type"]).removeprefix("urn:portal:problem:")


# ── The token ─────────────────────────────────────────────────────────────────────────────────────


def test_without_a_token_of_the_portal_nothing_is_answered(eoffice: System, case: Any) -> None:
    none = eoffice.post(case, Authorization="")
    assert kind(none, 401) == "no-token"
    assert none.headers["WWW-Authenticate"] == 'Bearer realm="portal"'
    wrong = [eoffice.secret[:-1], eoffice.secret + "x", eoffice.secret.upper(), "", "ổ khóa"]
    for secret in (*wrong, "portal_" + "0" * 43):
        answer = eoffice.post(case, Authorization=f"Bearer {secret}")
        assert kind(answer, 401) == "bad-token"
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert kind(eoffice.post(case, Authorization=f"Basic {eoffice.secret}"), 401) == "no-token"
    assert eoffice.post(case, Authorization=f"bearer  {eoffice.secret} ").status_code == 200


def test_the_browser_of_a_signed_in_head_opens_nothing(enter: Enter, case: Any) -> None:
    assert kind(enter("head").post(CHECK, json=case), 401) == "no-token"


def test_a_token_opens_no_page(eoffice: System) -> None:
    answer = eoffice.client.get("/", headers={"Authorization": f"Bearer {eoffice.secret}"})
    assert answer.location.startswith("/sign-in")


def test_a_token_that_was_revoked_is_dead_at_once(
    app: Flask, eoffice: System, province: Province, acting: Acting, superuser: psycopg.Connection
) -> None:
    row = superuser.execute("SELECT id FROM api_token").fetchone()
    assert row
    for who in ("outside_head", "head"):
        with app.app_context(), acting(province[who]):
            if who == "head":
                tokens.revoke(row[0])
            else:
                with pytest.raises(NotFound):
                    tokens.revoke(row[0])
        assert (eoffice.post({}).status_code == 401) == (who == "head")
    assert "thu hồi" in refused(eoffice.post({}), 401)["detail"]


def test_a_token_ends_with_its_time_its_issuer_and_its_agency(
    eoffice: System, superuser: psycopg.Connection
) -> None:
    for table, change, back, why in (
        ("api_token", "expires_on = current_date - 2", "expires_on = current_date + 9", "expired"),
        ("user_account", "active = false", "active = true", "disabled"),
        ("tenant", "valid_to = current_date - 2", "valid_to = NULL", "no more"),
    ):
        superuser.execute(f"UPDATE {table} SET {change}".encode())
        told = refused(eoffice.post({}, **{"Accept-Language": "en"}), 401)
        assert why in told["detail"]
        superuser.execute(f"UPDATE {table} SET {back}".encode())
    assert eoffice.post({}).status_code == 422


def test_only_the_digest_of_a_secret_is_stored(
    eoffice: System, superuser: psycopg.Connection
) -> None:
    row = superuser.execute("SELECT to_jsonb(t)::text, digest FROM api_token t").fetchone()
    assert row
    assert eoffice.secret not in row[0]
    assert row[1] == tokens.digest(eoffice.secret)
    assert eoffice.post({}).status_code == 422
    used = superuser.execute("SELECT last_used_on FROM api_token").fetchone()
    assert used == (clock.today(),)


# ── How often ─────────────────────────────────────────────────────────────────────────────────────


def test_each_token_asks_so_often_and_then_waits(
    eoffice: System, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "QUESTIONS", limits.Window("questions", 2, 60))
    other = System(eoffice.client, issue(name="kho dữ liệu"))
    with clock.frozen_at(clock.now()):
        assert [eoffice.post({}).status_code for _ in range(3)] == [422, 422, 429]
        answer = eoffice.post({})
        assert kind(answer, 429) == "too-many"
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert other.post({}).status_code == 422
    with clock.frozen_at(clock.now() + timedelta(seconds=60)):
        assert eoffice.post({}).status_code == 422


def test_a_long_question_counts_as_several(
    eoffice: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "QUESTIONS", limits.Window("questions", 5, 60))
    long = b'{"case": "' + b"x" * (3 * limits.ONE_QUESTION) + b'"}'
    with clock.frozen_at(clock.now()):
        assert [eoffice.post(long).status_code for _ in range(2)] == [422, 429]
        assert [eoffice.post({}).status_code for _ in range(2)] == [429, 429]


def test_who_tries_token_after_token_is_sent_away_and_who_has_one_is_not(
    eoffice: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRONG_TOKENS", limits.Window("wrong", 2, 60))
    with clock.frozen_at(clock.now()):
        statuses = [eoffice.post({}, Authorization="Bearer no").status_code for _ in range(3)]
        assert statuses == [401, 401, 429]
        assert eoffice.post({}).status_code == 422


# ── The question ──────────────────────────────────────────────────────────────────────────────────


def test_a_mistake_in_the_case_is_told_with_its_key_and_line(eoffice: System, case: Any) -> None:
    case["proposal"]["departs"] = "16/11/2026"
    told = refused(eoffice.post(json.dumps(case, indent=1).encode()), 422)
    assert told["key"] == "proposal.departs"
    assert "YYYY-MM-DD" in told["expected"]
    wrong = json.dumps(case, indent=1).splitlines()[told["line"] - 1]
    assert wrong.strip().startswith('"departs"')


NO_CASES: Final = (
    (b"", 1),
    (b"null", 1),
    (b"[1]", 1),
    (b'{"case": "a",\n"as_of": }', 2),
    (b'{"case": "a",\n "case": "b"}', 2),
    (b'{"case":\n "\\u0000"}', None),
    (b'{"case": "\xff"}', None),
    (b'{"case": "a", "agencies": 7, "people": [{"id": "an", "person_id": 1}]}', 1),
    (b'{"case": "a", "agencies": [{"id": "x",\n "tenant_id": "4"}]}', 2),
    (b'{"case": "a", "agencies": [{"id": "x", "tenant_id": 1e3}]}', 1),
    (b'{"case":' + b"[" * 200 + b"]" * 200 + b"}", 1),
    (b"[" * 100_000, None),
)
"""What is no case, and the line on which that shows where it can be told."""


def test_what_is_no_case_is_told_never_a_crash(eoffice: System) -> None:
    for data, line in NO_CASES:
        told = refused(eoffice.post(data), 422)
        assert told["key"]
        assert line is None or told["line"] == line, data[:80]


def test_only_json_in_utf_8_is_read(eoffice: System) -> None:
    for header, value in (
        ("Content-Type", "text/plain"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Type", "application/json; charset=utf-16"),
        ("Content-Type", ""),
        ("Content-Encoding", "gzip"),
    ):
        assert kind(eoffice.post(b"{}", **{header: value}), 415) == "not-json"
    utf_8 = {"Content-Type": "application/json; charset=UTF-8"}
    assert eoffice.post(b"{}", **utf_8).status_code == 422


def test_a_question_has_at_most_a_mebibyte(eoffice: System) -> None:
    full = b'{"case": "' + b"x" * (MAX_BYTES - 12) + b'"}'
    assert len(full) == MAX_BYTES
    assert eoffice.post(full).status_code == 422
    assert kind(eoffice.post(full + b" "), 413) == "too-large"
    unannounced = eoffice.client.post(
        CHECK,
        input_stream=BytesIO(full + b" "),
        headers={"Authorization": f"Bearer {eoffice.secret}", "Content-Type": "application/json"},
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert kind(unannounced, 413) == "too-large"


def test_a_program_is_told_in_the_language_it_prefers(eoffice: System) -> None:
    for asked, title in (("en", "cannot be read"), ("", "không đọc được"), ("fr", "không đọc")):
        told = refused(eoffice.post({}, **{"Accept-Language": asked}), 422)
        assert title in told["title"]


# ── Whatever else ─────────────────────────────────────────────────────────────────────────────────


def test_a_wrong_address_or_method_is_a_problem_too(eoffice: System) -> None:
    refused(eoffice.client.get("/api/v1/nothing"), 404)
    refused(eoffice.client.post("/api/v1/openapi.json"), 405)
    wrong = eoffice.client.get(CHECK)
    refused(wrong, 405)
    assert "POST" in wrong.headers["Allow"]


def test_a_wrong_address_or_method_is_told_as_to_a_program(eoffice: System) -> None:
    for path, word in (("/api/v1/nothing", "openapi.json"), (CHECK, "Allow")):
        for language, title in (("en", "address"), ("", "địa chỉ")):
            told = eoffice.client.get(path, headers={"Accept-Language": language}).get_json()
            assert word in told["detail"]
            assert title in told["title"].lower()


@pytest.fixture
def _mistakes_are_told(app: Flask) -> Iterator[None]:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield
    app.config["PROPAGATE_EXCEPTIONS"] = None


@pytest.mark.usefixtures("_mistakes_are_told")
def test_a_mistake_of_ours_is_a_problem_with_a_reference(
    eoffice: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_data: bytes) -> None:
        raise RuntimeError("a table name")

    monkeypatch.setattr(routes, "answer", broken)
    told = refused(eoffice.post({}), 500)
    assert told["reference"]
    assert "table" not in json.dumps(told)


def test_the_document_is_for_everybody(app: Flask, client: Any) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.get_json() == json.loads(json.dumps(document()))
