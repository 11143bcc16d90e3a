"""The tests' own foundation: what one test writes, the next does not see."""

import pytest
from redis import Redis
from sqlalchemy import text

from portal.config import Settings


@pytest.mark.parametrize("time", [1, 2])
def test_a_committed_row_is_gone_in_the_next_test(superuser, time):
    assert superuser.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    superuser.execute(
        "INSERT INTO outbox (topic, payload, attempts, next_try_at, created_at)"
        " VALUES ('x', '{}', 0, now(), now())"
    )
    assert superuser.execute("SELECT count(*) FROM outbox").fetchone() == (1,)


@pytest.mark.parametrize("time", [1, 2])
def test_redis_is_empty_at_the_start_of_a_test(settings: Settings, database, time):
    with Redis.from_url(settings.redis_url) as client:
        assert client.get("left-over") is None
        client.set("left-over", "1")


def test_the_application_works_as_portal_app_and_is_bound_by_row_level_security(db_session):
    row = db_session.execute(
        text(
            "SELECT current_user, rolsuper OR rolbypassrls, pg_has_role('portal_owner', 'MEMBER')"
            " FROM pg_roles WHERE rolname = current_user"
        )
    ).one()
    assert tuple(row) == ("portal_app", False, False)
