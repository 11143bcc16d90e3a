"""How transactions end: what was only read costs no planning again, what failed leaves nothing."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.extensions import db

ASK = text("SELECT name_vi FROM tenant WHERE id = :id")
PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :like")


def ask(times: int) -> None:
    for _ in range(times):
        db.session.execute(ASK, {"id": 1}).all()
        db.session.remove()


def prepared() -> int:
    found: int = db.session.execute(PREPARED, {"like": "SELECT name_vi FROM tenant%"}).scalar_one()
    db.session.remove()
    return found


def test_a_statement_stays_prepared_when_a_transaction_that_only_read_has_ended(app):
    with app.app_context():
        ask(8)
        assert prepared() == 1
        ask(1)
        assert prepared() == 1


def test_what_is_not_committed_is_rolled_back_and_its_settings_with_it(app):
    with app.app_context():
        number = db.session.execute(text("SELECT pg_current_xact_id()::text")).scalar_one()
        db.session.execute(text("SET LOCAL statement_timeout = 1234"))
        db.session.remove()
        fate = text("SELECT pg_xact_status(CAST(:number AS xid8))")
        assert db.session.execute(fate, {"number": number}).scalar_one() == "aborted"
        assert db.session.execute(text("SHOW statement_timeout")).scalar_one() != "1234ms"


def test_the_portal_makes_no_tables_so_that_no_prepared_statement_can_be_out_of_date(app):
    with app.app_context():
        for statement in ("CREATE TEMPORARY TABLE scratch (n int)", "CREATE TABLE scratch (n int)"):
            with pytest.raises(DBAPIError, match="permission denied"):
                db.session.execute(text(statement))
            db.session.remove()


def test_a_failed_transaction_is_rolled_back_and_the_connection_is_used_again(app):
    with app.app_context():
        ask(8)
        with pytest.raises(DBAPIError):
            db.session.execute(text("SELECT 1 / 0"))
        db.session.remove()
        ask(8)
        assert prepared() == 1


def test_a_connection_that_the_server_closed_ends_without_harm(app, cluster):
    with app.app_context():
        pid = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with cluster.admin() as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        with pytest.raises(DBAPIError):
            db.session.execute(ASK, {"id": 1})
        db.session.remove()
        ask(1)
