"""Events are written with their transaction, refusals without it; nobody changes a link by hand."""

import logging

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from portal.audit import services
from portal.audit.events import EventError
from portal.audit.services import record, record_refusal
from portal.audit.throttle import Throttle
from portal.core.context import Actor, Scope, acting_as, system_actor
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db

OFFICER = Actor(
    user_id=7, username="an", name="Lê An", tenant_id=3, tenant_name="Hội An", scope=Scope.OWN
)


def links(superuser: psycopg.Connection) -> list[tuple[object, ...]]:
    return superuser.execute(
        "SELECT chain_id, seq, action, user_id FROM audit_event ORDER BY 1, 2"
    ).fetchall()


def test_an_event_is_written_with_the_commit_and_linked_to_the_one_before(app_context, superuser):
    for number in (1, 2):
        with acting_as(OFFICER), unit_of_work():
            record("account.enabled", subject_type="user", subject_id=number)
            assert len(links(superuser)) == number - 1
    assert links(superuser) == [(3, 1, "account.enabled", 7), (3, 2, "account.enabled", 7)]
    first, second = superuser.execute("SELECT hash, prev_hash FROM audit_event ORDER BY seq")
    assert second[1] == first[0]
    assert superuser.execute("SELECT seq, hash FROM audit_head").fetchall() == [(2, second[0])]


def test_an_event_disappears_with_the_transaction_that_failed(app_context, superuser):
    def fail() -> None:
        with unit_of_work():
            record("account.enabled")
            raise ZeroDivisionError

    with acting_as(OFFICER), pytest.raises(ZeroDivisionError):
        fail()
    assert links(superuser) == []


def test_one_transaction_may_write_to_many_chains(app_context, superuser):
    with acting_as(OFFICER), unit_of_work():
        record("account.enabled", chain_id=9)
        record("account.enabled")
        record("account.disabled", chain_id=9)
    with acting_as(system_actor()), unit_of_work():
        record("demo.loaded", data={"activities": 0})
    assert links(superuser) == [
        (0, 1, "demo.loaded", None),
        (3, 1, "account.enabled", 7),
        (9, 1, "account.enabled", 7),
        (9, 2, "account.disabled", 7),
    ]


def test_a_refusal_is_written_although_the_request_is_rolled_back(app_context, superuser):
    def fail() -> None:
        with unit_of_work():
            record("account.enabled")
            record_refusal(action="plan:view", reason="permission", data={"endpoint": "plans.a"})
            raise ZeroDivisionError

    with acting_as(OFFICER), pytest.raises(ZeroDivisionError):
        fail()
    assert links(superuser) == [(3, 1, "access.refused", 7)]
    (data,) = superuser.execute("SELECT data FROM audit_event").fetchone() or ()
    assert data == {"wanted": "plan:view", "reason": "permission", "endpoint": "plans.a"}


def test_a_robot_cannot_fill_the_log_with_refusals(app_context, superuser, monkeypatch):
    monkeypatch.setattr(services, "_refusals", Throttle(5))
    with acting_as(OFFICER):
        for _ in range(50):
            record_refusal(action="plan:view", reason="permission")
    assert len(links(superuser)) == 5
    (last,) = superuser.execute("SELECT data FROM audit_event WHERE seq = 5").fetchone() or ()
    assert last["more"]


def test_a_refusal_that_cannot_be_recorded_does_not_disturb_who_refuses(app_context, caplog):
    with acting_as(OFFICER), caplog.at_level(logging.CRITICAL):
        record_refusal(action="plan:view", reason="permission", data={"surprise": 1})


def test_an_undeclared_event_or_an_unknown_key_fails_the_test_that_meets_it(app_context):
    with unit_of_work():
        with pytest.raises(EventError, match="not declared"):
            record("no.such_event")
        with pytest.raises(EventError, match="surprise"):
            record("account.enabled", data={"surprise": 1})


def test_text_that_postgresql_cannot_store_is_made_storable(app_context, superuser):
    with acting_as(OFFICER), unit_of_work():
        record("tenant.changed", data={"changed": "a\0b\ud800" + "x" * 5000})
    (data,) = superuser.execute("SELECT data FROM audit_event").fetchone() or ()
    assert data["changed"].startswith("a�b?xx")
    assert len(data["changed"]) == services.LONGEST_TEXT


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_head VALUES (1, 0, '')",
        "UPDATE audit_head SET seq = 0",
        "DELETE FROM audit_head",
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "INSERT INTO audit_event VALUES (1, 1, now(), 1, 1, 1, 'x', 'x', 1, '{}', '', '')",
    ],
)
def test_the_application_cannot_touch_a_link_or_a_head(app_context, statement):
    with pytest.raises(ProgrammingError, match="permission denied"):
        db.session.execute(text(statement))
    db.session.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = seq - 1",
        "UPDATE audit_head SET chain_id = 77",
    ],
)
def test_even_the_owner_is_refused_by_a_trigger(app_context, superuser, statement):
    with acting_as(OFFICER), unit_of_work():
        record("account.enabled")
    with pytest.raises(errors.InsufficientPrivilege, match="append-only"):
        superuser.execute(statement)
