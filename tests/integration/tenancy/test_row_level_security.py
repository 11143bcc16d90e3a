"""Row-level security, proved as portal_app: superusers and owners see all and prove nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, scoped_session

from portal.core.context import Actor
from tests.support.province import Province, arrange, insert

Acting = Callable[[Actor | None], AbstractContextManager[None]]
DAY = date(2026, 11, 23)


@pytest.fixture
def province(superuser: psycopg.Connection) -> Province:
    return arrange(superuser, today=DAY)


def titles(session: scoped_session[Session]) -> set[str]:
    return set(session.execute(text("SELECT title FROM activity")).scalars())


def test_every_table_of_a_tenant_forces_row_level_security(superuser: psycopg.Connection) -> None:
    naked = superuser.execute("""
        SELECT c.relname FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
         WHERE c.relkind IN ('r', 'p')
           AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid
                        AND a.attname IN ('tenant_id', 'chain_id', 'activity_id')
                        AND NOT a.attisdropped)
           AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                    AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
    """).fetchall()
    assert naked == []


def test_the_application_works_as_a_role_that_cannot_pass_row_level_security(
    db_session: scoped_session[Session],
) -> None:
    role, bypasses = db_session.execute(
        text(
            "SELECT current_user, rolbypassrls OR rolsuper FROM pg_roles"
            " WHERE rolname = current_user"
        )
    ).one()
    assert (role, bypasses) == ("portal_app", False)


def test_nobody_signed_in_sees_no_row_of_any_tenant(
    province: Province, db_session: scoped_session[Session], acting: Acting
) -> None:
    province.activity("hoi-an", state="approved", submitted_on=DAY)
    with acting(None):
        assert titles(db_session) == set()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("officer", {"own draft", "own file", "own file shown to the police"}),
        ("outsider", {"their draft", "their file"}),
        ("focal_officer", {"own file", "their file", "own file shown to the police"}),
        ("chair", {"own file", "their file", "own file shown to the police"}),
        ("committee", {"own file", "their file", "own file shown to the police"}),
        ("police", {"own file shown to the police"}),
        (
            "inspector",
            {"own draft", "own file", "their draft", "their file", "own file shown to the police"},
        ),
        ("administrator", set()),
    ],
)
def test_everybody_sees_exactly_their_files(
    province: Province,
    db_session: scoped_session[Session],
    acting: Acting,
    who: str,
    sees: set[str],
) -> None:
    province.activity("hoi-an", title="own draft")
    province.activity("hoi-an", title="own file", state="submitted", submitted_on=DAY)
    province.activity("nam-giang", title="their draft")
    province.activity("nam-giang", title="their file", state="approved", submitted_on=DAY)
    province.activity(
        "hoi-an",
        title="own file shown to the police",
        state="in-appraisal",
        submitted_on=DAY,
        police_involved=True,
    )
    with acting(province[who]):
        assert titles(db_session) == sees
        counted = db_session.execute(text("SELECT count(*) FROM activity")).scalar_one()
        assert counted == len(sees)


CHILDREN = ("outbound", "delegation_member", "programme_item")


@pytest.mark.parametrize("who", ["outsider", "police", "administrator", "focal_officer"])
def test_what_hangs_on_a_draft_is_hidden_with_it(
    province: Province, db_session: scoped_session[Session], acting: Acting, who: str
) -> None:
    draft = province.activity("hoi-an")
    province.member(draft, "hoi-an", province.people["Nguyễn Đức Ân"])
    province.programme(draft, "hoi-an")
    with acting(province[who]):
        for table in CHILDREN:
            found = db_session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            assert found == 0, table
    with acting(province["officer"]):
        for table in CHILDREN:
            found = db_session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            assert found == 1, table


def test_a_row_cannot_be_written_for_another_tenant(
    province: Province, db_session: scoped_session[Session], acting: Acting
) -> None:
    draft = province.activity("nam-giang")
    with acting(province["officer"]):
        changed = db_session.execute(
            text("UPDATE activity SET title = 'mine' WHERE id = :id"), {"id": draft}
        )
        assert changed.rowcount == 0
    with acting(province["officer"]), pytest.raises(DBAPIError, match="row-level security"):
        db_session.execute(
            text(
                "INSERT INTO programme_item (tenant_id, activity_id, position, item, topics)"
                " VALUES (:tenant, :id, 0, 'x', '{}')"
            ),
            {"tenant": province.tenants["nam-giang"], "id": draft},
        )


def test_a_child_cannot_be_hung_on_another_tenants_file_under_ones_own_name(
    province: Province, db_session: scoped_session[Session], acting: Acting
) -> None:
    file = province.activity("nam-giang", state="approved", submitted_on=DAY)
    with acting(province["officer"]), pytest.raises(DBAPIError, match="row-level security"):
        db_session.execute(
            text(
                "INSERT INTO programme_item (tenant_id, activity_id, position, item, topics)"
                " VALUES (:tenant, :id, 0, 'x', '{}')"
            ),
            {"tenant": province.tenants["hoi-an"], "id": file},
        )


def test_the_inspector_changes_nothing(
    province: Province, db_session: scoped_session[Session], acting: Acting
) -> None:
    file = province.activity("hoi-an", state="approved", submitted_on=DAY)
    with acting(province["inspector"]):
        changed = db_session.execute(
            text("UPDATE activity SET title = 'x' WHERE id = :id"), {"id": file}
        )
        assert changed.rowcount == 0


@pytest.mark.parametrize("table", ["step", "verdict", "audit_event"])
@pytest.mark.parametrize("command", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_written_down_stays(
    province: Province,
    db_session: scoped_session[Session],
    acting: Acting,
    table: str,
    command: str,
) -> None:
    column = "seq = seq" if table == "audit_event" else "id = id"
    statement = command.format(table).replace("id = id", column)
    with acting(province["head"]), pytest.raises(DBAPIError, match="permission denied"):
        db_session.execute(text(statement))


def test_a_commit_in_mid_request_keeps_the_tenant(
    province: Province, db_session: scoped_session[Session], acting: Acting
) -> None:
    province.activity("hoi-an", title="own draft")
    with acting(province["officer"]):
        assert titles(db_session) == {"own draft"}
        db_session.commit()
        assert titles(db_session) == {"own draft"}
        db_session.rollback()
        assert titles(db_session) == {"own draft"}


def test_the_next_request_on_the_same_connection_starts_with_nothing(
    province: Province, db_session: scoped_session[Session], acting: Acting
) -> None:
    province.activity("hoi-an")
    with acting(province["officer"]):
        assert titles(db_session)
        db_session.commit()
    with acting(None):
        assert titles(db_session) == set()


def test_trips_are_counted_for_everybody_and_told_to_few(
    province: Province, db_session: scoped_session[Session], acting: Acting
) -> None:
    leader = province.person("hoi-an", "Trương Công Định", key_leader=True)
    trip = province.activity(
        "so-ngoai-vu",
        state="approved",
        submitted_on=DAY,
        starts_on=date(2026, 3, 2),
        ends_on=date(2026, 3, 6),
    )
    province.member(trip, "so-ngoai-vu", leader, "head")
    count = text("SELECT decided FROM trip_counts(ARRAY[:who], 2026)")
    trips = text("SELECT activity_id FROM trips_of(:who, '2026-01-01', '2026-12-31')")
    for name, told in [
        ("outsider", False),
        ("police", False),
        ("administrator", False),
        ("officer", True),
        ("focal_officer", True),
        ("chair", True),
        ("committee", True),
        ("inspector", True),
    ]:
        with acting(province[name]):
            assert db_session.execute(count, {"who": leader}).scalar_one() == 1, name
            found = list(db_session.execute(trips, {"who": leader}).scalars())
            assert found == ([trip] if told else []), name


def test_a_task_on_my_desk_shows_without_showing_the_file(
    province: Province,
    superuser: psycopg.Connection,
    db_session: scoped_session[Session],
    acting: Acting,
) -> None:
    file = province.activity("hoi-an", state="in-appraisal", submitted_on=DAY)
    insert(
        superuser,
        "task",
        tenant_id=province.tenants["hoi-an"],
        activity_id=file,
        kind="give-opinion",
        permission="opinion:give",
        desk_tenant_id=province.tenants["cong-an-tinh"],
        opened_at="now",
        opened_by="",
    )
    with acting(province["police"]):
        assert db_session.execute(text("SELECT count(*) FROM task")).scalar_one() == 1
        assert titles(db_session) == set()
    with acting(province["outsider"]):
        assert db_session.execute(text("SELECT count(*) FROM task")).scalar_one() == 0
